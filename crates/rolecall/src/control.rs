//! The control socket of a running account: how a command of the same user asks the server for
//! what no call of AWS does.
//!
//! `control.sock` in the data folder, for the owner of the server and root alone. A line of JSON
//! asks, a line answers; descriptors come with either. What a connection has had served ends with
//! the connection.

mod client;
mod follow;
pub(crate) mod guard;
mod message;
mod server;
mod session;

pub(crate) use client::Control;
pub(crate) use message::{Purpose, Shown};
pub(crate) use server::Controls;

/// Below the data folder.
const SOCKET: &str = "control.sock";
/// A list of some thousand instances.
const LINE_BYTES_MAX: usize = 4 * 1_024 * 1_024;
