//! Where in an input a flaw is, as AWS's messages say it.

use crate::shape::Member;

use super::dialect::Dialect;

/// The way from the input down to a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Path(Vec<Step>);

/// One step of the way.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Member(&'static Member),
    /// Of a list, counted from one.
    Item(usize),
    /// Of a map.
    Entry(String),
}

impl Path {
    /// Goes down a step.
    pub(super) fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// Goes back up.
    pub(super) fn pop(&mut self) {
        self.0.pop();
    }

    /// `tags.1.member.key`, as the Query and JSON services say it.
    pub(super) fn camel_case(&self) -> String {
        let steps = self.0.iter().map(|step| match step {
            Step::Member(member) => {
                let mut letters = member.name.chars();
                let first = letters.next().map(|first| first.to_ascii_lowercase());
                first.into_iter().chain(letters).collect()
            }
            Step::Item(at) => format!("{at}.member"),
            Step::Entry(key) => format!("{key}.member"),
        });
        steps.collect::<Vec<_>>().join(".")
    }

    /// `TagSpecification.1.ResourceType`, as EC2 says it.
    pub(super) fn parameter(&self) -> String {
        let steps = self.0.iter().map(|step| match step {
            Step::Member(member) => Dialect::Ec2.parameter(member).to_owned(),
            Step::Item(at) => at.to_string(),
            Step::Entry(key) => key.clone(),
        });
        steps.collect::<Vec<_>>().join(".")
    }
}
