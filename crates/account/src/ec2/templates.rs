//! Launch templates: made, given versions, shown and deleted.
//!
//! Knows what a version's data may hold (`data`), and not how instances are launched.
//!
//! Source: EC2 API Reference, the calls on launch templates.

pub(super) mod data;
mod describe;
pub(super) mod named;

use protocol::{Fault, Record};

use self::data::{checked, over};
use self::named::{load, on_template, version};
use super::instances::arn;
use super::tags;
use crate::entity::{Entity, LaunchTemplate, LaunchTemplateVersion};
use crate::gate::{Caller, Need, keys};
use crate::ids;
use crate::operation::{Row, required};
use crate::transaction::{Transaction, internal_failure};

pub(super) use self::describe::ROWS as DESCRIBE_ROWS;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateLaunchTemplate",
        needs: |transaction, _, input| {
            let all = arn(transaction, "launch-template/*");
            let need =
                |action| Need::new(action, all.clone()).requesting(tags::of_kind(input, KIND));
            let mut needs = vec![need("ec2:CreateLaunchTemplate")];
            if tags::of_kind(input, KIND).next().is_some() {
                let create = need("ec2:CreateTags");
                needs.push(create.with(&keys::EC2_CREATE_ACTION, "CreateLaunchTemplate"));
            }
            Ok(needs)
        },
        run: create,
    },
    Row {
        operation: "CreateLaunchTemplateVersion",
        needs: |t, _, i| Ok(vec![on_template("ec2:CreateLaunchTemplateVersion", t, i)]),
        run: create_version,
    },
    Row {
        operation: "ModifyLaunchTemplate",
        needs: |t, _, i| {
            let need = on_template("ec2:ModifyLaunchTemplate", t, i);
            Ok(vec![need.with(&keys::EC2_ATTRIBUTE, "DefaultVersion")])
        },
        run: modify,
    },
    Row {
        operation: "DeleteLaunchTemplate",
        needs: |t, _, i| Ok(vec![on_template("ec2:DeleteLaunchTemplate", t, i)]),
        run: delete,
    },
];

fn create(transaction: &mut Transaction, caller: &Caller, input: &Record) -> Result<Record, Fault> {
    super::faults::refuse(input, REFUSED)?;
    let name = required(input, "LaunchTemplateName")?;
    check_name(name)?;
    let given = input.record("LaunchTemplateData").ok_or_else(no_data)?;
    let made = made(transaction, caller, input, &checked(given)?, 1)?;
    let templates = transaction.state().launch_templates();
    if let Some(known) = templates.values().find(|template| template.name == name) {
        let first = known.versions.first();
        let again = first.filter(|it| it.client_token.is_some());
        return match again.filter(|it| it.client_token == made.client_token) {
            Some(it) if it.data.expose() == made.data.expose() => {
                Ok(Record::new().with("LaunchTemplate", describe::template(known)))
            }
            Some(_) => Err(other_parameters()),
            None => Err(Fault::new(
                "InvalidLaunchTemplateName.AlreadyExistsException",
                "Launch template name already in use.",
            )),
        };
    }
    if templates.len() >= TEMPLATES_MAX {
        let message = format!("There are {TEMPLATES_MAX} launch templates already.");
        return Err(Fault::new("LaunchTemplateLimitExceeded", message));
    }
    let template = LaunchTemplate {
        id: ids::resource_id("lt-", &mut transaction.entropy),
        name: name.to_owned(),
        created: transaction.now,
        default_version: 1,
        versions: vec![made],
        tags: tags::read(tags::of_kind(input, KIND))?,
    };
    check_tagged(input)?;
    let shown = describe::template(&template);
    transaction.put(Entity::LaunchTemplate(template))?;
    Ok(Record::new().with("LaunchTemplate", shown))
}

fn check_tagged(input: &Record) -> Result<(), Fault> {
    let mut kinds = input.records("TagSpecifications");
    let other = kinds.find_map(|of| of.text("ResourceType").filter(|kind| *kind != KIND));
    match other {
        Some(kind) => Err(Fault::new(
            "InvalidParameterValue",
            format!("'{kind}' is not a valid taggable resource type for this operation."),
        )),
        None => Ok(()),
    }
}

fn check_name(name: &str) -> Result<(), Fault> {
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"().-/_".contains(&byte);
    if (NAME_BYTES_MIN..=NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(is_known) {
        return Ok(());
    }
    Err(Fault::new(
        "InvalidLaunchTemplateName.MalformedException",
        format!(
            "Launch template names must be between {NAME_BYTES_MIN} and {NAME_BYTES_MAX} \
             characters, and may contain letters, numbers, and the following characters: \
             - ( ) . / _"
        ),
    ))
}

fn made(
    transaction: &Transaction,
    caller: &Caller,
    input: &Record,
    data: &Record,
    number: u32,
) -> Result<LaunchTemplateVersion, Fault> {
    let data = data::to_json(data)?;
    if data.len() > DATA_BYTES_MAX {
        let message = format!("Launch template data are limited to {DATA_BYTES_MAX} bytes.");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    Ok(LaunchTemplateVersion {
        number,
        description: input.text("VersionDescription").map(str::to_owned),
        created: transaction.now,
        created_by: caller.arn.clone(),
        data,
        client_token: input.text("ClientToken").map(str::to_owned),
    })
}

fn create_version(
    transaction: &mut Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let mut template = load(transaction, input)?.clone();
    let mut given = checked(input.record("LaunchTemplateData").ok_or_else(no_data)?)?;
    if let Some(source) = input.text("SourceVersion") {
        given = over(&data::of(version(&template, source)?)?, &given);
    }
    let latest = template.latest().map_or(0, |version| version.number);
    let made = made(transaction, caller, input, &given, latest + 1)?;
    let mut known = template.versions.iter();
    let again = known.find(|it| it.client_token.is_some() && it.client_token == made.client_token);
    if let Some(again) = again {
        if again.data.expose() != made.data.expose() {
            return Err(other_parameters());
        }
        let shown = describe::version(&template, again)?;
        return Ok(Record::new().with("LaunchTemplateVersion", shown));
    }
    if template.versions.len() >= VERSIONS_MAX {
        let message = format!("A launch template has at most {VERSIONS_MAX} versions here.");
        return Err(Fault::new("VersionLimitExceeded", message));
    }
    let shown = describe::version(&template, &made)?;
    template.versions.push(made);
    transaction.put(Entity::LaunchTemplate(template))?;
    Ok(Record::new().with("LaunchTemplateVersion", shown))
}

fn modify(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut template = load(transaction, input)?.clone();
    if let Some(named) = input.text("DefaultVersion") {
        template.default_version = version(&template, named)?.number;
    }
    let shown = describe::template(&template);
    transaction.put(Entity::LaunchTemplate(template))?;
    Ok(Record::new().with("LaunchTemplate", shown))
}

/// What was launched from it stays; groups that use it can launch no more.
fn delete(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let template = load(transaction, input)?.clone();
    let shown = describe::template(&template);
    transaction.delete(Entity::LaunchTemplate(template).key())?;
    Ok(Record::new().with("LaunchTemplate", shown))
}

/// Never seen: the shapes require it.
fn no_data() -> Fault {
    internal_failure()
}

fn other_parameters() -> Fault {
    Fault::new(
        "IdempotentParameterMismatch",
        "The client token you have provided is associated with another launch template.",
    )
}

const KIND: &str = "launch-template";
// Source: EC2 User Guide, "Launch template restrictions".
const NAME_BYTES_MIN: usize = 3;
const NAME_BYTES_MAX: usize = 128;
const TEMPLATES_MAX: usize = 5_000;
// AWS has 10,000. A template is one record, so fewer fit here.
const VERSIONS_MAX: usize = 500;
// User data of 16 KiB in base64, and room for the rest.
const DATA_BYTES_MAX: usize = 32 * 1_024;
pub(super) const REFUSED: &[&str] = &["Operator"];
