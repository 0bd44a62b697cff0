//! Listings, a page at a time: what a page holds and where the next one begins.
//!
//! Services name the parameters and errors of their pages; what a token is, is one for all.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What a page holds, and the token of the next one if there is one.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<String>,
}

/// At most `limit` items, those after `after`.
///
/// `name` gives what a token remembers; it must grow along the listing.
pub(crate) fn page<T>(
    items: impl Iterator<Item = T>,
    limit: usize,
    after: Option<&str>,
    name: impl Fn(&T) -> String,
) -> Page<T> {
    let mut rest = items.skip_while(|item| after.is_some_and(|after| *name(item) <= *after));
    let items: Vec<T> = rest.by_ref().take(limit).collect();
    let is_cut = rest.next().is_some();
    let last = items.last().filter(|_| is_cut);
    Page {
        next: last.map(|last| token(&name(last))),
        items,
    }
}

/// The token of what comes after a name.
pub(crate) fn token(name: &str) -> String {
    URL_SAFE_NO_PAD.encode(name)
}

/// The name that a token remembers; `None` for what is no token.
pub(crate) fn read_token(token: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

    fn pages(limit: usize) -> Vec<Vec<&'static str>> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let name = |name: &&str| (*name).to_owned();
            let page = page(NAMES.into_iter(), limit, after.as_deref(), name);
            all.push(page.items);
            let Some(next) = page.next else { return all };
            after = read_token(&next);
            assert!(after.is_some());
        }
    }

    #[test]
    fn pages_are_the_listing() {
        for (limit, count) in [(1, 5), (2, 3), (4, 2), (5, 1), (9, 1)] {
            let pages = pages(limit);
            assert_eq!(pages.len(), count, "{limit}");
            assert_eq!(pages.concat(), NAMES);
        }
    }

    #[test]
    fn what_is_no_token() {
        for text in ["!", "a", "_w"] {
            assert_eq!(read_token(text), None, "{text}");
        }
        assert_eq!(read_token(&token("name")).as_deref(), Some("name"));
    }
}
