//! What the account prefers for the metadata options of new instances, and whether it insists.
//!
//! Source: EC2 API Reference, "ModifyInstanceMetadataDefaults"; EC2 User Guide, "Order of
//! precedence for instance metadata configuration" and "Enforce IMDSv2".

use protocol::{Fault, Record};

use crate::entity::{Entity, MetadataDefaults, MetadataOptions, Toggle, Tokens};
use crate::gate::{Caller, Need, keys};
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "GetInstanceMetadataDefaults",
        needs: |_, _, _| Ok(vec![Need::new("ec2:GetInstanceMetadataDefaults", "*")]),
        run: get,
    },
    Row {
        operation: "ModifyInstanceMetadataDefaults",
        needs: |_, _, input| {
            let need = Need::new("ec2:ModifyInstanceMetadataDefaults", "*");
            let texts = TEXTS.iter();
            let texts = texts.filter_map(|name| Some((*name, input.text(name)?.to_owned())));
            let limit = input.integer(HOP_LIMIT);
            let limit = limit.map(|limit| (HOP_LIMIT, limit.to_string()));
            Ok(vec![
                texts.chain(limit).fold(need, |need, (name, value)| {
                    need.with_part(&keys::EC2_ATTRIBUTE_NAMED, name, value)
                }),
            ])
        },
        run: modify,
    },
];

#[expect(clippy::unnecessary_wraps, reason = "every handler has this signature")]
fn get(transaction: &mut Transaction, _: &Caller, _: &Record) -> Result<Record, Fault> {
    let held = transaction.state().metadata_defaults();
    // Where nothing is preferred there is nothing to say, also not who manages it.
    let managed = (*held != MetadataDefaults::default()).then_some("account");
    let level = Record::new()
        .with_some("HttpTokens", held.http_tokens.map(Tokens::as_str))
        .with_some(HOP_LIMIT, held.hop_limit.map(i64::from))
        .with_some("HttpEndpoint", held.http_endpoint.map(Toggle::as_str))
        .with_some(
            "InstanceMetadataTags",
            held.instance_tags.map(Toggle::as_str),
        )
        .with_some(
            "HttpTokensEnforced",
            held.tokens_enforced.map(Toggle::as_str),
        )
        .with_some("ManagedBy", managed);
    Ok(Record::new().with("AccountLevel", level))
}

fn modify(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut defaults = transaction.state().metadata_defaults().clone();
    match input.text("HttpTokens") {
        None => {}
        Some(NO_PREFERENCE) => defaults.http_tokens = None,
        Some("optional") => defaults.http_tokens = Some(Tokens::Optional),
        Some("required") => defaults.http_tokens = Some(Tokens::Required),
        Some(other) => return Err(invalid(other, "HttpTokens")),
    }
    toggle(input, "HttpEndpoint", &mut defaults.http_endpoint)?;
    toggle(input, "InstanceMetadataTags", &mut defaults.instance_tags)?;
    toggle(input, "HttpTokensEnforced", &mut defaults.tokens_enforced)?;
    if let Some(limit) = input.integer(HOP_LIMIT) {
        defaults.hop_limit = hop_limit(limit)?;
    }
    transaction.put(Entity::MetadataDefaults(defaults))?;
    Ok(Record::new().with("Return", true))
}

fn toggle(input: &Record, member: &'static str, held: &mut Option<Toggle>) -> Result<(), Fault> {
    *held = match input.text(member) {
        None => return Ok(()),
        Some(NO_PREFERENCE) => None,
        Some("enabled") => Some(Toggle::Enabled),
        Some("disabled") => Some(Toggle::Disabled),
        Some(other) => return Err(invalid(other, member)),
    };
    Ok(())
}

/// -1 is no preference.
fn hop_limit(asked: i64) -> Result<Option<u8>, Fault> {
    if asked == NO_HOP_LIMIT {
        return Ok(None);
    }
    let limit = u8::try_from(asked).ok();
    let limit = limit.filter(|limit| (HOPS_MIN..=HOPS_MAX).contains(limit));
    limit.map(Some).ok_or_else(|| {
        Fault::new(
            "InvalidParameterValue",
            format!(
                "The {HOP_LIMIT} must be between {HOPS_MIN} and {HOPS_MAX}, inclusive, or \
                 {NO_HOP_LIMIT}."
            ),
        )
    })
}

/// Lays the account's preferences over what the image brings.
pub(super) fn prefer(defaults: &MetadataDefaults, options: &mut MetadataOptions) {
    options.http_tokens = defaults.http_tokens.unwrap_or(options.http_tokens);
    options.http_endpoint = defaults.http_endpoint.unwrap_or(options.http_endpoint);
    options.hop_limit = defaults.hop_limit.unwrap_or(options.hop_limit);
    options.instance_tags = defaults.instance_tags.unwrap_or(options.instance_tags);
}

/// Refuses `IMDSv1` where the account does. An instance that answers it already keeps its options
/// as long as nothing asks for `IMDSv1` anew.
pub(super) fn enforce(
    defaults: &MetadataDefaults,
    options: &MetadataOptions,
    what: &str,
) -> Result<(), Fault> {
    if defaults.tokens_enforced != Some(Toggle::Enabled) || options.http_tokens == Tokens::Required
    {
        return Ok(());
    }
    Err(Fault::new(
        "UnsupportedOperation",
        format!(
            "You can't {what} because httpTokensEnforced is enabled for this account. Use \
             httpTokens=required, or have httpTokensEnforced disabled with the \
             ModifyInstanceMetadataDefaults API."
        ),
    ))
}

pub(super) fn invalid(value: &str, member: &str) -> Fault {
    Fault::new(
        "InvalidParameterValue",
        format!("Value ({value}) for parameter {member} is invalid."),
    )
}

// Source: EC2 API Reference, InstanceMetadataOptionsRequest.
pub(super) const HOPS_MIN: u8 = 1;
pub(super) const HOPS_MAX: u8 = 64;
const HOP_LIMIT: &str = "HttpPutResponseHopLimit";
const TEXTS: [&str; 4] = [
    "HttpEndpoint",
    "HttpTokens",
    "HttpTokensEnforced",
    "InstanceMetadataTags",
];
const NO_PREFERENCE: &str = "no-preference";
const NO_HOP_LIMIT: i64 = -1;
