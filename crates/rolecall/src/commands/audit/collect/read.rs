//! Answers of EC2 and Auto Scaling as the facts that rules look at. Makes no call.

use audit::account::{
    Fleet, Image, Instance, LaunchConfiguration, LaunchTemplateVersion, MetadataOptions,
    ScalingGroup, TemplateRef, Tokens, UserData,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::{Record, Value};

/// `HttpTokens` and its like; what is not there is unset.
pub(super) fn metadata(options: Option<&Record>) -> MetadataOptions {
    let Some(options) = options else {
        return MetadataOptions::default();
    };
    // `no-preference` is how a default is said to be unset, and -1 is of the hop limit.
    let tokens = match options.text("HttpTokens") {
        Some("required") => Some(Tokens::Required),
        Some("optional") => Some(Tokens::Optional),
        _ => None,
    };
    let endpoint = match options.text("HttpEndpoint") {
        Some("enabled") => Some(true),
        Some("disabled") => Some(false),
        _ => None,
    };
    let hops = options.integer("HttpPutResponseHopLimit");
    MetadataOptions {
        tokens,
        hop_limit: hops.and_then(|hops| u32::try_from(hops).ok().filter(|hops| *hops > 0)),
        endpoint,
        enforced: None,
    }
}

/// An instance, unless it is gone.
pub(super) fn instance(record: &Record) -> Option<Instance> {
    let state = record.record("State").and_then(|it| it.text("Name"));
    let state = state.unwrap_or("running");
    if matches!(state, "terminated" | "shutting-down") {
        return None;
    }
    let tag = |key: &str| {
        let mut tags = record.records("Tags");
        let found = tags.find(|tag| tag.text("Key") == Some(key));
        found.and_then(|tag| tag.text("Value")).map(str::to_owned)
    };
    let template = tag("aws:ec2launchtemplate:id").zip(tag("aws:ec2launchtemplate:version"));
    let profile = record.record("IamInstanceProfile");
    Some(Instance {
        id: record.text("InstanceId")?.to_owned(),
        name: tag("Name"),
        state: state.to_owned(),
        image: record.text("ImageId").map(str::to_owned),
        profile: profile
            .and_then(|it| it.text("Arn"))
            .filter(|arn| !arn.is_empty())
            .map(str::to_owned),
        metadata: metadata(record.record("MetadataOptions")),
        template: template.map(|(template, version)| TemplateRef { template, version }),
        group: tag("aws:autoscaling:groupName"),
        user_data: UserData::NotRead,
    })
}

/// A version; which is the newest is told later.
pub(super) fn template(record: &Record) -> Option<LaunchTemplateVersion> {
    let data = record.record("LaunchTemplateData");
    let text = |name: &str| data.and_then(|it| it.text(name)).map(str::to_owned);
    let profile = data.and_then(|it| it.record("IamInstanceProfile"));
    let profile = profile.and_then(|it| it.text("Arn").or_else(|| it.text("Name")));
    Some(LaunchTemplateVersion {
        id: record.text("LaunchTemplateId")?.to_owned(),
        name: record.text("LaunchTemplateName")?.to_owned(),
        version: record.integer("VersionNumber")?,
        is_default: record.boolean("DefaultVersion").unwrap_or_default(),
        is_latest: false,
        image: text("ImageId"),
        profile: profile.filter(|it| !it.is_empty()).map(str::to_owned),
        metadata: metadata(data.and_then(|it| it.record("MetadataOptions"))),
        user_data: user_data(data.and_then(|it| it.get("UserData"))),
    })
}

pub(super) fn configuration(record: &Record) -> Option<LaunchConfiguration> {
    let text = |name: &str| record.text(name).filter(|it| !it.is_empty());
    Some(LaunchConfiguration {
        name: text("LaunchConfigurationName")?.to_owned(),
        arn: text("LaunchConfigurationARN")?.to_owned(),
        image: text("ImageId").map(str::to_owned),
        profile: text("IamInstanceProfile").map(str::to_owned),
        metadata: metadata(record.record("MetadataOptions")),
        user_data: user_data(record.get("UserData")),
    })
}

pub(super) fn group(record: &Record) -> Option<ScalingGroup> {
    let mixed = record.record("MixedInstancesPolicy");
    let mixed = mixed.and_then(|it| it.record("LaunchTemplate"));
    let overrides = mixed.into_iter().flat_map(|it| it.records("Overrides"));
    let templates = record
        .record("LaunchTemplate")
        .into_iter()
        .chain(mixed.and_then(|it| it.record("LaunchTemplateSpecification")))
        .chain(overrides.filter_map(|it| it.record("LaunchTemplateSpecification")));
    let mut launches: Vec<Fleet> = templates.filter_map(reference).collect();
    let configuration = record.text("LaunchConfigurationName");
    let configuration = configuration.filter(|name| !name.is_empty());
    launches.extend(configuration.map(|name| Fleet::Configuration(name.to_owned())));
    Some(ScalingGroup {
        name: record.text("AutoScalingGroupName")?.to_owned(),
        arn: record.text("AutoScalingGroupARN")?.to_owned(),
        launches,
        size: record.list("Instances").len(),
    })
}

fn reference(record: &Record) -> Option<Fleet> {
    let named = |name: &str| record.text(name).filter(|it| !it.is_empty());
    let template = named("LaunchTemplateId").or_else(|| named("LaunchTemplateName"))?;
    Some(Fleet::Template(TemplateRef {
        template: template.to_owned(),
        version: record.text("Version").unwrap_or("$Default").to_owned(),
    }))
}

pub(super) fn image(record: &Record) -> Option<Image> {
    Some(Image {
        id: record.text("ImageId")?.to_owned(),
        imds_v2: record.text("ImdsSupport") == Some("v2.0"),
    })
}

/// Searched, and forgotten. What is no base64 is searched as it is.
pub(super) fn user_data(value: Option<&Value>) -> UserData {
    let bytes = match value {
        Some(Value::String(text)) => text.as_bytes(),
        Some(Value::Secret(secret)) => secret.expose(),
        _ => return UserData::Searched(Vec::new()),
    };
    let decoded = STANDARD
        .decode(bytes.trim_ascii())
        .map(zeroize::Zeroizing::new);
    let found = match &decoded {
        Ok(decoded) => audit::keys::scan(decoded),
        Err(_) => audit::keys::scan(bytes),
    };
    UserData::Searched(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_unset_and_not_disabled() {
        assert_eq!(metadata(None), MetadataOptions::default());
        let unset = Record::new()
            .with("HttpTokens", "no-preference")
            .with("HttpPutResponseHopLimit", -1);
        assert_eq!(metadata(Some(&unset)), MetadataOptions::default());
    }

    #[test]
    fn an_instance_that_is_gone_is_none() {
        let state = |name: &str| Record::new().with("Name", name);
        let record = |name: &str| {
            Record::new()
                .with("InstanceId", "i-1")
                .with("State", state(name))
        };
        assert!(instance(&record("terminated")).is_none());
        assert!(instance(&record("stopped")).is_some());
    }

    #[test]
    fn an_empty_profile_is_no_profile() {
        let profile = Record::new().with("Arn", "");
        let record = Record::new()
            .with("InstanceId", "i-1")
            .with("IamInstanceProfile", profile);
        assert_eq!(instance(&record).unwrap().profile, None);
    }

    #[test]
    fn user_data_is_searched_inside_its_base64() {
        let text = STANDARD.encode("export AWS_ACCESS_KEY_ID=AKIAY34FZKBOKMUTVV7A\n");
        let UserData::Searched(found) = user_data(Some(&Value::String(text))) else {
            panic!("not searched");
        };
        assert_eq!(found.len(), 1);
    }
}
