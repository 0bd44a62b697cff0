//! Metadata options: asked for at launch, changed later, in force at once.

use protocol::{Fault, Record};

use super::instances::{load_live, on_instance};
use super::metadata_defaults::{self, HOPS_MAX, HOPS_MIN, invalid};
use super::shown;
use crate::entity::{Entity, MetadataOptions, Toggle, Tokens};
use crate::gate::{Caller, Need, keys};
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[Row {
    operation: "ModifyInstanceMetadataOptions",
    needs,
    run: modify,
}];

fn needs(transaction: &Transaction, _: &Caller, input: &Record) -> Result<Vec<Need>, Fault> {
    let id = required(input, "InstanceId")?;
    let need = on_instance("ec2:ModifyInstanceMetadataOptions", transaction, id);
    Ok(vec![with_keys(need, input)])
}

/// The condition keys that metadata options supply: EC2 User Guide, "Example policies for working
/// with instance metadata".
pub(super) fn with_keys(mut need: Need, options: &Record) -> Need {
    for (member, key) in [
        ("HttpTokens", &keys::EC2_HTTP_TOKENS),
        ("HttpEndpoint", &keys::EC2_HTTP_ENDPOINT),
    ] {
        if let Some(value) = options.text(member) {
            need = need.with(key, value);
        }
    }
    match options.integer("HttpPutResponseHopLimit") {
        Some(limit) => need.with(&keys::EC2_HOP_LIMIT, limit),
        None => need,
    }
}

/// Overlays what was asked for; members that are absent leave what was there.
pub(super) fn overlay(options: &mut MetadataOptions, asked: &Record) -> Result<(), Fault> {
    if let Some(tokens) = asked.text("HttpTokens") {
        options.http_tokens = match tokens {
            "optional" => Tokens::Optional,
            "required" => Tokens::Required,
            other => return Err(invalid(other, "HttpTokens")),
        };
    }
    toggle(asked, "HttpEndpoint", &mut options.http_endpoint)?;
    toggle(asked, "HttpProtocolIpv6", &mut options.http_protocol_ipv6)?;
    toggle(asked, "InstanceMetadataTags", &mut options.instance_tags)?;
    if let Some(limit) = asked.integer("HttpPutResponseHopLimit") {
        let limit = u8::try_from(limit)
            .ok()
            .filter(|limit| (HOPS_MIN..=HOPS_MAX).contains(limit));
        options.hop_limit = limit.ok_or_else(|| {
            Fault::new(
                "InvalidParameterValue",
                format!(
                    "The HttpPutResponseHopLimit must be between {HOPS_MIN} and {HOPS_MAX}, \
                     inclusive."
                ),
            )
        })?;
    }
    Ok(())
}

fn toggle(asked: &Record, member: &'static str, held: &mut Toggle) -> Result<(), Fault> {
    *held = match asked.text(member) {
        None => return Ok(()),
        Some("enabled") => Toggle::Enabled,
        Some("disabled") => Toggle::Disabled,
        Some(other) => return Err(invalid(other, member)),
    };
    Ok(())
}

fn modify(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut instance = load_live(transaction, required(input, "InstanceId")?)?;
    overlay(&mut instance.metadata_options, input)?;
    if input.get("HttpTokens").is_some() {
        let defaults = transaction.state().metadata_defaults();
        let what = "enable IMDSv1 on an instance";
        metadata_defaults::enforce(defaults, &instance.metadata_options, what)?;
    }
    // In force with this answer; EC2 still says `pending` in it, and clients wait for `applied`.
    let options = shown::metadata_options(&instance.metadata_options, "pending");
    let answer = Record::new()
        .with("InstanceId", instance.id.as_str())
        .with("InstanceMetadataOptions", options);
    transaction.put(Entity::Instance(instance))?;
    Ok(answer)
}
