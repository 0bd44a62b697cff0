//! Auto Scaling: groups that keep a number of instances.
//!
//! There is no process that watches: a call that changes a group brings it to its number in the
//! same transaction, and after a call that changed instances `attend` does so (`settle`).
//!
//! Source: Amazon EC2 Auto Scaling API Reference and User Guide.

mod changes;
mod configurations;
mod describe;
mod fidelity;
mod group;
mod listing;
mod members;
mod parameters;
mod settle;
mod tags;

pub(crate) use self::fidelity::FIDELITY;
pub(crate) use self::settle::attend;
use crate::operation::Row;

pub(crate) static ROWS: &[&[Row]] = &[
    changes::ROWS,
    configurations::ROWS,
    members::ROWS,
    tags::ROWS,
    describe::ROWS,
];

#[cfg(test)]
mod tests;
