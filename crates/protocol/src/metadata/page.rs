//! The pages that errors of the metadata service come as: `text/html`, though data is plain text.
//!
//! Knows no reason: a page says the status and nothing more. The layout gives the captured 401 its
//! captured length of 343 bytes.

/// An HTTP status that has a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorStatus {
    /// 400: a parameter is missing or wrong.
    BadRequest,
    /// 401: a token is missing, expired or of another instance.
    Unauthorized,
    /// 403: forwarded by a proxy, or the service is off.
    Forbidden,
    /// 404: there is no such value.
    NotFound,
    /// 405: there is no such method. The captured answer to a GET of the token's path has this
    /// status and an empty `text/plain` body instead of the page.
    NotAllowed,
}

impl ErrorStatus {
    /// The number.
    pub fn code(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::NotAllowed => 405,
        }
    }
}

/// The body of an error, to be sent as `text/html`.
pub fn error_page(status: ErrorStatus) -> &'static str {
    match status {
        ErrorStatus::BadRequest => page!("400 - Bad Request"),
        ErrorStatus::Unauthorized => page!("401 - Unauthorized"),
        ErrorStatus::Forbidden => page!("403 - Forbidden"),
        ErrorStatus::NotFound => page!("404 - Not Found"),
        ErrorStatus::NotAllowed => page!("405 - Not Allowed"),
    }
}

macro_rules! page {
    ($title:literal) => {
        concat!(
            "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n",
            "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"\n",
            "\t\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n",
            "<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\" lang=\"en\">\n",
            " <head>\n  <title>",
            $title,
            "</title>\n </head>\n <body>\n  <h1>",
            $title,
            "</h1>\n </body>\n</html>\n",
        )
    };
}
use page;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_401_is_as_long_as_the_captured_one() {
        assert_eq!(error_page(ErrorStatus::Unauthorized).len(), 343);
    }

    #[test]
    fn title_and_heading_name_the_status() {
        for status in [
            ErrorStatus::BadRequest,
            ErrorStatus::Unauthorized,
            ErrorStatus::Forbidden,
            ErrorStatus::NotFound,
            ErrorStatus::NotAllowed,
        ] {
            let page = error_page(status);
            assert_eq!(
                page.matches(&format!(">{} - ", status.code())).count(),
                2,
                "{page}"
            );
            assert!(page.is_ascii() && page.ends_with("</html>\n"), "{page}");
        }
    }
}
