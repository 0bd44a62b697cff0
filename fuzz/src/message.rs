//! An HTTP request out of bytes: a line with method and target, lines of headers, an empty line,
//! the body. Knows no protocol above HTTP, and is no HTTP reader: what is not well formed is none.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Uri};

/// The request that the bytes are, if they are one.
pub(crate) fn request(bytes: &[u8]) -> Option<Request<Bytes>> {
    let mut lines = bytes.splitn(LINES_MAX, |byte| *byte == b'\n');
    let mut first = lines.next()?.splitn(2, |byte| *byte == b' ');
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = Method::from_bytes(first.next()?).ok()?;
    *request.uri_mut() = Uri::try_from(first.next()?).ok()?;
    loop {
        let line = lines.next().unwrap_or_default();
        if line.is_empty() {
            break;
        }
        let at = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = line.split_at_checked(at)?;
        let value = value.get(1..)?.trim_ascii();
        let name = HeaderName::from_bytes(name).ok()?;
        request
            .headers_mut()
            .append(name, HeaderValue::from_bytes(value).ok()?);
    }
    let body: Vec<&[u8]> = lines.collect();
    *request.body_mut() = body.join(&b'\n').into();
    Some(request)
}

// More headers than any client sends; the last holds the rest.
const LINES_MAX: usize = 64;
