//! Wildcards: `*` for any run of characters, `?` for exactly one. Knows no policy element.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Resource", section "Using wildcards in
//! resource ARNs", and "Condition operators", section on ARN operators.

mod search;

use search::{is_inside_character, search, skip, strip_symbols};

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
/// A piece without `?` is found in steps that grow with the text alone, and so is a short one with
/// `?`; a long one takes a step for each 32 pairs of a symbol and a character. No recursion, no
/// allocation.
fn wild(pattern: &str, text: &str) -> bool {
    let pattern = pattern.as_bytes();
    let Some((first, mut pattern)) = split_star(pattern) else {
        return strip(pattern, text).is_some_and(str::is_empty);
    };
    let Some(mut text) = strip(first, text) else {
        return false;
    };
    loop {
        let (left, behind) = match pattern {
            // All that a pattern of many pieces can be made of, so it is worth a way of its own.
            [one, b'*', behind @ ..] if !matches!(one, b'*' | b'?') => {
                let at = text.bytes().position(|byte| byte == *one);
                (at.and_then(|at| text.get(at + 1..)), behind)
            }
            _ => match split_star(pattern) {
                Some((piece, behind)) => (find(piece, text), behind),
                None => break,
            },
        };
        let Some(left) = left else {
            return false;
        };
        (pattern, text) = (behind, left);
    }
    if !pattern.contains(&b'?') {
        return text.as_bytes().ends_with(pattern);
    }
    let length = pattern
        .iter()
        .filter(|byte| !is_inside_character(**byte))
        .count();
    ending(text, length).is_some_and(|tail| strip(pattern, tail).is_some())
}

/// The text before and behind the first `*`. Pieces are short, so bytes are counted.
fn split_star(pattern: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = pattern.iter().position(|byte| *byte == b'*')?;
    Some((pattern.get(..at)?, pattern.get(at + 1..)?))
}

/// The text behind `piece`, a pattern without `*`, at its start.
fn strip<'t>(piece: &[u8], text: &'t str) -> Option<&'t str> {
    let mut left = text.as_bytes();
    for wanted in piece {
        left = match (wanted, left.split_first()?) {
            (b'?', _) => skip(left, 1),
            (wanted, (found, behind)) if found == wanted => behind,
            _ => return None,
        };
    }
    text.get(text.len() - left.len()..)
}

/// The last `length` characters of the text, if it has as many.
fn ending(text: &str, length: usize) -> Option<&str> {
    let Some(before) = length.checked_sub(1) else {
        return Some("");
    };
    let (at, _) = text.char_indices().nth_back(before)?;
    text.get(at..)
}

/// The text behind the first place where `piece`, a pattern without `*`, fits.
fn find<'t>(piece: &[u8], text: &'t str) -> Option<&'t str> {
    let Some(first) = piece.first() else {
        return Some(text);
    };
    let is_short = piece.len() <= SHORT_BYTES_MAX;
    if !piece.contains(&b'?') {
        let at = if is_short {
            let mut windows = text.as_bytes().windows(piece.len());
            windows.position(|window| window.first() == Some(first) && window == piece)?
        } else {
            text.find(str::from_utf8(piece).ok()?)?
        };
        return text.get(at + piece.len()..);
    }
    if !is_short {
        let symbols = str::from_utf8(piece).ok()?.chars().map(Symbol::wild);
        return search(&symbols, text);
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

/// As [`Pattern::matches`], with the pattern given symbol by symbol.
pub(crate) fn symbols_match<S>(mut pattern: S, text: &str) -> bool
where
    S: Iterator<Item = Symbol> + Clone,
{
    let mut text = text;
    let mut is_first = true;
    loop {
        let piece = pattern.clone().take_while(|symbol| *symbol != Symbol::Any);
        let length = piece.clone().count();
        let is_last = pattern.nth(length).is_none();
        let left = match (is_first, is_last) {
            (true, _) => strip_symbols(piece, text),
            (false, true) => ending(text, length).and_then(|tail| strip_symbols(piece, tail)),
            (false, false) => search(&piece, text),
        };
        match left {
            Some(left) if is_last => return left.is_empty(),
            Some(left) => text = left,
            None => return false,
        }
        is_first = false;
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

    /// Which beginnings of the text fit the pattern so far, symbol by symbol.
    fn table(pattern: &str, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let mut fits = vec![false; text.len() + 1];
        fits[0] = true;
        for symbol in pattern.chars() {
            let mut next = vec![false; text.len() + 1];
            for at in 0..=text.len() {
                next[at] = match symbol {
                    '*' => fits[at] || at > 0 && next[at - 1],
                    symbol => at > 0 && fits[at - 1] && (symbol == '?' || symbol == text[at - 1]),
                };
            }
            fits = next;
        }
        fits[text.len()]
    }

    fn check_all_ways(pattern: &str, text: &str, expect: bool) {
        let found = Pattern::new(pattern).matches(text);
        assert_eq!(found, expect, "{pattern} against {text}");
        let symbols = pattern.chars().map(Symbol::wild);
        let found = symbols_match(symbols, text);
        assert_eq!(found, expect, "{pattern} against {text}, by symbols");
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
            prop_assert_eq!(table(&pattern, &text), expected);
            check_all_ways(&pattern, &text, expected);
        }

        /// Pieces of more than a word, and texts that they fit but for a character or none.
        #[test]
        fn agrees_with_the_table_on_long_pieces(
            pattern in "(a|a|\\?|\\?|é|𝒜){0,150}(\\*(a|\\?|\\?|é){0,200}){0,3}",
            before in "[aé]{0,100}",
            run in "[aé]{0,70}",
            change in prop::option::of((any::<prop::sample::Index>(), "[ab]")),
        ) {
            let mut chars: Vec<char> = Vec::new();
            for symbol in pattern.chars() {
                match symbol {
                    '*' if chars.is_empty() => chars.extend(before.chars()),
                    '*' => chars.extend(run.chars()),
                    '?' => chars.push(if chars.len().is_multiple_of(3) { '𝒜' } else { 'a' }),
                    c => chars.push(c),
                }
            }
            if let Some((at, c)) = change && !chars.is_empty() {
                let at = at.index(chars.len());
                chars.splice(at..=at, c.chars());
            }
            let text: String = chars.into_iter().collect();
            check_all_ways(&pattern, &text, table(&pattern, &text));
        }
    }

    #[test]
    fn work_stays_in_bounds_on_the_worst_of_patterns() {
        let text = "a".repeat(2_000);
        for piece in [
            "*a",
            "*a?a",
            "*aaaaaaaaaaaaaaaa?aaaaaaaaaaaaaaaa",
            "a?",
            "?",
        ] {
            let pieces = piece.repeat(2_000 / piece.len());
            check_all_ways(&format!("{pieces}b"), &text, false);
            check_all_ways(&format!("*{pieces}b"), &text, false);
            check_all_ways(&format!("*{pieces}b*"), &text, false);
            check_all_ways(&format!("*{pieces}*"), &text, true);
        }
    }

    #[test]
    fn what_one_piece_takes_is_not_left_to_the_next() {
        for (pattern, text) in [
            ("*a*a*", "a"),
            ("*a*a", "a"),
            ("a*a", "a"),
            ("*ab*b", "ab"),
            ("*é*é*", "é"),
            ("*?*?*", "é"),
            ("*a?*a", "aa"),
        ] {
            check_all_ways(pattern, text, false);
            check_all_ways(pattern, &text.repeat(2), true);
        }
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
