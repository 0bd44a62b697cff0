//! Attributes of instances: read one at a time, changed one at a time.
//!
//! Source: EC2 API Reference, DescribeInstanceAttribute and ModifyInstanceAttribute.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::{Fault, Record, Secret, Value};

use super::faults::refuse;
use super::instances::{is_visible, load, load_live, on_instance};
use super::launch::decoded_user_data;
use super::listing::Listing;
use super::{images, shown, types, volumes};
use crate::entity::{Entity, Instance, ShutdownBehavior};
use crate::gate::{Caller, Need, keys};
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "DescribeInstanceAttribute",
        needs: |transaction, _, input| {
            let id = required(input, "InstanceId")?;
            let action = "ec2:DescribeInstanceAttribute";
            Ok(vec![on_instance(action, transaction, id)])
        },
        run: describe,
    },
    Row {
        operation: "ModifyInstanceAttribute",
        needs: |transaction, _, input| {
            let id = required(input, "InstanceId")?;
            let need = on_instance("ec2:ModifyInstanceAttribute", transaction, id);
            let asked = asked(input).ok();
            Ok(vec![
                match asked.and_then(|(attribute, _)| condition_name(attribute)) {
                    Some(name) => need.with(&keys::EC2_ATTRIBUTE, name),
                    None => need,
                },
            ])
        },
        run: modify,
    },
    Row {
        operation: "DescribeInstanceCreditSpecifications",
        needs: |_, _, _| {
            Ok(vec![Need::new(
                "ec2:DescribeInstanceCreditSpecifications",
                "*",
            )])
        },
        run: credits,
    },
];

fn describe(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let id = required(input, "InstanceId")?;
    let instance = &load(transaction, id)?.instance;
    let attributes = &instance.attributes;
    let text = |text: &str| Record::new().with("Value", text);
    let truth = |truth: bool| Record::new().with("Value", truth);
    let answer = Record::new().with("InstanceId", id);
    Ok(match required(input, "Attribute")? {
        "instanceType" => answer.with("InstanceType", text(&instance.instance_type)),
        // What has no value has an empty element, as on EC2.
        "kernel" => answer.with("KernelId", Record::new()),
        "ramdisk" => answer.with("RamdiskId", Record::new()),
        "userData" => answer.with("UserData", user_data(instance)),
        "disableApiTermination" => answer.with(
            "DisableApiTermination",
            truth(instance.termination_protected),
        ),
        "disableApiStop" => answer.with("DisableApiStop", truth(attributes.stop_protected)),
        "instanceInitiatedShutdownBehavior" => answer.with(
            "InstanceInitiatedShutdownBehavior",
            text(attributes.shutdown.as_str()),
        ),
        "rootDeviceName" => {
            let image = images::find(&instance.image_id);
            let device = image.map_or("/dev/xvda", |image| image.root_device);
            answer.with("RootDeviceName", text(device))
        }
        "blockDeviceMapping" => answer.with("BlockDeviceMappings", volumes::mappings(instance)),
        "productCodes" => answer.with("ProductCodes", Vec::<Value>::new()),
        "sourceDestCheck" => answer.with("SourceDestCheck", truth(attributes.source_dest_check)),
        "groupSet" => {
            let settings = transaction.state().settings();
            answer.with("Groups", vec![shown::security_group(settings)])
        }
        "ebsOptimized" => answer.with("EbsOptimized", truth(attributes.ebs_optimized)),
        "sriovNetSupport" => answer.with("SriovNetSupport", Record::new()),
        "enaSupport" => answer.with("EnaSupport", truth(true)),
        "enclaveOptions" => answer.with("EnclaveOptions", Record::new().with("Enabled", false)),
        other => return Err(invalid(other, "attribute")),
    })
}

fn user_data(instance: &Instance) -> Record {
    let Some(data) = &instance.user_data else {
        return Record::new();
    };
    Record::new().with("Value", Secret::from_text(STANDARD.encode(data.expose())))
}

/// The one attribute that a call changes, as `DescribeInstanceAttribute` names it, and its value.
fn asked(input: &Record) -> Result<(&'static str, Asked<'_>), Fault> {
    let mut found = Vec::new();
    for (attribute, member) in MODIFIABLE {
        match input.get(member) {
            Some(Value::Structure(value)) => found.push((*attribute, Asked::Record(value))),
            Some(Value::List(_)) => found.push((*attribute, Asked::List)),
            _ => {}
        }
    }
    if let Some(name) = input.text("Attribute") {
        let known = MODIFIABLE.iter().find(|(attribute, _)| *attribute == name);
        let (attribute, _) = known.ok_or_else(|| invalid(name, "attribute"))?;
        match input.secret("Value") {
            Some(value) => found.push((attribute, Asked::Text(value))),
            // With its own member, the name alone says nothing.
            None if found.iter().any(|(known, _)| known == attribute) => {}
            None => {
                let message = "The request must contain the parameter value";
                return Err(Fault::new("MissingParameter", message));
            }
        }
    }
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(Fault::new("MissingParameter", "No attributes specified.")),
        (Some(_), Some(_)) => Err(Fault::new(
            "InvalidParameterCombination",
            "Fields for multiple attribute types specified",
        )),
    }
}

/// In which of its forms a value was given.
enum Asked<'a> {
    /// As `DisableApiTermination.Value`.
    Record(&'a Record),
    /// As `Value` beside `Attribute`.
    Text(&'a Secret),
    /// As a list that has a member of its own.
    List,
}

impl Asked<'_> {
    fn truth(&self, attribute: &str) -> Result<bool, Fault> {
        let given = match self {
            Self::Record(record) => record.boolean("Value"),
            Self::Text(text) => match text.expose_text() {
                Some("true") => Some(true),
                Some("false") => Some(false),
                _ => None,
            },
            Self::List => None,
        };
        given.ok_or_else(|| no_value(attribute))
    }

    fn text(&self, attribute: &str) -> Result<&str, Fault> {
        let given = match self {
            Self::Record(record) => record.text("Value"),
            Self::Text(text) => text.expose_text(),
            Self::List => None,
        };
        given.ok_or_else(|| no_value(attribute))
    }

    /// User data, which come decoded in their own member and in base64 in the other.
    fn user_data(&self) -> Result<Option<Secret>, Fault> {
        match self {
            Self::Record(record) => match record.secret("Value") {
                Some(data) => super::launch::checked_user_data(data.expose()),
                None => Ok(None),
            },
            Self::Text(text) => decoded_user_data(text),
            Self::List => Err(no_value("userData")),
        }
    }
}

fn modify(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, REFUSED)?;
    let mut instance = load_live(transaction, required(input, "InstanceId")?)?;
    let (attribute, asked) = asked(input)?;
    match attribute {
        "disableApiTermination" => instance.termination_protected = asked.truth(attribute)?,
        "disableApiStop" => instance.attributes.stop_protected = asked.truth(attribute)?,
        "sourceDestCheck" => instance.attributes.source_dest_check = asked.truth(attribute)?,
        "ebsOptimized" => {
            check_stopped(&instance)?;
            instance.attributes.ebs_optimized = asked.truth(attribute)?;
        }
        "instanceInitiatedShutdownBehavior" => {
            instance.attributes.shutdown = match asked.text(attribute)? {
                "stop" => ShutdownBehavior::Stop,
                "terminate" => ShutdownBehavior::Terminate,
                other => return Err(invalid(other, attribute)),
            }
        }
        "instanceType" => {
            check_stopped(&instance)?;
            change_type(&mut instance, asked.text(attribute)?)?;
        }
        "userData" => {
            check_stopped(&instance)?;
            instance.user_data = asked.user_data()?;
        }
        "groupSet" => super::launch::check_group_ids(transaction, input.texts("Groups"))?,
        "blockDeviceMapping" => check_mappings(&instance, input)?,
        other => return Err(invalid(other, "attribute")),
    }
    transaction.put(Entity::Instance(instance))?;
    Ok(Record::new())
}

fn change_type(instance: &mut Instance, name: &str) -> Result<(), Fault> {
    let image = images::find(&instance.image_id);
    let found = types::find(name).ok_or_else(|| invalid(name, "instanceType"))?;
    if image.is_some_and(|image| image.architecture != found.family.architecture) {
        let message = format!(
            "The architecture of the specified instance type '{name}' does not match the \
             architecture of the image."
        );
        return Err(Fault::new("InvalidParameterValue", message));
    }
    name.clone_into(&mut instance.instance_type);
    let held = instance.attributes.credits;
    instance.attributes.credits = found.family.credits.map(|usual| held.unwrap_or(usual));
    Ok(())
}

/// All that can be asked of a volume is what it does anyway.
fn check_mappings(instance: &Instance, input: &Record) -> Result<(), Fault> {
    for mapping in input.records("BlockDeviceMappings") {
        refuse(mapping, volumes::REFUSED)?;
        let device = mapping.text("DeviceName").unwrap_or_default();
        if !instance.volumes.iter().any(|held| held.device == device) {
            let message = format!("No device is currently mapped at {device}");
            return Err(Fault::new("InvalidInstanceAttributeValue", message));
        }
        let ebs = mapping.record("Ebs");
        if ebs.and_then(|ebs| ebs.boolean("DeleteOnTermination")) == Some(false) {
            return Err(Fault::new(
                "UnsupportedOperation",
                "This server keeps no volume beyond its instance: DeleteOnTermination must be \
                 true.",
            ));
        }
    }
    Ok(())
}

fn check_stopped(instance: &Instance) -> Result<(), Fault> {
    if instance.stopped.is_some() {
        return Ok(());
    }
    let message = format!(
        "The instance '{}' is not in the 'stopped' state.",
        instance.id
    );
    Err(Fault::new("IncorrectInstanceState", message))
}

fn credits(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let listing = Listing::read(input, "InstanceIds", &["instance-id"])?;
    for id in input.texts("InstanceIds") {
        let instance = &load(transaction, id)?.instance;
        if instance.attributes.credits.is_none() {
            let message = format!(
                "The instance {id} of type {} does not support CPU credits.",
                instance.instance_type
            );
            return Err(Fault::new("InvalidInstanceCreditSpecification", message));
        }
    }
    let instances = transaction.state().instances().values();
    // Without ids, only those that were asked to be other than usual would do; all are shown.
    let burstable = instances
        .map(|held| &held.instance)
        .filter(|instance| is_visible(instance, transaction.now))
        .filter_map(|instance| Some((instance, instance.attributes.credits?)));
    let (page, next) = listing.page(
        burstable,
        |(instance, _)| instance.id.clone(),
        |(instance, _), name| (name == "instance-id").then(|| vec![instance.id.clone()]),
    );
    let shown: Value = page
        .iter()
        .map(|(instance, credits)| {
            Record::new()
                .with("InstanceId", instance.id.as_str())
                .with("CpuCredits", credits.as_str())
        })
        .collect();
    Ok(Record::new()
        .with("InstanceCreditSpecifications", shown)
        .with_some("NextToken", next))
}

fn condition_name(attribute: &str) -> Option<&'static str> {
    let mut known = MODIFIABLE.iter();
    let (_, member) = known.find(|(known, _)| *known == attribute)?;
    Some(member)
}

fn no_value(attribute: &str) -> Fault {
    Fault::new(
        "InvalidParameterValue",
        format!("The attribute {attribute} was given no value that it can take."),
    )
}

fn invalid(value: &str, parameter: &str) -> Fault {
    Fault::new(
        "InvalidParameterValue",
        format!("Value ({value}) for parameter {parameter} is invalid."),
    )
}

/// Attributes that can be changed, each with its member.
const MODIFIABLE: &[(&str, &str)] = &[
    ("disableApiTermination", "DisableApiTermination"),
    ("disableApiStop", "DisableApiStop"),
    ("sourceDestCheck", "SourceDestCheck"),
    ("ebsOptimized", "EbsOptimized"),
    (
        "instanceInitiatedShutdownBehavior",
        "InstanceInitiatedShutdownBehavior",
    ),
    ("instanceType", "InstanceType"),
    ("userData", "UserData"),
    ("groupSet", "Groups"),
    ("blockDeviceMapping", "BlockDeviceMappings"),
];
pub(super) const REFUSED: &[&str] = &[
    "EnaSupport",
    "EnclaveOptions",
    "Kernel",
    "Ramdisk",
    "SriovNetSupport",
];
