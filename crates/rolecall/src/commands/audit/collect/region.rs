//! What one region tells: instances and what they are launched from. Knows no rule.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use audit::account::{
    Fleet, Instance, LaunchTemplateVersion, MetadataOptions, RegionFacts, TemplateRef, UserData,
};
use protocol::{Record, Value};
use tokio::time::interval;

use super::calls::{Calls, listed};
use super::{read, secrets};

/// Reads a region.
pub(super) async fn gather(calls: &Arc<Calls>, name: &str, user_data: bool) -> RegionFacts {
    let page = Record::new().with("MaxResults", INSTANCES_PER_PAGE);
    let instances = list(calls, "ec2", name, "DescribeInstances", page);
    let groups = list(
        calls,
        "autoscaling",
        name,
        "DescribeAutoScalingGroups",
        Record::new(),
    );
    let configurations = list(
        calls,
        "autoscaling",
        name,
        "DescribeLaunchConfigurations",
        Record::new(),
    );
    let (instances, templates, groups, configurations, (secrets, keys)) = tokio::join!(
        instances,
        templates(calls, name),
        groups,
        configurations,
        secrets::gather(calls, name),
    );
    let reservations = instances.map(|pages| {
        let reservations = pages.iter().flat_map(|page| page.records("Reservations"));
        let records = reservations.flat_map(|it| it.records("Instances"));
        records.filter_map(read::instance).collect()
    });
    let mut facts = RegionFacts {
        name: name.to_owned(),
        metadata_defaults: None,
        instances: reservations,
        templates,
        configurations: configurations
            .map(|pages| each(&pages, "LaunchConfigurations", read::configuration)),
        groups: groups.map(|pages| each(&pages, "AutoScalingGroups", read::group)),
        images: None,
        secrets,
        keys,
    };
    used_versions(calls, &mut facts).await;
    facts.metadata_defaults = if is_empty(&facts) {
        Some(MetadataOptions::default())
    } else {
        defaults(calls, name).await
    };
    facts.images = images(calls, &facts).await;
    if user_data && let Some(instances) = &mut facts.instances {
        search(calls, name, instances).await;
    }
    facts
}

async fn list(
    calls: &Calls,
    service: &'static str,
    region: &str,
    operation: &'static str,
    input: Record,
) -> Option<Vec<Record>> {
    calls
        .pages(service, region, &listed(operation), &input)
        .await
}

fn each<T>(pages: &[Record], member: &str, of: impl Fn(&Record) -> Option<T>) -> Vec<T> {
    let records = pages.iter().flat_map(|page| page.records(member));
    records.filter_map(of).collect()
}

/// Whether there is nothing for which the account's defaults would count.
fn is_empty(facts: &RegionFacts) -> bool {
    let RegionFacts {
        instances,
        templates,
        configurations,
        ..
    } = facts;
    matches!(instances, Some(list) if list.is_empty())
        && matches!(templates, Some(list) if list.is_empty())
        && matches!(configurations, Some(list) if list.is_empty())
}

async fn defaults(calls: &Calls, region: &str) -> Option<MetadataOptions> {
    let operation = "GetInstanceMetadataDefaults";
    let answer = calls.get("ec2", region, operation, &Record::new()).await?;
    let level = answer.record("AccountLevel");
    let enforced = level.and_then(|it| it.text("HttpTokensEnforced"));
    Some(MetadataOptions {
        enforced: enforced.map(|it| it == "enabled"),
        ..read::metadata(level)
    })
}

/// The default and the newest version of every template, in one list.
async fn templates(calls: &Calls, region: &str) -> Option<Vec<LaunchTemplateVersion>> {
    let input = Record::new().with("Versions", texts(&["$Default", "$Latest"]));
    let pages = list(calls, "ec2", region, VERSIONS, input).await?;
    let mut versions = each(&pages, "LaunchTemplateVersions", read::template);
    versions.sort_by(|one, two| (&one.id, one.version).cmp(&(&two.id, two.version)));
    versions.dedup_by(|one, two| (&one.id, one.version) == (&two.id, two.version));
    let newest: Vec<bool> = (0..versions.len())
        .map(|at| {
            let (this, next) = (versions.get(at), versions.get(at + 1));
            this.map(|it| &it.id) != next.map(|it| &it.id)
        })
        .collect();
    for (version, newest) in versions.iter_mut().zip(newest) {
        version.is_latest = newest;
    }
    Some(versions)
}

/// Numbered versions that groups launch from, template by template.
async fn used_versions(calls: &Calls, facts: &mut RegionFacts) {
    let Some(templates) = &mut facts.templates else {
        return;
    };
    let groups = facts.groups.iter().flatten();
    let launches = groups.flat_map(|group| &group.launches);
    let used: BTreeSet<&TemplateRef> = launches
        .filter_map(|launch| match launch {
            Fleet::Template(reference) => Some(reference),
            Fleet::Configuration(_) => None,
        })
        .collect();
    for TemplateRef { template, version } in used {
        let is_there = |it: &LaunchTemplateVersion| {
            (it.id == *template || it.name == *template) && version.parse() == Ok(it.version)
        };
        if version.starts_with('$') || templates.iter().any(is_there) {
            continue;
        }
        let by = if template.starts_with("lt-") {
            "LaunchTemplateId"
        } else {
            "LaunchTemplateName"
        };
        let input = Record::new()
            .with(by, template.as_str())
            .with("Versions", texts(&[version]));
        if let Some(answer) = calls.get("ec2", &facts.name, VERSIONS, &input).await {
            templates.extend(each(&[answer], "LaunchTemplateVersions", read::template));
        }
    }
}

/// The images whose `imds-support` may decide: of what leaves an option unset.
async fn images(calls: &Calls, facts: &RegionFacts) -> Option<Vec<audit::account::Image>> {
    let unset = |it: &MetadataOptions| it.tokens.is_none() || it.hop_limit.is_none();
    let instances = facts.instances.iter().flatten();
    let instances = instances.filter(|it| unset(&it.metadata));
    let templates = facts.templates.iter().flatten();
    let templates = templates.filter(|it| unset(&it.metadata));
    let configurations = facts.configurations.iter().flatten();
    let configurations = configurations.filter(|it| unset(&it.metadata));
    let ids: BTreeSet<&str> = instances
        .filter_map(|it| it.image.as_deref())
        .chain(templates.filter_map(|it| it.image.as_deref()))
        .chain(configurations.filter_map(|it| it.image.as_deref()))
        .filter(|id| id.starts_with("ami-"))
        .collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    let mut images = Vec::new();
    for some in ids.chunks(IMAGES_PER_CALL) {
        // By filter: an image that is gone is then none, and no error.
        let filter = Record::new()
            .with("Name", "image-id")
            .with("Values", texts(some));
        let input = Record::new().with("Filters", Value::List(vec![filter.into()]));
        let answer = calls.get("ec2", &facts.name, "DescribeImages", &input);
        images.extend(each(&[answer.await?], "Images", read::image));
    }
    Some(images)
}

/// Reads and searches user data, so many instances a second.
async fn search(calls: &Calls, region: &str, instances: &mut [Instance]) {
    let mut turn = interval(Duration::from_secs(1) / USER_DATA_PER_SECOND_MAX);
    for instance in instances {
        turn.tick().await;
        let input = Record::new()
            .with("InstanceId", instance.id.as_str())
            .with("Attribute", "userData");
        let answer = calls.get("ec2", region, "DescribeInstanceAttribute", &input);
        if let Some(answer) = answer.await {
            let value = answer.record("UserData").and_then(|it| it.get("Value"));
            instance.user_data = read::user_data(value);
        } else {
            instance.user_data = UserData::NotRead;
        }
    }
}

fn texts(values: &[&str]) -> Value {
    Value::List(values.iter().map(|value| Value::from(*value)).collect())
}

const VERSIONS: &str = "DescribeLaunchTemplateVersions";
// The most that EC2 gives.
const INSTANCES_PER_PAGE: i64 = 1_000;
// The most values that a filter takes.
const IMAGES_PER_CALL: usize = 200;
// EC2 refills some 20 a second for calls of this sort.
const USER_DATA_PER_SECOND_MAX: u32 = 20;
