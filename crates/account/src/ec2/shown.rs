//! How answers show instances.

use jiff::Timestamp;
use protocol::{Record, Value};

use super::{images, tags, types, volumes};
use crate::entity::{Association, Instance, MetadataOptions, Settings, Toggle};
use crate::transaction::Transaction;

/// Name and number of an instance's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Pending,
    Running,
    Stopping,
    Stopped,
    ShuttingDown,
    Terminated,
}

impl Status {
    /// The state that an instance is in, as told by any call after the one that put it there.
    pub(super) fn of(transaction: &Transaction, instance: &Instance) -> Self {
        let is_on_the_way =
            |since: Timestamp| transaction.now.duration_since(since) < transaction.instance_delay;
        let (since, before, after) = match (instance.terminated, instance.stopped) {
            (Some(since), _) => (since, Self::ShuttingDown, Self::Terminated),
            (None, Some(since)) => (since, Self::Stopping, Self::Stopped),
            (None, None) => (instance.launched, Self::Pending, Self::Running),
        };
        if is_on_the_way(since) { before } else { after }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
            Self::ShuttingDown => "shutting-down",
            Self::Terminated => "terminated",
        }
    }

    pub(super) fn code(self) -> i64 {
        match self {
            Self::Pending => 0,
            Self::Running => 16,
            Self::ShuttingDown => 32,
            Self::Terminated => 48,
            Self::Stopping => 64,
            Self::Stopped => 80,
        }
    }

    pub(super) fn record(self) -> Record {
        Record::new()
            .with("Code", self.code())
            .with("Name", self.name())
    }
}

/// Instances of one reservation.
pub(super) fn reservation(
    transaction: &Transaction,
    instances: &[&Instance],
    status: Option<Status>,
) -> Record {
    let id = instances
        .first()
        .map_or("", |instance| instance.reservation_id.as_str());
    let settings = transaction.state().settings();
    let shown = instances.iter().map(|shown| {
        let status = status.unwrap_or_else(|| Status::of(transaction, shown));
        instance(settings, shown, status)
    });
    Record::new()
        .with("ReservationId", id)
        .with("OwnerId", settings.account_id.as_str())
        .with("Groups", Vec::<Value>::new())
        .with("Instances", shown.collect::<Vec<Record>>())
}

fn instance(settings: &Settings, instance: &Instance, status: Status) -> Record {
    let image = images::find(&instance.image_id);
    let attributes = &instance.attributes;
    let record = with_options(Record::new(), instance)
        .with("InstanceId", instance.id.as_str())
        .with("ImageId", instance.image_id.as_str())
        .with("State", status.record())
        .with(
            "StateTransitionReason",
            transition_reason(instance.terminated.or(instance.stopped)),
        )
        .with("AmiLaunchIndex", i64::from(instance.launch_index))
        .with("ProductCodes", Vec::<Value>::new())
        .with("InstanceType", instance.instance_type.as_str())
        .with("LaunchTime", instance.launched)
        .with("Placement", placement(instance))
        .with("Monitoring", monitoring(attributes.monitored))
        .with(
            "Architecture",
            image.map_or("x86_64", |image| image.architecture),
        )
        .with("BlockDeviceMappings", volumes::mappings(instance))
        .with_some(
            "ClientToken",
            instance.client_token.as_ref().map(|token| token.0.as_str()),
        )
        .with("EbsOptimized", attributes.ebs_optimized)
        .with("EnaSupport", true)
        .with("Hypervisor", "xen")
        .with(
            "RootDeviceName",
            image.map_or("/dev/xvda", |image| image.root_device),
        )
        .with("RootDeviceType", "ebs")
        .with("VirtualizationType", "hvm")
        .with("PlatformDetails", "Linux/UNIX")
        .with("UsageOperation", "RunInstances")
        .with(
            "MetadataOptions",
            metadata_options(&instance.metadata_options, "applied"),
        )
        .with_some(
            "IamInstanceProfile",
            instance.association.as_ref().map(profile),
        )
        .with_some("Tags", tags::shown(&instance.tags))
        .with_some("StateReason", state_reason(instance))
        .with("PublicDnsName", "");
    if instance.terminated.is_some() {
        return record.with("PrivateDnsName", "");
    }
    with_network(record, settings, instance)
}

/// What a launch chose, or could not.
fn with_options(record: Record, instance: &Instance) -> Record {
    record
        .with_some("CpuOptions", cpu_options(&instance.instance_type))
        .with("EnclaveOptions", Record::new().with("Enabled", false))
        .with(
            "HibernationOptions",
            Record::new().with("Configured", false),
        )
        .with(
            "MaintenanceOptions",
            Record::new().with("AutoRecovery", "default"),
        )
}

/// Where an instance stands, as long as it does.
fn with_network(record: Record, settings: &Settings, instance: &Instance) -> Record {
    let dns_name = private_dns_name(settings, instance);
    record
        .with("PrivateDnsName", dns_name.as_str())
        .with(
            "PrivateIpAddress",
            instance.placement.private_ip.to_string(),
        )
        .with("SubnetId", instance.placement.subnet_id.as_str())
        .with("VpcId", settings.network.vpc_id.as_str())
        .with("SourceDestCheck", instance.attributes.source_dest_check)
        .with("PrivateDnsNameOptions", private_dns_name_options())
        .with("SecurityGroups", vec![security_group(settings)])
        .with(
            "NetworkInterfaces",
            vec![interface(settings, instance, &dns_name)],
        )
}

fn monitoring(enabled: bool) -> Record {
    Record::new().with("State", if enabled { "enabled" } else { "disabled" })
}

fn cpu_options(name: &str) -> Option<Record> {
    let known = types::find(name)?;
    let record = Record::new()
        .with("CoreCount", i64::from(known.vcpus / known.threads_per_core))
        .with("ThreadsPerCore", i64::from(known.threads_per_core));
    Some(record)
}

/// Names are made of addresses, and answered as A records by the VPC's resolver.
fn private_dns_name_options() -> Record {
    Record::new()
        .with("HostnameType", "ip-name")
        .with("EnableResourceNameDnsARecord", false)
        .with("EnableResourceNameDnsAAAARecord", false)
}

fn state_reason(instance: &Instance) -> Option<Record> {
    let reason = Record::new()
        .with("Code", "Client.UserInitiatedShutdown")
        .with(
            "Message",
            "Client.UserInitiatedShutdown: User initiated shutdown",
        );
    (!instance.is_running()).then_some(reason)
}

fn transition_reason(since: Option<Timestamp>) -> String {
    match since {
        Some(at) => format!("User initiated ({})", at.strftime("%Y-%m-%d %H:%M:%S GMT")),
        None => String::new(),
    }
}

fn placement(instance: &Instance) -> Record {
    Record::new()
        .with(
            "AvailabilityZone",
            instance.placement.availability_zone.as_str(),
        )
        .with(
            "AvailabilityZoneId",
            instance.placement.availability_zone_id.as_str(),
        )
        .with("GroupName", "")
        .with("Tenancy", "default")
}

pub(super) fn security_group(settings: &Settings) -> Record {
    Record::new()
        .with("GroupId", settings.network.security_group_id.as_str())
        .with("GroupName", "default")
}

fn interface(settings: &Settings, instance: &Instance, dns_name: &str) -> Record {
    let ip = instance.placement.private_ip.to_string();
    let attachment = Record::new()
        .with(
            "AttachmentId",
            instance.interface_id.replacen("eni-", "eni-attach-", 1),
        )
        .with("AttachTime", instance.launched)
        .with("DeleteOnTermination", true)
        .with("DeviceIndex", 0)
        .with("NetworkCardIndex", 0)
        .with("Status", "attached");
    let address = Record::new()
        .with("Primary", true)
        .with("PrivateDnsName", dns_name)
        .with("PrivateIpAddress", ip.as_str());
    Record::new()
        .with("NetworkInterfaceId", instance.interface_id.as_str())
        .with("Attachment", attachment)
        .with("Description", "")
        .with("Groups", vec![security_group(settings)])
        .with("Ipv6Addresses", Vec::<Value>::new())
        .with("MacAddress", instance.mac.as_str())
        .with("OwnerId", settings.account_id.as_str())
        .with("PrivateDnsName", dns_name)
        .with("PrivateIpAddress", ip)
        .with("PrivateIpAddresses", vec![address])
        .with("SourceDestCheck", instance.attributes.source_dest_check)
        .with("Status", "in-use")
        .with("SubnetId", instance.placement.subnet_id.as_str())
        .with("VpcId", settings.network.vpc_id.as_str())
        .with("InterfaceType", "interface")
}

/// The same by itself, with where it is and whose it is.
pub(super) fn network_interface(settings: &Settings, instance: &Instance) -> Record {
    let mut shown = interface(settings, instance, &private_dns_name(settings, instance));
    let attachment = shown.record("Attachment").cloned().unwrap_or_default();
    let attachment = attachment
        .with("InstanceId", instance.id.as_str())
        .with("InstanceOwnerId", settings.account_id.as_str());
    shown.set("Attachment", attachment);
    let placement = &instance.placement;
    shown
        .with("AvailabilityZone", placement.availability_zone.as_str())
        .with(
            "AvailabilityZoneId",
            placement.availability_zone_id.as_str(),
        )
        .with("RequesterManaged", false)
        .with("TagSet", Vec::<Value>::new())
}

/// Metadata options; `state` is `pending` only in the answer to a change.
pub(super) fn metadata_options(options: &MetadataOptions, state: &str) -> Record {
    Record::new()
        .with("State", state)
        .with("HttpTokens", options.http_tokens.as_str())
        .with("HttpPutResponseHopLimit", i64::from(options.hop_limit))
        .with("HttpEndpoint", options.http_endpoint.as_str())
        .with("HttpProtocolIpv6", options.http_protocol_ipv6.as_str())
        .with("InstanceMetadataTags", options.instance_tags.as_str())
}

/// The profile of an association.
pub(super) fn profile(association: &Association) -> Record {
    Record::new()
        .with("Arn", association.profile_arn.as_str())
        .with("Id", association.profile_id.as_str())
}

/// An association.
pub(super) fn association(instance_id: &str, association: &Association, state: &str) -> Record {
    Record::new()
        .with("AssociationId", association.id.as_str())
        .with("InstanceId", instance_id)
        .with("IamInstanceProfile", profile(association))
        .with("State", state)
        .with("Timestamp", association.since)
}

/// The name that the VPC's resolver gives an instance. Source: VPC User Guide, "DNS attributes".
pub(crate) fn private_dns_name(settings: &Settings, instance: &Instance) -> String {
    let ip = instance.placement.private_ip.to_string().replace('.', "-");
    match settings.region.as_str() {
        "us-east-1" => format!("ip-{ip}.ec2.internal"),
        region => format!("ip-{ip}.{region}.compute.internal"),
    }
}

/// Whether tags are shown by the metadata service.
pub(crate) fn shows_tags(options: &MetadataOptions) -> bool {
    options.instance_tags == Toggle::Enabled
}
