//! Outputs and faults read back from XML, for the client side.
//!
//! No document type, no entity beyond the five of XML, and a bound on depth: an answer is as little
//! trusted as a request.

use quick_xml::Reader as Events;
use quick_xml::events::Event;
use zeroize::Zeroizing;

use super::super::dialect::Dialect;
use super::super::{members, scalar};
use crate::shape::{Kind, Member, Operation, Shape};
use crate::{Fault, Record, Value};

/// The output of an answer; `None` where the answer is not what the operation returns.
pub(in super::super) fn output(
    dialect: Dialect,
    operation: &Operation,
    xml: &[u8],
) -> Option<Record> {
    let Some(shape) = operation.output else {
        return Some(Record::new());
    };
    let mut reader = Reader::new(dialect, xml)?;
    let Token::Open(root) = reader.next_tag()? else {
        return None;
    };
    if root.strip_suffix("Response") != Some(operation.name) {
        return None;
    }
    if let Some(wrapper) = operation.result_wrapper {
        loop {
            match reader.next_tag()? {
                Token::Open(name) if name == wrapper => break,
                Token::Open(_) => reader.skip()?,
                _ => return None,
            }
        }
    }
    reader.structure(shape, members(shape))
}

/// Code and message of a fault, in whichever frame they stand.
pub(in super::super) fn fault(xml: &[u8], status: u16) -> Option<Fault> {
    let mut reader = Reader::new(Dialect::Query, xml)?;
    while !matches!(reader.next_tag()?, Token::Open(name) if name == "Error") {}
    let (mut code, mut message) = (None, String::new());
    loop {
        match reader.next_tag()? {
            Token::Open(name) if name == "Code" => code = Some(reader.text()?.to_string()),
            Token::Open(name) if name == "Message" => message = reader.text()?.to_string(),
            Token::Open(_) => reader.skip()?,
            _ => return Some(Fault::new(code?, message).status(status)),
        }
    }
}

enum Token {
    Open(String),
    Close,
    Text(Zeroizing<String>),
}

struct Reader<'x> {
    dialect: Dialect,
    events: Events<&'x [u8]>,
    depth: usize,
}

/// `None` stands for a document that is not well formed or not as the shape says.
impl<'x> Reader<'x> {
    fn new(dialect: Dialect, xml: &'x [u8]) -> Option<Self> {
        let mut events = Events::from_str(std::str::from_utf8(xml).ok()?);
        events.config_mut().expand_empty_elements = true;
        Some(Self {
            dialect,
            events,
            depth: 0,
        })
    }

    fn next(&mut self) -> Option<Token> {
        loop {
            return Some(match self.events.read_event().ok()? {
                Event::Start(tag) => {
                    self.depth += 1;
                    if self.depth > DEPTH_MAX {
                        return None;
                    }
                    Token::Open(tag.local_name().as_ref().to_owned())
                }
                Event::End(_) => {
                    self.depth = self.depth.checked_sub(1)?;
                    Token::Close
                }
                Event::Text(text) => Token::Text(text.xml10_content().into_owned().into()),
                Event::CData(text) => Token::Text(text.xml10_content().into_owned().into()),
                Event::GeneralRef(entity) => {
                    let letter = match entity.resolve_char_ref().ok()? {
                        Some(letter) => letter,
                        None => predefined(&entity.into_inner())?,
                    };
                    Token::Text(letter.to_string().into())
                }
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => continue,
                Event::Empty(_) | Event::DocType(_) | Event::Eof => return None,
            });
        }
    }

    /// The next tag; what text there is between tags is layout.
    fn next_tag(&mut self) -> Option<Token> {
        loop {
            match self.next()? {
                Token::Text(_) => {}
                tag => return Some(tag),
            }
        }
    }

    /// The rest of an element that nobody asked for.
    fn skip(&mut self) -> Option<()> {
        let around = self.depth.checked_sub(1)?;
        while self.depth > around {
            self.next()?;
        }
        Some(())
    }

    /// The text of an element, to its end.
    fn text(&mut self) -> Option<Zeroizing<String>> {
        let mut text = Zeroizing::new(String::new());
        loop {
            match self.next()? {
                Token::Text(more) if text.is_empty() => text = more,
                Token::Text(more) => text.push_str(&more),
                Token::Open(_) => self.skip()?,
                Token::Close => return Some(text),
            }
        }
    }

    fn structure(&mut self, shape: &'static Shape, members: &'static [Member]) -> Option<Record> {
        let mut record = Record::of(shape);
        while let Token::Open(name) = self.next_tag()? {
            let dialect = self.dialect;
            match members
                .iter()
                .find(|member| dialect.element(member) == name)
            {
                Some(member) => record.set(member.name, self.value(member.shape)?),
                None => self.skip()?,
            }
        }
        Some(record)
    }

    fn value(&mut self, shape: &'static Shape) -> Option<Value> {
        Some(match &shape.kind {
            Kind::Structure(members) => Value::Structure(self.structure(shape, members)?),
            Kind::List {
                member,
                member_name,
                ..
            } => {
                let item = self.dialect.item(*member_name);
                let mut values = Vec::new();
                while let Token::Open(name) = self.next_tag()? {
                    if name == item {
                        values.push(self.value(member)?);
                    } else {
                        self.skip()?;
                    }
                }
                Value::List(values)
            }
            Kind::Map { value, .. } => {
                let mut entries = Vec::new();
                while let Token::Open(_) = self.next_tag()? {
                    entries.push(self.entry(value)?);
                }
                Value::Map(entries)
            }
            kind => {
                let mut text = self.text()?;
                scalar::read(kind, &mut text)?
            }
        })
    }

    fn entry(&mut self, shape: &'static Shape) -> Option<(String, Value)> {
        let (mut key, mut value) = (None, None);
        while let Token::Open(name) = self.next_tag()? {
            match name.as_str() {
                "key" => key = Some(self.text()?.to_string()),
                "value" => value = Some(self.value(shape)?),
                _ => self.skip()?,
            }
        }
        Some((key?, value?))
    }
}

fn predefined(entity: &str) -> Option<char> {
    Some(match entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// The deepest answer of the models has half as many levels.
const DEPTH_MAX: usize = 48;

#[cfg(test)]
mod tests;
