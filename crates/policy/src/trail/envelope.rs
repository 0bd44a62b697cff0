//! Where the records of a text begin and end. Knows nothing of what is in a record.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Deserializer, Value};

use super::{RECORDS_MAX, Record, TrailError, parse};

/// The text of one record and the line it begins on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Raw<'t> {
    text: &'t str,
    line: u32,
    // Whether the record is a text inside of this one, under `CloudTrailEvent`.
    is_wrapped: bool,
}

impl Raw<'_> {
    pub(super) fn read(&self) -> Result<Record, TrailError> {
        let Raw { text, line, .. } = *self;
        if !self.is_wrapped {
            return parse(text, line);
        }
        let event: Result<Value, _> = serde_json::from_str(text);
        let inner = event.as_ref().ok();
        let inner = inner.and_then(|event| event.get("CloudTrailEvent")?.as_str());
        let inner = inner.ok_or_else(|| TrailError {
            line,
            message: "an event without `CloudTrailEvent`; hint: give the whole answer of \
                      `aws cloudtrail lookup-events`"
                .to_owned(),
        })?;
        parse(inner, line)
    }
}

/// All records of `text`, in their order.
pub(super) fn records(text: &str) -> Result<Vec<Raw<'_>>, TrailError> {
    let mut records = Vec::new();
    let mut lines = Lines::new(text);
    for value in Deserializer::from_str(text).into_iter::<&RawValue>() {
        let whole = value.map_err(|cause| broken(&cause))?.get();
        let line = lines.of(whole);
        if !whole.starts_with('{') {
            return Err(TrailError {
                line,
                message: format!("neither a record nor a list of records; hint: {SHAPES}"),
            });
        }
        let room = RECORDS_MAX - records.len();
        let listed = Deserializer::from_str(whole)
            .deserialize_map(Envelope { room })
            .map_err(|cause| no_list(&cause, line))?;
        let (list, is_wrapped) = listed.unwrap_or_else(|| (vec![whole], false));
        if list.len() > room {
            return Err(TrailError {
                line,
                message: format!("more than {RECORDS_MAX} records; hint: read fewer files at once"),
            });
        }
        records.extend(list.into_iter().map(|text| Raw {
            text,
            line: lines.of(text),
            is_wrapped,
        }));
    }
    Ok(records)
}

/// serde_json's message without the place, which is one inside of a part.
fn plain(cause: &serde_json::Error) -> String {
    let text = cause.to_string();
    let end = text.rfind(" at line ").unwrap_or(text.len());
    text.get(..end).unwrap_or_default().to_owned()
}

/// serde_json would show what stands in the place of a list, which may be anything.
fn no_list(cause: &serde_json::Error, line: u32) -> TrailError {
    let what = if cause.is_data() {
        "`Records` or `Events` is no list, or is there more than once".to_owned()
    } else {
        format!("no JSON ({})", plain(cause))
    };
    TrailError {
        line,
        message: format!("{what}; hint: {SHAPES}"),
    }
}

fn broken(cause: &serde_json::Error) -> TrailError {
    TrailError {
        line: u32::try_from(cause.line()).unwrap_or(u32::MAX),
        message: format!("no JSON ({}); hint: {SHAPES}", plain(cause)),
    }
}

/// The lines of pieces of a text that come in the order of the text.
struct Lines<'t> {
    text: &'t str,
    // Up to here the lines are counted.
    offset: usize,
    line: u32,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Lines<'t> {
        Lines {
            text,
            offset: 0,
            line: 1,
        }
    }

    fn of(&mut self, piece: &str) -> u32 {
        let offset = piece.as_ptr().addr() - self.text.as_ptr().addr();
        let between = self.text.as_bytes().get(self.offset..offset);
        let ends = between
            .unwrap_or_default()
            .iter()
            .filter(|byte| **byte == b'\n');
        self.line = self
            .line
            .saturating_add(u32::try_from(ends.count()).unwrap_or(u32::MAX));
        self.offset = self.offset.max(offset);
        self.line
    }
}

/// An object's list of records, if it has one, and whether they are wrapped.
struct Envelope {
    room: usize,
}

impl<'de> Visitor<'de> for Envelope {
    type Value = Option<(Vec<&'de str>, bool)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<String>()? {
            let is_wrapped = match key.as_str() {
                "Records" => false,
                "Events" => true,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            let list = map.next_value_seed(List { room: self.room })?;
            if found.replace((list, is_wrapped)).is_some() {
                return Err(A::Error::custom("it has two"));
            }
        }
        Ok(found)
    }
}

/// The texts of a list's values: one more than there is room for, at most.
struct List {
    room: usize,
}

impl<'de> DeserializeSeed<'de> for List {
    type Value = Vec<&'de str>;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List {
    type Value = Vec<&'de str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(value) = list.next_element::<&'de RawValue>()? {
            if texts.len() <= self.room {
                texts.push(value.get());
            }
        }
        Ok(texts)
    }
}

const SHAPES: &str = "give a CloudTrail log file (`{\"Records\":[...]}`), the answer of \
                      `aws cloudtrail lookup-events`, or one record a line";
