//! The condition keys of a simulated request, each with the type that it is said to have.

use std::collections::BTreeSet;
use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use policy::{Context, Value};
use protocol::{Fault, Record};

use super::invalid;

/// What the caller says of the request.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) context: Context,
    /// In lower case.
    names: BTreeSet<String>,
}

impl Entries {
    pub(super) fn read(input: &Record) -> Result<Self, Fault> {
        let mut entries = Self::default();
        for entry in input.records("ContextEntries") {
            let (Some(name), Some(kind)) =
                (entry.text("ContextKeyName"), entry.text("ContextKeyType"))
            else {
                return Err(invalid(
                    "A context entry must have a key name and a key type.",
                ));
            };
            let texts: Vec<String> = entry.texts("ContextKeyValues").map(str::to_owned).collect();
            let (of, is_list) = match kind.strip_suffix("List") {
                Some(of) => (of, true),
                None => (kind, false),
            };
            if let Some(text) = texts.iter().find(|text| !is_of(of, text)) {
                return Err(invalid(format!(
                    "Invalid context entry: the value {text} of {name} is not of type {kind}."
                )));
            }
            let value = match (is_list, texts.as_slice()) {
                (true, _) => Value::List(texts),
                (false, [text]) => Value::Text(text.clone()),
                (false, _) => {
                    return Err(invalid(format!(
                        "Invalid context entry: {name} of type {kind} must have one value."
                    )));
                }
            };
            entries.context = std::mem::take(&mut entries.context).with(name, value);
            entries.names.insert(name.to_ascii_lowercase());
        }
        Ok(entries)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.names.contains(&key.to_ascii_lowercase())
    }
}

/// Whether a text is a value of the type, as far as operators could read it.
fn is_of(kind: &str, text: &str) -> bool {
    match kind {
        "numeric" => text.parse::<f64>().is_ok_and(f64::is_finite),
        "boolean" => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
        "ip" => {
            let (address, bits) = text.split_once('/').unwrap_or((text, "0"));
            address.parse::<IpAddr>().is_ok() && bits.parse::<u8>().is_ok()
        }
        "binary" => STANDARD.decode(text).is_ok(),
        "date" => {
            let is_day = || text.parse::<jiff::civil::Date>().is_ok();
            text.parse::<Timestamp>().is_ok() || text.parse::<i64>().is_ok() || is_day()
        }
        _ => true,
    }
}
