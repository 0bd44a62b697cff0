//! S3: buckets, objects and uploads in parts, as far as a call is about them and not about bytes.
//!
//! The world speaks S3's protocol: it hands in who signed ([`Signed`]), the operation with its
//! parameters ([`Input`]) and, of what is to be stored, what it counted while it stored it. What
//! takes long is handled twice: first without [`Stored`], for whether it may be; then with it.
//! Nothing here reads or writes an object's bytes.
//!
//! Source: S3 API Reference; S3 User Guide, "Policies and permissions in Amazon S3" and
//! "Required permissions for Amazon S3 API operations".

mod buckets;
mod call;
mod check_tags;
mod conditions;
mod copy;
mod cors;
mod delete;
mod encryption;
mod faults;
mod fidelity;
mod input;
mod lifecycle;
mod listing;
mod multipart;
mod needs;
mod objects;
mod settings;
mod settled;
mod signed;
mod sweep;
mod tags;

pub use self::call::{Call, Head, Outcome, handle, unhandled};
pub use self::cors::allowing;
pub(crate) use self::fidelity::FIDELITY;
#[cfg(test)]
pub(crate) use self::fidelity::asks_for;
pub use self::input::{
    Answer, Conditions, CopySource, CustomerKey, Deleted, EncryptionAsked, Found, Input, List,
    Listed, PartAsked, Setting, Stored,
};
pub use self::lifecycle::giving_up;
pub use self::settled::expiry;
pub use self::signed::{Refused, Signed};
pub use self::sweep::{Over, over, sweep};

use self::call::Row;

/// The row of an operation; one without is denied.
pub(crate) fn row(operation: &str) -> Option<&'static Row> {
    rows().find(|row| row.operation == operation)
}

/// All rows.
pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    let all: [&'static [Row]; 8] = [
        buckets::ROWS,
        copy::ROWS,
        delete::ROWS,
        listing::ROWS,
        multipart::ROWS,
        objects::ROWS,
        settings::ROWS,
        tags::ROWS,
    ];
    all.into_iter().flatten()
}

/// Whether an operation has a row.
pub fn is_known(operation: &str) -> bool {
    row(operation).is_some()
}

/// Whether a bucket policy lets in more than those it names.
pub fn is_public(policy: &str) -> bool {
    crate::gate::public(policy).is_some()
}

#[cfg(test)]
mod tests;
