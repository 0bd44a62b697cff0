//! A condition of a request of which only a part is known. Knows no statement.

use super::{ArnTest, Condition, Set, Test};
use crate::document::Effect;
use crate::known::{Known, State};
use crate::template::{Part, Template};

impl Condition {
    /// Whether the condition holds in a statement of the given effect; `None` where that depends
    /// on a key of which nothing is known.
    pub(crate) fn partly(&self, known: &Known, effect: Effect) -> Option<bool> {
        if let Test::Null(wanted) = &self.test
            && wanted.contains(&true)
            && wanted.contains(&false)
        {
            return Some(true);
        }
        let is_unknown = |key: &str| known.state(key) == State::Unknown;
        if is_unknown(&self.key) {
            return None;
        }
        let values = known.context().values(&self.key);
        let compares = match self.set {
            Set::None => values.len() == 1,
            Set::All | Set::Any => !values.iter().all(String::is_empty),
        };
        if compares && self.variables().any(is_unknown) {
            return None;
        }
        Some(self.holds(known.context(), effect))
    }

    /// The keys of the variables in its values, in lower case.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        let (templates, arns): (&[Template], &[ArnTest]) = match &self.test {
            Test::Equals(values) | Test::EqualsIgnoreCase(values) | Test::Like(values) => {
                (values, &[])
            }
            Test::Arn(values) => (&[], values),
            _ => (&[], &[]),
        };
        let of_templates = templates.iter().map(|value| match value {
            Template::Plain(_) => &[][..],
            Template::Varied(parts) => parts,
        });
        let of_arns = arns.iter().map(|value| match value {
            ArnTest::Plain(_) => &[][..],
            ArnTest::Varied(parts) => parts,
        });
        of_templates
            .chain(of_arns)
            .flatten()
            .filter_map(Part::variable)
    }
}
