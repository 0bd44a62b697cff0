//! The metadata service of one instance: a function from request to answer.
//!
//! Knows no socket and no clock. The world listens, passes requests in, and obeys the hop limit
//! that comes with a token's answer. What the bytes look like is `protocol::metadata`'s to know.
//!
//! Source: EC2 User Guide, "Use instance metadata to manage your EC2 instance".

mod about;
mod announce;
mod categories;
mod credentials;
mod identity;
mod kept;
mod service;
pub mod token;
mod tree;
mod values;

pub use announce::{AnnounceError, Announcement, announce};
pub use categories::paths;
pub(crate) use credentials::role;
pub(crate) use identity::{Signed, Signer};
pub use kept::{Kept, keep};
pub use service::{Answer, Manner, TokenUse, ViaIpv6, absent, serve};

#[cfg(test)]
mod tests;
