//! Answers of the Query and EC2 protocols as XML, in both directions.
//!
//! Knows shapes and the frames that the two protocols put around outputs and faults.
//!
//! Source: Smithy's `awsQuery` and `ec2Query` protocol pages; XML 1.0.

mod read;
mod write;

pub(super) use read::{fault as read_fault, output as read_output};
pub(super) use write::{fault as write_fault, output as write_output};
