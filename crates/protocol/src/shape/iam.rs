//! Shapes of iam. Made by `cargo xtask shapes`; not edited by hand.

use super::{Protocol, Service};

pub(super) static SERVICE: Service = Service {
    name: "iam",
    protocol: Protocol::Query { namespace: "" },
    api_version: "",
    operations: &[],
};
