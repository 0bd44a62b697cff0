//! Values of the metadata categories that take more than one field of the instance.

use bytes::Bytes;
use jiff::Timestamp;
use protocol::metadata::{self, instant};

use super::about::About;
use super::credentials;
use crate::ec2;
use crate::entity::{InterruptionAction, Maintenance, MaintenanceState};

pub(super) fn private_ip(it: &About<'_>) -> String {
    it.instance().placement.private_ip.to_string()
}

pub(super) fn mac(it: &About<'_>) -> String {
    it.instance().mac.clone()
}

pub(super) fn host_name(it: &About<'_>) -> String {
    ec2::private_dns_name(it.settings(), it.instance())
}

pub(super) fn subnet_block(it: &About<'_>) -> Option<String> {
    let mut subnets = it.settings().network.subnets.iter();
    let subnet = subnets.find(|subnet| subnet.id == it.instance().placement.subnet_id)?;
    Some(format!("{}/20", subnet.base))
}

pub(super) fn monitoring(it: &About<'_>) -> String {
    let monitored = it.instance().attributes.monitored;
    if monitored { "enabled" } else { "disabled" }.to_owned()
}

pub(super) fn target_lifecycle_state(it: &About<'_>) -> Option<String> {
    it.instance()
        .auto_scaling_group()
        .map(|_| "InService".to_owned())
}

// The root volume is `ami` and `root`; the others are numbered as they were asked for.

pub(super) fn devices(it: &About<'_>) -> Vec<String> {
    let others = it.instance().volumes.len().saturating_sub(1);
    let numbered = (1..=others).map(|number| format!("ebs{number}"));
    let mut names = vec!["ami".to_owned()];
    names.extend(numbered);
    names.push("root".to_owned());
    // As text is sorted, of which a listing is made.
    names.sort();
    names
}

pub(super) fn device(it: &About<'_>, name: &str) -> Option<Bytes> {
    let root = || {
        let image = ec2::image(&it.instance().image_id);
        image.map_or("/dev/xvda", |image| image.root_device)
    };
    let bare = |device: &str| device.trim_start_matches("/dev/").to_owned();
    let text = match name {
        "ami" => bare(root()),
        "root" => root().to_owned(),
        other => {
            let number = other.strip_prefix("ebs")?;
            let place: usize = number.parse().ok()?;
            // No other spelling of the number.
            if place == 0 || place.to_string() != number {
                return None;
            }
            bare(&it.instance().volumes.get(place)?.device)
        }
    };
    Some(text.into())
}

pub(super) fn has_profile(it: &About<'_>) -> bool {
    it.instance().association.is_some()
}

pub(super) fn profile_info(it: &About<'_>) -> Option<Bytes> {
    credentials::profile_info(it.state, it.instance(), it.now)
}

pub(super) fn roles(it: &About<'_>) -> Option<Vec<String>> {
    let held = credentials::role(it.state, it.instance())?;
    Some(vec![held.role.name.clone()])
}

pub(super) fn role_credentials(it: &About<'_>, role: &str) -> Option<Bytes> {
    credentials::document(it, role, false)
}

pub(super) fn extended_roles(it: &About<'_>) -> Option<Vec<String>> {
    roles(it).filter(|_| it.manner.extended_credentials)
}

pub(super) fn extended_credentials(it: &About<'_>, role: &str) -> Option<Bytes> {
    let is_there = it.manner.extended_credentials;
    is_there.then(|| credentials::document(it, role, true))?
}

pub(super) fn identity_info(it: &About<'_>) -> Bytes {
    metadata::document(&[
        ("Code", Some("Success")),
        ("LastUpdated", Some(&instant(it.instance().launched))),
        ("AccountId", Some(&it.settings().account_id)),
    ])
}

pub(super) fn identity_credentials(it: &About<'_>) -> Option<Bytes> {
    credentials::of_identity(it)
}

pub(super) fn tag_keys(it: &About<'_>) -> Option<Vec<String>> {
    if !ec2::shows_tags(&it.instance().metadata_options) {
        return None;
    }
    let keys = it.instance().tags.iter().map(|tag| tag.key.clone());
    let mut keys: Vec<String> = keys.filter(|key| !key.contains('/')).collect();
    keys.sort();
    Some(keys)
}

pub(super) fn tag(it: &About<'_>, key: &str) -> Option<Bytes> {
    if !ec2::shows_tags(&it.instance().metadata_options) {
        return None;
    }
    let mut tags = it.instance().tags.iter();
    let tag = tags.find(|tag| tag.key == key)?;
    Some(tag.value.clone().into())
}

pub(super) fn has_user_data(it: &About<'_>) -> bool {
    it.instance().user_data.is_some()
}

pub(super) fn user_data(it: &About<'_>) -> Option<Bytes> {
    let data = it.instance().user_data.as_ref()?;
    Some(Bytes::copy_from_slice(data.expose()))
}

pub(super) fn maintenance_scheduled(it: &About<'_>) -> Bytes {
    events(it.instance().notices.scheduled())
}

pub(super) fn maintenance_history(it: &About<'_>) -> Bytes {
    events(it.instance().notices.history())
}

pub(super) fn rebalance(it: &About<'_>) -> Option<String> {
    let since = it.instance().notices.rebalance?;
    Some(format!("{{\"noticeTime\": \"{}\"}}", instant(since)))
}

pub(super) fn spot_action(it: &About<'_>) -> Option<String> {
    let found = it.instance().notices.interruption?;
    let (action, time) = (found.action.as_str(), instant(found.time));
    Some(format!(
        "{{\"action\": \"{action}\", \"time\": \"{time}\"}}"
    ))
}

/// EC2 has it for terminations alone.
pub(super) fn spot_termination(it: &About<'_>) -> Option<String> {
    let found = it.instance().notices.interruption?;
    (found.action == InterruptionAction::Terminate).then(|| instant(found.time))
}

/// A list of documents, each two columns further in. Source of the form: EC2 User Guide, "View
/// scheduled events for your instances".
fn events<'a>(events: impl Iterator<Item = &'a Maintenance>) -> Bytes {
    let shown: Vec<String> = events.map(event).collect();
    if shown.is_empty() {
        return Bytes::from_static(b"[]");
    }
    format!("[\n{}\n]", shown.join(",\n")).into()
}

fn event(event: &Maintenance) -> String {
    let before = match event.state {
        MaintenanceState::Active => "",
        MaintenanceState::Completed => "[Completed] ",
        MaintenanceState::Canceled => "[Canceled] ",
    };
    let description = format!("{before}{}", event.code.description());
    let (not_before, not_after) = (long_date(event.not_before), event.not_after.map(long_date));
    let mut fields = vec![
        ("NotBefore", Some(not_before.as_str())),
        ("Code", Some(event.code.as_str())),
        ("Description", Some(&description)),
        ("EventId", Some(&event.id)),
    ];
    // An event without an end has no such member.
    fields.extend(not_after.as_deref().map(|end| ("NotAfter", Some(end))));
    fields.push(("State", Some(event.state.as_str())));
    let document = metadata::document(&fields);
    let text = String::from_utf8_lossy(&document);
    let lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}

/// `21 Jan 2019 09:00:43 GMT`
fn long_date(moment: Timestamp) -> String {
    moment.strftime("%-d %b %Y %H:%M:%S GMT").to_string()
}

pub(super) fn signature(it: &About<'_>) -> Option<Bytes> {
    let document = identity_document(it);
    it.held.signed.signature(it.signer()?, &document)
}

pub(super) fn rsa2048(it: &About<'_>) -> Option<Bytes> {
    let document = identity_document(it);
    let at = it.instance().launched;
    it.held.signed.rsa2048(it.signer()?, &document, at)
}

pub(super) fn identity_document(it: &About<'_>) -> Bytes {
    let (instance, settings) = (it.instance(), it.settings());
    let architecture = ec2::image(&instance.image_id).map_or("x86_64", |image| image.architecture);
    let placement = &instance.placement;
    metadata::document(&[
        ("accountId", Some(&settings.account_id)),
        ("architecture", Some(architecture)),
        ("availabilityZone", Some(&placement.availability_zone)),
        ("billingProducts", None),
        ("devpayProductCodes", None),
        ("marketplaceProductCodes", None),
        ("imageId", Some(&instance.image_id)),
        ("instanceId", Some(&instance.id)),
        ("instanceType", Some(&instance.instance_type)),
        ("kernelId", None),
        ("pendingTime", Some(&instant(instance.launched))),
        ("privateIp", Some(&placement.private_ip.to_string())),
        ("ramdiskId", None),
        ("region", Some(&settings.region)),
        ("version", Some("2017-09-30")),
    ])
}
