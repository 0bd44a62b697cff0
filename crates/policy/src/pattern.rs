//! Wildcards: `*` for any run of characters, `?` for exactly one. Knows no policy element.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Resource", section "Using wildcards in
//! resource ARNs", and "Condition operators", section on ARN operators.

use std::str::Chars;

/// A text with wildcards, sorted by how much work a match is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// `*` alone.
    Any,
    /// No wildcard in it.
    Literal(Box<str>),
    /// Anything else.
    Wild(Box<str>),
}

impl Pattern {
    /// Reads wildcards out of a text; every text is a pattern.
    pub fn new(text: &str) -> Pattern {
        if text == "*" {
            Pattern::Any
        } else if text.contains(['*', '?']) {
            Pattern::Wild(text.into())
        } else {
            Pattern::Literal(text.into())
        }
    }

    /// Whether the whole of `text` fits.
    pub fn matches(&self, text: &str) -> bool {
        match self {
            Pattern::Any => true,
            Pattern::Literal(literal) => **literal == *text,
            Pattern::Wild(pattern) => wild(pattern, text, |a, b| a == b),
        }
    }

    /// As [`Pattern::matches`], with the ASCII letters of either case alike.
    pub(crate) fn matches_ignore_case(&self, text: &str) -> bool {
        match self {
            Pattern::Any => true,
            Pattern::Literal(literal) => literal.eq_ignore_ascii_case(text),
            Pattern::Wild(pattern) => wild(pattern, text, |a, b| a.eq_ignore_ascii_case(&b)),
        }
    }
}

/// An ARN with wildcards: `parts` are compared with the text up to its next colon, one by one,
/// and `rest` with all that follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ArnPattern {
    parts: Box<[Pattern]>,
    rest: Pattern,
}

impl ArnPattern {
    /// For the `Resource` element; `None` when `text` has no six parts.
    ///
    /// A wildcard stays inside its segment, "the parts separated by colons", except that "if the
    /// `*` wildcard is the last character of a resource ARN segment, it can expand to match beyond
    /// the colon boundaries": from the first segment that ends so, what a colon bounds is no longer
    /// told, and it is a character like any other. So is it in the sixth part, where it belongs to
    /// the resource's own name.
    pub(crate) fn resource(text: &str) -> Option<ArnPattern> {
        ArnPattern::split(text, |part| part.ends_with('*'))
    }

    /// For `ArnEquals` and `ArnLike`, where "each of the six colon-delimited components of the ARN
    /// is checked separately"; `None` when `text` has no six parts.
    pub(crate) fn by_parts(text: &str) -> Option<ArnPattern> {
        ArnPattern::split(text, |_| false)
    }

    fn split(text: &str, ends_parts: impl Fn(&str) -> bool) -> Option<ArnPattern> {
        if text.splitn(PARTS, ':').count() < PARTS {
            return None;
        }
        let mut parts = Vec::with_capacity(PARTS);
        let mut rest = text;
        while let Some((part, tail)) = rest.split_once(':') {
            if parts.len() + 1 == PARTS || ends_parts(part) {
                break;
            }
            parts.push(Pattern::new(part));
            rest = tail;
        }
        Some(ArnPattern {
            parts: parts.into(),
            rest: Pattern::new(rest),
        })
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        let mut rest = text;
        for part in &self.parts {
            let Some((head, tail)) = rest.split_once(':') else {
                return false;
            };
            if !part.matches(head) {
                return false;
            }
            rest = tail;
        }
        self.rest.matches(rest)
    }
}

/// Greedy with one point of return, the last `*`: a later `*` can take whatever an earlier one
/// would have left to it. At most pattern times text steps, no recursion, no allocation.
fn wild(pattern: &str, text: &str, same: impl Fn(char, char) -> bool) -> bool {
    let mut pattern = pattern.chars();
    let mut text = text.chars();
    // The pattern behind the last `*`, and the text at which that part was last tried.
    let mut retry: Option<(Chars, Chars)> = None;
    loop {
        let mut pattern_next = pattern.clone();
        let mut text_next = text.clone();
        match (pattern_next.next(), text_next.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                retry = Some((pattern_next.clone(), text.clone()));
                pattern = pattern_next;
            }
            (Some(_), None) => return false,
            (Some(p), Some(t)) if p == '?' || same(p, t) => {
                pattern = pattern_next;
                text = text_next;
            }
            (_, Some(_)) => {
                let Some((behind, from)) = &mut retry else {
                    return false;
                };
                from.next();
                pattern = behind.clone();
                text = from.clone();
            }
        }
    }
}

// arn:partition:service:region:account:resource
const PARTS: usize = 6;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn naive(pattern: &[char], text: &[char]) -> bool {
        match (pattern, text) {
            ([], []) => true,
            (['*', p @ ..], _) if naive(p, text) => true,
            (['*', ..], [_, t @ ..]) => naive(pattern, t),
            ([first, p @ ..], [c, t @ ..]) if *first == '?' || first == c => naive(p, t),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_naive_matcher(pattern in "[ab:é*?]{0,8}", text in "[ab:é*?]{0,10}") {
            let chars = |s: &str| s.chars().collect::<Vec<_>>();
            prop_assert_eq!(
                Pattern::new(&pattern).matches(&text),
                naive(&chars(&pattern), &chars(&text))
            );
        }
    }

    #[test]
    fn work_stays_in_bounds_on_the_worst_of_patterns() {
        let pattern = Pattern::new(&format!("{}b", "*a".repeat(1_000)));
        assert!(!pattern.matches(&"a".repeat(2_000)));
    }

    #[test]
    fn question_mark_is_one_character_never_none_and_never_a_byte() {
        assert!(Pattern::new("a?c").matches("aéc"));
        assert!(!Pattern::new("a?c").matches("ac"));
        assert!(!Pattern::new("a??c").matches("aéc"));
    }

    #[test]
    fn case_counts_unless_told_otherwise() {
        assert!(!Pattern::new("a*").matches("Abc"));
        assert!(Pattern::new("a*C").matches_ignore_case("Abc"));
        assert!(Pattern::new("ABC").matches_ignore_case("abc"));
        assert!(!Pattern::new("é*").matches_ignore_case("É1"));
    }

    #[test]
    fn a_wildcard_inside_a_segment_stays_there_one_at_its_end_does_not() {
        let check = |pattern, text, expect| {
            let found = ArnPattern::resource(pattern).unwrap().matches(text);
            assert_eq!(found, expect, "{pattern} against {text}");
        };
        check(
            "arn:aws:ec2:us-*-1:1:instance/i",
            "arn:aws:ec2:us-east-1:1:instance/i",
            true,
        );
        check(
            "arn:aws:ec2:us-*-1:1:i",
            "arn:aws:ec2:us-east-2:9:x/a-1:1:i",
            false,
        );
        check("arn:aws:ec2:us?1:1:i", "arn:aws:ec2:us:1:1:i", false);
        check(
            "arn:aws:ec2:us-*:1:i",
            "arn:aws:ec2:us-east-2:9:x/a:1:i",
            true,
        );
        check(
            "arn:aws:ec2:*:secret:x",
            "arn:aws:ec2:us-east-1:1:secret:x",
            true,
        );
        check("arn:aws:s3:::b/*.txt", "arn:aws:s3:::b/a:b/c.txt", true);
        check("arn:aws:s3:::b/*", "arn:aws:s3:::b", false);
        check("arn:aws:s3:::b", "arn:aws:s3:::B", false);
        check("arn:aws:s3:::*", "*", false);
        check("arn:aws:s3:::*", "arn:aws:s3", false);
    }

    #[test]
    fn arn_operators_compare_six_parts_each_by_itself() {
        let pattern = "arn:aws:someservice:*:111122223333:finance/*";
        let text = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/doc";
        assert!(Pattern::new(pattern).matches(text));
        assert!(!ArnPattern::by_parts(pattern).unwrap().matches(text));
        assert!(ArnPattern::by_parts("arn:aws:s3::*").is_none());
        assert!(ArnPattern::by_parts("*").is_none());
    }
}
