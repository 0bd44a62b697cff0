//! Launch configurations: what a group without a launch template launches by. They never change.
//!
//! Source: Auto Scaling API Reference, "CreateLaunchConfiguration"; EC2 Auto Scaling User Guide,
//! "Launch configurations".

use protocol::shape::{Service, Shape};
use protocol::{Fault, Record, Secret, Value, wire};

use super::group::{GROUPS_MAX, invalid};
use super::listing::page;
use crate::ec2;
use crate::entity::{Entity, LaunchConfiguration, LaunchedBy};
use crate::gate::{Caller, Need, keys};
use crate::ids;
use crate::operation::{Row, required};
use crate::transaction::{Transaction, internal_failure};

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateLaunchConfiguration",
        needs: create_needs,
        run: create,
    },
    Row {
        operation: "DescribeLaunchConfigurations",
        needs: |_, _, _| {
            let action = "autoscaling:DescribeLaunchConfigurations";
            Ok(vec![Need::new(action, "*")])
        },
        run: describe,
    },
    Row {
        operation: "DeleteLaunchConfiguration",
        needs: |t, _, i| {
            let action = "autoscaling:DeleteLaunchConfiguration";
            Ok(vec![on_configuration(action, t, i)?])
        },
        run: delete,
    },
    Row {
        operation: "DescribeAccountLimits",
        needs: |_, _, _| Ok(vec![Need::new("autoscaling:DescribeAccountLimits", "*")]),
        run: limits,
    },
];

fn on_configuration(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Need, Fault> {
    let name = required(input, NAME)?;
    let held = transaction.state().launch_configurations().get(name);
    let id = held.map_or("*", |configuration| configuration.id.as_str());
    Ok(Need::new(action, arn(transaction, id, name)))
}

fn arn(transaction: &Transaction, id: &str, name: &str) -> String {
    let state = transaction.state();
    let resource = format!("launchConfiguration:{id}:launchConfigurationName/{name}");
    protocol::Arn::new("autoscaling", state.region(), state.account_id(), &resource).to_string()
}

/// Instances that a group launches get the role, so who names a profile must be allowed to pass it.
fn create_needs(transaction: &Transaction, _: &Caller, input: &Record) -> Result<Vec<Need>, Fault> {
    let action = "autoscaling:CreateLaunchConfiguration";
    let mut need = on_configuration(action, transaction, input)?;
    for (member, key) in [
        ("ImageId", &keys::AUTOSCALING_IMAGE_ID),
        ("InstanceType", &keys::AUTOSCALING_INSTANCE_TYPE),
    ] {
        if let Some(value) = input.text(member) {
            need = need.with(key, value);
        }
    }
    if let Some(options) = input.record("MetadataOptions") {
        for (member, key) in [
            ("HttpEndpoint", &keys::AUTOSCALING_HTTP_ENDPOINT),
            ("HttpTokens", &keys::AUTOSCALING_HTTP_TOKENS),
        ] {
            if let Some(value) = options.text(member) {
                need = need.with(key, value);
            }
        }
        if let Some(limit) = options.integer("HttpPutResponseHopLimit") {
            need = need.with(&keys::AUTOSCALING_HOP_LIMIT, limit);
        }
    }
    let profile = profile(input);
    let pass = profile.and_then(|profile| ec2::pass_role(transaction, &profile));
    Ok([need].into_iter().chain(pass).collect())
}

/// A profile by its name or its ARN, as a launch names it.
fn profile(input: &Record) -> Option<Record> {
    let named = input.text("IamInstanceProfile")?;
    let member = if named.starts_with("arn:") {
        "Arn"
    } else {
        "Name"
    };
    Some(Record::new().with(member, named))
}

/// The launch that a configuration asks for.
pub(super) fn launch_input(configuration: &LaunchConfiguration) -> Result<Record, Fault> {
    Ok(as_launch(&read(configuration)?))
}

fn as_launch(asked: &Record) -> Record {
    let mut input = Record::new()
        .with("MinCount", 1)
        .with("MaxCount", 1)
        .with_some("IamInstanceProfile", profile(asked));
    for member in [
        "ImageId",
        "InstanceType",
        "KeyName",
        "EbsOptimized",
        "MetadataOptions",
        "BlockDeviceMappings",
    ] {
        if let Some(value) = asked.get(member) {
            input.set(member, unshaped(value));
        }
    }
    if let Some(data) = asked.secret("UserData") {
        input.set("UserData", data.clone());
    }
    let monitored = Record::new().with("Enabled", is_monitored(asked));
    input.set("Monitoring", monitored);
    let (ids, names): (Vec<String>, Vec<String>) = asked
        .texts("SecurityGroups")
        .map(str::to_owned)
        .partition(|group| group.starts_with("sg-"));
    for (member, groups) in [("SecurityGroupIds", ids), ("SecurityGroups", names)] {
        if !groups.is_empty() {
            input.set(member, groups);
        }
    }
    input
}

/// The same value without Auto Scaling's shape, which has fewer members than EC2's.
fn unshaped(value: &Value) -> Value {
    match value {
        Value::Structure(record) => {
            let mut plain = Record::new();
            for (name, value) in record.members() {
                plain.set(name, unshaped(value));
            }
            Value::Structure(plain)
        }
        Value::List(values) => values.iter().map(unshaped).collect(),
        other => other.clone(),
    }
}

/// Detailed monitoring is on where nothing is said.
fn is_monitored(asked: &Record) -> bool {
    let monitoring = asked.record("InstanceMonitoring");
    monitoring
        .and_then(|monitoring| monitoring.boolean("Enabled"))
        .unwrap_or(true)
}

fn check_supported(input: &Record) -> Result<(), Fault> {
    let mut members = input.members();
    let other = members.find(|(name, value)| match *name {
        "AssociatePublicIpAddress" => **value != Value::Boolean(false),
        "PlacementTenancy" => **value != Value::from("default"),
        name => !SUPPORTED.contains(&name),
    });
    let mapped = input.records("BlockDeviceMappings").find_map(|mapping| {
        let mut members = mapping.members().map(|(name, _)| name);
        members.find(|name| REFUSED_OF_DEVICES.contains(name))
    });
    match other.map(|(name, _)| name).or(mapped) {
        Some(name) => Err(invalid(format!(
            "This server does not support the parameter {name} as given."
        ))),
        None => Ok(()),
    }
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    check_supported(input)?;
    let name = required(input, NAME)?;
    let known = transaction.state().launch_configurations();
    if known.contains_key(name) {
        return Err(Fault::new(
            "AlreadyExists",
            format!(
                "Launch Configuration by this name already exists - A launch configuration already \
                 exists with the name {name}"
            ),
        ));
    }
    if known.len() >= CONFIGURATIONS_MAX {
        let message = format!("There are {CONFIGURATIONS_MAX} launch configurations already.");
        return Err(Fault::new("LimitExceeded", message));
    }
    if input.text("ImageId").is_none() || input.text("InstanceType").is_none() {
        return Err(invalid(
            "Valid requests must contain either the InstanceID parameter or both the ImageId and \
             InstanceType parameters.",
        ));
    }
    // What cannot be launched is known before a group relies on it.
    ec2::check_launch(transaction, &as_launch(input))
        .map_err(|fault| invalid(fault.message.to_string()))?;
    let shape = shape().ok_or_else(internal_failure)?;
    let configuration = LaunchConfiguration {
        name: name.to_owned(),
        id: ids::uuid(&mut transaction.entropy),
        created: transaction.now,
        data: wire::to_json(shape, input),
    };
    transaction.put(Entity::LaunchConfiguration(configuration))?;
    Ok(Record::new())
}

/// `CreateLaunchConfigurationType`
fn shape() -> Option<&'static Shape> {
    Service::find("autoscaling")?
        .operation("CreateLaunchConfiguration")?
        .input
}

fn read(configuration: &LaunchConfiguration) -> Result<Record, Fault> {
    let shape = shape().ok_or_else(internal_failure)?;
    let data: &Secret = &configuration.data;
    wire::from_json(shape, data).map_err(|_| internal_failure())
}

fn describe(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let names: Vec<&str> = input.texts("LaunchConfigurationNames").collect();
    let all = transaction.state().launch_configurations().values();
    let all = all.filter(|it| names.is_empty() || names.contains(&it.name.as_str()));
    let shown: Result<Vec<Record>, Fault> = all.map(|it| shown(transaction, it)).collect();
    page(
        input,
        "LaunchConfigurations",
        shown?.into_iter(),
        |record| record.text(NAME).unwrap_or_default().to_owned(),
        Record::clone,
    )
}

/// What was not asked for is shown empty, as AWS does.
fn shown(transaction: &Transaction, configuration: &LaunchConfiguration) -> Result<Record, Fault> {
    let asked = read(configuration)?;
    let name = configuration.name.as_str();
    let monitoring = Record::new().with("Enabled", is_monitored(&asked));
    let mut shown = Record::new()
        .with(NAME, name)
        .with(
            "LaunchConfigurationARN",
            arn(transaction, &configuration.id, name),
        )
        .with("CreatedTime", configuration.created)
        .with("KeyName", "")
        .with("KernelId", "")
        .with("RamdiskId", "")
        .with("UserData", "")
        .with("EbsOptimized", false)
        .with("SecurityGroups", Vec::<Value>::new())
        .with("ClassicLinkVPCSecurityGroups", Vec::<Value>::new())
        .with("BlockDeviceMappings", Vec::<Value>::new());
    for (member, value) in asked.members() {
        shown.set(member, value.clone());
    }
    shown.set("InstanceMonitoring", monitoring);
    Ok(shown)
}

fn delete(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let name = required(input, NAME)?;
    let state = transaction.state();
    let Some(held) = state.launch_configurations().get(name) else {
        return Err(not_found(name));
    };
    let key = Entity::LaunchConfiguration(LaunchConfiguration::clone(held)).key();
    let mut groups = state.auto_scaling_groups().values();
    let user = groups.find(|group| {
        matches!(&group.by, LaunchedBy::Configuration { configuration } if configuration == name)
    });
    if let Some(group) = user {
        return Err(Fault::new(
            "ResourceInUse",
            format!(
                "Cannot delete launch configuration {name} because it is attached to \
                 AutoScalingGroup {}",
                group.name
            ),
        ));
    }
    transaction.delete(key)?;
    Ok(Record::new())
}

pub(super) fn not_found(name: &str) -> Fault {
    invalid(format!(
        "Launch configuration name not found - Launch configuration {name} not found"
    ))
}

#[expect(clippy::unnecessary_wraps, reason = "every handler has this signature")]
fn limits(transaction: &mut Transaction, _: &Caller, _: &Record) -> Result<Record, Fault> {
    let state = transaction.state();
    let number = |of: usize| i64::try_from(of).unwrap_or(i64::MAX);
    Ok(Record::new()
        .with("MaxNumberOfAutoScalingGroups", number(GROUPS_MAX))
        .with(
            "MaxNumberOfLaunchConfigurations",
            number(CONFIGURATIONS_MAX),
        )
        .with(
            "NumberOfAutoScalingGroups",
            number(state.auto_scaling_groups().len()),
        )
        .with(
            "NumberOfLaunchConfigurations",
            number(state.launch_configurations().len()),
        ))
}

const NAME: &str = "LaunchConfigurationName";
// Source: Auto Scaling User Guide, "Quotas".
const CONFIGURATIONS_MAX: usize = 200;
/// Taken where they say what an instance is anyway.
pub(super) const AS_IT_IS: &[&str] = &["AssociatePublicIpAddress", "PlacementTenancy"];
/// Of a device mapping.
pub(super) const REFUSED_OF_DEVICES: &[&str] = &["NoDevice", "VirtualName"];
pub(super) const SUPPORTED: &[&str] = &[
    "BlockDeviceMappings",
    "EbsOptimized",
    "IamInstanceProfile",
    "ImageId",
    "InstanceMonitoring",
    "InstanceType",
    "KeyName",
    NAME,
    "MetadataOptions",
    "SecurityGroups",
    "UserData",
];

#[cfg(test)]
mod tests;
