//! How launch templates and their versions are shown.

use protocol::{Fault, Record, Value};

use super::data;
use super::named::{load, no_id, no_name};
use crate::ec2::listing::{Listing, one};
use crate::ec2::tags;
use crate::entity::{LaunchTemplate, LaunchTemplateVersion};
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::transaction::Transaction;

pub(in crate::ec2) static ROWS: &[Row] = &[
    Row {
        operation: "DescribeLaunchTemplates",
        needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeLaunchTemplates", "*")]),
        run: templates,
    },
    Row {
        operation: "DescribeLaunchTemplateVersions",
        needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeLaunchTemplateVersions", "*")]),
        run: versions,
    },
];

pub(super) fn template(template: &LaunchTemplate) -> Record {
    let latest = template.latest();
    Record::new()
        .with("LaunchTemplateId", template.id.as_str())
        .with("LaunchTemplateName", template.name.as_str())
        .with("CreateTime", template.created)
        .with_some(
            "CreatedBy",
            template
                .versions
                .first()
                .map(|version| version.created_by.as_str()),
        )
        .with("DefaultVersionNumber", i64::from(template.default_version))
        .with_some(
            "LatestVersionNumber",
            latest.map(|version| i64::from(version.number)),
        )
        .with_some("Tags", tags::shown(&template.tags))
}

pub(super) fn version(
    template: &LaunchTemplate,
    version: &LaunchTemplateVersion,
) -> Result<Record, Fault> {
    Ok(Record::new()
        .with("LaunchTemplateId", template.id.as_str())
        .with("LaunchTemplateName", template.name.as_str())
        .with("VersionNumber", i64::from(version.number))
        .with_some("VersionDescription", version.description.as_deref())
        .with("CreateTime", version.created)
        .with("CreatedBy", version.created_by.as_str())
        .with("DefaultVersion", version.number == template.default_version)
        .with("LaunchTemplateData", data::of(version)?))
}

fn templates(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let known = ["create-time", "launch-template-name", "tag-key"];
    let listing = Listing::read(input, "LaunchTemplateIds", &known)?;
    let all = transaction.state().launch_templates();
    listing.check_there(|id| all.contains_key(id), no_id)?;
    let names: Vec<&str> = input.texts("LaunchTemplateNames").collect();
    let is_there = |name: &str| all.values().any(|template| template.name == name);
    if let Some(name) = names.iter().find(|name| !is_there(name)) {
        return Err(no_name(name));
    }
    let all = all
        .values()
        .filter(|template| names.is_empty() || names.contains(&template.name.as_str()));
    let (page, next) = listing.page(
        all,
        |template| template.id.clone(),
        |template, name| match name {
            "create-time" => one(template.created.to_string()),
            "launch-template-name" => one(&template.name),
            name => tags::attributes(&template.tags, name),
        },
    );
    let shown: Value = page.iter().map(|it| template(it)).collect();
    Ok(Record::new()
        .with("LaunchTemplates", shown)
        .with_some("NextToken", next))
}

/// One template and one of its versions.
type Pair<'a> = (&'a LaunchTemplate, &'a LaunchTemplateVersion);

fn versions(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let known = [
        "create-time",
        "ebs-optimized",
        "iam-instance-profile",
        "image-id",
        "instance-type",
        "is-default-version",
    ];
    let listing = Listing::read(input, "", &known)?;
    let asked: Vec<&str> = input.texts("Versions").collect();
    let bounds = Bounds::read(input, &asked)?;
    let is_named =
        input.text("LaunchTemplateId").is_some() || input.text("LaunchTemplateName").is_some();
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    if is_named {
        let template = load(transaction, input)?;
        let versions = template.versions.iter();
        pairs.extend(
            versions
                .filter(|it| asked.is_empty() || is_asked(template, it, &asked))
                .filter(|it| bounds.admit(it.number))
                .map(|it| (template, it)),
        );
    } else {
        pairs.extend(of_all(transaction, &asked)?);
    }
    let (page, next) = listing.page(
        pairs.into_iter(),
        // Numbers are padded so that they grow as text.
        |(template, version)| format!("{}/{:010}", template.id, version.number),
        |(template, version), name| attributes(template, version, name),
    );
    let shown: Result<Vec<Record>, Fault> = page
        .iter()
        .map(|(template, it)| version(template, it))
        .collect();
    Ok(Record::new()
        .with("LaunchTemplateVersions", shown?)
        .with_some("NextToken", next))
}

/// Without a template, `$Latest` and `$Default` are asked of all.
fn of_all<'a>(transaction: &'a Transaction, asked: &[&str]) -> Result<Vec<Pair<'a>>, Fault> {
    if asked.is_empty() || asked.iter().any(|name| !name.starts_with('$')) {
        return Err(Fault::new(
            "MissingParameter",
            "The request must contain the launch template ID or name, unless the versions are \
             $Latest or $Default.",
        ));
    }
    let all = transaction.state().launch_templates().values();
    let pairs = all.flat_map(|template| {
        let versions = template.versions.iter();
        versions
            .filter(|it| is_asked(template, it, asked))
            .map(|it| (template.as_ref(), it))
            .collect::<Vec<_>>()
    });
    Ok(pairs.collect())
}

fn is_asked(template: &LaunchTemplate, it: &LaunchTemplateVersion, asked: &[&str]) -> bool {
    asked.iter().any(|name| {
        let named = template.version(name);
        named.is_some_and(|named| named.number == it.number)
    })
}

fn attributes(
    template: &LaunchTemplate,
    version: &LaunchTemplateVersion,
    name: &str,
) -> Option<Vec<String>> {
    match name {
        "create-time" => return one(version.created.to_string()),
        "is-default-version" => {
            return one((version.number == template.default_version).to_string());
        }
        _ => {}
    }
    let data = data::of(version).ok()?;
    let held = match name {
        "ebs-optimized" => data.boolean("EbsOptimized").map(|it| it.to_string()),
        "image-id" => data.text("ImageId").map(str::to_owned),
        "instance-type" => data.text("InstanceType").map(str::to_owned),
        "iam-instance-profile" => {
            let profile = data.record("IamInstanceProfile")?;
            let arn = profile.text("Arn").or(profile.text("Name"));
            arn.map(str::to_owned)
        }
        _ => None,
    };
    Some(held.into_iter().collect())
}

/// Numbers between which versions are asked for.
struct Bounds {
    min: u32,
    max: u32,
}

impl Bounds {
    fn read(input: &Record, asked: &[&str]) -> Result<Self, Fault> {
        let of = |member: &'static str| -> Result<Option<u32>, Fault> {
            let Some(text) = input.text(member).filter(|text| !text.is_empty()) else {
                return Ok(None);
            };
            let number = text.parse().ok();
            number.map(Some).ok_or_else(|| {
                Fault::new(
                    "InvalidParameterValue",
                    format!("Value ({text}) for parameter {member} is invalid."),
                )
            })
        };
        let (min, max) = (of("MinVersion")?, of("MaxVersion")?);
        if !asked.is_empty() && (min.is_some() || max.is_some()) {
            return Err(Fault::new(
                "InvalidParameterCombination",
                "Versions cannot be used with MinVersion or MaxVersion.",
            ));
        }
        Ok(Self {
            min: min.unwrap_or(0),
            max: max.unwrap_or(u32::MAX),
        })
    }

    fn admit(&self, number: u32) -> bool {
        (self.min..=self.max).contains(&number)
    }
}
