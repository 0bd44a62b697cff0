//! RunInstances.

mod parameters;

use std::net::Ipv4Addr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::{Fault, Record, Secret};
use sha2::{Digest, Sha256};

use self::parameters::{
    INSTANCE_TYPE_DEFAULT, TAGGABLE, attributes, check_groups, check_tagged, count, image,
    instance_type, subnet,
};
pub(super) use self::parameters::{check_group_ids, checked_user_data, decoded_user_data};
use super::faults::refuse;
use super::images::Image;
use super::instances::arn;
use super::metadata_options::{overlay, with_keys};
use super::profile::{pass_role, profile, profile_arn};
use super::shown::{self, Status};
use super::templates::named;
use super::{associations, metadata_defaults, tags, templates, terminate, volumes};
use crate::entity::{
    Association, Attributes, Entity, Instance, MetadataOptions, Placement, Subnet, Tag, Tokens,
};
use crate::gate::{Caller, Need, keys};
use crate::ids;
use crate::operation::Row;
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
fn needs(transaction: &Transaction, _: &Caller, input: &Record) -> Result<Vec<Need>, Fault> {
    Ok(needs_of(transaction, input))
}

/// A launch is asked for on every kind of resource that it touches: Service Authorization
/// Reference, "Amazon EC2", RunInstances. One by a template that is not there has no more to say
/// than the call.
pub(crate) fn needs_of(transaction: &Transaction, input: &Record) -> Vec<Need> {
    let by = templates::data::applied(transaction, input).ok().flatten();
    let asked = by.as_ref().map_or(input, |by| &by.input);
    let mut needs = on_resources(transaction, asked);
    if let Some(named) = input.record("LaunchTemplate") {
        needs.push((
            named::on_template(LAUNCH, transaction, named),
            FROM_TEMPLATE,
        ));
        let id = by.as_ref().map_or("*", |by| by.template.id.as_str());
        let template = arn(transaction, &format!("launch-template/{id}"));
        let by_template = |(need, own): (Need, &'static [&'static str])| {
            let is_own = own.iter().any(|member| input.get(member).is_some());
            let need = need
                .with(&keys::EC2_LAUNCH_TEMPLATE, template.as_str())
                .with(&keys::EC2_IS_LAUNCH_TEMPLATE_RESOURCE, !is_own);
            (need, own)
        };
        needs = needs.into_iter().map(by_template).collect();
    }
    let mut needs: Vec<Need> = needs.into_iter().map(|(need, _)| need).collect();
    for kind in TAGGABLE {
        if tags::of_kind(asked, kind).next().is_some() {
            let create = Need::new("ec2:CreateTags", arn(transaction, &format!("{kind}/*")));
            let create = create.with(&keys::EC2_CREATE_ACTION, "RunInstances");
            needs.push(create.requesting(tags::of_kind(asked, kind)));
        }
    }
    let specification = asked.record("IamInstanceProfile");
    needs.extend(specification.and_then(|asked| pass_role(transaction, asked)));
    needs
}

/// The needs of a launch, each with the parameters by which a call names the resource itself.
fn on_resources(transaction: &Transaction, input: &Record) -> Vec<(Need, &'static [&'static str])> {
    let state = transaction.state();
    let image = input.text("ImageId").unwrap_or("*");
    let subnet = subnet(transaction, input).map_or("*", |subnet| subnet.id.as_str());
    let group = &state.settings().network.security_group_id;
    let mut instance = Need::new(LAUNCH, arn(transaction, "instance/*")).with(
        &keys::EC2_INSTANCE_TYPE,
        input.text("InstanceType").unwrap_or(INSTANCE_TYPE_DEFAULT),
    );
    if let Some(options) = input.record("MetadataOptions") {
        instance = with_keys(instance, options);
    }
    let specification = input.record("IamInstanceProfile");
    if let Some(profile) = specification.and_then(|asked| profile(transaction, asked).ok()) {
        instance = instance.with(
            &keys::EC2_INSTANCE_PROFILE,
            profile_arn(transaction, profile),
        );
    }
    let image_arn = protocol::Arn::new("ec2", state.region(), "", &format!("image/{image}"));
    let own = |resource: &str| Need::new(LAUNCH, arn(transaction, resource));
    let tags = |kind: &'static str| tags::of_kind(input, kind);
    vec![
        (instance.requesting(tags("instance")), OF_INSTANCE),
        (Need::new(LAUNCH, image_arn.to_string()), &["ImageId"]),
        (own(&format!("subnet/{subnet}")), &["SubnetId", "Placement"]),
        (
            own(&format!("security-group/{group}")),
            &["SecurityGroupIds", "SecurityGroups"],
        ),
        (
            own("network-interface/*").requesting(tags("network-interface")),
            FROM_TEMPLATE,
        ),
        (
            own("volume/*").requesting(tags("volume")),
            &["BlockDeviceMappings"],
        ),
    ]
}

fn run(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    terminate::forget(transaction)?;
    let digest = digest(input);
    if let Some(token) = input.text("ClientToken")
        && let Some(answer) = launched_before(transaction, token, &digest)?
    {
        return Ok(answer);
    }
    let token = input.text("ClientToken");
    let token = token.map(|token| (token.to_owned(), digest));
    let launched = launch(transaction, input, &[], token)?;
    let shown: Vec<&Instance> = launched.iter().collect();
    Ok(shown::reservation(
        transaction,
        &shown,
        Some(Status::Pending),
    ))
}

/// Launches what `input` asks for, by its template where it names one, with tags that only AWS can
/// give.
pub(crate) fn launch(
    transaction: &mut Transaction,
    input: &Record,
    reserved: &[Tag],
    client_token: Option<(String, String)>,
) -> Result<Vec<Instance>, Fault> {
    let by = templates::data::applied(transaction, input)?;
    let Some(by) = by else {
        return launch_whole(transaction, input, reserved, client_token);
    };
    let mut tags = by.tags();
    tags.extend(reserved.iter().cloned());
    let input = by.input;
    launch_whole(transaction, &input, &tags, client_token)
}

/// Whether `launch` would find what it needs, but for free addresses.
pub(crate) fn check(transaction: &mut Transaction, input: &Record) -> Result<(), Fault> {
    let by = templates::data::applied(transaction, input)?.map(|by| by.input);
    let input = by.as_ref().unwrap_or(input);
    refuse(input, REFUSED)?;
    check_tagged(input)?;
    let plan = Plan::new(transaction, input, &[], None)?;
    volumes::asked_for(input, plan.image, &[], &mut transaction.entropy).map(drop)
}

fn launch_whole(
    transaction: &mut Transaction,
    input: &Record,
    reserved: &[Tag],
    client_token: Option<(String, String)>,
) -> Result<Vec<Instance>, Fault> {
    check_tagged(input)?;
    refuse(input, REFUSED)?;
    let (min, max) = count(input)?;
    let plan = Plan::new(transaction, input, reserved, client_token)?;
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
    Ok(launched)
}

/// What the instances of one launch have in common.
struct Plan {
    reservation_id: String,
    image: &'static Image,
    instance_type: String,
    subnet: Subnet,
    association: Option<Association>,
    options: MetadataOptions,
    attributes: Attributes,
    user_data: Option<Secret>,
    tags: Vec<Tag>,
    volume_tags: Vec<Tag>,
    client_token: Option<(String, String)>,
}

impl Plan {
    fn new(
        transaction: &mut Transaction,
        input: &Record,
        reserved: &[Tag],
        client_token: Option<(String, String)>,
    ) -> Result<Self, Fault> {
        let image = image(input)?;
        let (instance_type, credits) = instance_type(input, image)?;
        let subnet = subnet(transaction, input)?.clone();
        check_groups(transaction, input)?;
        let association = match input.record("IamInstanceProfile") {
            Some(specification) => Some(associations::made(transaction, specification)?),
            None => None,
        };
        let user_data = input.secret("UserData");
        let mut tags = tags::read(tags::of_kind(input, "instance"))?;
        tags.extend(reserved.iter().cloned());
        Ok(Self {
            reservation_id: ids::resource_id("r-", &mut transaction.entropy),
            image,
            instance_type,
            subnet,
            association,
            options: options(transaction, input, image)?,
            attributes: attributes(input, credits)?,
            user_data: user_data.map(decoded_user_data).transpose()?.flatten(),
            tags,
            volume_tags: tags::read(tags::of_kind(input, "volume"))?,
            client_token,
        })
    }

    fn instance(
        &self,
        transaction: &mut Transaction,
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
            instance_type: self.instance_type.clone(),
            launched: transaction.now,
            terminated: None,
            stopped: None,
            placement: Placement {
                subnet_id: self.subnet.id.clone(),
                availability_zone: self.subnet.availability_zone.clone(),
                availability_zone_id: self.subnet.availability_zone_id.clone(),
                private_ip,
            },
            interface_id: ids::resource_id("eni-", entropy),
            mac: ids::mac(entropy),
            user_data: self.user_data.clone(),
            metadata_options: self.options.clone(),
            association,
            termination_protected: input.boolean("DisableApiTermination").unwrap_or(false),
            attributes: self.attributes.clone(),
            volumes: volumes::asked_for(input, self.image, &self.volume_tags, entropy)?,
            notices: Box::default(),
            console: None,
            client_token: self.client_token.clone().map(Box::new),
            tags: self.tags.clone(),
        })
    }
}

/// The image's metadata options, with those of the account and those asked for over them.
fn options(
    transaction: &Transaction,
    input: &Record,
    image: &Image,
) -> Result<MetadataOptions, Fault> {
    let defaults = transaction.state().metadata_defaults();
    let mut options = MetadataOptions::default();
    if image.is_imds_v2 {
        // Source: EC2 User Guide, "Order of precedence for instance metadata configuration".
        options.http_tokens = Tokens::Required;
        options.hop_limit = 2;
    }
    metadata_defaults::prefer(defaults, &mut options);
    if let Some(asked) = input.record("MetadataOptions") {
        overlay(&mut options, asked)?;
    }
    metadata_defaults::enforce(defaults, &options, "launch instances with IMDSv1")?;
    Ok(options)
}

/// A launch repeated with its token is answered as the first time. With other parameters it is
/// refused: EC2 API Reference, "Ensuring idempotency".
fn launched_before(
    transaction: &Transaction,
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
        .is_none_or(|token| token.1 != *digest)
    {
        return Err(Fault::new(
            "IdempotentParameterMismatch",
            "The client token you have provided is associated with a resource that is already \
             being created. Please use a different client token.",
        ));
    }
    Ok(Some(shown::reservation(transaction, &before, None)))
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

/// A free address of the subnet: the one asked for, or one picked at random, or the first.
fn address(
    transaction: &mut Transaction,
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

const SUBNET_FULL: &str = "InsufficientFreeAddressesInSubnet";
const LAUNCH: &str = "ec2:RunInstances";
// In a subnet of 4,096 addresses the first four and the last are AWS's own: VPC User Guide.
const FIRST_HOST: u32 = 4;
const LAST_HOST: u32 = 4_095;
const RANDOM_TRIES: u32 = 16;
/// Parameters by which a call itself says what the instance is.
const OF_INSTANCE: &[&str] = &[
    "CreditSpecification",
    "DisableApiStop",
    "DisableApiTermination",
    "EbsOptimized",
    "IamInstanceProfile",
    "InstanceInitiatedShutdownBehavior",
    "InstanceType",
    "MetadataOptions",
    "Monitoring",
    "UserData",
];
/// What no parameter names is never the call's own.
const FROM_TEMPLATE: &[&str] = &[];
/// What would change an instance in a way that nothing here shows.
pub(super) const REFUSED: &[&str] = &[
    "Ipv6AddressCount",
    "Ipv6Addresses",
    "KernelId",
    "RamdiskId",
    "ElasticGpuSpecification",
    "ElasticInferenceAccelerators",
    "InstanceMarketOptions",
    "CpuOptions",
    "CapacityReservationSpecification",
    "LicenseSpecifications",
    "EnclaveOptions",
    "NetworkInterfaces",
    "SecondaryInterfaces",
    "EnablePrimaryIpv6",
    "PrivateDnsNameOptions",
    "NetworkPerformanceOptions",
    "Operator",
    "AdditionalInfo",
];
