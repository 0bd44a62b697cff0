//! The bytes of the path: what clients send and expect, in both directions.
//!
//! Knows SigV4, the AWS Query, EC2 and JSON protocols (driven by shape tables), the metadata
//! service's paths and pages, and Secret Agent frames. Knows no clock, no socket, no policy and no
//! account: `now` and keys are arguments, answers are values.

pub mod arn;
pub mod fault;
pub mod json;
pub mod metadata;
pub mod secret;
pub mod secret_agent;
pub mod shape;
pub mod sigv4;
pub mod value;
pub mod wire;

pub use arn::Arn;
pub use fault::Fault;
pub use secret::Secret;
pub use value::{Record, Value};
