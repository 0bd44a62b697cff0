//! Rules over what instances are launched from: templates by the version in use, configurations,
//! groups, and the account's defaults. Knows no instance.

use std::collections::BTreeMap;

use super::instance::{in_user_data, said};
use crate::account::case::{Case, Found, Lack};
use crate::account::catalog::{
    CONFIGURATION_HOPS, CONFIGURATION_TOKENS, GROUP_NO_PROFILE, REGION_DEFAULT, TEMPLATE_HOPS,
    TEMPLATE_TOKENS,
};
use crate::account::facts::{
    Fleet, LaunchTemplateVersion, RegionFacts, ScalingGroup, TemplateRef, Tokens, UserData,
};
use crate::account::metadata::{Layer, Options, Region};
use crate::{Finding, Rule, Subject, SubjectKind, Verdict};

/// Judges what instances are launched from.
pub(in crate::account) fn judge(case: &Case<'_>, found: &mut Found) {
    for region in &case.facts.regions {
        defaults(case, region, found);
        templates(case, region, found);
        configurations(case, region, found);
        for group in region.groups.iter().flatten() {
            judge_group(case, region, group, found);
        }
    }
}

fn subject(case: &Case<'_>, region: &RegionFacts, kind: SubjectKind, id: String) -> Subject {
    Subject::new(kind, id)
        .of_account(&case.facts.account)
        .in_region(&region.name)
}

fn defaults(case: &Case<'_>, region: &RegionFacts, found: &mut Found) {
    let has_instances = region.instances.as_ref().is_some_and(|it| !it.is_empty());
    let has_groups = region.groups.as_ref().is_some_and(|it| !it.is_empty());
    let Some(defaults) = region.metadata_defaults else {
        return;
    };
    let required = defaults.tokens == Some(Tokens::Required) || defaults.enforced == Some(true);
    if required || !(has_instances || has_groups) {
        return;
    }
    let id = case.arn("ec2", &region.name, "instance-metadata-defaults");
    let subject = subject(case, region, SubjectKind::Region, id);
    let finding = Finding::new(&REGION_DEFAULT, subject, "no default requires tokens")
        .read("ec2:GetInstanceMetadataDefaults", said(defaults.tokens))
        .decided(
            Layer::AccountDefault.name(),
            Layer::AccountDefault.sentence(),
        );
    found.findings.push(finding);
}

/// The versions that count: the default, and what groups name, with those groups.
fn in_use(region: &RegionFacts) -> BTreeMap<(&str, i64), Vec<&str>> {
    let mut used: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for version in region.templates.iter().flatten() {
        if version.is_default {
            used.entry((version.id.as_str(), version.version))
                .or_default();
        }
    }
    for group in region.groups.iter().flatten() {
        for launch in &group.launches {
            let Fleet::Template(reference) = launch else {
                continue;
            };
            if let Some(version) = resolve(region, reference) {
                let entry = used.entry((version.id.as_str(), version.version));
                entry.or_default().push(&group.name);
            }
        }
    }
    used
}

/// The version that a reference stands for now.
fn resolve<'r>(
    region: &'r RegionFacts,
    reference: &TemplateRef,
) -> Option<&'r LaunchTemplateVersion> {
    let versions = region.templates.iter().flatten();
    let mut of_template =
        versions.filter(|it| it.id == reference.template || it.name == reference.template);
    of_template.find(|it| match reference.version.as_str() {
        "" | "$Default" => it.is_default,
        "$Latest" => it.is_latest,
        number => number.parse() == Ok(it.version),
    })
}

fn templates(case: &Case<'_>, region: &RegionFacts, found: &mut Found) {
    let (used, defaults) = (in_use(region), Region::of(region));
    for version in region.templates.iter().flatten() {
        let Some(groups) = used.get(&(version.id.as_str(), version.version)) else {
            continue;
        };
        let id = case.arn(
            "ec2",
            &region.name,
            &format!("launch-template/{}", version.id),
        );
        let id = format!("{id}:{}", version.version);
        let subject = subject(case, region, SubjectKind::LaunchTemplate, id);
        let what = format!(
            "launch template {}, version {}",
            version.name, version.version
        );
        let use_of = use_of(version, groups);
        let launch = Launch {
            subject: &subject,
            source: "ec2:DescribeLaunchTemplateVersions",
            tokens: version.metadata.tokens,
            use_of: &use_of,
            rules: (&TEMPLATE_TOKENS, &TEMPLATE_HOPS),
        };
        let layer = Layer::Launch(what);
        let image = version.image.as_deref();
        let options = defaults.in_force(version.metadata, &layer, image);
        launch.metadata(&options, found);
        launch.keys(&version.user_data, found);
    }
}

fn use_of(version: &LaunchTemplateVersion, groups: &[&str]) -> String {
    let default = version.is_default.then_some("it is the default version");
    let groups = (!groups.is_empty()).then(|| format!("used by {}", groups.join(", ")));
    let parts: Vec<String> = default
        .map(str::to_owned)
        .into_iter()
        .chain(groups)
        .collect();
    parts.join("; ")
}

fn configurations(case: &Case<'_>, region: &RegionFacts, found: &mut Found) {
    let defaults = Region::of(region);
    for configuration in region.configurations.iter().flatten() {
        let kind = SubjectKind::LaunchConfiguration;
        let subject = subject(case, region, kind, configuration.arn.clone());
        let launch = Launch {
            subject: &subject,
            source: "autoscaling:DescribeLaunchConfigurations",
            tokens: configuration.metadata.tokens,
            use_of: "a launch configuration has one version",
            rules: (&CONFIGURATION_TOKENS, &CONFIGURATION_HOPS),
        };
        let layer = Layer::Launch(format!("launch configuration {}", configuration.name));
        let image = configuration.image.as_deref();
        let options = defaults.in_force(configuration.metadata, &layer, image);
        launch.metadata(&options, found);
        launch.keys(&configuration.user_data, found);
    }
}

/// Something that instances are launched from.
struct Launch<'r> {
    subject: &'r Subject,
    source: &'static str,
    tokens: Option<Tokens>,
    use_of: &'r str,
    rules: (&'static Rule, &'static Rule),
}

impl Launch<'_> {
    fn metadata(&self, options: &Options, found: &mut Found) {
        let (tokens_rule, hops_rule) = self.rules;
        if options.endpoint.as_ref().is_ok_and(|it| !it.value) {
            return;
        }
        let finding = |rule, title: String| Finding::new(rule, self.subject.clone(), title);
        match &options.tokens {
            Err(why) => found.missing(tokens_rule.code, &self.subject.id, &why),
            Ok(tokens) if tokens.value == Tokens::Optional => {
                let title = match self.tokens {
                    None => "it says nothing of tokens, so they are optional",
                    Some(_) => "it makes tokens optional",
                };
                let finding = finding(tokens_rule, title.to_owned())
                    .read(self.source, said(self.tokens))
                    .read(self.source, self.use_of.to_owned())
                    .decided(tokens.layer.name(), tokens.layer.sentence());
                found.findings.push(finding);
            }
            Ok(_) => match &options.hop_limit {
                Err(why) => found.missing(hops_rule.code, &self.subject.id, &why),
                Ok(hops) if hops.value > 1 => {
                    let value = hops.value;
                    let finding = finding(hops_rule, format!("answers go {value} hops"))
                        .read(self.source, format!("HttpPutResponseHopLimit is {value}"))
                        .read(self.source, self.use_of.to_owned())
                        .decided(hops.layer.name(), hops.layer.sentence());
                    found.findings.push(finding);
                }
                Ok(_) => {}
            },
        }
    }

    fn keys(&self, user_data: &UserData, found: &mut Found) {
        if let UserData::Searched(keys) = user_data {
            let keys = keys.iter();
            let keys = keys.map(|key| in_user_data(self.subject, key, self.source));
            found.findings.extend(keys);
        }
    }
}

fn judge_group(case: &Case<'_>, region: &RegionFacts, group: &ScalingGroup, found: &mut Found) {
    for launch in &group.launches {
        let (what, profile) = match launch {
            Fleet::Template(reference) => {
                let Some(version) = resolve(region, reference) else {
                    let TemplateRef { template, version } = reference;
                    let why = format!("version {version} of launch template {template} not read");
                    found.missing(GROUP_NO_PROFILE.code, &group.arn, &why);
                    continue;
                };
                let (name, number) = (&version.name, version.version);
                let asked = &reference.version;
                let what = format!("launch template {name}, version {number} (asks for {asked})");
                (what, version.profile.as_deref())
            }
            Fleet::Configuration(name) => {
                let mut all = region.configurations.iter().flatten();
                let Some(configuration) = all.find(|it| it.name == *name) else {
                    let why = format!("launch configuration {name} not read");
                    found.missing(GROUP_NO_PROFILE.code, &group.arn, &why);
                    continue;
                };
                let what = format!("launch configuration {name}");
                (what, configuration.profile.as_deref())
            }
        };
        let usable = case.gives_role(profile);
        match usable.verdict {
            Verdict::Yes => {}
            Verdict::NotKnown(why) => found.missing(GROUP_NO_PROFILE.code, &group.arn, &why),
            Verdict::No(why) => {
                let kind = SubjectKind::AutoScalingGroup;
                let subject = subject(case, region, kind, group.arn.clone());
                let title = match usable.lack {
                    Some(Lack::Profile) => "it launches instances without a profile".to_owned(),
                    _ => format!("it launches instances without a role: {why}"),
                };
                let finding = Finding::new(&GROUP_NO_PROFILE, subject, title)
                    .read("autoscaling:DescribeAutoScalingGroups", what.clone())
                    .read("role usable", why)
                    .decided("launch", what);
                found.findings.push(finding);
            }
        }
    }
}
