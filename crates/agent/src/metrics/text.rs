//! The text format 0.0.4: families of samples, their order and their escapes.
//!
//! Knows no metric by name. Source: Prometheus' "Exposition formats".

use std::collections::BTreeMap;
use std::fmt::{Display, Write};

/// Samples of one name.
#[derive(Debug)]
pub(crate) struct Family {
    name: &'static str,
    kind: Kind,
    help: &'static str,
    samples: Vec<Sample>,
}

/// One number of a family; a histogram's have endings of their own behind the name.
#[derive(Debug)]
struct Sample {
    ending: &'static str,
    labels: Vec<(&'static str, String)>,
    value: String,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

impl Family {
    pub(crate) fn new(name: &'static str, kind: Kind, help: &'static str) -> Self {
        Self {
            name,
            kind,
            help,
            samples: Vec::new(),
        }
    }

    pub(crate) fn add<const N: usize>(
        &mut self,
        labels: [(&'static str, &str); N],
        value: impl Display,
    ) {
        self.add_part("", labels, value);
    }

    /// The same of a histogram's part: `_bucket`, `_sum` or `_count`.
    pub(crate) fn add_part<const N: usize>(
        &mut self,
        ending: &'static str,
        labels: [(&'static str, &str); N],
        value: impl Display,
    ) {
        let labels = labels.map(|(name, value)| (name, value.to_owned()));
        self.samples.push(Sample {
            ending,
            labels: labels.to_vec(),
            value: value.to_string(),
        });
    }
}

/// A family without samples is left out. `more` labels stand behind a sample's own.
pub(crate) fn render(families: &[Family], more: &BTreeMap<String, String>) -> String {
    let mut text = String::with_capacity(TEXT_BYTES);
    for family in families.iter().filter(|family| !family.samples.is_empty()) {
        let kind = match family.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        let (name, help) = (family.name, escape(family.help, false));
        let _infallible = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        for sample in &family.samples {
            text.push_str(name);
            text.push_str(sample.ending);
            write_labels(&mut text, &sample.labels, more);
            let _infallible = writeln!(text, " {}", sample.value);
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
