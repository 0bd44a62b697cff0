//! CloudTrail: the record of calls, looked up over the API.
//!
//! The records are not part of the state, so the handler only checks the question; the world reads
//! its files and brings the records that [`Asked`] takes, and gets the answer's bytes.
//!
//! Source: CloudTrail API Reference, "LookupEvents".

mod fidelity;
pub(crate) mod lookup;

use bytes::Bytes;
use protocol::shape::{Operation, Service};
use protocol::{Fault, Record, Value, wire};

pub(crate) use self::fidelity::FIDELITY;
use self::lookup::Lookup;
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::trail::{Attribute, Event, Filter, Key};
use crate::transaction::Transaction;

pub(crate) static ROWS: &[&[Row]] = &[&[Row {
    operation: "LookupEvents",
    needs: |_, _, _| Ok(vec![Need::new("cloudtrail:LookupEvents", "*")]),
    run: lookup,
}]];

/// What only the world can answer, checked and authorized.
#[derive(Debug)]
pub struct Asked {
    pub(crate) service: &'static Service,
    pub(crate) operation: &'static Operation,
    pub(crate) request_id: String,
    pub(crate) lookup: Lookup,
}

impl Asked {
    /// How many records an answer needs at most: a page, and one to know that there is more.
    pub fn records_max(&self) -> usize {
        self.lookup.max + 1
    }

    /// Only records with a smaller number are of use.
    pub fn before(&self) -> Option<u64> {
        self.lookup.before
    }

    /// Whether a record is asked for.
    pub fn takes(&self, event: &Event) -> bool {
        let Lookup {
            filter, attribute, ..
        } = &self.lookup;
        filter.takes(event) && attribute.as_ref().is_none_or(|asked| asked.is_of(event))
    }

    /// The answer, of records by their numbers in the trail, the newest first.
    pub fn answer(&self, found: &[(u64, Event)]) -> http::Response<Bytes> {
        let output = self.lookup.output(found);
        wire::encode_output(self.service, self.operation, &output, &self.request_id)
    }
}

fn lookup(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    if let Some(member) = REFUSED.iter().find(|member| input.get(member).is_some()) {
        return Err(Fault::new(
            "UnsupportedOperationException",
            format!("{member} is not supported: there are no insight events here."),
        ));
    }
    let moment = |name| match input.get(name) {
        Some(Value::Timestamp(moment)) => Some(*moment),
        _ => None,
    };
    let (since, until) = (moment("StartTime"), moment("EndTime"));
    if since.zip(until).is_some_and(|(since, until)| until < since) {
        return Err(Fault::new(
            "InvalidTimeRangeException",
            "StartTime is after EndTime.",
        ));
    }
    let max = input.integer("MaxResults");
    let max = max.and_then(|max| usize::try_from(max).ok());
    let mut lookup = Lookup {
        filter: Filter {
            // Of other accounts nobody is told here.
            home: Some(transaction.state().home().clone()),
            since,
            until,
            ..Filter::default()
        },
        attribute: attribute(input)?,
        max: max.unwrap_or(PAGE_EVENTS_MAX).min(PAGE_EVENTS_MAX),
        before: None,
    };
    if let Some(token) = input.text("NextToken") {
        let number = lookup.read_token(token).ok_or_else(|| {
            Fault::new(
                "InvalidNextTokenException",
                "NextToken is none of this question: a page is asked for with the same \
                 parameters as the one before.",
            )
        })?;
        lookup.before = Some(number);
    }
    transaction.ask(lookup);
    Ok(Record::new())
}

fn attribute(input: &Record) -> Result<Option<Attribute>, Fault> {
    let invalid = |message| Fault::new("InvalidLookupAttributesException", message);
    let mut attributes = input.records("LookupAttributes");
    let Some(first) = attributes.next() else {
        return Ok(None);
    };
    if attributes.next().is_some() {
        return Err(invalid("LookupAttributes holds more than one attribute."));
    }
    let key = first.text("AttributeKey").and_then(Key::parse);
    let (Some(key), Some(value)) = (key, first.text("AttributeValue")) else {
        return Err(invalid("The lookup attribute has no key or no value."));
    };
    Ok(Some(Attribute {
        key,
        value: value.to_owned(),
    }))
}

// Source: CloudTrail API Reference, "LookupEvents".
const PAGE_EVENTS_MAX: usize = 50;
const REFUSED: &[&str] = &["EventCategory"];

#[cfg(test)]
mod tests;
