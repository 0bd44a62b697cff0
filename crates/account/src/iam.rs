//! IAM: roles, users, policies and what binds them.
//!
//! Source of behaviour and messages: IAM API Reference; quotas: IAM User Guide, "IAM and STS
//! quotas". Shapes have been checked before a handler runs.

mod access_keys;
mod attachments;
pub(crate) mod aws_managed;
mod details;
mod documents;
mod faults;
mod inline;
mod managed_policies;
mod names;
mod open_id;
mod owner;
mod pages;
mod profiles;
mod roles;
mod tags;
mod users;

pub(crate) use self::documents::is_known;
pub(crate) use self::profiles::pass_role;
use crate::operation::Row;

pub(crate) static ROWS: &[&[Row]] = &[
    roles::ROWS,
    users::ROWS,
    access_keys::ROWS,
    managed_policies::ROWS,
    attachments::ROWS,
    inline::ROWS,
    profiles::ROWS,
    open_id::ROWS,
    details::ROWS,
];

#[cfg(test)]
mod tests;
