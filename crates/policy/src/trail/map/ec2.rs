//! What a call of EC2 was done to. Its records list no resources, and its identifiers tell their
//! type by themselves: `i-` begins an instance's. Knows no other service.
//!
//! Source: EC2 User Guide, "Resource IDs"; IAM User Guide and EC2 User Guide, "Example policies to
//! control access to the EC2 API", for what a launch needs.

use serde_json::Value;

use super::super::event::{Event, texts};
use crate::actions::{Action, ResourceType};
use crate::generate::Resource;

/// The resources of this type. What the answer tells is asked only where the action needs one.
pub(super) fn find(
    event: &Event<'_>,
    action: &Action,
    kind: &ResourceType,
    is_required: bool,
) -> Vec<Resource> {
    let mut found = told(event, event.request(), kind);
    let makes = MADE.iter().find(|(name, _)| *name == action.name);
    let makes = makes.is_some_and(|(_, kinds)| kinds.contains(&kind.name));
    // A launch that is given network interfaces makes none.
    let is_given = kind.name == "network-interface" && !found.is_empty();
    if makes && !(is_given && action.name == "RunInstances") {
        found.extend(made(event, kind));
    }
    if found.is_empty() && is_required {
        found = told(event, event.response(), kind);
    }
    found
}

/// What the call itself makes: EC2 asks policies about `kind/*`, as there is no identifier yet.
pub(super) fn made(event: &Event<'_>, kind: &ResourceType) -> Option<Resource> {
    event
        .arn(kind, "")
        .map(|before| Resource::assigned(&before))
}

fn told(event: &Event<'_>, value: &Value, kind: &ResourceType) -> Vec<Resource> {
    let mut names = Vec::new();
    if kind.name == "key-pair" {
        texts(
            value,
            &|key: &str| key.eq_ignore_ascii_case("keyName"),
            &mut names,
        );
    } else if kind.name == "placement-group" {
        let placement = value.get("placement").unwrap_or(&Value::Null);
        texts(placement, &|key: &str| key == "groupName", &mut names);
    } else if let Some((_, start)) = IDS.iter().find(|(name, _)| *name == kind.name) {
        identifiers(value, start, &mut names);
    }
    names.sort_unstable();
    names.dedup();
    let arns = names.into_iter().filter_map(|name| event.arn(kind, name));
    arns.map(Resource::Arn).collect()
}

/// Every identifier that begins with `start`, but for those in `ASIDE`.
fn identifiers<'v>(value: &'v Value, start: &str, into: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) => {
            let inside = members
                .iter()
                .filter(|(key, _)| !ASIDE.iter().any(|aside| aside.eq_ignore_ascii_case(key)));
            inside.for_each(|(_, value)| identifiers(value, start, into));
        }
        Value::Array(list) => list
            .iter()
            .for_each(|value| identifiers(value, start, into)),
        Value::String(text) => {
            let rest = text.strip_prefix(start).filter(|rest| !rest.is_empty());
            if rest.is_some_and(|rest| rest.bytes().all(|it| it.is_ascii_hexdigit())) {
                into.push(text);
            }
        }
        _ => {}
    }
}

// Parameters that are about something else than what the call is done to: what a rule lets in, what
// a tag says, what a list is narrowed by.
static ASIDE: &[&str] = &[
    "clientToken",
    "description",
    "filterSet",
    "ipPermissions",
    "ipPermissionsEgress",
    "tagSet",
    "tagSpecificationSet",
    "userData",
];

static IDS: &[(&str, &str)] = &[
    ("capacity-reservation", "cr-"),
    ("dedicated-host", "h-"),
    ("dhcp-options", "dopt-"),
    ("elastic-ip", "eipalloc-"),
    ("image", "ami-"),
    ("instance", "i-"),
    ("internet-gateway", "igw-"),
    ("launch-template", "lt-"),
    ("natgateway", "nat-"),
    ("network-acl", "acl-"),
    ("network-interface", "eni-"),
    ("route-table", "rtb-"),
    ("security-group", "sg-"),
    ("security-group-rule", "sgr-"),
    ("snapshot", "snap-"),
    ("spot-instances-request", "sir-"),
    ("subnet", "subnet-"),
    ("transit-gateway", "tgw-"),
    ("volume", "vol-"),
    ("vpc", "vpc-"),
    ("vpc-endpoint", "vpce-"),
    ("vpc-flow-log", "fl-"),
    ("vpc-peering-connection", "pcx-"),
    ("vpn-gateway", "vgw-"),
];

// What calls make. A launch makes a volume unless its image has its root in an instance store,
// which no image of today has.
static MADE: &[(&str, &[&str])] = &[
    ("AllocateAddress", &["elastic-ip"]),
    ("CopyImage", &["image"]),
    ("CopySnapshot", &["snapshot"]),
    ("CreateDhcpOptions", &["dhcp-options"]),
    ("CreateFlowLogs", &["vpc-flow-log"]),
    ("CreateImage", &["image", "snapshot"]),
    ("CreateInternetGateway", &["internet-gateway"]),
    ("CreateLaunchTemplate", &["launch-template"]),
    ("CreateNatGateway", &["natgateway"]),
    ("CreateNetworkAcl", &["network-acl"]),
    ("CreateNetworkInterface", &["network-interface"]),
    ("CreateRouteTable", &["route-table"]),
    ("CreateSecurityGroup", &["security-group"]),
    ("CreateSnapshot", &["snapshot"]),
    ("CreateSnapshots", &["snapshot"]),
    ("CreateSubnet", &["subnet"]),
    ("CreateVolume", &["volume"]),
    ("CreateVpc", &["vpc"]),
    ("CreateVpcEndpoint", &["vpc-endpoint"]),
    ("CreateVpcPeeringConnection", &["vpc-peering-connection"]),
    ("CreateVpnGateway", &["vpn-gateway"]),
    ("RegisterImage", &["image"]),
    ("RequestSpotInstances", &["spot-instances-request"]),
    ("RunInstances", &["instance", "network-interface", "volume"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::Service;

    #[test]
    fn every_type_of_the_tables_is_one_that_its_action_takes() {
        let ec2 = Service::find("ec2").unwrap();
        for (kind, _) in IDS {
            assert!(ec2.resource(kind).is_some(), "{kind}");
        }
        for (name, kinds) in MADE {
            let action = ec2.action(name).expect(name);
            for kind in *kinds {
                let takes = action.resources.iter().any(|it| it.name == *kind);
                assert!(takes, "{name} {kind}");
            }
        }
    }
}
