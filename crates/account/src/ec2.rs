//! EC2: instances as the path needs them. Nothing runs; what a real instance would be told by its
//! metadata service and the API is exact.
//!
//! Source: EC2 API Reference; error codes: "Error codes for the Amazon EC2 API".

mod associations;
mod attributes;
mod describe;
mod faults;
mod fidelity;
mod filters;
mod images;
mod inspect;
mod instances;
mod launch;
mod listing;
mod metadata_defaults;
mod metadata_options;
mod network;
mod power;
mod profile;
mod shown;
mod surroundings;
mod tags;
mod templates;
mod terminate;
mod types;
mod volumes;

use protocol::Fault;

pub(crate) use filters::Filters;
pub(crate) use images::find as image;
pub(crate) use launch::{check as check_launch, launch, needs_of as launch_needs};
pub(crate) use profile::pass_role;
pub(crate) use shown::{private_dns_name, shows_tags};
pub(crate) use templates::named::load as launch_template;
pub(crate) use terminate::end as end_instance;
pub(crate) use volumes::root as root_volume;

pub(crate) use self::fidelity::FIDELITY;
use crate::operation::Row;

pub(crate) static ROWS: &[&[Row]] = &[
    launch::ROWS,
    describe::ROWS,
    terminate::ROWS,
    metadata_options::ROWS,
    metadata_defaults::ROWS,
    inspect::ROWS,
    surroundings::ROWS,
    associations::ROWS,
    power::ROWS,
    attributes::ROWS,
    tags::ROWS,
    templates::ROWS,
    templates::DESCRIBE_ROWS,
    volumes::ROWS,
    types::ROWS,
    images::ROWS,
    network::ROWS,
];

/// What RunInstances and others tell a caller who asked only whether it would work.
pub(crate) fn dry_run() -> Fault {
    Fault::new(
        "DryRunOperation",
        "Request would have succeeded, but DryRun flag is set.",
    )
    .status(412)
}

#[cfg(test)]
mod tests;
