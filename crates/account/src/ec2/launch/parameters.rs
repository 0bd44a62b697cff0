//! What a launch asks for, read and refused one parameter at a time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::{Fault, Record, Secret};

use crate::ec2::images::{self, Image};
use crate::entity::{Subnet, Tag};
use crate::operation::required;
use crate::transaction::Transaction;

/// The image asked for.
pub(super) fn image(input: &Record) -> Result<&'static Image, Fault> {
    let id = required(input, "ImageId").map_err(|_| {
        Fault::new(
            "MissingParameter",
            "The request must contain the parameter ImageId",
        )
    })?;
    let hex = id.strip_prefix("ami-").unwrap_or_default();
    if !matches!(hex.len(), 8 | 17) || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let message = format!("Invalid id: \"{id}\" (expecting \"ami-...\")");
        return Err(Fault::new("InvalidAMIID.Malformed", message));
    }
    images::find(id).ok_or_else(|| {
        Fault::new(
            "InvalidAMIID.NotFound",
            format!("The image id '[{id}]' does not exist"),
        )
    })
}

/// The least and the greatest number of instances.
pub(super) fn count(input: &Record) -> Result<(u16, u16), Fault> {
    let of = |member| input.integer(member).unwrap_or(1);
    let (min, max) = (of("MinCount"), of("MaxCount"));
    let invalid = |message: String| Fault::new("InvalidParameterValue", message);
    if min < 1 {
        return Err(invalid(format!(
            "Value ({min}) for parameter minCount is invalid. Minimum count must be at least 1."
        )));
    }
    if max < min {
        return Err(invalid(format!(
            "Value ({min}) for parameter minCount is invalid. Minimum count must not exceed \
             maximum count."
        )));
    }
    let both = u16::try_from(min).ok().zip(u16::try_from(max).ok());
    both.filter(|(_, max)| *max <= LAUNCH_MAX).ok_or_else(|| {
        Fault::new(
            "InstanceLimitExceeded",
            format!(
                "You have requested more instances ({max}) than one call can launch: {LAUNCH_MAX}."
            ),
        )
    })
}

/// The subnet asked for, or the one of the zone asked for, or the first.
pub(super) fn subnet<'a>(
    transaction: &'a Transaction<'_>,
    input: &Record,
) -> Result<&'a Subnet, Fault> {
    let subnets = &transaction.state().settings().network.subnets;
    if let Some(id) = input.text("SubnetId") {
        return subnets
            .iter()
            .find(|subnet| subnet.id == id)
            .ok_or_else(|| {
                let message = format!("The subnet ID '{id}' does not exist");
                Fault::new("InvalidSubnetID.NotFound", message)
            });
    }
    let placement = input.record("Placement");
    // Terraform sends an empty zone where it means none.
    let zone = placement.and_then(|placement| placement.text("AvailabilityZone"));
    let zone = zone.filter(|zone| !zone.is_empty());
    let mut fitting = subnets
        .iter()
        .filter(|subnet| zone.is_none_or(|zone| subnet.availability_zone == zone));
    fitting.next().ok_or_else(|| {
        let zone = zone.unwrap_or_default();
        Fault::new(
            "InvalidParameterValue",
            format!("Invalid availability zone: [{zone}]"),
        )
    })
}

/// There are the default security group and no key pairs.
pub(super) fn check_groups(transaction: &Transaction<'_>, input: &Record) -> Result<(), Fault> {
    let network = &transaction.state().settings().network;
    let by_id = input
        .texts("SecurityGroupIds")
        .find(|id| *id != network.security_group_id);
    let by_name = input
        .texts("SecurityGroups")
        .find(|name| *name != "default");
    if let Some(id) = by_id {
        let message = format!("The security group '{id}' does not exist");
        return Err(Fault::new("InvalidGroup.NotFound", message));
    }
    if let Some(name) = by_name {
        let message = format!(
            "The security group '{name}' does not exist in default VPC '{}'",
            network.vpc_id
        );
        return Err(Fault::new("InvalidGroup.NotFound", message));
    }
    match input.text("KeyName") {
        Some(name) => Err(Fault::new(
            "InvalidKeyPair.NotFound",
            format!("The key pair '{name}' does not exist"),
        )),
        None => Ok(()),
    }
}

/// Decoded user data, if there are any.
pub(super) fn user_data(input: &Record) -> Result<Option<Secret>, Fault> {
    let Some(encoded) = input.secret("UserData").filter(|data| !data.is_empty()) else {
        return Ok(None);
    };
    let bytes = STANDARD.decode(encoded.expose()).map_err(|_| {
        Fault::new(
            "InvalidUserData.Malformed",
            "Invalid BASE64 encoding of user data.",
        )
    })?;
    if bytes.len() > USER_DATA_BYTES_MAX {
        return Err(Fault::new(
            "InvalidParameterValue",
            "User data is limited to 16384 bytes",
        ));
    }
    Ok(Some(Secret::new(bytes)))
}

/// The tags asked for on a kind of resource.
pub(super) fn tag_records<'r>(
    input: &'r Record,
    kind: &'static str,
) -> impl Iterator<Item = &'r Record> {
    input
        .records("TagSpecifications")
        .filter(move |of| of.text("ResourceType") == Some(kind))
        .flat_map(|of| of.records("Tags"))
}

/// Tags are taken for what a launch makes here; only those of the instance are shown.
pub(super) fn check_tagged(input: &Record) -> Result<(), Fault> {
    let mut kinds = input
        .records("TagSpecifications")
        .filter_map(|of| of.text("ResourceType"));
    match kinds.find(|kind| !TAGGABLE.contains(kind)) {
        Some(kind) => Err(Fault::new(
            "InvalidParameterValue",
            format!("'{kind}' is not a valid taggable resource type for this operation."),
        )),
        None => Ok(()),
    }
}

/// The tags of the instances.
pub(super) fn tags(input: &Record) -> Result<Vec<Tag>, Fault> {
    let mut tags: Vec<Tag> = Vec::new();
    for tag in tag_records(input, "instance") {
        let (key, value) = (tag.text("Key").unwrap_or_default(), tag.text("Value"));
        if key.is_empty() || key.chars().count() > TAG_KEY_CHARACTERS_MAX || key.starts_with("aws:")
        {
            let message = format!(
                "Tag keys must be 1 to {TAG_KEY_CHARACTERS_MAX} characters and must not begin \
                 with aws:."
            );
            return Err(Fault::new("InvalidParameterValue", message));
        }
        if tags.iter().any(|known| known.key == key) {
            let message = format!("Duplicate tag key '{key}' specified.");
            return Err(Fault::new("InvalidParameterValue", message));
        }
        tags.push(Tag {
            key: key.to_owned(),
            value: value.unwrap_or_default().to_owned(),
        });
    }
    if tags.len() > TAGS_MAX {
        return Err(Fault::new(
            "TagLimitExceeded",
            "The maximum number of Tags is 50.",
        ));
    }
    Ok(tags)
}

/// What a launch makes that can have tags.
pub(super) const TAGGABLE: [&str; 3] = ["instance", "volume", "network-interface"];
// Source: EC2 User Guide, "Run commands when you launch an EC2 instance with user data input".
const USER_DATA_BYTES_MAX: usize = 16_384;
// Bounds the work and the answer of one call.
const LAUNCH_MAX: u16 = 1_000;
// Source: EC2 User Guide, "Tag restrictions".
const TAGS_MAX: usize = 50;
const TAG_KEY_CHARACTERS_MAX: usize = 127;
