//! Secrets Manager: secrets, their versions and staging labels.
//!
//! Source: Secrets Manager API Reference; User Guide, "Secrets Manager secret versions" and
//! "Quotas". A secret is named by its name, its ARN, or its ARN without the random suffix.

mod answer;
mod batch;
mod deletion;
mod faults;
mod fidelity;
mod labels;
mod list;
mod lookup;
mod policies;
mod protection;
mod random;
mod replicas;
mod rotate;
pub mod rotation;
mod schedule;
mod secrets;
mod stages;
mod tags;
mod values;

pub(crate) use self::fidelity::FIDELITY;
use crate::operation::Row;

pub(crate) use replicas::propagate;

pub(crate) static ROWS: &[&[Row]] = &[
    secrets::ROWS,
    values::ROWS,
    stages::ROWS,
    deletion::ROWS,
    list::ROWS,
    policies::ROWS,
    replicas::ROWS,
    rotate::ROWS,
    batch::ROWS,
    random::ROWS,
    tags::ROWS,
];

#[cfg(test)]
mod tests;
