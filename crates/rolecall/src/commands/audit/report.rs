//! A report in the form that is asked for. Judges nothing.

mod csv;
mod html;
mod json;
mod ocsf;
mod picture;
mod sarif;
mod summary;
mod text;

use std::io::{self, Write};

use ::audit::{Facts, Report, Waiver};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

pub(super) use csv::csv;
pub(super) use html::html;
pub(super) use json::json;
pub(super) use ocsf::ocsf;
pub(super) use sarif::sarif;
pub(super) use summary::counted;
pub(super) use text::text;

/// All that a report is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) facts: &'a Facts,
    pub(super) report: &'a Report,
    pub(super) waivers: &'a [Waiver],
    pub(super) today: Date,
    pub(super) now: Timestamp,
}

/// Writes a list, a line for each, none of them kept.
fn lines(out: &mut dyn Write, values: impl Iterator<Item = Value>) -> io::Result<()> {
    let mut before = "[";
    for value in values {
        write!(out, "{before}\n{value}")?;
        before = ",";
    }
    out.write_all(if before == "[" { b"[]" } else { b"]" })
}
