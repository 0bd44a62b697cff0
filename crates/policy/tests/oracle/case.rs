//! One request with its policies, in three forms: as `decide` takes it, as the oracle takes it, and
//! as a file of `tests/cases`. Knows nothing of how cases come about.

use policy::{
    Applied, Context, Kind, Policies, Policy, Principal, Reason, Request, ResourceRule, Value,
    decide,
};
use serde_json::{Value as Json, json};

#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) caller: Caller,
    pub(crate) action: &'static str,
    pub(crate) resource: String,
    pub(crate) resource_account: &'static str,
    /// Texts, or lists of them.
    pub(crate) context: Vec<(&'static str, Json)>,
    pub(crate) identity: Vec<Json>,
    pub(crate) of_resource: Option<OfResource>,
    pub(crate) boundary: Option<Json>,
    pub(crate) session: Option<Json>,
    /// One policy on each level.
    pub(crate) service_control: Vec<Json>,
    /// The same; [`everything`] stands beside it, as it does in an organization.
    pub(crate) resource_control: Vec<Json>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Caller {
    User(&'static str),
    Session {
        role: &'static str,
        session: &'static str,
    },
}

impl Caller {
    /// The ARN that makes the request.
    pub(crate) fn arn(self) -> &'static str {
        match self {
            Caller::User(arn) => arn,
            Caller::Session { session, .. } => session,
        }
    }

    pub(crate) fn account(self) -> &'static str {
        self.arn().split(':').nth(4).expect("an account")
    }

    fn principal(self) -> Principal<'static> {
        let account = self.account();
        let unique_id = None;
        match self {
            Caller::User(arn) => Principal::User {
                account,
                arn,
                unique_id,
            },
            Caller::Session { role, session } => Principal::Session {
                account,
                role_arn: role,
                session_arn: session,
                unique_id,
            },
        }
    }
}

/// What the resource's policy means. A key and a role have to have one.
#[derive(Debug, Clone)]
pub(crate) enum OfResource {
    Sufficient(Json),
    Key(Option<Json>),
    Role(Option<Json>),
}

impl OfResource {
    fn policy(&self) -> Option<&Json> {
        match self {
            OfResource::Sufficient(policy) => Some(policy),
            OfResource::Key(policy) | OfResource::Role(policy) => policy.as_ref(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            OfResource::Role(_) => Kind::Trust,
            OfResource::Sufficient(_) | OfResource::Key(_) => Kind::Resource,
        }
    }
}

/// A resource control policy that allows everything.
pub(crate) fn everything() -> Json {
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
    ]})
}

impl Case {
    /// What `decide` says, in the oracle's words.
    pub(crate) fn verdict(&self) -> &'static str {
        let own = |policy: &Json| self.read(policy, Kind::Identity);
        let identity: Vec<Policy> = self.identity.iter().map(own).collect();
        let identity: Vec<Applied<'_>> = identity.iter().map(|it| applied("own", it)).collect();
        let rule = self.of_resource.as_ref();
        let of_resource = rule.and_then(|rule| Some(self.read(rule.policy()?, rule.kind())));
        let of_resource = of_resource.as_ref().map(|it| applied("resource", it));
        let resource = match (rule, of_resource) {
            (Some(OfResource::Sufficient(_)), Some(it)) => ResourceRule::Sufficient(it),
            (Some(_), it) => ResourceRule::Required(it),
            (None, _) => ResourceRule::None,
        };
        let boundary = self.boundary.as_ref().map(own);
        let session = self.session.as_ref().map(own);
        let session = session.as_ref().map(|it| [applied("session", it)]);
        let limit = |policy| self.read(policy, Kind::ServiceControl);
        let service: Vec<Policy> = self.service_control.iter().map(limit).collect();
        let service: Vec<_> = service.iter().map(|it| [applied("service", it)]).collect();
        let service: Vec<&[_]> = service.iter().map(<[_; 1]>::as_slice).collect();
        let full = self.read(&everything(), Kind::ResourceControl);
        let theirs = |policy| self.read(policy, Kind::ResourceControl);
        let control: Vec<Policy> = self.resource_control.iter().map(theirs).collect();
        let level = |it| [applied("full", &full), applied("control", it)];
        let control: Vec<_> = control.iter().map(level).collect();
        let control: Vec<&[_]> = control.iter().map(<[_; 2]>::as_slice).collect();
        let request = Request {
            principal: self.caller.principal(),
            action: self.action,
            resource: &self.resource,
            resource_account: self.resource_account,
            context: &self.context(),
        };
        let policies = Policies {
            identity: &identity,
            resource,
            boundary: boundary.as_ref().map(|it| applied("boundary", it)),
            session: session.as_ref().map(<[_; 1]>::as_slice),
            service_control: &service,
            resource_control: &control,
        };
        match decide(&request, &policies).reason() {
            Reason::Allowed { .. } => "Allowed",
            Reason::ExplicitDeny { .. } => "ExplicitlyDenied",
            _ => "ImplicitlyDenied",
        }
    }

    fn read(&self, policy: &Json, kind: Kind) -> Policy {
        Policy::parse(&policy.to_string(), kind)
            .unwrap_or_else(|error| panic!("{error}\n{}", self.file()))
    }

    fn context(&self) -> Context {
        let mut context = Context::new();
        for (key, value) in &self.context {
            let value: Value = match value {
                Json::String(text) => text.as_str().into(),
                other => {
                    let texts = other.as_array().expect("a list").iter();
                    let texts = texts.map(|it| it.as_str().expect("a text").to_owned());
                    texts.collect::<Vec<_>>().into()
                }
            };
            context = context.with(key, value);
        }
        context
    }

    /// As the oracle takes it.
    pub(crate) fn simulation(&self) -> Json {
        let named = |policy: &Json| json!({"name": "p", "policy": policy});
        let level = |policy: &Json| json!({"orgIdentifier": "o", "policies": [named(policy)]});
        let mut simulation = json!({
            "request": {
                "principal": self.caller.arn(),
                "action": self.action,
                "resource": {"resource": self.resource, "accountId": self.resource_account},
                "contextVariables": self.keys(),
            },
            "identityPolicies": self.identity.iter().map(named).collect::<Vec<_>>(),
            "serviceControlPolicies": self.service_control.iter().map(level).collect::<Vec<_>>(),
            "resourceControlPolicies": self.resource_control.iter().map(level).collect::<Vec<_>>(),
        });
        if let Some(policy) = self.of_resource.as_ref().and_then(OfResource::policy) {
            simulation["resourcePolicy"] = policy.clone();
        }
        if let Some(policy) = &self.boundary {
            simulation["permissionBoundaryPolicies"] = json!([named(policy)]);
        }
        if let Some(policy) = &self.session {
            simulation["sessionPolicy"] = policy.clone();
        }
        simulation
    }

    /// As a file of `tests/cases`, but for what is expected.
    pub(crate) fn file(&self) -> Json {
        let named = |name: &str, policy: &Json| json!({"name": name, "policy": policy});
        let principal = match self.caller {
            Caller::User(arn) => json!({"user": arn}),
            Caller::Session { role, session } => json!({"role": role, "session": session}),
        };
        let own = self.identity.iter().map(|policy| named("own", policy));
        let mut file = json!({
            "request": {
                "principal": principal,
                "action": self.action,
                "resource": self.resource,
                "resource_account": self.resource_account,
                "context": self.keys(),
            },
            "identity": own.collect::<Vec<_>>(),
        });
        if let Some(rule) = &self.of_resource {
            let (rule_name, kind) = match rule {
                OfResource::Sufficient(_) => ("sufficient", "resource"),
                OfResource::Key(_) => ("required", "resource"),
                OfResource::Role(_) => ("required", "trust"),
            };
            file["resource"] = json!({"rule": rule_name});
            if let Some(policy) = rule.policy() {
                file["resource"] =
                    json!({"rule": rule_name, "name": "theirs", "kind": kind, "policy": policy});
            }
        }
        if let Some(policy) = &self.boundary {
            file["boundary"] = named("boundary", policy);
        }
        if let Some(policy) = &self.session {
            file["session"] = json!([named("session", policy)]);
        }
        let levels = self.service_control.iter();
        let levels: Vec<_> = levels.map(|it| json!([named("service", it)])).collect();
        file["service_control"] = json!(levels);
        let full = named("full", &everything());
        let levels = self.resource_control.iter();
        let levels: Vec<_> = levels
            .map(|it| json!([full, named("control", it)]))
            .collect();
        file["resource_control"] = json!(levels);
        file
    }

    fn keys(&self) -> Json {
        let keys = self.context.iter();
        keys.map(|(key, value)| ((*key).to_owned(), value.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }
}

fn applied<'a>(name: &'a str, policy: &'a Policy) -> Applied<'a> {
    Applied { name, policy }
}
