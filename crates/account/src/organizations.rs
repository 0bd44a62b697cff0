//! AWS Organizations: an organization with its units, accounts, policies and invitations.
//!
//! Source: AWS Organizations API Reference; AWS Organizations User Guide, "Service control
//! policies", "Resource control policies" and "Quotas". What an organization is made of stands in
//! its management account; what its policies mean for an account is made ready by the state and
//! counts in `gate`. There are no delegated administrators, no trusted access for services, no
//! policy types but the two, and no feature set but `ALL`.

mod accounts;
mod attachments;
mod create_account;
mod faults;
mod fidelity;
mod handshakes;
mod invitation;
mod needs;
mod node;
mod organization;
mod pages;
mod policies;
mod shown;
mod tags;
mod tree;
mod units;

pub(crate) use self::fidelity::FIDELITY;
use crate::operation::Row;

pub(crate) static ROWS: &[&[Row]] = &[
    organization::ROWS,
    create_account::ROWS,
    accounts::ROWS,
    units::ROWS,
    policies::ROWS,
    attachments::ROWS,
    handshakes::ROWS,
    tags::ROWS,
];

#[cfg(test)]
mod tests;
