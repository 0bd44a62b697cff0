//! Wildcards against wildcards: whether one pattern covers another, whether two can ever meet.

/// Whether every text that `inner` matches is matched by `outer` too. Says no where it is not sure.
pub(super) fn covers(outer: &str, inner: &str) -> bool {
    // A `*` inside `inner` is a character that only a `*` of `outer` takes.
    let takes = |out: char, inn: char| inn != '*' && (out == '?' || (out == inn && inn != '?'));
    let (outer, inner): (Vec<char>, Vec<char>) = (outer.chars().collect(), inner.chars().collect());
    let (mut o, mut i) = (0, 0);
    // Behind the last `*` of `outer`, and where in `inner` it was tried from.
    let mut retry: Option<(usize, usize)> = None;
    while let Some(inn) = inner.get(i) {
        match outer.get(o) {
            Some('*') => {
                retry = Some((o + 1, i));
                o += 1;
            }
            Some(out) if takes(*out, *inn) => {
                o += 1;
                i += 1;
            }
            _ => {
                let Some((behind, from)) = retry else {
                    return false;
                };
                retry = Some((behind, from + 1));
                o = behind;
                i = from + 1;
            }
        }
    }
    outer.iter().skip(o).all(|out| *out == '*')
}

/// A part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Char(char),
    One,
    Run,
    /// A run without a slash in it, as the name of a bucket is.
    RunInSegment,
}

impl Token {
    fn is_run(self) -> bool {
        matches!(self, Token::Run | Token::RunInSegment)
    }

    fn takes(self, c: char) -> bool {
        match self {
            Token::Char(own) => own == c,
            Token::One | Token::Run => true,
            Token::RunInSegment => c != '/',
        }
    }

    fn meets(self, other: Token) -> bool {
        match (self, other) {
            (Token::Char(c), token) | (token, Token::Char(c)) => token.takes(c),
            _ => true,
        }
    }
}

/// A text of a policy as tokens. A policy variable may stand for anything.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let variable = rest.strip_prefix("${").and_then(|it| it.split_once('}'));
        if let Some((name, behind)) = variable {
            // `${*}`, `${?}` and `${$}` are the characters themselves.
            let own = ["*", "?", "$"].into_iter().find(|own| *own == name);
            let own = own.and_then(|own| own.chars().next());
            tokens.push(own.map_or(Token::Run, Token::Char));
            rest = behind;
            continue;
        }
        tokens.push(match c {
            '*' => Token::Run,
            '?' => Token::One,
            other => Token::Char(other),
        });
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    tokens
}

/// Whether some text is matched by both. Takes time in proportion to the product of the lengths.
pub(super) fn overlap(a: &[Token], b: &[Token]) -> bool {
    // `row` says of each beginning of `b` whether it can be the same text as `a` up to here.
    let mut row = vec![false; b.len() + 1];
    reach(&mut row, 0);
    for x in a {
        let mut next = vec![false; b.len() + 1];
        for (at, y) in b.iter().enumerate() {
            if row.get(at) != Some(&true) {
                continue;
            }
            let met = x.meets(*y);
            if y.is_run() || (x.is_run() && met) {
                reach(&mut row, at + 1);
            }
            if x.is_run() || (y.is_run() && met) {
                reach(&mut next, at);
            }
            if met {
                reach(&mut next, at + 1);
            }
        }
        if x.is_run() && row.last() == Some(&true) {
            reach(&mut next, b.len());
        }
        row = next;
    }
    for (at, y) in b.iter().enumerate() {
        if y.is_run() && row.get(at) == Some(&true) {
            reach(&mut row, at + 1);
        }
    }
    row.last() == Some(&true)
}

fn reach(row: &mut [bool], at: usize) {
    if let Some(cell) = row.get_mut(at) {
        *cell = true;
    }
}

/// Whether the text begins so, in either case.
pub(super) fn has_prefix(text: &str, prefix: &str) -> bool {
    let start = text.get(..prefix.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Whether a wildcard or a variable stands in the text.
pub(super) fn is_open(text: &str) -> bool {
    text.contains(['*', '?']) || text.contains("${")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pattern_covers_another() {
        for (outer, inner, wanted) in [
            ("*", "", true),
            ("*", "a*b", true),
            ("a*", "abc", true),
            ("a*", "a?*", true),
            ("a?", "ab", true),
            ("a?", "a?", true),
            ("*b*", "abab", true),
            ("a?", "a*", false),
            ("a", "a*", false),
            ("ab", "a?", false),
            ("a*b", "a*", false),
            ("", "a", false),
            ("a*", "", false),
        ] {
            assert_eq!(covers(outer, inner), wanted, "{outer} {inner}");
        }
    }

    fn meet(a: &[Token], b: &str, wanted: bool) {
        assert_eq!(overlap(a, &tokens(b)), wanted, "{a:?} {b}");
        assert_eq!(overlap(&tokens(b), a), wanted, "{b} {a:?}");
    }

    #[test]
    fn two_patterns_meet() {
        for (a, b, wanted) in [
            ("", "", true),
            ("*", "", true),
            ("a*", "*b", true),
            ("a*c", "ab*", true),
            ("?", "a", true),
            ("role/*", "ro*", true),
            ("*/x", "a/*", true),
            ("**", "abc", true),
            ("a${aws:username}", "abc", true),
            ("", "a", false),
            ("a*", "b*", false),
            ("a*c", "abd", false),
            ("?", "", false),
            ("?", "ab", false),
            ("role/*", "user/*", false),
            ("${*}", "a", false),
        ] {
            meet(&tokens(a), b, wanted);
        }
    }

    #[test]
    fn a_segment_has_no_slash() {
        let bucket = [Token::RunInSegment];
        let object = [Token::RunInSegment, Token::Char('/'), Token::Run];
        for (text, is_bucket, is_object) in [
            ("b", true, false),
            ("*", true, true),
            ("b*", true, true),
            ("b?c", true, true),
            ("b/*", false, true),
            ("*/k", false, true),
        ] {
            meet(&bucket, text, is_bucket);
            meet(&object, text, is_object);
        }
    }
}
