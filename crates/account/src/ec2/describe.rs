//! DescribeInstances.

use std::collections::BTreeMap;

use protocol::{Fault, Record};

use super::filters::Filters;
use super::image;
use super::instances::{is_visible, load};
use super::shown::{self, Status};
use crate::entity::Instance;
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[Row {
    operation: "DescribeInstances",
    // The Describe calls of EC2 know no resource: Service Authorization Reference, "Amazon EC2".
    needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeInstances", "*")]),
    run: describe,
}];

fn describe(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let filters = Filters::read(input)?;
    let ids: Vec<&str> = input.texts("InstanceIds").collect();
    let max = page_size(input, &ids)?;
    check_there(transaction, &ids)?;
    let after = input.text("NextToken");
    let now = transaction.now;
    let mut rest = transaction
        .state()
        .instances()
        .values()
        .map(|held| &held.instance)
        .filter(|instance| is_visible(instance, now))
        .filter(|instance| ids.is_empty() || ids.contains(&instance.id.as_str()))
        .filter(|instance| after.is_none_or(|after| instance.id.as_str() > after))
        .filter_map(|instance| {
            match filters.admit(|name| attributes(transaction, instance, name)) {
                Ok(admitted) => admitted.then_some(Ok(instance)),
                Err(fault) => Some(Err(fault)),
            }
        });
    let page: Vec<&Instance> = rest.by_ref().take(max).collect::<Result<_, Fault>>()?;
    let last = page.last().map(|instance| instance.id.clone());
    let next = last.filter(|_| rest.next().is_some());
    // A filter that nobody knows is an error even where there is no instance to try it on.
    filters.check(|name| ATTRIBUTES.contains(&name) || name.starts_with("tag:"))?;
    let mut reservations: BTreeMap<&str, Vec<&Instance>> = BTreeMap::new();
    for instance in page {
        reservations
            .entry(&instance.reservation_id)
            .or_default()
            .push(instance);
    }
    let shown = reservations
        .values()
        .map(|of| shown::reservation(transaction, of, None));
    Ok(Record::new()
        .with("Reservations", shown.collect::<Vec<Record>>())
        .with_some("NextToken", next))
}

/// Refuses ids of which EC2 does not speak, all of them in one message.
fn check_there(transaction: &Transaction, ids: &[&str]) -> Result<(), Fault> {
    let mut missing = Vec::new();
    for id in ids {
        match load(transaction, id) {
            Err(fault) if fault.code == NOT_FOUND => missing.push(*id),
            loaded => drop(loaded?),
        }
    }
    let message = match missing.as_slice() {
        [] => return Ok(()),
        [id] => format!("The instance ID '{id}' does not exist"),
        several => format!("The instance IDs '{}' do not exist", several.join(", ")),
    };
    Err(Fault::new(NOT_FOUND, message))
}

fn page_size(input: &Record, ids: &[&str]) -> Result<usize, Fault> {
    let Some(asked) = input.integer("MaxResults") else {
        return Ok(PAGE_ITEMS_MAX);
    };
    if !ids.is_empty() {
        return Err(Fault::new(
            "InvalidParameterCombination",
            "The parameter instancesSet cannot be used with the parameter maxResults",
        ));
    }
    let size = usize::try_from(asked).ok();
    size.filter(|size| (PAGE_ITEMS_MIN..=PAGE_ITEMS_MAX).contains(size))
        .ok_or_else(|| {
            Fault::new(
                "InvalidParameterValue",
                format!(
                    "Value ( {asked} ) for parameter maxResults is invalid. Expecting a value \
                 greater than {PAGE_ITEMS_MIN} and less than {PAGE_ITEMS_MAX}."
                ),
            )
        })
}

/// What an instance has under a filter's name; `None` for a name that is no filter here.
fn attributes(transaction: &Transaction, instance: &Instance, name: &str) -> Option<Vec<String>> {
    let settings = transaction.state().settings();
    if let Some(key) = name.strip_prefix("tag:") {
        let tags = instance.tags.iter().filter(|tag| tag.key == key);
        return Some(tags.map(|tag| tag.value.clone()).collect());
    }
    let options = &instance.metadata_options;
    let one = |text: &str| Some(vec![text.to_owned()]);
    match name {
        "architecture" => one(image(&instance.image_id)?.architecture),
        "availability-zone" => one(&instance.placement.availability_zone),
        "client-token" => Some(
            instance
                .client_token
                .iter()
                .map(|token| token.0.clone())
                .collect(),
        ),
        "iam-instance-profile.arn" => Some(
            instance
                .association
                .iter()
                .map(|held| held.profile_arn.clone())
                .collect(),
        ),
        "iam-instance-profile.id" => Some(
            instance
                .association
                .iter()
                .map(|held| held.profile_id.clone())
                .collect(),
        ),
        "image-id" => one(&instance.image_id),
        "instance-id" => one(&instance.id),
        "instance-state-code" => one(&Status::of(transaction, instance).code().to_string()),
        "instance-state-name" => one(Status::of(transaction, instance).name()),
        "instance-type" => one(&instance.instance_type),
        "metadata-options.http-endpoint" => one(options.http_endpoint.as_str()),
        "metadata-options.http-put-response-hop-limit" => one(&options.hop_limit.to_string()),
        "metadata-options.http-tokens" => one(options.http_tokens.as_str()),
        "metadata-options.instance-metadata-tags" => one(options.instance_tags.as_str()),
        "owner-id" => one(&settings.account_id),
        "private-dns-name" => one(&shown::private_dns_name(settings, instance)),
        "private-ip-address" => one(&instance.placement.private_ip.to_string()),
        "reservation-id" => one(&instance.reservation_id),
        "subnet-id" => one(&instance.placement.subnet_id),
        "tag-key" => Some(instance.tags.iter().map(|tag| tag.key.clone()).collect()),
        "vpc-id" => one(&settings.network.vpc_id),
        _ => None,
    }
}

const NOT_FOUND: &str = "InvalidInstanceID.NotFound";
const ATTRIBUTES: &[&str] = &[
    "architecture",
    "availability-zone",
    "client-token",
    "iam-instance-profile.arn",
    "iam-instance-profile.id",
    "image-id",
    "instance-id",
    "instance-state-code",
    "instance-state-name",
    "instance-type",
    "metadata-options.http-endpoint",
    "metadata-options.http-put-response-hop-limit",
    "metadata-options.http-tokens",
    "metadata-options.instance-metadata-tags",
    "owner-id",
    "private-dns-name",
    "private-ip-address",
    "reservation-id",
    "subnet-id",
    "tag-key",
    "vpc-id",
];
// Source: EC2 API Reference, DescribeInstances.
const PAGE_ITEMS_MIN: usize = 5;
const PAGE_ITEMS_MAX: usize = 1_000;
