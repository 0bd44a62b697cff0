//! The first stage: YAML as a small tree in which every key and value has its place.
//!
//! Takes only what a configuration needs: one document of maps, lists and scalars. Anchors,
//! aliases, tags, deep nesting and repeated keys end the reading, so no text grows in memory.
//! Knows no key's meaning.
//! Source: YAML 1.2.2; scalars are told apart by its core schema, section 10.3.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput};
use zeroize::Zeroizing;

use super::error::ConfigError;
use crate::text::shown;

/// A place in the file; both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// A value, and where it starts.
pub struct Node {
    /// Where it starts.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
pub enum Kind {
    /// Not quoted and empty, `~` or `null`.
    Null,
    /// Wiped on drop, as any of them may be a secret.
    Scalar {
        /// Without its quotes.
        text: Zeroizing<String>,
        /// Whether it had none.
        plain: bool,
    },
    /// Its items, in their order.
    List(Vec<Node>),
    /// Its keys, each once, in their order.
    Map(Vec<(Key, Node)>),
}

impl std::fmt::Debug for Node {
    /// The place alone, as the value may be a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Kind {
    /// The kind alone, as the value may be a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Scalar { .. } => "Scalar",
            Self::List(_) => "List",
            Self::Map(_) => "Map",
        })
    }
}

/// A key of a map.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// Reads the one document of `text`.
pub(super) fn parse(text: &str, file: &str) -> Result<Node, ConfigError> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        file,
        end: end(text),
    };
    if text.len() > TEXT_BYTES_MAX {
        let start = Place { line: 1, column: 1 };
        return Err(reader.error(
            start,
            format!("the file is larger than {TEXT_BYTES_MAX} bytes"),
        ));
    }
    reader.document()
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    file: &'a str,
    // The parser tells of a line behind the last, also where that has no line end.
    end: Place,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<Node, ConfigError> {
        loop {
            let (event, place) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
                Event::StreamEnd => return Err(self.error(place, "the file is empty")),
                other => {
                    let node = self.node(other, place, 0)?;
                    self.end()?;
                    return Ok(node);
                }
            }
        }
    }

    fn end(&mut self) -> Result<(), ConfigError> {
        loop {
            let (event, place) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(()),
                Event::DocumentEnd | Event::Nothing => {}
                _ => return Err(self.error(place, "a second document; one is read")),
            }
        }
    }

    fn node(&mut self, event: Event<'a>, place: Place, depth: usize) -> Result<Node, ConfigError> {
        if depth > DEPTH_MAX {
            return Err(self.error(place, format!("nested deeper than {DEPTH_MAX} levels")));
        }
        let (Event::Scalar(_, _, anchor, ref tag)
        | Event::SequenceStart(anchor, ref tag)
        | Event::MappingStart(anchor, ref tag)) = event
        else {
            return Err(self.error(place, "aliases are not read; write the value out"));
        };
        if anchor != 0 {
            return Err(self.error(place, "anchors are not read; write the value out"));
        }
        if tag.is_some() {
            return Err(self.error(place, "tags are not read; write the plain value"));
        }
        let kind = match event {
            Event::Scalar(text, style, ..) => scalar(Zeroizing::new(text.into_owned()), style),
            Event::SequenceStart(..) => self.list(depth)?,
            _ => self.map(depth)?,
        };
        Ok(Node { place, kind })
    }

    fn list(&mut self, depth: usize) -> Result<Kind, ConfigError> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Kind::List(items)),
                (event, place) => items.push(self.node(event, place, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Kind, ConfigError> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        let mut lines = std::collections::BTreeMap::new();
        loop {
            let (event, place) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(Kind::Map(entries));
            }
            let Kind::Scalar { text, .. } = self.node(event, place, depth + 1)?.kind else {
                return Err(self.error(place, "a key must be a name"));
            };
            let text = text.as_str().to_owned();
            if let Some(line) = lines.insert(text.clone(), place.line) {
                let message = format!("`{}` stands twice; first on line {line}", shown(&text));
                return Err(self.error(place, message));
            }
            let (event, value_place) = self.next()?;
            let value = self.node(event, value_place, depth + 1)?;
            entries.push((Key { text, place }, value));
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Place), ConfigError> {
        match self.parser.next_event() {
            Some(Ok((event, Span { start, .. }))) => Ok((event, place(&start).min(self.end))),
            Some(Err(error)) => {
                let message = format!("not YAML: {}", shown(error.info()));
                Err(self.error(place(error.marker()).min(self.end), message))
            }
            None => Ok((Event::StreamEnd, Place { line: 1, column: 1 })),
        }
    }

    fn error(&self, place: Place, message: impl Into<String>) -> ConfigError {
        ConfigError {
            file: self.file.to_owned(),
            line: place.line,
            column: place.column,
            message: message.into(),
            hint: None,
        }
    }
}

fn scalar(text: Zeroizing<String>, style: ScalarStyle) -> Kind {
    let plain = style == ScalarStyle::Plain;
    if plain && matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL") {
        return Kind::Null;
    }
    Kind::Scalar { text, plain }
}

/// The place behind the last character. A carriage return ends a line too (YAML 1.2.2, 5.4).
fn end(text: &str) -> Place {
    let mut end = Place { line: 1, column: 1 };
    let mut before = None;
    for c in text.chars() {
        match c {
            '\n' if before == Some('\r') => {}
            '\n' | '\r' => {
                end.line += 1;
                end.column = 1;
            }
            _ => end.column += 1,
        }
        before = Some(c);
    }
    end
}

fn place(marker: &Marker) -> Place {
    Place {
        line: marker.line().max(1),
        column: marker.col() + 1,
    }
}

// Bytes. A thousand resources take a tenth of it.
pub(crate) const TEXT_BYTES_MAX: usize = 1_024 * 1_024;
// Levels; the deepest key here is on the fourth.
const DEPTH_MAX: usize = 16;
