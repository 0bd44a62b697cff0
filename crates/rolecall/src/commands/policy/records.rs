//! Records of calls: from files of CloudTrail's, or asked of the account.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use policy::trail::{self, Trail, TrailError};
use protocol::{Record, Value};

use super::evidence;
use crate::failure::Failure;
use crate::upstream::ApiError;

/// Texts that hold records, with the name by which errors speak of each.
#[derive(Debug)]
pub(super) enum Records {
    Files(Vec<(String, String)>),
    /// The answers of LookupEvents: one record a text.
    Looked(Vec<String>),
}

/// A record, or why it is none.
#[derive(Debug)]
pub(super) struct Found<'f> {
    pub(super) file: &'f str,
    pub(super) record: Result<trail::Record, TrailError>,
}

impl Records {
    /// Reads files whole; `-` is standard input.
    pub(super) fn of_files(names: &[String]) -> Result<Self, Failure> {
        let read = |name: &String| Ok((name.clone(), read(name)?));
        let files = names.iter().map(read).collect::<Result<_, Failure>>()?;
        Ok(Self::Files(files))
    }

    /// Asks the account for its record since a moment, or for all it has.
    pub(super) async fn of_account(since: Option<Timestamp>) -> Result<Self, Failure> {
        let client = evidence::client("cloudtrail", None).await?;
        let mut texts = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let input = Record::new()
                .with("MaxResults", EVENTS_A_PAGE)
                .with_some("StartTime", since.map(Value::Timestamp))
                .with_some("NextToken", token.take());
            let page = client.call(LOOKUP, &input).await.map_err(refused)?;
            let events = page.records("Events");
            texts
                .extend(events.filter_map(|event| event.text("CloudTrailEvent").map(String::from)));
            token = page.text("NextToken").map(str::to_owned);
            if token.is_none() {
                return Ok(Self::Looked(texts));
            }
            if texts.len() >= EVENTS_MAX {
                let message = format!("the account has more than {EVENTS_MAX} records of calls");
                return Err(Failure::unfinished(message)
                    .hint("ask for fewer with `--since`, or read an export with `--from FILE`"));
            }
        }
    }

    /// Hands out the records in their order.
    pub(super) fn each(
        &self,
        mut with: impl FnMut(Found<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        match self {
            Self::Looked(texts) => texts.iter().try_for_each(|text| {
                with(Found {
                    file: LOOKUP,
                    record: trail::read_record(text),
                })
            }),
            Self::Files(files) => files.iter().try_for_each(|(file, text)| {
                let records = Trail::read(text).map_err(|error| {
                    let TrailError { line, message } = error;
                    let (message, hint) = message
                        .split_once("; hint: ")
                        .unwrap_or((&message, "name files that CloudTrail wrote"));
                    Failure::wrong(format!("{file}:{line}: {message}")).hint(hint)
                })?;
                records
                    .records()
                    .try_for_each(|record| with(Found { file, record }))
            }),
        }
    }
}

fn read(name: &str) -> Result<String, Failure> {
    let wrong = |what: &dyn std::fmt::Display| {
        Failure::wrong(format!("cannot read `{name}`: {what}"))
            .hint("name files that CloudTrail wrote, or `-` for standard input")
    };
    let mut packed = Vec::new();
    let source: &mut dyn Read = if name == STDIN {
        &mut std::io::stdin().lock()
    } else {
        &mut std::fs::File::open(name).map_err(|error| wrong(&error))?
    };
    let bounded = |source: &mut dyn Read, bytes: &mut Vec<u8>| {
        let length = source.take(BYTES_MAX + 1).read_to_end(bytes);
        let length = length.map_err(|error| wrong(&error))?;
        if length as u64 > BYTES_MAX {
            return Err(wrong(&format_args!("it is longer than {BYTES_MAX} bytes")));
        }
        Ok(())
    };
    bounded(source, &mut packed)?;
    let bytes = if packed.starts_with(&GZIP) {
        let mut unpacked = Vec::new();
        bounded(&mut MultiGzDecoder::new(packed.as_slice()), &mut unpacked)?;
        unpacked
    } else {
        packed
    };
    String::from_utf8(bytes).map_err(|_| wrong(&"it is no UTF-8 text"))
}

fn refused(error: ApiError) -> Failure {
    match error {
        ApiError::Failure(failure) => failure,
        ApiError::Fault(fault) => Failure::unfinished(format!("the account refuses: {fault}"))
            .hint("reading the record of calls needs cloudtrail:LookupEvents"),
    }
}

const LOOKUP: &str = "LookupEvents";
const STDIN: &str = "-";
// CloudTrail API Reference, LookupEvents: the most there is.
const EVENTS_A_PAGE: i64 = 50;
// A policy is made of a few thousand calls; AWS answers two pages a second.
const EVENTS_MAX: usize = 200_000;
// Of one file, packed or unpacked: the bound of the reader.
const BYTES_MAX: u64 = policy::trail::TRAIL_BYTES_MAX as u64;
// RFC 1952, section 2.3.1
const GZIP: [u8; 2] = [0x1f, 0x8b];
