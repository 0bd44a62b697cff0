//! Volumes: asked for at launch, attached until termination. Nothing is stored on them.
//!
//! Source: EBS User Guide, "Amazon EBS volume types".

use protocol::{Fault, Record, Value};

use super::faults::refuse;
use super::images::Image;
use super::listing::{Listing, one};
use super::tags;
use crate::entity::{Instance, Tag, Volume};
use crate::entropy::Entropy;
use crate::gate::{Caller, Need};
use crate::ids;
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[Row {
    operation: "DescribeVolumes",
    needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeVolumes", "*")]),
    run: describe,
}];

/// The root volume of an image.
pub(crate) fn root(image: &Image, entropy: &mut Entropy) -> Volume {
    Volume {
        id: ids::resource_id("vol-", entropy),
        device: image.root_device.to_owned(),
        gib: image.root_gib,
        volume_type: image.root_type.to_owned(),
        iops: iops(image.root_type, image.root_gib),
        throughput: throughput(image.root_type),
        encrypted: false,
        tags: Vec::new(),
    }
}

/// The volumes that a launch asks for: the image's, as the mappings change it, and others.
pub(super) fn asked_for(
    input: &Record,
    image: &Image,
    tags: &[Tag],
    entropy: &mut Entropy,
) -> Result<Vec<Volume>, Fault> {
    let mut volumes = vec![root(image, entropy)];
    for mapping in input.records("BlockDeviceMappings") {
        refuse(mapping, REFUSED)?;
        let device = mapping.text("DeviceName").unwrap_or_default();
        let is_root = device == image.root_device;
        if device.is_empty() || (!is_root && volumes.iter().any(|held| held.device == device)) {
            return Err(invalid_mapping(format!(
                "'{device}' is no device name, or there twice"
            )));
        }
        let empty = Record::new();
        let asked = mapping.record("Ebs").unwrap_or(&empty);
        if is_root {
            if let Some(root) = volumes.first_mut() {
                overlay(root, asked, image.root_gib)?;
            }
            continue;
        }
        let mut volume = root(image, entropy);
        device.clone_into(&mut volume.device);
        if asked.get("VolumeSize").is_none() {
            let message = "The request must contain the parameter size or snapshotId";
            return Err(Fault::new("MissingParameter", message));
        }
        if asked.text("VolumeType").is_none() {
            "gp2".clone_into(&mut volume.volume_type);
        }
        overlay(&mut volume, asked, 1)?;
        volumes.push(volume);
    }
    if volumes.len() > VOLUMES_MAX {
        return Err(invalid_mapping(format!(
            "there are more than {VOLUMES_MAX} block device mappings"
        )));
    }
    for volume in &mut volumes {
        volume.tags = tags.to_vec();
    }
    Ok(volumes)
}

fn overlay(volume: &mut Volume, asked: &Record, gib_min: u32) -> Result<(), Fault> {
    let unsupported: Vec<&'static str> = asked
        .members()
        .map(|(name, _)| name)
        .filter(|name| !SUPPORTED.contains(name))
        .collect();
    refuse(asked, &unsupported)?;
    if asked.boolean("DeleteOnTermination") == Some(false) {
        return Err(Fault::new(
            "UnsupportedOperation",
            "This server keeps no volume beyond its instance: DeleteOnTermination must be true.",
        ));
    }
    if let Some(size) = asked.integer("VolumeSize") {
        let fits = |gib: &u32| (gib_min..=GIB_MAX).contains(gib);
        volume.gib = u32::try_from(size).ok().filter(fits).ok_or_else(|| {
            invalid_mapping(format!(
                "Volume of size {size}GB is not between {gib_min}GB and {GIB_MAX}GB"
            ))
        })?;
    }
    if let Some(kind) = asked.text("VolumeType") {
        kind.clone_into(&mut volume.volume_type);
    }
    let kind = volume.volume_type.as_str();
    volume.iops = iops(kind, volume.gib);
    volume.throughput = throughput(kind);
    if let Some(asked) = asked.integer("Iops") {
        let takes = matches!(kind, "gp3" | "io1" | "io2");
        let number = u32::try_from(asked).ok();
        let number = number.filter(|it| takes && (IOPS_MIN..=IOPS_MAX).contains(it));
        volume.iops = Some(number.ok_or_else(|| not_for("iops", asked, kind))?);
    } else if matches!(kind, "io1" | "io2") {
        let message = format!("The parameter iops must be specified for {kind} volumes.");
        return Err(Fault::new("MissingParameter", message));
    }
    if let Some(asked) = asked.integer("Throughput") {
        let number = u32::try_from(asked).ok();
        let number =
            number.filter(|it| kind == "gp3" && (THROUGHPUT_DEFAULT..=THROUGHPUT_MAX).contains(it));
        volume.throughput = Some(number.ok_or_else(|| not_for("throughput", asked, kind))?);
    }
    volume.encrypted = asked.boolean("Encrypted").unwrap_or(false);
    Ok(())
}

fn iops(kind: &str, gib: u32) -> Option<u32> {
    match kind {
        "gp3" => Some(IOPS_GP3),
        "gp2" => Some((3 * gib).clamp(IOPS_MIN, IOPS_GP2_MAX)),
        _ => None,
    }
}

fn throughput(kind: &str) -> Option<u32> {
    (kind == "gp3").then_some(THROUGHPUT_DEFAULT)
}

fn not_for(what: &str, asked: i64, kind: &str) -> Fault {
    Fault::new(
        "InvalidParameterValue",
        format!("The parameter {what} of {asked} is not supported for {kind} volumes."),
    )
}

fn invalid_mapping(message: String) -> Fault {
    Fault::new("InvalidBlockDeviceMapping", message)
}

fn describe(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let listing = Listing::read(input, "VolumeIds", ATTRIBUTES)?;
    let instances = transaction.state().instances().values();
    let mut all: Vec<(&Instance, &Volume)> = instances
        .map(|held| &held.instance)
        .filter(|instance| instance.terminated.is_none())
        .flat_map(|instance| {
            instance
                .volumes
                .iter()
                .map(move |volume| (instance, volume))
        })
        .collect();
    all.sort_by(|(_, one), (_, other)| one.id.cmp(&other.id));
    listing.check_there(
        |id| all.iter().any(|(_, volume)| volume.id == id),
        |id| {
            let message = format!("The volume '{id}' does not exist.");
            Fault::new("InvalidVolume.NotFound", message)
        },
    )?;
    let (page, next) = listing.page(all.into_iter(), |(_, volume)| volume.id.clone(), attributes);
    let shown: Value = page
        .iter()
        .map(|(instance, volume)| shown(instance, volume))
        .collect();
    Ok(Record::new()
        .with("Volumes", shown)
        .with_some("NextToken", next))
}

fn attributes((instance, volume): &(&Instance, &Volume), name: &str) -> Option<Vec<String>> {
    match name {
        "attachment.delete-on-termination" => one("true"),
        "attachment.device" => one(&volume.device),
        "attachment.instance-id" => one(&instance.id),
        "attachment.status" => one("attached"),
        "availability-zone" => one(&instance.placement.availability_zone),
        "encrypted" => one(volume.encrypted.to_string()),
        "size" => one(volume.gib.to_string()),
        "status" => one("in-use"),
        "volume-id" => one(&volume.id),
        "volume-type" => one(&volume.volume_type),
        name => tags::attributes(&volume.tags, name),
    }
}

fn shown(instance: &Instance, volume: &Volume) -> Record {
    let attachment = Record::new()
        .with("AttachTime", instance.launched)
        .with("DeleteOnTermination", true)
        .with("Device", volume.device.as_str())
        .with("InstanceId", instance.id.as_str())
        .with("State", "attached")
        .with("VolumeId", volume.id.as_str());
    Record::new()
        .with("VolumeId", volume.id.as_str())
        .with("Size", i64::from(volume.gib))
        .with("VolumeType", volume.volume_type.as_str())
        .with_some("Iops", volume.iops.map(i64::from))
        .with_some("Throughput", volume.throughput.map(i64::from))
        .with("Encrypted", volume.encrypted)
        .with("MultiAttachEnabled", false)
        .with("SnapshotId", "")
        .with("State", "in-use")
        .with("CreateTime", instance.launched)
        .with(
            "AvailabilityZone",
            instance.placement.availability_zone.as_str(),
        )
        .with("Attachments", vec![attachment])
        .with_some("Tags", tags::shown(&volume.tags))
}

/// How an instance shows its volumes.
pub(super) fn mappings(instance: &Instance) -> Value {
    let mapping = |volume: &Volume| {
        let ebs = Record::new()
            .with("AttachTime", instance.launched)
            .with("DeleteOnTermination", true)
            .with("Status", "attached")
            .with("VolumeId", volume.id.as_str());
        Record::new()
            .with("DeviceName", volume.device.as_str())
            .with("Ebs", ebs)
    };
    instance.volumes.iter().map(mapping).collect()
}

const ATTRIBUTES: &[&str] = &[
    "attachment.delete-on-termination",
    "attachment.device",
    "attachment.instance-id",
    "attachment.status",
    "availability-zone",
    "encrypted",
    "size",
    "status",
    "tag-key",
    "volume-id",
    "volume-type",
];
/// Of a device mapping. There are no instance store volumes, and no device is left out.
pub(super) const REFUSED: &[&str] = &["VirtualName", "NoDevice"];
/// Of a volume.
pub(super) const SUPPORTED: &[&str] = &[
    "DeleteOnTermination",
    "Encrypted",
    "Iops",
    "Throughput",
    "VolumeSize",
    "VolumeType",
];
// Source: EBS User Guide; sizes in GiB, throughput in MiB per second.
const GIB_MAX: u32 = 16_384;
const IOPS_MIN: u32 = 100;
const IOPS_MAX: u32 = 256_000;
const IOPS_GP2_MAX: u32 = 16_000;
const IOPS_GP3: u32 = 3_000;
const THROUGHPUT_DEFAULT: u32 = 125;
const THROUGHPUT_MAX: u32 = 1_000;
// Bounds what one launch makes.
const VOLUMES_MAX: usize = 28;
