//! The metadata service of one instance: a function from request to answer.
//!
//! Knows no socket and no clock. The world listens, passes requests in, and obeys the hop limit
//! that comes with a token's answer. What the bytes look like is `protocol::metadata`'s to know.
//!
//! Source: EC2 User Guide, "Use instance metadata to manage your EC2 instance".

mod credentials;
mod fidelity;
mod service;
mod token;
mod tree;

pub(crate) use credentials::role;
pub use fidelity::PATHS;
pub use service::{Answer, TokenUse, serve};
pub(crate) use tree::Tree;

#[cfg(test)]
mod tests;
