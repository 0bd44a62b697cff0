//! YAML and JSON as trees of values, with CloudFormation's short tags written out. Within bounds,
//! and without aliases, so that no text grows.

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput};

use super::value::{Node, Value};

/// The tree of a text's first document.
///
/// # Errors
///
/// Where it is no YAML, as a line.
pub(super) fn parse(text: &str) -> Result<Node, String> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        nodes: 0,
    };
    loop {
        let (event, line) = reader.next()?;
        match event {
            Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
            Event::StreamEnd => return Ok(Node::new(1, Value::Null)),
            other => return reader.node(other, line, 0),
        }
    }
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    nodes: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, usize), String> {
        match self.parser.next() {
            Some(Ok((event, span))) => Ok((event, span.start.line())),
            Some(Err(error)) => Err(format!("line {}", error.marker().line())),
            None => Ok((Event::StreamEnd, 1)),
        }
    }

    fn node(&mut self, event: Event<'a>, line: usize, depth: usize) -> Result<Node, String> {
        self.nodes += 1;
        if depth > DEPTH_MAX || self.nodes > NODES_MAX {
            return Err(format!("line {line}: more than is read of one file"));
        }
        let (value, tag) = match event {
            Event::Scalar(text, style, _, tag) => (scalar(text.into_owned(), style), tag),
            Event::SequenceStart(_, tag) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break,
                        (Event::StreamEnd, line) => return Err(format!("line {line}")),
                        (inner, line) => items.push(self.node(inner, line, depth + 1)?),
                    }
                }
                (Value::List(items), tag)
            }
            Event::MappingStart(_, tag) => {
                let mut members = Vec::new();
                loop {
                    let (key, line) = match self.next()? {
                        (Event::MappingEnd, _) => break,
                        (Event::StreamEnd, line) => return Err(format!("line {line}")),
                        (inner, line) => (self.node(inner, line, depth + 1)?, line),
                    };
                    let (inner, inner_line) = self.next()?;
                    let mut value = self.node(inner, inner_line, depth + 1)?;
                    // People look for the key.
                    value.line = line;
                    if let Value::Text(name) = key.value {
                        members.push((name, value));
                    }
                }
                (Value::Object(members), tag)
            }
            Event::StreamEnd => return Err(format!("line {line}")),
            _ => (Value::Unknown, None),
        };
        let value = match tag {
            Some(tag) if tag.handle == "!" => tagged(&tag.suffix, Node::new(line, value)),
            _ => value,
        };
        Ok(Node::new(line, value))
    }
}

/// `!Ref x` as `{"Ref": x}`, and so on.
fn tagged(tag: &str, inner: Node) -> Value {
    let name = match tag {
        "Ref" | "Condition" => tag.to_owned(),
        other => format!("Fn::{other}"),
    };
    Value::Object(vec![(name, inner)])
}

fn scalar(text: String, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::Text(text);
    }
    match text.as_str() {
        "" | "~" | "null" => Value::Null,
        "true" | "True" => Value::Bool(true),
        "false" | "False" => Value::Bool(false),
        _ => {
            let is_number = text.len() <= 9 && text.bytes().all(|it| it.is_ascii_digit());
            let number = text.parse().ok().filter(|_| is_number);
            number.map_or(Value::Text(text), Value::Number)
        }
    }
}

const DEPTH_MAX: usize = 64;
const NODES_MAX: usize = 500_000;
