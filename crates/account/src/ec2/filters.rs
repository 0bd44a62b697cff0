//! Filters of the Describe calls: every filter must be met, by one of its values.
//!
//! Source: EC2 API Reference, "Filter"; values may hold `*` and `?`.

use policy::Pattern;
use protocol::{Fault, Record};

/// The filters of one call.
#[derive(Debug)]
pub(crate) struct Filters<'a>(Vec<(&'a str, Vec<&'a str>)>);

impl<'a> Filters<'a> {
    pub(crate) fn read(input: &'a Record) -> Result<Self, Fault> {
        let read = |filter: &'a Record| {
            let name = filter.text("Name").filter(|name| !name.is_empty());
            let name = name.ok_or_else(|| {
                Fault::new("InvalidParameterValue", "The filter 'null' is invalid")
            })?;
            Ok((name, filter.texts("Values").collect()))
        };
        input
            .records("Filters")
            .map(read)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether something is admitted, given what it has under a filter's name.
    pub(crate) fn admit(
        &self,
        attributes: impl Fn(&str) -> Option<Vec<String>>,
    ) -> Result<bool, Fault> {
        for (name, values) in &self.0 {
            let held = attributes(name).ok_or_else(|| unknown(name))?;
            if !held
                .iter()
                .any(|held| values.iter().any(|value| Pattern::new(value).matches(held)))
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Refuses names that are not `known`.
    pub(crate) fn check(&self, known: impl Fn(&str) -> bool) -> Result<(), Fault> {
        let mut names = self.0.iter().map(|(name, _)| *name);
        match names.find(|name| !known(name)) {
            Some(name) => Err(unknown(name)),
            None => Ok(()),
        }
    }
}

fn unknown(name: &str) -> Fault {
    Fault::new(
        "InvalidParameterValue",
        format!("The filter '{name}' is invalid"),
    )
}
