//! A record as the mapping looks at it: its parameters by name, wherever CloudTrail puts them.
//! Knows no service.

use serde_json::Value;

use super::Caller;
use super::caller::parts;
use crate::actions::{self, ResourceType};
use crate::pattern::Pattern;

/// A record with what every ARN of it has in common.
#[derive(Debug)]
pub(super) struct Event<'v> {
    value: &'v Value,
    pub(super) caller: &'v Caller,
    pub(super) source: &'v str,
    pub(super) name: &'v str,
    pub(super) region: &'v str,
    pub(super) account: Option<&'v str>,
    partition: &'v str,
}

impl<'v> Event<'v> {
    pub(super) fn new(
        value: &'v Value,
        caller: &'v Caller,
        source: &'v str,
        name: &'v str,
    ) -> Event<'v> {
        let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
        let region = text("/awsRegion").unwrap_or_default();
        let of_caller = parts(&caller.name).map(|[partition, ..]| partition);
        Event {
            value,
            caller,
            source,
            name,
            region,
            account: text("/userIdentity/accountId").or(text("/recipientAccountId")),
            partition: of_caller.unwrap_or_else(|| partition(region)),
        }
    }

    /// A text of the record, by its JSON pointer.
    pub(super) fn text(&self, pointer: &str) -> Option<&'v str> {
        self.value.pointer(pointer).and_then(Value::as_str)
    }

    /// Any value of the record, by its JSON pointer.
    pub(super) fn get(&self, pointer: &str) -> Option<&'v Value> {
        self.value.pointer(pointer)
    }

    /// The request's parameters. EC2's newer operations have them in an object of their own, as
    /// `ModifyInstanceMetadataOptionsRequest`.
    pub(super) fn request(&self) -> &'v Value {
        let all = self.value.get("requestParameters").unwrap_or(&Value::Null);
        let wrapped = all.get(format!("{}Request", self.name));
        wrapped.filter(|it| it.is_object()).unwrap_or(all)
    }

    /// What the service answered; `null` for operations that only read.
    pub(super) fn response(&self) -> &'v Value {
        self.value.get("responseElements").unwrap_or(&Value::Null)
    }

    /// The request's parameter of this name, in either case, if it is there and not `null`.
    pub(super) fn parameter(&self, name: &str) -> Option<&'v Value> {
        let object = self.request().as_object()?;
        let found = object
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found
            .map(|(_, value)| value)
            .filter(|value| !value.is_null())
    }

    /// The same as a text. S3 writes some as a list of one.
    pub(super) fn parameter_text(&self, name: &str) -> Option<&'v str> {
        let value = self.parameter(name)?;
        let one = match value.as_array().map(Vec::as_slice) {
            Some([only]) => only,
            _ => value,
        };
        one.as_str().filter(|text| is_told(text))
    }

    /// The ARNs of the record's `resources`.
    pub(super) fn resource_arns(&self) -> impl Iterator<Item = &'v str> + use<'v> {
        let list = self.value.get("resources").and_then(Value::as_array);
        let list = list.map(Vec::as_slice).unwrap_or_default().iter();
        list.filter_map(|resource| {
            let arn = resource.get("ARN").or_else(|| resource.get("arn"));
            arn.and_then(Value::as_str)
        })
    }

    /// The ARN of a resource of this type, where `name` is what the type's own variable parts
    /// stand for. `None` when the record lacks what the ARN needs.
    pub(super) fn arn(&self, resource: &ResourceType, name: &str) -> Option<String> {
        let mut arn = String::new();
        let mut is_named = false;
        for (fixed, free) in actions::fixed_parts(resource.arn) {
            arn.push_str(fixed);
            match free {
                None => {}
                Some("Partition") => arn.push_str(self.partition),
                Some("Region") if self.region.is_empty() => return None,
                Some("Region") => arn.push_str(self.region),
                Some("Account") => arn.push_str(self.account?),
                Some(_) if is_named => return None,
                Some(_) => {
                    arn.push_str(name);
                    is_named = true;
                }
            }
        }
        Some(arn)
    }
}

/// Whether CloudTrail wrote the text itself and not something in its place.
fn is_told(text: &str) -> bool {
    !text.is_empty() && text != "HIDDEN_DUE_TO_SECURITY_REASONS" && text != "***"
}

/// All texts in `value`, however deep, that stand under a key which `wanted` takes; a list's
/// entries stand under the list's key.
pub(super) fn texts<'v>(value: &'v Value, wanted: &impl Fn(&str) -> bool, into: &mut Vec<&'v str>) {
    match value {
        // serde_json reads no deeper than 128.
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(text) if wanted(key) && is_told(text) => into.push(text),
                    Value::Array(list) if wanted(key) => {
                        let own = list.iter().filter_map(Value::as_str);
                        into.extend(own.filter(|text| is_told(text)));
                        texts(value, wanted, into);
                    }
                    _ => texts(value, wanted, into),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| texts(value, wanted, into)),
        _ => {}
    }
}

/// Whether `arn` is one of this type.
pub(super) fn fits(arn: &str, resource: &ResourceType) -> bool {
    let (Some(found), Some(wanted)) = (parts(arn), parts(resource.arn)) else {
        return false;
    };
    let [found @ .., found_rest] = found;
    let [wanted @ .., wanted_rest] = wanted;
    let same = found.iter().zip(wanted).all(|(found, wanted)| {
        if wanted.starts_with("${") {
            !found.is_empty()
        } else {
            *found == wanted
        }
    });
    let mut pattern = String::new();
    for (fixed, free) in actions::fixed_parts(wanted_rest) {
        pattern.push_str(fixed);
        pattern.push_str(if free.is_some() { "?*" } else { "" });
    }
    // A bucket's and an access point's name end where a slash begins.
    let ends = |name: &str| wanted_rest.ends_with(name);
    let is_segment = ends("${BucketName}") || ends("${AccessPointName}");
    let slashes = |text: &str| text.matches('/').count();
    same && Pattern::new(&pattern).matches(found_rest)
        && (!is_segment || slashes(found_rest) == slashes(wanted_rest))
}

/// The partition that has the region.
fn partition(region: &str) -> &'static str {
    let found = PARTITIONS
        .iter()
        .find(|(start, _)| region.starts_with(start));
    found.map_or("aws", |(_, partition)| partition)
}

// General Reference, "AWS partitions".
static PARTITIONS: &[(&str, &str)] = &[
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
];
