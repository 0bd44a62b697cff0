//! Small accounts for tests.

use jiff::Timestamp;

use super::super::judge::{Judged, judge};
use super::*;

pub(super) const ACCOUNT: &str = "123456789012";
pub(super) const REGION: &str = "eu-central-1";

pub(super) struct World {
    pub(super) facts: AccountFacts,
}

pub(super) fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

pub(super) fn codes(judged: &Judged) -> Vec<&'static str> {
    judged.findings.iter().map(|it| it.rule.code).collect()
}

pub(super) fn inline(name: &str, text: &str) -> NamedText {
    NamedText {
        name: name.to_owned(),
        text: text.to_owned(),
    }
}

pub(super) fn allow(action: &str, resource: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}",
        "Resource":"{resource}"}}]}}"#
    )
}

pub(super) fn admin(name: &str) -> NamedText {
    inline(name, &allow("*", "*"))
}

pub(super) fn trust(principal: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},
        "Action":"sts:AssumeRole"}}]}}"#
    )
}

pub(super) fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

pub(super) fn secret_arn(name: &str) -> String {
    format!("arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-AbCdEf")
}

impl World {
    /// One region whose default requires tokens.
    pub(super) fn new() -> World {
        let region = RegionFacts {
            name: REGION.to_owned(),
            metadata_defaults: Some(MetadataOptions {
                tokens: Some(Tokens::Required),
                ..MetadataOptions::default()
            }),
            instances: Some(Vec::new()),
            templates: Some(Vec::new()),
            configurations: Some(Vec::new()),
            groups: Some(Vec::new()),
            images: Some(Vec::new()),
            secrets: Some(Vec::new()),
            keys: Vec::new(),
        };
        let identities = Identities {
            profiles: Some(Vec::new()),
            ..Identities::default()
        };
        World {
            facts: AccountFacts {
                account: ACCOUNT.to_owned(),
                partition: "aws".to_owned(),
                read_at: now(),
                organization: None,
                identities: Some(identities),
                access_keys: Some(Vec::new()),
                service_control: Vec::new(),
                resource_control: Vec::new(),
                all_regions: true,
                regions: vec![region],
            },
        }
    }

    /// A role and a profile of its name that holds it.
    pub(super) fn with_role(mut self, name: &str, policies: Vec<NamedText>) -> World {
        let identities = self.facts.identities.as_mut().unwrap();
        identities.roles.push(Role {
            arn: role_arn(name),
            id: None,
            policies: Layers {
                inline: policies,
                ..Layers::default()
            },
            trust: trust(r#"{"Service":"ec2.amazonaws.com"}"#),
            last_used: None,
        });
        self.with_profile(name, Some(name))
    }

    /// A role in no profile that trusts this.
    pub(super) fn with_bare_role(
        mut self,
        name: &str,
        principal: &str,
        policies: Vec<NamedText>,
    ) -> World {
        let identities = self.facts.identities.as_mut().unwrap();
        identities.roles.push(Role {
            arn: role_arn(name),
            id: None,
            policies: Layers {
                inline: policies,
                ..Layers::default()
            },
            trust: trust(principal),
            last_used: None,
        });
        self
    }

    pub(super) fn with_profile(mut self, name: &str, role: Option<&str>) -> World {
        let identities = self.facts.identities.as_mut().unwrap();
        identities.profiles.as_mut().unwrap().push(InstanceProfile {
            arn: format!("arn:aws:iam::{ACCOUNT}:instance-profile/{name}"),
            role: role.map(role_arn),
        });
        self
    }

    pub(super) fn with_instance(mut self, profile: &str) -> World {
        self = self.with_bare_instance();
        self.instance().profile =
            Some(format!("arn:aws:iam::{ACCOUNT}:instance-profile/{profile}"));
        self
    }

    /// Tokens required, one hop.
    pub(super) fn with_bare_instance(mut self) -> World {
        let instances = self.region().instances.as_mut().unwrap();
        let id = format!("i-{:017x}", instances.len());
        instances.push(Instance {
            id,
            name: None,
            state: "running".to_owned(),
            image: None,
            profile: None,
            metadata: MetadataOptions {
                tokens: Some(Tokens::Required),
                hop_limit: Some(1),
                endpoint: Some(true),
                enforced: None,
            },
            template: None,
            group: None,
            user_data: UserData::NotRead,
        });
        self
    }

    pub(super) fn with_secret(mut self, name: &str, policy: Option<&str>) -> World {
        let secrets = self.region().secrets.as_mut().unwrap();
        secrets.push(Secret {
            arn: secret_arn(name),
            name: name.to_owned(),
            key: None,
            tags: Vec::new(),
            policy: policy.map_or(ResourcePolicy::Absent, |it| {
                ResourcePolicy::Text(it.to_owned())
            }),
        });
        self
    }

    pub(super) fn region(&mut self) -> &mut RegionFacts {
        &mut self.facts.regions[0]
    }

    /// The last one.
    pub(super) fn instance(&mut self) -> &mut Instance {
        let instances = self.region().instances.as_mut().unwrap();
        instances.last_mut().unwrap()
    }

    pub(super) fn role(&mut self, name: &str) -> &mut Role {
        let roles = &mut self.facts.identities.as_mut().unwrap().roles;
        let arn = role_arn(name);
        roles.iter_mut().find(|role| role.arn == arn).unwrap()
    }

    pub(super) fn judge(&self) -> Judged {
        judge(std::slice::from_ref(&self.facts), None, now())
    }
}
