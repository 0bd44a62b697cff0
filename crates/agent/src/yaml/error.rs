//! A problem of a configuration file: where, what, and the way out.

/// One problem. Its texts never hold the value of a key that may be secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct ConfigError {
    /// As the file was named to us.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// One line.
    pub message: String,
    /// The way out, where there is one to tell.
    pub hint: Option<String>,
}

/// The one of `known` that was most likely meant by `typed`.
pub(super) fn nearest<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    if typed.chars().count() > COMPARED_CHARS_MAX {
        return None;
    }
    let typed = typed.to_lowercase().replace('_', "-");
    known
        .iter()
        .map(|known| (distance(&typed, known), *known))
        .filter(|(distance, known)| *distance <= 1 + known.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// Levenshtein's distance, one row at a time.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (at, from) in a.chars().enumerate() {
        let mut left = at + 1;
        let mut diagonal = at;
        for (place, to) in row
            .iter_mut()
            .zip(std::iter::once(None).chain(b.chars().map(Some)))
        {
            let Some(to) = to else {
                *place = at + 1;
                continue;
            };
            let best = (diagonal + usize::from(from != to))
                .min(left + 1)
                .min(*place + 1);
            diagonal = std::mem::replace(place, best);
            left = best;
        }
    }
    row.last().copied().unwrap_or_default()
}

// Characters; no key is as long.
const COMPARED_CHARS_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expect) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("region", "regoin", 2),
            ("ab", "ab", 0),
        ] {
            assert_eq!(distance(a, b), expect, "{a} {b}");
        }
    }

    #[test]
    fn only_what_is_near_is_offered() {
        let known = ["region", "resources", "assume-role"];

        assert_eq!(nearest("regions", &known), Some("region"));
        assert_eq!(nearest("assume_role", &known), Some("assume-role"));
        assert_eq!(nearest("Region", &known), Some("region"));
        assert_eq!(nearest("colour", &known), None);
        assert_eq!(nearest("", &known), None);
        assert_eq!(nearest(&"x".repeat(9_000), &known), None);
    }
}
