//! The patterns of the service models, which AWS writes for Java, as Rust's `regex` reads them.
//!
//! Source: `java.util.regex.Pattern` for what the models mean.

use std::sync::OnceLock;

use regex::Regex;

/// A pattern of a service model. Compiled when it is first used.
pub struct Pattern {
    source: &'static str,
    compiled: OnceLock<Result<Regex, regex::Error>>,
}

impl Pattern {
    /// A pattern as the model writes it.
    pub const fn new(source: &'static str) -> Self {
        Self {
            source,
            compiled: OnceLock::new(),
        }
    }

    /// As the model writes it.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Whether it matches the whole of the text. A pattern that has no meaning in Rust matches
    /// nothing; a test compiles every pattern of every table, so none is.
    pub fn matches(&self, text: &str) -> bool {
        self.compiled().is_ok_and(|regex| regex.is_match(text))
    }

    fn compiled(&self) -> Result<&Regex, &regex::Error> {
        self.compiled
            .get_or_init(|| Regex::new(&format!(r"\A(?:{})\z", translate(self.source))))
            .as_ref()
    }
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Pattern").field(&self.source).finish()
    }
}

/// Java's escapes that Rust spells, or reads, in another way: `\uXXXX`, and the classes that are
/// ASCII in Java.
fn translate(source: &str) -> String {
    if let Some((_, ours)) = LOOKING_AHEAD.iter().find(|(theirs, _)| *theirs == source) {
        return (*ours).to_owned();
    }
    let mut translated = String::with_capacity(source.len() * 2);
    let mut rest = source;
    while let Some((before, after)) = rest.split_once('\\') {
        translated.push_str(before);
        let mut letters = after.chars();
        match letters.next() {
            Some('u') => {
                let (digits, tail) = code_point(letters.as_str());
                translated.extend([r"\x{", digits, "}"]);
                rest = tail;
                continue;
            }
            Some('w') => translated.push_str("[0-9A-Za-z_]"),
            Some('d') => translated.push_str("[0-9]"),
            Some('s') => translated.push_str(r"[\t\n\x0B\f\r ]"),
            Some(other) => translated.extend(['\\', other]),
            None => translated.push('\\'),
        }
        rest = letters.as_str();
    }
    translated.push_str(rest);
    translated
}

/// The hexadecimal digits after `\u`: four, as Java reads them, save for the two ends of the
/// supplementary planes, which the models write with more, and cannot mean otherwise, or as the
/// pair of surrogates that Java reads as one.
fn code_point(text: &str) -> (&str, &str) {
    for (pair, end) in [(r"D800\uDC00", "10000"), (r"DBFF\uDFFF", "10FFFF")] {
        if let Some(tail) = text.strip_prefix(pair) {
            return (end, tail);
        }
    }
    let length = ["10FFFF", "10000"]
        .iter()
        .find(|end| text.starts_with(**end))
        .map_or(4, |end| end.len());
    text.split_at_checked(length).unwrap_or((text, ""))
}

/// Patterns that look ahead, which Rust's do not, with one that says the same. IAM's account alias:
/// no two hyphens in a row; its shape has the lengths.
const LOOKING_AHEAD: &[(&str, &str)] = &[(
    r"^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$",
    r"[a-z0-9](-?[a-z0-9])+",
)];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &'static str, text: &str, expect: bool) {
        assert_eq!(
            Pattern::new(source).matches(text),
            expect,
            "{source} on {text:?}"
        );
    }

    #[test]
    fn a_pattern_that_looks_ahead_is_one_that_does_not() {
        let alias = r"^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$";
        for (text, expect) in [
            ("abc", true),
            ("a-c", true),
            ("my-team-1", true),
            ("a--c", false),
            ("-ab", false),
            ("ab-", false),
            ("aBc", false),
            ("", false),
        ] {
            check(alias, text, expect);
        }
    }

    #[test]
    fn the_whole_text_must_match() {
        check("[a-z]+", "abc", true);
        check("[a-z]+", "abc1", false);
        check("a|b", "ab", false);
        check("^a$", "a\n", false);
    }

    #[test]
    fn word_characters_are_ascii_as_in_java() {
        check(r"[\w+=,.@-]+", "a_Z0@-", true);
        check(r"[\w+=,.@-]+", "ä", false);
        check(r"[\d]*", "٣", false);
        check(r"\s", "\u{a0}", false);
    }

    #[test]
    fn code_points_are_read_as_the_models_mean_them() {
        check(r"[\u0020-\u00FF]+", "é~", true);
        check(r"[\u0020-\u00FF]+", "Ā", false);
        check(r"[\uE000-\uFFFD\u10000-\u10FFFF]", "😀", true);
        check(r"[\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF]", "😀", true);
        check(r"[\uD800\uDC00-\uDBFF\uDFFF]", "a", false);
        check(r"\uD800", "a", false);
        check(r"\u002F", "/", true);
        check(r"\\u002F", "\\u002F", true);
    }

    #[test]
    fn general_categories_are_unicode() {
        check(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", "ключ 1", true);
        check(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", "a!", false);
    }

    #[test]
    fn a_pattern_without_meaning_matches_nothing() {
        for source in [r"(?!a)b", r"\uXY", r"\u", "\\", r"\p{javaLowerCase}"] {
            check(source, "", false);
            check(source, "b", false);
        }
    }

    #[test]
    fn every_pattern_of_every_table_compiles() {
        let mut seen = 0;
        crate::shape::for_each(|shape| {
            if let crate::shape::Kind::String(text) = &shape.kind
                && let Some(pattern) = text.pattern
            {
                assert!(pattern.compiled().is_ok(), "`{}`: {pattern:?}", shape.name);
                seen += 1;
            }
        });
        assert!(seen > 0);
    }
}
