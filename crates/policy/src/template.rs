//! Texts in which policy variables stand: `${key}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}`
//! for the characters themselves. Knows no policy element.
//!
//! What a variable brings in is text: a wildcard in it matches itself alone. A variable without a
//! value matches nothing, and a key of several values has none.
//!
//! Source: IAM User Guide, "IAM policy elements: Variables and tags".

use std::slice;
use std::str::Chars;

use crate::context::Context;
use crate::error::ParseError;
use crate::json::Text;
use crate::known::{Known, State};
use crate::pattern::{Pattern, Symbol, symbols_match};

/// A text to match with, with or without variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Template {
    Plain(Pattern),
    Varied(Box<[Part]>),
}

/// A piece of a text with variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Text with no wildcard in it, or none that counts.
    Literal(Box<str>),
    /// Text in which `*` and `?` are wildcards.
    Wild(Box<str>),
    Variable {
        // In lower case.
        key: Box<str>,
        default: Option<Box<str>>,
    },
}

/// What text is, beside its variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    Exactly,
    Wildcards,
}

impl Template {
    /// Compiles `value`, a part of `text`. Variables are known only to version 2012-10-17.
    pub(crate) fn compile(
        text: &Text,
        value: &str,
        reading: Reading,
        has_variables: bool,
    ) -> Result<Template, ParseError> {
        if has_variables && value.contains(OPENING) {
            return Ok(Template::Varied(parts(text, value, reading)?));
        }
        Ok(Template::Plain(match reading {
            Reading::Exactly => Pattern::Literal(value.into()),
            Reading::Wildcards => Pattern::new(value),
        }))
    }

    /// Whether the whole of `text` fits.
    pub(crate) fn matches(&self, text: &str, context: &Context) -> bool {
        match self {
            Template::Plain(pattern) => pattern.matches(text),
            Template::Varied(parts) => {
                Symbols::new(parts, context).is_some_and(|symbols| symbols_match(symbols, text))
            }
        }
    }

    /// As [`Template::matches`] of a request of which a part is known; `None` where it depends on
    /// a variable of which nothing is.
    pub(crate) fn partly(&self, text: &str, known: &Known) -> Option<bool> {
        let Template::Varied(parts) = self else {
            return Some(self.matches(text, known.context()));
        };
        let is_unknown = |part: &Part| {
            let key = part.variable();
            key.is_some_and(|key| known.state(key) == State::Unknown)
        };
        if !parts.iter().any(is_unknown) {
            return Some(self.matches(text, known.context()));
        }
        // Whatever those bring, the rest has to fit around it.
        let mut symbols = Vec::new();
        for part in parts {
            match part.resolve(known.context()) {
                _ if is_unknown(part) => symbols.push(Symbol::Any),
                None => return Some(false),
                Some(text) if matches!(part, Part::Wild(_)) => {
                    symbols.extend(text.chars().map(Symbol::wild));
                }
                Some(text) => symbols.extend(text.chars().map(Symbol::Exactly)),
            }
        }
        (!symbols_match(symbols.iter().copied(), text)).then_some(false)
    }

    /// As [`Template::matches`] with letters of either case alike, for a text without wildcards.
    pub(crate) fn matches_ignoring_case(&self, text: &str, context: &Context) -> bool {
        match self {
            Template::Plain(Pattern::Literal(literal)) => same_letters(literal.chars(), text),
            Template::Plain(pattern) => pattern.matches(text),
            Template::Varied(parts) => Symbols::new(parts, context).is_some_and(|symbols| {
                let chars = symbols.filter_map(|symbol| match symbol {
                    Symbol::Exactly(c) => Some(c),
                    Symbol::Any | Symbol::One => None,
                });
                same_letters(chars, text)
            }),
        }
    }
}

fn same_letters(chars: impl Iterator<Item = char>, text: &str) -> bool {
    chars
        .flat_map(char::to_lowercase)
        .eq(text.chars().flat_map(char::to_lowercase))
}

/// Whether a variable stands in `text`.
pub(crate) fn has_variable(text: &str) -> bool {
    text.contains(OPENING)
}

/// The pieces of `value`, a part of `text`.
pub(crate) fn parts(text: &Text, value: &str, reading: Reading) -> Result<Box<[Part]>, ParseError> {
    let plain = |piece: &str| match reading {
        Reading::Wildcards if piece.contains(['*', '?']) => Part::Wild(piece.into()),
        _ => Part::Literal(piece.into()),
    };
    let mut parts = Vec::new();
    let mut rest = value;
    while let Some((before, behind)) = rest.split_once(OPENING) {
        if !before.is_empty() {
            parts.push(plain(before));
        }
        let (part, tail) = variable(behind).ok_or_else(|| {
            let whole = &text.value;
            let what = format_args!(
                "policy variable in `{whole}` is neither `${{key}}` nor `${{key, 'default'}}`"
            );
            text.place.syntax(what)
        })?;
        parts.push(part);
        rest = tail;
    }
    if !rest.is_empty() {
        parts.push(plain(rest));
    }
    Ok(parts.into())
}

/// What begins `text` up to the closing brace, and the text behind it.
fn variable(text: &str) -> Option<(Part, &str)> {
    let end = text.find(['}', ',', '{', '\''])?;
    let (name, tail) = text.split_at_checked(end)?;
    if let ("*" | "?" | "$", Some(tail)) = (name, tail.strip_prefix('}')) {
        return Some((Part::Literal(name.into()), tail));
    }
    let in_key = |c: char| !c.is_control() && !c.is_whitespace() && !"*?$".contains(c);
    // What follows the colon of a tag's key may hold spaces, as tags do.
    let (vendor, rest) = name.split_once(':')?;
    let rest_good = |c: char| in_key(c) || c == ' ';
    let trimmed = rest.trim() == rest && !rest.is_empty();
    if vendor.is_empty() || !vendor.chars().all(in_key) || !trimmed || !rest.chars().all(rest_good)
    {
        return None;
    }
    let key = name.to_ascii_lowercase().into();
    if let Some(tail) = tail.strip_prefix('}') {
        return Some((Part::Variable { key, default: None }, tail));
    }
    let (default, tail) = tail.strip_prefix(", '")?.split_once('\'')?;
    let tail = tail.strip_prefix('}')?;
    let default = Some(default.into());
    Some((Part::Variable { key, default }, tail))
}

/// What the pieces stand for in one request, symbol by symbol.
#[derive(Debug, Clone)]
pub(crate) struct Symbols<'a> {
    parts: slice::Iter<'a, Part>,
    chars: Chars<'a>,
    are_wild: bool,
    context: &'a Context,
}

impl<'a> Symbols<'a> {
    /// `None` when a variable has no value.
    pub(crate) fn new(parts: &'a [Part], context: &'a Context) -> Option<Symbols<'a>> {
        parts
            .iter()
            .all(|part| part.resolve(context).is_some())
            .then(|| Symbols {
                parts: parts.iter(),
                chars: "".chars(),
                are_wild: false,
                context,
            })
    }
}

impl Iterator for Symbols<'_> {
    type Item = Symbol;

    fn next(&mut self) -> Option<Symbol> {
        loop {
            match (self.chars.next(), self.are_wild) {
                (Some(c), true) => return Some(Symbol::wild(c)),
                (Some(c), false) => return Some(Symbol::Exactly(c)),
                (None, _) => {}
            }
            let part = self.parts.next()?;
            self.chars = part.resolve(self.context)?.chars();
            self.are_wild = matches!(part, Part::Wild(_));
        }
    }
}

impl Part {
    /// The key of a variable, in lower case.
    pub(crate) fn variable(&self) -> Option<&str> {
        match self {
            Part::Variable { key, .. } => Some(key),
            Part::Literal(_) | Part::Wild(_) => None,
        }
    }

    fn resolve<'a>(&'a self, context: &'a Context) -> Option<&'a str> {
        match self {
            Part::Literal(text) | Part::Wild(text) => Some(text),
            Part::Variable { key, default } => context.single(key).or(default.as_deref()),
        }
    }
}

const OPENING: &str = "${";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;

    fn compile(value: &str, reading: Reading) -> Result<Template, ParseError> {
        let text = Text {
            place: Place { line: 1, column: 1 },
            value: value.to_owned(),
        };
        Template::compile(&text, value, reading, true)
    }

    fn check(value: &str, text: &str, expect: bool) {
        let context = Context::new()
            .with("aws:UserName", "ann")
            .with("aws:star", "*")
            .with("aws:empty", "")
            .with("aws:many", vec!["a".to_owned(), "b".to_owned()])
            .with("aws:PrincipalTag/my team", "blue");
        let found = compile(value, Reading::Wildcards).unwrap();
        assert_eq!(found.matches(text, &context), expect, "{value} {text}");
    }

    #[test]
    fn a_variable_stands_for_its_value() {
        check("home/${aws:username}/*", "home/ann/x", true);
        check("home/${AWS:USERNAME}/*", "home/ann/x", true);
        check("home/${aws:username}/*", "home/bob/x", false);
        check("home/${aws:username}", "home/${aws:username}", false);
        check("${aws:PrincipalTag/my team}", "blue", true);
        check("${aws:empty}", "", true);
        check("${aws:username}${aws:username}", "annann", true);
    }

    #[test]
    fn without_a_value_nothing_matches_but_the_default() {
        check("home/${aws:none}", "home/", false);
        check("*${aws:none}", "home/", false);
        check("*${aws:many}", "a", false);
        check("home/${aws:none, 'all'}", "home/all", true);
        check("home/${aws:none, ''}", "home/", true);
        check("home/${aws:many, 'all'}", "home/all", true);
        check("home/${aws:username, 'all'}", "home/ann", true);
        check("home/${aws:username, 'all'}", "home/all", false);
    }

    #[test]
    fn a_value_and_a_default_are_no_patterns() {
        check("${aws:star}", "x", false);
        check("${aws:star}", "*", true);
        check("${aws:none, '*'}", "x", false);
        check("a${*}c", "abc", false);
        check("a${*}c", "a*c", true);
        check("a${?}*", "a?bc", true);
        check("a${?}*", "abbc", false);
        check("${$}{aws:username}", "${aws:username}", true);
    }

    #[test]
    fn case_is_ignored_only_when_asked() {
        let context = Context::new().with("aws:x", "Åb");
        let exact = compile("${aws:x}C", Reading::Exactly).unwrap();
        assert!(exact.matches("ÅbC", &context));
        assert!(!exact.matches("åBc", &context));
        assert!(exact.matches_ignoring_case("åBc", &context));
        assert!(!exact.matches_ignoring_case("åB", &context));
    }

    #[test]
    fn what_is_no_variable_is_refused() {
        for text in [
            "${",
            "a${b",
            "${}",
            "${x}",
            "${:x}",
            "${aws:}",
            "${aws:x",
            "${aws:x,'d'}",
            "${aws:x, d}",
            "${aws:x, 'd}",
            "${aws:x, 'd' }",
            "${aws:x, 'd''}",
            "${ aws:x}",
            "${aws:x }",
            "${aws:${aws:x}}",
            "${**}",
            "${aws:x*}",
        ] {
            assert!(compile(text, Reading::Exactly).is_err(), "{text}");
        }
        assert!(compile("$ {x} $x {aws:x}", Reading::Exactly).is_ok());
    }
}
