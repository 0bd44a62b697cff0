//! What can be asked of an instance beside its description: its console, and the launch that would
//! make another one like it.
//!
//! Source: EC2 API Reference, "GetConsoleOutput", "GetLaunchTemplateData".

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::{Fault, Record, Secret, Value};

use super::instances::{load, load_live, on_instance};
use super::{images, shown};
use crate::entity::{Instance, Tag};
use crate::gate::Caller;
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "GetConsoleOutput",
        needs: |transaction, _, input| {
            let id = required(input, "InstanceId")?;
            Ok(vec![on_instance("ec2:GetConsoleOutput", transaction, id)])
        },
        run: console,
    },
    Row {
        operation: "GetLaunchTemplateData",
        needs: |transaction, _, input| {
            let id = required(input, "InstanceId")?;
            let action = "ec2:GetLaunchTemplateData";
            Ok(vec![on_instance(action, transaction, id)])
        },
        run: launch_data,
    },
];

/// What [`hosts::printed`](crate::hosts::printed) has kept; where nothing ever ran, EC2's answer
/// for an instance without output.
fn console(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let id = required(input, "InstanceId")?;
    let instance = &load(transaction, id)?.instance;
    let (taken, output) = match &instance.console {
        Some(console) => (console.taken, STANDARD.encode(console.output.expose())),
        None => (instance.launched, String::new()),
    };
    Ok(Record::new()
        .with("InstanceId", id)
        .with("Timestamp", taken)
        .with("Output", Secret::from_text(output)))
}

fn launch_data(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let instance = load_live(transaction, required(input, "InstanceId")?)?;
    let group = &transaction.state().settings().network.security_group_id;
    let data = data(&instance, group);
    Ok(Record::new().with("LaunchTemplateData", data))
}

/// In the form that a launch here takes: with security groups and a subnet's zone, where EC2 tells
/// network interfaces.
fn data(instance: &Instance, group: &str) -> Record {
    let attributes = &instance.attributes;
    let profile = instance.association.as_ref();
    let profile = profile.map(|it| Record::new().with("Arn", it.profile_arn.as_str()));
    let user_data = instance.user_data.as_ref();
    let user_data = user_data.map(|data| Secret::from_text(STANDARD.encode(data.expose())));
    let credits = attributes.credits;
    let credits = credits.map(|credits| Record::new().with("CpuCredits", credits.as_str()));
    let zone = instance.placement.availability_zone.as_str();
    let placement = Record::new()
        .with("AvailabilityZone", zone)
        .with("GroupName", "")
        .with("Tenancy", "default");
    Record::new()
        .with("EbsOptimized", attributes.ebs_optimized)
        .with_some("IamInstanceProfile", profile)
        .with("BlockDeviceMappings", mappings(instance))
        .with("ImageId", instance.image_id.as_str())
        .with("InstanceType", instance.instance_type.as_str())
        .with(
            "Monitoring",
            Record::new().with("Enabled", attributes.monitored),
        )
        .with("Placement", placement)
        .with("DisableApiTermination", instance.termination_protected)
        .with(
            "InstanceInitiatedShutdownBehavior",
            attributes.shutdown.as_str(),
        )
        .with_some("UserData", user_data)
        .with_some("TagSpecifications", tags(&instance.tags))
        .with("SecurityGroupIds", vec![group])
        .with_some("CreditSpecification", credits)
        .with(
            "MetadataOptions",
            shown::metadata_options(&instance.metadata_options, "applied"),
        )
        .with("DisableApiStop", attributes.stop_protected)
}

fn mappings(instance: &Instance) -> Value {
    let image = images::find(&instance.image_id);
    let volumes = instance.volumes.iter().map(|volume| {
        let ebs = Record::new()
            .with("DeleteOnTermination", true)
            .with("Encrypted", volume.encrypted)
            .with("VolumeSize", i64::from(volume.gib))
            .with("VolumeType", volume.volume_type.as_str())
            .with_some("Throughput", volume.throughput.map(i64::from));
        // Types with a number of their own take none.
        let takes = matches!(volume.volume_type.as_str(), "gp3" | "io1" | "io2");
        let iops = volume.iops.filter(|_| takes);
        Record::new()
            .with("DeviceName", volume.device.as_str())
            .with("Ebs", ebs.with_some("Iops", iops.map(i64::from)))
    });
    let volumes: Value = volumes.collect();
    if image.is_none() {
        return Value::List(Vec::new());
    }
    volumes
}

/// Without those that AWS alone gives.
fn tags(tags: &[Tag]) -> Option<Value> {
    let own = tags.iter().filter(|tag| !tag.key.starts_with("aws:"));
    let own: Vec<Record> = own
        .map(|tag| {
            Record::new()
                .with("Key", tag.key.as_str())
                .with("Value", tag.value.as_str())
        })
        .collect();
    if own.is_empty() {
        return None;
    }
    let of_instance = Record::new()
        .with("ResourceType", "instance")
        .with("Tags", own);
    Some(vec![of_instance].into_iter().collect())
}
