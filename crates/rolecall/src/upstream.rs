//! Upstream: AWS as this process sees it through the official SDK, and what is kept of it.

mod api;
mod credentials;
pub(crate) mod details;
mod fetch;
mod secrets;
mod snapshot;

pub(crate) use api::{ApiClient, ApiError};
pub(crate) use credentials::{Source, load};
pub(crate) use fetch::Fetcher;
pub(crate) use secrets::{Secrets, Served};
pub(crate) use snapshot::SnapshotFile;
