//! Requests and policies by chance, from a seed. Most elements of a policy are made from the
//! request, so that what decides is often one character, one key or one level.

use serde_json::{Map, Value as Json, json};

use crate::case::{Caller, Case, OfResource};
use crate::tables::{
    ARN_OPERATORS, CALLERS, Compared, Holder, KEYS, Key, MOMENT_OPERATORS, NUMBER_OPERATORS, OTHER,
    OTHERS, TARGETS, TEXT_OPERATORS, Target,
};

pub(crate) struct Generator {
    chance: Chance,
}

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("a small number");
        usize::try_from(self.next() % end).expect("a small number")
    }

    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// What the elements of one case are made from.
struct Scene {
    caller: Caller,
    target: &'static Target,
    resource: String,
    keys: Vec<Key>,
    context: Vec<(&'static str, Json)>,
    has_session_policy: bool,
}

impl Scene {
    /// Another address of the family that the request comes from.
    fn address(&self) -> Option<&'static str> {
        let (_, address) = self
            .context
            .iter()
            .find(|(name, _)| *name == "aws:SourceIp")?;
        let is_v6 = address.as_str()?.contains(':');
        Some(if is_v6 { "2001:db8::1" } else { "203.0.113.7" })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Identity,
    ServiceControl,
    ResourceControl,
    Resource,
    Trust,
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Generator {
        Generator {
            chance: Chance(seed),
        }
    }

    pub(crate) fn case(&mut self) -> Case {
        let caller = *self.chance.one(CALLERS);
        let target = self.chance.one(TARGETS);
        let across = target.resource != "*" && self.chance.percent(35);
        let resource_account = if across { OTHER } else { caller.account() };
        let resource = target.resource.replace("{}", resource_account);
        let keys: Vec<Key> = KEYS.iter().chain(target.keys).copied().collect();
        let context = self.context(caller, &keys);
        let is_session = matches!(caller, Caller::Session { .. });
        let scene = Scene {
            has_session_policy: is_session && self.chance.percent(20),
            caller,
            target,
            resource,
            keys,
            context,
        };
        let identity = (0..self.chance.below(3) + usize::from(across))
            .map(|_| self.policy(&scene, Place::Identity))
            .collect();
        let session = if scene.has_session_policy { 100 } else { 0 };
        Case {
            caller,
            action: target.action,
            resource: scene.resource.clone(),
            resource_account,
            identity,
            of_resource: self.of_resource(&scene),
            boundary: self.maybe(20, &scene, Place::Identity),
            session: self.maybe(session, &scene, Place::Identity),
            service_control: self.levels(&scene, Place::ServiceControl),
            resource_control: self.levels(&scene, Place::ResourceControl),
            context: scene.context,
        }
    }

    fn context(&mut self, caller: Caller, keys: &[Key]) -> Vec<(&'static str, Json)> {
        let principal = match caller {
            Caller::User(arn) => arn,
            Caller::Session { role, .. } => role,
        };
        let mut context = vec![
            ("aws:PrincipalArn", json!(principal)),
            ("aws:PrincipalAccount", json!(caller.account())),
        ];
        if let Caller::User(arn) = caller {
            let name = arn.rsplit('/').next().expect("a name");
            context.push(("aws:username", json!(name)));
        }
        for key in keys {
            if context.iter().any(|(name, _)| *name == key.name) || !self.chance.percent(50) {
                continue;
            }
            let value = match key.kind {
                Compared::Texts => {
                    let count = 1 + self.chance.below(3);
                    let texts = (0..count).map(|_| *self.chance.one(key.values));
                    json!(texts.collect::<Vec<_>>())
                }
                _ => json!(self.chance.one(key.values)),
            };
            context.push((key.name, value));
        }
        context
    }

    fn of_resource(&mut self, scene: &Scene) -> Option<OfResource> {
        match scene.target.holder {
            Holder::Nothing => None,
            Holder::Sufficient => self
                .maybe(60, scene, Place::Resource)
                .map(OfResource::Sufficient),
            Holder::Key => Some(OfResource::Key(self.maybe(90, scene, Place::Resource))),
            Holder::Role => Some(OfResource::Role(self.maybe(100, scene, Place::Trust))),
        }
    }

    fn levels(&mut self, scene: &Scene, place: Place) -> Vec<Json> {
        let count = if self.chance.percent(20) {
            1 + self.chance.below(2)
        } else {
            0
        };
        (0..count).map(|_| self.policy(scene, place)).collect()
    }

    fn maybe(&mut self, percent: usize, scene: &Scene, place: Place) -> Option<Json> {
        self.chance
            .percent(percent)
            .then(|| self.policy(scene, place))
    }

    fn policy(&mut self, scene: &Scene, place: Place) -> Json {
        let count = 1 + self.chance.below(3);
        let statements: Vec<Json> = (0..count).map(|_| self.statement(scene, place)).collect();
        json!({"Version": "2012-10-17", "Statement": statements})
    }

    fn statement(&mut self, scene: &Scene, place: Place) -> Json {
        let deny = place == Place::ResourceControl || self.chance.percent(15);
        let mut statement = Map::new();
        statement.insert("Effect".into(), json!(if deny { "Deny" } else { "Allow" }));
        match place {
            Place::Identity | Place::ServiceControl => {}
            Place::ResourceControl => {
                statement.insert("Principal".into(), json!("*"));
            }
            Place::Resource | Place::Trust => {
                let (element, names) = self.principals(scene, deny);
                statement.insert(element.into(), names);
            }
        }
        let (element, actions) = self.actions(scene, place, deny);
        statement.insert(element.into(), actions);
        if place != Place::Trust {
            let (element, resources) = self.resources(scene, deny);
            statement.insert(element.into(), resources);
        }
        if self.chance.percent(45) {
            let conditions = self.conditions(scene);
            statement.insert("Condition".into(), conditions);
        }
        statement.into()
    }

    fn principals(&mut self, scene: &Scene, deny: bool) -> (&'static str, Json) {
        let account = scene.caller.account();
        let root = format!("arn:aws:iam::{account}:root");
        let mut closer = vec![account.to_owned(), root, scene.caller.arn().to_owned()];
        if let Caller::Session { role, .. } = scene.caller {
            closer.push(role.to_owned());
        }
        if deny && self.chance.percent(20) {
            let mut names: Vec<String> = closer;
            // All that may be checked, or nothing: what is between is disputed.
            if self.chance.percent(50) {
                names.clear();
            }
            names.push(OTHERS[0].to_owned());
            return ("NotPrincipal", json!({"AWS": names}));
        }
        if scene.has_session_policy && !deny {
            // Disputed: what is granted to the very session.
            closer.retain(|name| name != scene.caller.arn());
        } else if self.chance.percent(10) {
            return ("Principal", json!("*"));
        }
        let mut names = Vec::new();
        for _ in 0..=self.chance.below(2) {
            if self.chance.percent(75) {
                names.push(self.chance.one(&closer).clone());
            } else {
                names.push((*self.chance.one(OTHERS)).to_owned());
            }
        }
        if self.chance.percent(5) {
            return (
                "Principal",
                json!({"AWS": names, "Service": "ec2.amazonaws.com"}),
            );
        }
        ("Principal", json!({"AWS": names}))
    }

    fn actions(&mut self, scene: &Scene, place: Place, deny: bool) -> (&'static str, Json) {
        // A resource control policy has no `NotAction`.
        let may = !matches!(place, Place::Trust | Place::ResourceControl);
        let negated = may && self.chance.percent(if deny { 25 } else { 10 });
        let list: Vec<String> = (0..=self.chance.below(2))
            .map(|_| {
                if self.chance.percent(if negated { 25 } else { 80 }) {
                    self.near_action(place, scene.target.action)
                } else if place == Place::Trust {
                    "sts:TagSession".to_owned()
                } else {
                    let other = self.chance.one(TARGETS).action;
                    self.near_action(place, other)
                }
            })
            .filter(|action| place != Place::Trust || action.to_lowercase().starts_with("sts:"))
            .collect();
        let list = if list.is_empty() {
            vec![scene.target.action.to_owned()]
        } else {
            list
        };
        (if negated { "NotAction" } else { "Action" }, json!(list))
    }

    fn near_action(&mut self, place: Place, action: &str) -> String {
        let (vendor, name) = action.split_once(':').expect("a prefix");
        match self.chance.below(8) {
            0 if place != Place::ResourceControl => "*".to_owned(),
            0 | 1 => format!("{vendor}:*"),
            2 => action.to_lowercase(),
            3 => format!("{}:{}", vendor.to_uppercase(), name.to_uppercase()),
            4 => format!("{vendor}:{}", self.near(name)),
            _ => action.to_owned(),
        }
    }

    fn resources(&mut self, scene: &Scene, deny: bool) -> (&'static str, Json) {
        let negated = self.chance.percent(if deny { 20 } else { 8 });
        let list: Vec<String> = (0..=self.chance.below(2))
            .map(|_| {
                if self.chance.percent(if negated { 30 } else { 80 }) {
                    self.near_resource(scene)
                } else {
                    let other = self.chance.one(TARGETS).resource;
                    other.replace("{}", scene.caller.account())
                }
            })
            .collect();
        (
            if negated { "NotResource" } else { "Resource" },
            json!(list),
        )
    }

    fn near_resource(&mut self, scene: &Scene) -> String {
        let exact = scene.resource.as_str();
        if exact == "*" || self.chance.percent(25) {
            return "*".to_owned();
        }
        let parts: Vec<&str> = exact.splitn(6, ':').collect();
        let mut parts: Vec<String> = parts.into_iter().map(str::to_owned).collect();
        match self.chance.below(6) {
            0 => {
                let at = 3 + self.chance.below(2);
                parts[at] = "*".to_owned();
            }
            1 | 2 => {
                // Disputed: a wildcard in the resource's type.
                let end = parts[5].find(['/', ':']).map_or(0, |at| at + 1);
                let name = parts[5].split_off(end);
                parts[5].push_str(&self.near(&name));
            }
            3 => parts[5] = self.with_variable(scene, &parts[5]),
            _ => {}
        }
        parts.join(":")
    }

    /// A pattern that matches `text`, or nearly.
    fn near(&mut self, text: &str) -> String {
        let at = self.chance.below(text.len());
        let (head, tail) = text.split_at(at);
        let (_, behind) = tail.split_at(1);
        match self.chance.below(6) {
            0 => format!("{head}*"),
            1 => format!("*{tail}"),
            2 => format!("{head}?{behind}"),
            3 => format!("{head}*{tail}"),
            4 => format!("{head}?{tail}"),
            _ => format!("{head}*{behind}?"),
        }
    }

    /// `text` with the value of a key, where it has one, by its name.
    fn with_variable(&mut self, scene: &Scene, text: &str) -> String {
        let key = self.chance.one(&scene.keys).name;
        let value = scene.context.iter().find(|(name, _)| *name == key);
        let value = value.and_then(|(_, value)| value.as_str());
        // Disputed: a variable without a value.
        let variable = match (self.chance.below(4), value) {
            (0, _) => "${*}".to_owned(),
            (1, _) | (_, None) => format!("${{{key}, 'blue'}}"),
            _ => format!("${{{key}}}"),
        };
        match value {
            Some(value) if text.contains(value) => text.replacen(value, &variable, 1),
            _ if text.contains("blue") => text.replacen("blue", &variable, 1),
            _ => {
                let end = text.find(['/', ':']).map_or(0, |at| at + 1);
                let (resource_type, _) = text.split_at(end);
                format!("{resource_type}{variable}*")
            }
        }
    }

    fn conditions(&mut self, scene: &Scene) -> Json {
        let mut operators = Map::new();
        for _ in 0..=self.chance.below(2) {
            let key = *self.chance.one(&scene.keys);
            let operator = self.operator(key.kind);
            let values = self.values(scene, key, &operator);
            let keys = operators.entry(operator).or_insert_with(|| json!({}));
            keys[key.name] = values;
        }
        operators.into()
    }

    fn operator(&mut self, kind: Compared) -> String {
        if self.chance.percent(10) {
            return "Null".to_owned();
        }
        let operators = match kind {
            Compared::Text | Compared::Texts => TEXT_OPERATORS,
            Compared::Arn => ARN_OPERATORS,
            Compared::Truth => &["Bool"],
            Compared::Number => NUMBER_OPERATORS,
            Compared::Moment => MOMENT_OPERATORS,
            Compared::Address => &["IpAddress", "NotIpAddress"],
        };
        let set = match self.chance.below(10) {
            _ if kind != Compared::Texts => "",
            0..5 => "ForAllValues:",
            _ => "ForAnyValue:",
        };
        let operator = *self.chance.one(operators);
        // Disputed: `ForAnyValue:` with `IfExists`.
        let may = set != "ForAnyValue:";
        let if_exists = if may && self.chance.percent(15) {
            "IfExists"
        } else {
            ""
        };
        format!("{set}{operator}{if_exists}")
    }

    fn values(&mut self, scene: &Scene, key: Key, operator: &str) -> Json {
        if operator == "Null" {
            return json!(self.chance.one(&["true", "false"]));
        }
        let values: Vec<String> = (0..=self.chance.below(2))
            .map(|_| {
                let mut value = *self.chance.one(key.values);
                if operator.starts_with("Not") {
                    // Disputed: an address of the other family.
                    value = scene.address().unwrap_or(value);
                }
                if operator.contains("Like") && self.chance.percent(50) {
                    self.near_value(key.kind, value)
                } else if operator.contains("Arn") && self.chance.percent(30) {
                    self.near_value(Compared::Arn, value)
                } else if operator.contains("IgnoreCase") {
                    value.to_uppercase()
                } else if key.kind == Compared::Text && self.chance.percent(15) {
                    let texts = scene.context.iter().filter(|(_, value)| value.is_string());
                    let texts: Vec<_> = texts.collect();
                    format!("${{{}}}", self.chance.one(&texts).0)
                } else if key.kind == Compared::Address && self.chance.percent(60) {
                    let bits = if value.contains(':') { 128 } else { 32 };
                    // Disputed: the whole of a family.
                    format!("{value}/{}", 1 + self.chance.below(bits))
                } else {
                    value.to_owned()
                }
            })
            .collect();
        json!(values)
    }

    fn near_value(&mut self, kind: Compared, value: &str) -> String {
        if kind != Compared::Arn {
            return self.near(value);
        }
        let mut parts: Vec<String> = value.splitn(6, ':').map(str::to_owned).collect();
        let at = 2 + self.chance.below(4);
        parts[at] = match parts[at].as_str() {
            "" => "*".to_owned(),
            part => self.near(part),
        };
        parts.join(":")
    }
}
