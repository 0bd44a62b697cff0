//! A strict JSON reader that keeps the place of every value. Knows no policy element.
//!
//! Stricter than RFC 8259 asks: a key may stand once in an object (section 4 leaves the second to
//! chance, and chance has no say in a policy), a lone surrogate is refused (section 8.2), and
//! nesting is bounded, so that the reader's recursion is too.

use std::str::Chars;

use crate::error::{ParseError, Place};

/// A value, where it begins, and the place behind it.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) end: Place,
    pub(crate) value: Value,
}

/// A JSON value. Numbers stay as they were written.
#[derive(Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    Array(Vec<Node>),
    Object(Vec<Member>),
}

/// One `"key": value` of an object.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) key: Text,
    pub(crate) value: Node,
}

/// A string and where its opening quote stands.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) place: Place,
    pub(crate) value: String,
}

/// Reads the one JSON value that `text` is.
pub(crate) fn read(text: &str) -> Result<Node, ParseError> {
    let mut reader = Reader {
        rest: text.chars(),
        place: Place { line: 1, column: 1 },
    };
    let node = reader.node(0)?;
    reader.skip_white();
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(reader.invalid("text after the end of the policy")),
    }
}

struct Reader<'t> {
    rest: Chars<'t>,
    // The place of the first character of `rest`.
    place: Place,
}

impl Reader<'_> {
    fn node(&mut self, depth: usize) -> Result<Node, ParseError> {
        self.skip_white();
        let place = self.place;
        if depth > DEPTH_MAX {
            return Err(place.syntax(format_args!("nested more than {DEPTH_MAX} deep")));
        }
        let value = match self.peek() {
            Some('{') => Value::Object(self.object(depth)?),
            Some('[') => Value::Array(self.array(depth)?),
            Some('"') => Value::String(self.string()?),
            Some('-' | '0'..='9') => Value::Number(self.number()?),
            Some('a'..='z') => self.word()?,
            _ => return Err(self.invalid("expected a value")),
        };
        Ok(Node {
            place,
            end: self.place,
            value,
        })
    }

    fn object(&mut self, depth: usize) -> Result<Vec<Member>, ParseError> {
        self.bump();
        let mut members: Vec<Member> = Vec::new();
        self.skip_white();
        if self.take('}') {
            return Ok(members);
        }
        loop {
            self.skip_white();
            let place = self.place;
            if self.peek() != Some('"') {
                return Err(self.invalid("expected a key in double quotes"));
            }
            let value = self.string()?;
            if members.iter().any(|member| member.key.value == value) {
                return Err(place.syntax(format_args!("duplicate key `{value}`")));
            }
            self.skip_white();
            if !self.take(':') {
                return Err(self.invalid("expected `:`"));
            }
            members.push(Member {
                key: Text { place, value },
                value: self.node(depth + 1)?,
            });
            self.skip_white();
            if self.take('}') {
                return Ok(members);
            }
            if !self.take(',') {
                return Err(self.invalid("expected `,` or `}`"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Node>, ParseError> {
        self.bump();
        let mut nodes = Vec::new();
        self.skip_white();
        if self.take(']') {
            return Ok(nodes);
        }
        loop {
            nodes.push(self.node(depth + 1)?);
            self.skip_white();
            if self.take(']') {
                return Ok(nodes);
            }
            if !self.take(',') {
                return Err(self.invalid("expected `,` or `]`"));
            }
        }
    }

    fn string(&mut self) -> Result<String, ParseError> {
        self.bump();
        let mut value = String::new();
        loop {
            let place = self.place;
            match self.bump() {
                Some('"') => return Ok(value),
                Some('\\') => value.push(self.escape(place)?),
                Some(c) if c >= ' ' => value.push(c),
                Some(_) => return Err(invalid(place, "control character in a string")),
                None => return Err(invalid(place, "string without an end")),
            }
        }
    }

    fn escape(&mut self, start: Place) -> Result<char, ParseError> {
        let wrong = || invalid(start, "wrong escape in a string");
        match self.bump() {
            Some(c @ ('"' | '\\' | '/')) => Ok(c),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some('u') => {
                let first = self.four_digits().ok_or_else(wrong)?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first).ok_or_else(wrong);
                }
                if !(self.take('\\') && self.take('u')) {
                    return Err(wrong());
                }
                match self.four_digits() {
                    Some(second @ 0xdc00..0xe000) => {
                        let joined = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                        char::from_u32(joined).ok_or_else(wrong)
                    }
                    _ => Err(wrong()),
                }
            }
            _ => Err(wrong()),
        }
    }

    fn four_digits(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |sum, _| Some(sum * 16 + self.bump()?.to_digit(16)?))
    }

    fn number(&mut self) -> Result<String, ParseError> {
        let mut text = String::new();
        if self.take('-') {
            text.push('-');
        }
        if self.take('0') {
            text.push('0');
        } else {
            self.digits(&mut text)?;
        }
        if self.take('.') {
            text.push('.');
            self.digits(&mut text)?;
        }
        if let Some(c @ ('e' | 'E')) = self.peek() {
            self.bump();
            text.push(c);
            if let Some(sign @ ('+' | '-')) = self.peek() {
                self.bump();
                text.push(sign);
            }
            self.digits(&mut text)?;
        }
        Ok(text)
    }

    fn digits(&mut self, text: &mut String) -> Result<(), ParseError> {
        let before = text.len();
        while let Some(c) = self.peek().filter(char::is_ascii_digit) {
            self.bump();
            text.push(c);
        }
        if text.len() == before {
            return Err(self.invalid("expected a digit"));
        }
        Ok(())
    }

    fn word(&mut self) -> Result<Value, ParseError> {
        let place = self.place;
        let mut word = String::new();
        while let Some(c) = self.peek().filter(char::is_ascii_alphanumeric) {
            self.bump();
            word.push(c);
        }
        match word.as_str() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            "null" => Ok(Value::Null),
            _ => Err(invalid(place, "expected a value")),
        }
    }

    fn skip_white(&mut self) {
        while self.peek().is_some_and(is_white) {
            self.bump();
        }
    }

    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.bump();
        }
        found
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.rest.next()?;
        self.place = after(self.place, next);
        Some(next)
    }

    fn invalid(&self, what: &str) -> ParseError {
        invalid(self.place, what)
    }
}

/// The place behind `c`, when `c` stands at `place`.
pub(crate) fn after(place: Place, c: char) -> Place {
    if c == '\n' {
        Place {
            line: place.line.saturating_add(1),
            column: 1,
        }
    } else {
        Place {
            line: place.line,
            column: place.column.saturating_add(1),
        }
    }
}

/// White space as JSON knows it (RFC 8259, section 2).
pub(crate) fn is_white(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

fn invalid(place: Place, what: &str) -> ParseError {
    place.error(format!("This policy contains invalid Json ({what})"))
}

// A whole policy needs five levels below its outermost object: statement list, statement,
// `Condition`, operator, value list. The rest is room for a message that says more than "too deep".
const DEPTH_MAX: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, line: u32, column: u32, what: &str) {
        let error = read(text).unwrap_err();
        let place = Place { line, column };
        assert_eq!(error, invalid(place, what), "{text}");
    }

    #[test]
    fn what_is_no_json_is_refused_where_it_stops_being_json() {
        check("", 1, 1, "expected a value");
        check("\u{feff}{}", 1, 1, "expected a value");
        check("{", 1, 2, "expected a key in double quotes");
        check("{'a':1}", 1, 2, "expected a key in double quotes");
        check("{\"a\":1,}", 1, 8, "expected a key in double quotes");
        check("{\"a\" 1}", 1, 6, "expected `:`");
        check("{\"a\":1 \"b\":2}", 1, 8, "expected `,` or `}`");
        check("{\"a\":1]", 1, 7, "expected `,` or `}`");
        check("[1,]", 1, 4, "expected a value");
        check("[1 2]", 1, 4, "expected `,` or `]`");
        check("{} {}", 1, 4, "text after the end of the policy");
        check("{} // no", 1, 4, "text after the end of the policy");
        check("[\n  True]", 2, 3, "expected a value");
        check("nul", 1, 1, "expected a value");
        check("trueish", 1, 1, "expected a value");
        check("NaN", 1, 1, "expected a value");
        check("01", 1, 2, "text after the end of the policy");
        check("+1", 1, 1, "expected a value");
        check("-", 1, 2, "expected a digit");
        check("1.", 1, 3, "expected a digit");
        check("1e+", 1, 4, "expected a digit");
        check(".5", 1, 1, "expected a value");
        check("\u{a0}1", 1, 1, "expected a value");
    }

    #[test]
    fn strings_are_taken_apart_exactly() {
        check("\"a", 1, 3, "string without an end");
        check("\"a\nb\"", 1, 3, "control character in a string");
        check("\"a\tb\"", 1, 3, "control character in a string");
        check(r#""\x""#, 1, 2, "wrong escape in a string");
        check(r#""é\u12g4""#, 1, 3, "wrong escape in a string");
        check(r#""\ud800""#, 1, 2, "wrong escape in a string");
        check(r#""\ud800\u0041""#, 1, 2, "wrong escape in a string");
        check(r#""\udc00""#, 1, 2, "wrong escape in a string");
        check(r#""\u+123""#, 1, 2, "wrong escape in a string");

        let Value::String(value) = read(r#""\"\\\/\b\f\n\r\tA\u00e9\ud83d\ude00""#)
            .unwrap()
            .value
        else {
            panic!("a string")
        };
        assert_eq!(value, "\"\\/\u{8}\u{c}\n\r\tAé😀");
    }

    #[test]
    fn a_key_may_stand_once_also_when_it_is_written_otherwise() {
        let error = read("{\"Effect\": 1,\n \"\\u0045ffect\": 2}").unwrap_err();
        assert_eq!(
            error,
            Place { line: 2, column: 2 }.syntax("duplicate key `Effect`")
        );
    }

    #[test]
    fn nesting_is_bounded() {
        assert!(read(&format!("{}{}", "[".repeat(9), "]".repeat(9))).is_ok());
        let error = read(&"[".repeat(100_000)).unwrap_err();
        assert_eq!(
            error,
            Place {
                line: 1,
                column: 10
            }
            .syntax("nested more than 8 deep")
        );
    }
}
