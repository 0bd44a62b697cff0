//! What a launch asks for, read and refused one parameter at a time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::{Fault, Record, Secret, Value};
use zeroize::Zeroizing;

use crate::ec2::images::{self, Image};
use crate::ec2::types;
use crate::entity::{Attributes, Credits, ShutdownBehavior, Subnet};
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
    transaction: &'a Transaction,
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

/// There is the default security group.
pub(in crate::ec2) fn check_group_ids<'i>(
    transaction: &Transaction,
    mut ids: impl Iterator<Item = &'i str>,
) -> Result<(), Fault> {
    let network = &transaction.state().settings().network;
    match ids.find(|id| *id != network.security_group_id) {
        Some(id) => Err(Fault::new(
            "InvalidGroup.NotFound",
            format!("The security group '{id}' does not exist"),
        )),
        None => Ok(()),
    }
}

/// There are the default security group and no key pairs.
pub(super) fn check_groups(transaction: &Transaction, input: &Record) -> Result<(), Fault> {
    check_group_ids(transaction, input.texts("SecurityGroupIds"))?;
    let network = &transaction.state().settings().network;
    let by_name = input
        .texts("SecurityGroups")
        .find(|name| *name != "default");
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
pub(in crate::ec2) fn decoded_user_data(encoded: &Secret) -> Result<Option<Secret>, Fault> {
    let bytes = STANDARD.decode(encoded.expose()).map_err(|_| {
        Fault::new(
            "InvalidUserData.Malformed",
            "Invalid BASE64 encoding of user data.",
        )
    })?;
    checked_user_data(&Zeroizing::new(bytes))
}

/// User data of a size that an instance can have; empty ones are as good as none.
pub(in crate::ec2) fn checked_user_data(bytes: &[u8]) -> Result<Option<Secret>, Fault> {
    if bytes.len() > USER_DATA_BYTES_MAX {
        return Err(Fault::new(
            "InvalidParameterValue",
            "User data is limited to 16384 bytes",
        ));
    }
    Ok((!bytes.is_empty()).then(|| Secret::new(bytes)))
}

/// Tags are taken for what a launch makes here; those of network interfaces are not shown.
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

/// The type asked for, or the oldest, and how its CPU credits are spent.
pub(super) fn instance_type(
    input: &Record,
    image: &Image,
) -> Result<(String, Option<Credits>), Fault> {
    let name = input.text("InstanceType").unwrap_or(INSTANCE_TYPE_DEFAULT);
    let found = types::find(name);
    if let Some(found) = &found
        && found.family.architecture != image.architecture
    {
        let message = format!(
            "The architecture '{}' of the specified instance type does not match the architecture \
             '{}' of the specified AMI.",
            found.family.architecture, image.architecture
        );
        return Err(Fault::new("InvalidParameterValue", message));
    }
    let usual = found.and_then(|found| found.family.credits);
    let asked = input.record("CreditSpecification");
    let asked = asked.and_then(|asked| asked.text("CpuCredits"));
    let credits = match (asked, usual) {
        (None, usual) => usual,
        (Some("standard"), Some(_)) => Some(Credits::Standard),
        (Some("unlimited"), Some(_)) => Some(Credits::Unlimited),
        (Some(other), Some(_)) => {
            let message = format!("Value ({other}) for parameter CpuCredits is invalid.");
            return Err(Fault::new("InvalidParameterValue", message));
        }
        (Some(_), None) => {
            let message =
                format!("The instance type {name} does not support CPU credit specifications.");
            return Err(Fault::new("InvalidParameterCombination", message));
        }
    };
    Ok((name.to_owned(), credits))
}

/// What else a launch says that later calls can change.
pub(super) fn attributes(input: &Record, credits: Option<Credits>) -> Result<Attributes, Fault> {
    let of = |record: &'static str, member: &str| {
        let asked = input.record(record);
        asked
            .and_then(|asked| asked.boolean(member))
            .unwrap_or(false)
    };
    if of("HibernationOptions", "Configured") {
        let message = "Instances here cannot be hibernated.";
        return Err(Fault::new("UnsupportedHibernationConfiguration", message));
    }
    if let Some(placement) = input.record("Placement") {
        let odd = placement.members().find(|(name, value)| match *name {
            "AvailabilityZone" => false,
            "Tenancy" => **value != Value::from("default"),
            _ => **value != Value::from(""),
        });
        if let Some((name, _)) = odd {
            let message = format!("This server does not support the parameter Placement.{name}.");
            return Err(Fault::new("UnsupportedOperation", message));
        }
    }
    let maintenance = input.record("MaintenanceOptions");
    if maintenance.and_then(|asked| asked.text("AutoRecovery")) == Some("disabled") {
        let message = "This server does not support the parameter MaintenanceOptions.AutoRecovery.";
        return Err(Fault::new("UnsupportedOperation", message));
    }
    Ok(Attributes {
        shutdown: match input.text("InstanceInitiatedShutdownBehavior") {
            Some("terminate") => ShutdownBehavior::Terminate,
            _ => ShutdownBehavior::Stop,
        },
        stop_protected: input.boolean("DisableApiStop").unwrap_or(false),
        source_dest_check: true,
        ebs_optimized: input.boolean("EbsOptimized").unwrap_or(false),
        monitored: of("Monitoring", "Enabled"),
        credits,
    })
}

/// What a launch makes that can have tags.
pub(super) const TAGGABLE: [&str; 3] = ["instance", "volume", "network-interface"];
// Source: EC2 User Guide, "Run commands when you launch an EC2 instance with user data input".
const USER_DATA_BYTES_MAX: usize = 16_384;
// Bounds the work and the answer of one call.
const LAUNCH_MAX: u16 = 1_000;
// Source: EC2 API Reference, RunInstances.
pub(super) const INSTANCE_TYPE_DEFAULT: &str = "m1.small";
