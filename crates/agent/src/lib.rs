//! The state of the host side: configuration, cache and what each listener answers.
//!
//! Knows what a configuration file means, which secret a request asks for, how long an answer is
//! good, and the words of each protocol. Knows no clock, no socket, no AWS client and no random
//! source: the world passes [`Moment`]s and random numbers, fetches, and swaps the cache.

pub mod access;
pub mod answer;
pub mod ask;
pub mod audit;
pub mod aws_http;
pub mod bucket;
pub mod cache;
pub mod caller;
pub mod config;
pub mod container;
pub mod entry;
pub mod failure;
pub mod flights;
pub mod guard;
pub mod http_fault;
pub mod management;
pub mod members;
pub mod metrics;
pub mod moment;
mod pattern;
pub mod ready;
pub mod reference;
pub mod refresh;
pub mod regions;
pub mod sdk;
pub mod secret_agent;
pub mod shared_file;
pub mod snapshot;
pub mod template;
mod text;
pub mod unit_credentials;
pub mod value;
pub mod yaml;

pub use ask::Ask;
pub use bucket::{Bucket, Priority};
pub use cache::{Cache, Lookup};
pub use caller::{Caller, Process};
pub use config::Config;
pub use entry::{Entry, SecretVersion};
pub use failure::Failure;
pub use flights::Flights;
pub use moment::Moment;
pub use reference::Reference;
pub use value::Value;
