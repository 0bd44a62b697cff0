//! RunInstances.

use std::net::Ipv4Addr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::{Fault, Record, Secret};
use sha2::{Digest, Sha256};

use super::images::{self, Image};
use super::metadata_options::{overlay, with_keys};
use super::shown::{self, Status};
use super::{arn, associations, pass_role, profile, profile_arn, refuse, terminate};
use crate::entity::{
    Association, Entity, Instance, MetadataOptions, Placement, Subnet, Tag, Tokens,
};
use crate::gate::{Caller, Need};
use crate::ids;
use crate::operations::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[Row {
    operation: "RunInstances",
    needs,
    run,
}];

#[expect(
    clippy::unnecessary_wraps,
    reason = "every row's needs have this signature"
)]
/// A launch is asked for on every kind of resource that it touches: Service Authorization
/// Reference, "Amazon EC2", RunInstances.
fn needs(transaction: &Transaction<'_>, _: &Caller, input: &Record) -> Result<Vec<Need>, Fault> {
    let state = transaction.state();
    let image = input.text("ImageId").unwrap_or("*");
    let subnet = subnet(transaction, input).map_or("*", |subnet| subnet.id.as_str());
    let group = &state.settings().network.security_group_id;
    let mut instance = Need::new(LAUNCH, arn(transaction, "instance/*")).with(
        "ec2:InstanceType",
        input.text("InstanceType").unwrap_or(INSTANCE_TYPE_DEFAULT),
    );
    if let Some(options) = input.record("MetadataOptions") {
        instance = with_keys(instance, options);
    }
    let specification = input.record("IamInstanceProfile");
    if let Some(profile) = specification.and_then(|asked| profile(transaction, asked).ok()) {
        instance = instance.with("ec2:InstanceProfile", profile_arn(transaction, profile));
    }
    let image_arn = protocol::Arn::new("ec2", state.region(), "", &format!("image/{image}"));
    let mut needs = vec![
        instance.requesting(tag_records(input, "instance")),
        Need::new(LAUNCH, image_arn.to_string()),
        Need::new(LAUNCH, arn(transaction, &format!("subnet/{subnet}"))),
        Need::new(LAUNCH, arn(transaction, &format!("security-group/{group}"))),
        Need::new(LAUNCH, arn(transaction, "network-interface/*"))
            .requesting(tag_records(input, "network-interface")),
        Need::new(LAUNCH, arn(transaction, "volume/*")).requesting(tag_records(input, "volume")),
    ];
    for kind in TAGGABLE {
        if tag_records(input, kind).next().is_some() {
            let create = Need::new("ec2:CreateTags", arn(transaction, &format!("{kind}/*")));
            let create = create.with("ec2:CreateAction", "RunInstances");
            needs.push(create.requesting(tag_records(input, kind)));
        }
    }
    needs.extend(specification.and_then(|asked| pass_role(transaction, asked)));
    Ok(needs)
}

fn run(transaction: &mut Transaction<'_>, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, UNSUPPORTED)?;
    check_tagged(input)?;
    terminate::forget(transaction)?;
    let digest = digest(input);
    if let Some(token) = input.text("ClientToken")
        && let Some(answer) = launched_before(transaction, token, &digest)?
    {
        return Ok(answer);
    }
    let image = image(input)?;
    let (min, max) = count(input)?;
    let subnet = subnet(transaction, input)?.clone();
    check_groups(transaction, input)?;
    let association = match input.record("IamInstanceProfile") {
        Some(specification) => Some(associations::made(transaction, specification)?),
        None => None,
    };
    let mut options = MetadataOptions::default();
    if image.is_imds_v2 {
        // Source: EC2 User Guide, "Order of precedence for instance metadata configuration".
        options.http_tokens = Tokens::Required;
        options.hop_limit = 2;
    }
    if let Some(asked) = input.record("MetadataOptions") {
        overlay(&mut options, asked)?;
    }
    let plan = Plan {
        reservation_id: ids::resource_id("r-", &mut transaction.entropy),
        image,
        subnet,
        association,
        options,
        user_data: user_data(input)?,
        tags: tags(input)?,
        client_token: input
            .text("ClientToken")
            .map(|token| (token.to_owned(), digest)),
    };
    let mut launched = Vec::with_capacity(usize::from(max));
    for index in 0..max {
        let instance = match plan.instance(transaction, input, index) {
            // As many as fit, as long as they are enough: RunInstances, "MinCount", "MaxCount".
            Err(fault) if fault.code == SUBNET_FULL && index >= min => break,
            planned => planned?,
        };
        transaction.put(Entity::Instance(instance.clone()))?;
        launched.push(instance);
    }
    let shown: Vec<&Instance> = launched.iter().collect();
    let settings = transaction.state().settings();
    Ok(shown::reservation(settings, &shown, Some(Status::Pending)))
}

/// What the instances of one launch have in common.
struct Plan {
    reservation_id: String,
    image: &'static Image,
    subnet: Subnet,
    association: Option<Association>,
    options: MetadataOptions,
    user_data: Option<Secret>,
    tags: Vec<Tag>,
    client_token: Option<(String, String)>,
}

impl Plan {
    fn instance(
        &self,
        transaction: &mut Transaction<'_>,
        input: &Record,
        index: u16,
    ) -> Result<Instance, Fault> {
        let private_ip = address(transaction, &self.subnet, input.text("PrivateIpAddress"))?;
        let entropy = &mut transaction.entropy;
        let mut association = self.association.clone();
        if let Some(association) = &mut association {
            association.id = ids::resource_id("iip-assoc-", entropy);
        }
        Ok(Instance {
            id: ids::resource_id("i-", entropy),
            reservation_id: self.reservation_id.clone(),
            launch_index: u32::from(index),
            image_id: self.image.id.to_owned(),
            instance_type: input
                .text("InstanceType")
                .unwrap_or(INSTANCE_TYPE_DEFAULT)
                .to_owned(),
            launched: transaction.now,
            terminated: None,
            placement: Placement {
                subnet_id: self.subnet.id.clone(),
                availability_zone: self.subnet.availability_zone.clone(),
                availability_zone_id: self.subnet.availability_zone_id.clone(),
                private_ip,
            },
            interface_id: ids::resource_id("eni-", &mut transaction.entropy),
            mac: ids::mac(&mut transaction.entropy),
            user_data: self.user_data.clone(),
            metadata_options: self.options.clone(),
            association,
            termination_protected: input.boolean("DisableApiTermination").unwrap_or(false),
            client_token: self.client_token.clone(),
            tags: self.tags.clone(),
        })
    }
}

/// A launch repeated with its token is answered as the first time. With other parameters it is
/// refused: EC2 API Reference, "Ensuring idempotency".
fn launched_before(
    transaction: &Transaction<'_>,
    token: &str,
    digest: &str,
) -> Result<Option<Record>, Fault> {
    let state = transaction.state();
    let before: Vec<&Instance> = state
        .launched_with(token)
        .map(|held| &held.instance)
        .collect();
    let Some(first) = before.first() else {
        return Ok(None);
    };
    if first
        .client_token
        .as_ref()
        .is_none_or(|(_, known)| known != digest)
    {
        return Err(Fault::new(
            "IdempotentParameterMismatch",
            "The client token you have provided is associated with a resource that is already \
             being created. Please use a different client token.",
        ));
    }
    Ok(Some(shown::reservation(state.settings(), &before, None)))
}

/// Tells launches apart. The digest of secret user data is stored beside it, sealed like it.
fn digest(input: &Record) -> String {
    let mut hash = Sha256::new();
    for (name, value) in input.members().filter(|(name, _)| *name != "DryRun") {
        hash.update(name);
        match value {
            protocol::Value::Secret(secret) => hash.update(secret.expose()),
            shown => hash.update(format!("{shown:?}")),
        }
    }
    STANDARD.encode(hash.finalize())
}

fn image(input: &Record) -> Result<&'static Image, Fault> {
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
fn count(input: &Record) -> Result<(u16, u16), Fault> {
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
fn subnet<'a>(transaction: &'a Transaction<'_>, input: &Record) -> Result<&'a Subnet, Fault> {
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

fn check_groups(transaction: &Transaction<'_>, input: &Record) -> Result<(), Fault> {
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

fn user_data(input: &Record) -> Result<Option<Secret>, Fault> {
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
fn tag_records<'r>(input: &'r Record, kind: &'static str) -> impl Iterator<Item = &'r Record> {
    input
        .records("TagSpecifications")
        .filter(move |of| of.text("ResourceType") == Some(kind))
        .flat_map(|of| of.records("Tags"))
}

/// Tags are taken for what a launch makes here; only those of the instance are shown.
fn check_tagged(input: &Record) -> Result<(), Fault> {
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

fn tags(input: &Record) -> Result<Vec<Tag>, Fault> {
    let mut tags: Vec<Tag> = Vec::new();
    for tag in tag_records(input, "instance") {
        let (key, value) = (tag.text("Key").unwrap_or_default(), tag.text("Value"));
        if key.is_empty() || key.chars().count() > TAG_KEY_CHARACTERS_MAX || key.starts_with("aws:")
        {
            let message = format!(
                "Tag keys must be 1 to {TAG_KEY_CHARACTERS_MAX} characters and must not begin with aws:."
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

/// A free address of the subnet: the one asked for, or one picked at random, or the first.
fn address(
    transaction: &mut Transaction<'_>,
    subnet: &Subnet,
    asked: Option<&str>,
) -> Result<Ipv4Addr, Fault> {
    let base = subnet.base.to_bits();
    let at = |offset: u32| Ipv4Addr::from_bits(base + offset);
    if let Some(asked) = asked {
        let usable = asked.parse::<Ipv4Addr>().ok().filter(|address| {
            (FIRST_HOST..LAST_HOST).contains(&address.to_bits().wrapping_sub(base))
        });
        let address = usable.ok_or_else(|| {
            Fault::new(
                "InvalidParameterValue",
                format!("Address {asked} does not fall within the subnet's address range"),
            )
        })?;
        if !transaction.state().is_address_free(address) {
            return Err(Fault::new(
                "InvalidIPAddress.InUse",
                format!("Address {asked} is in use."),
            ));
        }
        return Ok(address);
    }
    for _ in 0..RANDOM_TRIES {
        let random = u32::from_be_bytes(transaction.entropy.bytes());
        let address = at(FIRST_HOST + random % (LAST_HOST - FIRST_HOST));
        if transaction.state().is_address_free(address) {
            return Ok(address);
        }
    }
    let mut all = (FIRST_HOST..LAST_HOST).map(at);
    all.find(|address| transaction.state().is_address_free(*address))
        .ok_or_else(|| {
            Fault::new(
                SUBNET_FULL,
                format!(
                    "There are not enough free addresses in subnet '{}'.",
                    subnet.id
                ),
            )
        })
}

const TAGGABLE: [&str; 3] = ["instance", "volume", "network-interface"];
const SUBNET_FULL: &str = "InsufficientFreeAddressesInSubnet";
const LAUNCH: &str = "ec2:RunInstances";
// Source: EC2 API Reference, RunInstances.
const INSTANCE_TYPE_DEFAULT: &str = "m1.small";
// Source: EC2 User Guide, "Run commands when you launch an EC2 instance with user data input".
const USER_DATA_BYTES_MAX: usize = 16_384;
// Bounds the work and the answer of one call.
const LAUNCH_MAX: u16 = 1_000;
const TAGS_MAX: usize = 50;
const TAG_KEY_CHARACTERS_MAX: usize = 127;
// In a subnet of 4,096 addresses the first four and the last are AWS's own: VPC User Guide.
const FIRST_HOST: u32 = 4;
const LAST_HOST: u32 = 4_095;
const RANDOM_TRIES: u32 = 16;
/// What would change an instance in a way that nothing here shows.
const UNSUPPORTED: &[&str] = &[
    "Ipv6AddressCount",
    "Ipv6Addresses",
    "KernelId",
    "RamdiskId",
    "ElasticGpuSpecification",
    "ElasticInferenceAccelerators",
    "LaunchTemplate",
    "InstanceMarketOptions",
    "CpuOptions",
    "CapacityReservationSpecification",
    "LicenseSpecifications",
    "EnclaveOptions",
    "NetworkInterfaces",
    "SecondaryInterfaces",
    "EnablePrimaryIpv6",
];
