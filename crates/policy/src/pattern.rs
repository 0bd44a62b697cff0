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
            Pattern::Wild(pattern) => wild(pattern, text),
        }
    }
}

/// An ARN with wildcards: `head` begins it, `parts` are compared with the text up to its next
/// colon, one by one, and `rest` is for the caller to compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ArnPattern<R> {
    // The parts up to the first wildcard, colons and all.
    head: Box<str>,
    parts: Box<[Pattern]>,
    pub(crate) rest: R,
}

impl<'t> ArnPattern<&'t str> {
    /// For the `Resource` element; `None` when `text` has no six parts.
    ///
    /// A wildcard stays inside its segment, "the parts separated by colons", except that "if the
    /// `*` wildcard is the last character of a resource ARN segment, it can expand to match beyond
    /// the colon boundaries": from the first segment that ends so, what a colon bounds is no longer
    /// told, and it is a character like any other. So is it in the sixth part, where it belongs to
    /// the resource's own name.
    pub(crate) fn resource(text: &'t str) -> Option<Self> {
        ArnPattern::split(text, |part| part.ends_with('*'))
    }

    /// For `ArnEquals` and `ArnLike`, where "each of the six colon-delimited components of the ARN
    /// is checked separately"; `None` when `text` has no six parts.
    pub(crate) fn by_parts(text: &'t str) -> Option<Self> {
        ArnPattern::split(text, |_| false)
    }

    fn split(text: &'t str, ends_parts: impl Fn(&str) -> bool) -> Option<Self> {
        if text.splitn(PARTS, ':').count() < PARTS {
            return None;
        }
        let mut head = String::new();
        let mut parts = Vec::new();
        let mut rest = text;
        for _ in 1..PARTS {
            let Some((part, tail)) = rest.split_once(':').filter(|(part, _)| !ends_parts(part))
            else {
                break;
            };
            match Pattern::new(part) {
                Pattern::Literal(literal) if parts.is_empty() => {
                    head.push_str(&literal);
                    head.push(':');
                }
                pattern => parts.push(pattern),
            }
            rest = tail;
        }
        Some(ArnPattern {
            head: head.into(),
            parts: parts.into(),
            rest,
        })
    }

    /// The same with `rest` compiled.
    pub(crate) fn try_map<S, E>(
        self,
        compile: impl FnOnce(&'t str) -> Result<S, E>,
    ) -> Result<ArnPattern<S>, E> {
        let ArnPattern { head, parts, rest } = self;
        compile(rest).map(|rest| ArnPattern { head, parts, rest })
    }
}

impl<R> ArnPattern<R> {
    /// What of `text` is left for `rest`, if all before it fits.
    pub(crate) fn strip<'a>(&self, text: &'a str) -> Option<&'a str> {
        let mut left = text.strip_prefix(&*self.head)?;
        for part in &self.parts {
            let (piece, tail) = left.split_once(':')?;
            if !part.matches(piece) {
                return None;
            }
            left = tail;
        }
        Some(left)
    }
}

/// The pieces between the `*` are found one after the other, each as early as it can be: a later
/// `*` can take whatever an earlier one would have left to it.
///
/// A piece without `?` is found in steps that grow with the text alone; one with `?` takes at most
/// piece times text. No recursion, no allocation.
fn wild(pattern: &str, text: &str) -> bool {
    let Some((first, mut pattern)) = split_star(pattern) else {
        return strip(pattern, text).is_some_and(str::is_empty);
    };
    let Some(mut text) = strip(first, text) else {
        return false;
    };
    while let Some((piece, behind)) = split_star(pattern) {
        let Some(left) = find(piece, text) else {
            return false;
        };
        (pattern, text) = (behind, left);
    }
    if !pattern.contains('?') {
        return text.ends_with(pattern);
    }
    let length = pattern.chars().count();
    let mut from_the_end = text.char_indices().rev().map(|(at, _)| at);
    let tail = from_the_end.nth(length - 1).and_then(|at| text.get(at..));
    tail.and_then(|tail| strip(pattern, tail)).is_some()
}

/// The text behind `piece`, a pattern without `*`, at its start.
fn strip<'t>(piece: &str, text: &'t str) -> Option<&'t str> {
    let mut left = text;
    for (index, literal) in piece.split('?').enumerate() {
        if index > 0 {
            let mut chars = left.chars();
            chars.next()?;
            left = chars.as_str();
        }
        left = left.strip_prefix(literal)?;
    }
    Some(left)
}

/// The text before and behind the first `*`. Pieces are short, so bytes are counted.
fn split_star(pattern: &str) -> Option<(&str, &str)> {
    let at = pattern.bytes().position(|byte| byte == b'*')?;
    Some((pattern.get(..at)?, pattern.get(at + 1..)?))
}

/// The text behind the first place where `piece`, a pattern without `*`, fits.
fn find<'t>(piece: &str, text: &'t str) -> Option<&'t str> {
    let bytes = piece.as_bytes();
    let Some(first) = bytes.first() else {
        return Some(text);
    };
    if !bytes.contains(&b'?') {
        let at = if bytes.len() > SHORT_BYTES_MAX {
            text.find(piece)?
        } else {
            let mut windows = text.as_bytes().windows(bytes.len());
            windows.position(|window| window.first() == Some(first) && window == bytes)?
        };
        return text.get(at + bytes.len()..);
    }
    let mut chars = text.chars();
    loop {
        if let Some(left) = strip(piece, chars.as_str()) {
            return Some(left);
        }
        chars.next()?;
    }
}

/// One step of a pattern that is not one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// `*`
    Any,
    /// `?`
    One,
    Exactly(char),
}

impl Symbol {
    pub(crate) fn wild(c: char) -> Symbol {
        match c {
            '*' => Symbol::Any,
            '?' => Symbol::One,
            c => Symbol::Exactly(c),
        }
    }
}

/// Greedy with one point of return, the last `*`. At most pattern times text steps, no recursion,
/// no allocation.
pub(crate) fn symbols_match<S>(mut pattern: S, mut text: Chars<'_>) -> bool
where
    S: Iterator<Item = Symbol> + Clone,
{
    // The pattern behind the last `*`, and the text at which that part was last tried.
    let mut retry: Option<(S, Chars<'_>)> = None;
    loop {
        let mut pattern_next = pattern.clone();
        let mut text_next = text.clone();
        match (pattern_next.next(), text_next.next()) {
            (None, None) => return true,
            (Some(Symbol::Any), _) => {
                retry = Some((pattern_next.clone(), text.clone()));
                pattern = pattern_next;
            }
            (Some(_), None) => return false,
            (Some(symbol), Some(c))
                if matches!(symbol, Symbol::One) || symbol == Symbol::Exactly(c) =>
            {
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

// Up to here looking at every place beats the preparation that a search without detours takes.
const SHORT_BYTES_MAX: usize = 16;
// arn:partition:service:region:account:resource
pub(crate) const PARTS: usize = 6;

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

    fn fits(pattern: &ArnPattern<&str>, text: &str) -> bool {
        let left = pattern.strip(text);
        left.is_some_and(|left| Pattern::new(pattern.rest).matches(left))
    }

    proptest! {
        #[test]
        fn agrees_with_the_naive_matcher(
            pattern in "[ab:é*?]{0,8}|\\*?a{15,18}\\*?b?",
            text in "[ab:é*?]{0,10}|b?a{14,20}b?",
        ) {
            let chars = |s: &str| s.chars().collect::<Vec<_>>();
            let expected = naive(&chars(&pattern), &chars(&text));
            prop_assert_eq!(Pattern::new(&pattern).matches(&text), expected);
            let symbols = pattern.chars().map(Symbol::wild);
            prop_assert_eq!(symbols_match(symbols, text.chars()), expected);
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
    fn a_wildcard_inside_a_segment_stays_there_one_at_its_end_does_not() {
        let check = |pattern, text, expect| {
            let compiled = ArnPattern::resource(pattern).unwrap();
            let found = fits(&compiled, text);
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
        assert!(!fits(&ArnPattern::by_parts(pattern).unwrap(), text));
        assert!(ArnPattern::by_parts("arn:aws:s3::*").is_none());
        assert!(ArnPattern::by_parts("*").is_none());
    }
}
