//! The launch template that a call names.

use protocol::{Fault, Record};

use crate::ec2::instances::arn;
use crate::entity::{LaunchTemplate, LaunchTemplateVersion};
use crate::gate::{Need, keys};
use crate::transaction::Transaction;

/// A need on the template that `LaunchTemplateId` or `LaunchTemplateName` names; on all of them
/// where it is unknown.
pub(in crate::ec2) fn on_template(
    action: &'static str,
    transaction: &Transaction,
    named: &Record,
) -> Need {
    let found = load(transaction, named).ok();
    let id = found.map_or("*", |template| template.id.as_str());
    let need = Need::new(action, arn(transaction, &format!("launch-template/{id}")));
    let tags = found.map_or(&[][..], |template| &template.tags);
    need.on_tagged(&keys::EC2_RESOURCE_TAG, tags)
}

/// The template by its id or its name, one of which must be given.
pub(crate) fn load<'a>(
    transaction: &'a Transaction,
    named: &Record,
) -> Result<&'a LaunchTemplate, Fault> {
    let templates = transaction.state().launch_templates();
    let id = named.text("LaunchTemplateId");
    match (id, named.text("LaunchTemplateName")) {
        (Some(id), None) => {
            let found = templates.get(id);
            found.map(AsRef::as_ref).ok_or_else(|| no_id(id))
        }
        (None, Some(name)) => {
            let mut all = templates.values();
            let found = all.find(|template| template.name == name);
            found.map(AsRef::as_ref).ok_or_else(|| no_name(name))
        }
        (Some(_), Some(_)) => Err(Fault::new(
            "InvalidParameterCombination",
            "You can specify either the launch template ID or name, but not both.",
        )),
        (None, None) => Err(Fault::new(
            "MissingParameter",
            "The request must contain either the launch template ID or the launch template name.",
        )),
    }
}

pub(super) fn no_id(id: &str) -> Fault {
    let hex = id.strip_prefix("lt-").unwrap_or_default();
    if hex.is_empty() || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let message = format!("Invalid id: \"{id}\" (expecting \"lt-...\")");
        return Fault::new("InvalidLaunchTemplateId.Malformed", message);
    }
    Fault::new(
        "InvalidLaunchTemplateId.NotFound",
        format!("The specified launch template, with template ID {id}, does not exist."),
    )
}

pub(super) fn no_name(name: &str) -> Fault {
    Fault::new(
        "InvalidLaunchTemplateName.NotFoundException",
        format!("The specified launch template, with template name {name}, does not exist."),
    )
}

/// The version by its name in a call.
pub(in crate::ec2) fn version<'a>(
    template: &'a LaunchTemplate,
    named: &str,
) -> Result<&'a LaunchTemplateVersion, Fault> {
    template.version(named).ok_or_else(|| {
        Fault::new(
            "InvalidLaunchTemplateId.VersionNotFound",
            format!(
                "Could not find the specified version {named} for the launch template with ID {}.",
                template.id
            ),
        )
    })
}
