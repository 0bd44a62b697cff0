//! Shapes of ec2. Made by `cargo xtask shapes`; not edited by hand.

use super::{Protocol, Service};

pub(super) static SERVICE: Service = Service {
    name: "ec2",
    protocol: Protocol::Query { namespace: "" },
    api_version: "",
    operations: &[],
};
