//! IAM: roles, users, groups, policies and what binds them.
//!
//! Source of behaviour and messages: IAM API Reference; quotas: IAM User Guide, "IAM and STS
//! quotas". Shapes have been checked before a handler runs.

mod absent;
mod access_keys;
mod account;
mod attachments;
mod boundaries;
mod details;
mod documents;
mod entities;
mod faults;
mod fidelity;
mod groups;
mod inline;
mod managed_policies;
mod names;
mod open_id;
mod owner;
mod pages;
mod profiles;
mod report;
mod roles;
mod simulation;
mod tagging;
mod tags;
mod users;

pub(crate) use self::documents::is_known;
pub(crate) use self::fidelity::FIDELITY;
pub(crate) use self::profiles::pass_role;
use crate::operation::Row;

pub(crate) static ROWS: &[&[Row]] = &[
    roles::ROWS,
    users::ROWS,
    groups::ROWS,
    access_keys::ROWS,
    managed_policies::ROWS,
    attachments::ROWS,
    inline::ROWS,
    boundaries::ROWS,
    entities::ROWS,
    profiles::ROWS,
    open_id::ROWS,
    details::ROWS,
    tagging::ROWS,
    account::ROWS,
    report::ROWS,
    absent::ROWS,
    simulation::ROWS,
];

#[cfg(test)]
mod tests;
