//! The text format 0.0.4: families of samples, their order and their escapes.
//!
//! Knows no metric by name. Source: Prometheus' "Exposition formats".

use std::collections::BTreeMap;
use std::fmt::{Display, Write};

/// Samples of one name.
#[derive(Debug)]
pub(super) struct Family {
    name: &'static str,
    kind: Kind,
    help: &'static str,
    samples: Vec<(Vec<(&'static str, String)>, String)>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Counter,
    Gauge,
}

impl Family {
    pub(super) fn new(name: &'static str, kind: Kind, help: &'static str) -> Self {
        Self {
            name,
            kind,
            help,
            samples: Vec::new(),
        }
    }

    pub(super) fn add<const N: usize>(
        &mut self,
        labels: [(&'static str, &str); N],
        value: impl Display,
    ) {
        let labels = labels.map(|(name, value)| (name, value.to_owned()));
        self.samples.push((labels.to_vec(), value.to_string()));
    }
}

/// A family without samples is left out. `more` labels stand behind a sample's own.
pub(super) fn render(families: &[Family], more: &BTreeMap<String, String>) -> String {
    let mut text = String::with_capacity(TEXT_BYTES);
    for family in families.iter().filter(|family| !family.samples.is_empty()) {
        let kind = match family.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
        };
        let (name, help) = (family.name, escape(family.help, false));
        let _infallible = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        for (labels, value) in &family.samples {
            text.push_str(name);
            write_labels(&mut text, labels, more);
            let _infallible = writeln!(text, " {value}");
        }
    }
    text
}

fn write_labels(text: &mut String, own: &[(&str, String)], more: &BTreeMap<String, String>) {
    let is_own = |name: &str| own.iter().any(|(own, _)| *own == name);
    let own_labels = own.iter().map(|(name, value)| (*name, value));
    let more = more.iter().map(|(name, value)| (name.as_str(), value));
    let more = more.filter(|(name, _)| !is_own(name));
    let mut separator = '{';
    for (name, value) in own_labels.chain(more) {
        let value = escape(value, true);
        let _infallible = write!(text, "{separator}{name}=\"{value}\"");
        separator = ',';
    }
    if separator == ',' {
        text.push('}');
    }
}

fn escape(text: &str, in_quotes: bool) -> String {
    let text = text.replace('\\', r"\\").replace('\n', r"\n");
    if in_quotes {
        return text.replace('"', "\\\"");
    }
    text
}

const TEXT_BYTES: usize = 16 * 1_024;
