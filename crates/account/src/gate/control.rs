//! What the policies of organizations have to say about a need: those of the caller's account limit
//! what it may do, those of the resource's account what may be done to it.
//!
//! Source: AWS Organizations User Guide, "Service control policies" and "Resource control
//! policies".

use std::sync::Arc;

use policy::Applied;

use crate::entity::ControlType;
use crate::state::{Membership, Partition};

/// The levels of policies that apply, from the root down. Both are empty, and nothing is done,
/// where there is no organization.
pub(super) struct Control<'a> {
    service: Vec<Vec<Applied<'a>>>,
    resource: Vec<Vec<Applied<'a>>>,
}

impl<'a> Control<'a> {
    pub(super) fn of(partition: &'a Partition, caller: &str, owner: &str, action: &str) -> Self {
        let is_controlled = is_resource_controlled(action);
        let of_owner = partition.membership(owner).filter(|_| is_controlled);
        Self {
            service: levels(partition.membership(caller), ControlType::Service),
            resource: levels(of_owner, ControlType::Resource),
        }
    }

    pub(super) fn each(&self) -> impl Iterator<Item = &Applied<'a>> {
        self.service.iter().chain(&self.resource).flatten()
    }

    pub(super) fn service(&self) -> Vec<&[Applied<'a>]> {
        self.service.iter().map(Vec::as_slice).collect()
    }

    pub(super) fn resource(&self) -> Vec<&[Applied<'a>]> {
        self.resource.iter().map(Vec::as_slice).collect()
    }
}

fn levels(membership: Option<&Arc<Membership>>, of: ControlType) -> Vec<Vec<Applied<'_>>> {
    let Some(membership) = membership else {
        return Vec::new();
    };
    let levels = membership.levels(of).iter();
    levels
        .map(|level| {
            let applied = level.iter().map(|held| Applied {
                name: &held.policy.arn,
                policy: &held.compiled,
            });
            applied.collect()
        })
        .collect()
}

/// Whether the resources of an action's service are among those that resource control policies are
/// for.
fn is_resource_controlled(action: &str) -> bool {
    let service = action.split(':').next().unwrap_or_default();
    RESOURCE_CONTROLLED.contains(&service)
}

// Of the services that are here. Source: AWS Organizations User Guide, "Resource control policies",
// "List of AWS services that support RCPs".
const RESOURCE_CONTROLLED: &[&str] = &["kms", "s3", "secretsmanager", "sts"];
