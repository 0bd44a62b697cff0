//! The keys of services that get credentials by a secret of their own.

use super::config::{Level, PORT_MAX};
use super::own::{Own, SERVICE_NAME_DEFAULT};
use crate::text::shown;
use crate::yaml::{Checker, Node, Text};

/// `services`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Services {
    /// `port`: where the guard listens for them on loopback.
    pub port: u16,
    /// `tokens`: path of the folder that holds the secret of each.
    pub tokens: String,
    /// `rules`: those that there are.
    pub rules: Vec<Service>,
}

/// One of `services.rules`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name: that of its unit, without `.service`.
    pub name: String,
    /// `allow`: everything or nothing; [`Level::Own`] with `assume-role`.
    pub allow: Level,
    /// `assume-role`, in place of `allow`.
    pub own: Option<Own>,
}

impl Services {
    /// The file of a service's secret.
    pub fn token_file(&self, name: &str) -> String {
        format!("{}/{name}.token", self.tokens.trim_end_matches('/'))
    }

    /// Where a service asks.
    pub fn url(&self, name: &str) -> String {
        format!("http://127.0.0.1:{}{PATH}{name}", self.port)
    }
}

/// The name of a service by its unit's; `None` for what is none.
pub fn service_name(text: &str) -> Option<&str> {
    let name = text.strip_suffix(".service").unwrap_or(text);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b":-_.@".contains(&byte);
    let is_name = (1..=NAME_BYTES_MAX).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(is_plain);
    is_name.then_some(name)
}

impl Checker<'_> {
    pub(super) fn services(&mut self, node: Node, guard_port: Option<u16>) -> Option<Services> {
        let keys = ["port", "tokens", "rules"];
        let mut section = self.section(node, "services", &keys, &[])?;
        let port = match section.values.remove("port") {
            Some(node) => self.low_port(&node, "services.port"),
            None => Some(PORT),
        };
        if port.is_some() && port == guard_port {
            let message = "`services.port` is the guard's own `port`";
            return self.fail(section.place, message, None);
        }
        let tokens = match self.optional_text(&mut section, "tokens") {
            Some(text) => self.path(&text),
            None => Some(TOKENS.to_owned()),
        };
        let rules = self.needed(&mut section, "rules");
        let rules = rules.and_then(|node| self.service_rules(node));
        Some(Services {
            port: port?,
            tokens: tokens?,
            rules: rules?,
        })
    }

    fn service_rules(&mut self, node: Node) -> Option<Vec<Service>> {
        let mut rules: Vec<Service> = Vec::new();
        let nodes = self.rules_of(node, "services.rules")?;
        for (at, node) in nodes.into_iter().enumerate() {
            let place = node.place;
            let Some(rule) = self.service_rule(node, at) else {
                continue;
            };
            if rules.iter().any(|it| it.name == rule.name) {
                let message = format!("the service `{}` has a rule already", rule.name);
                self.fail::<()>(place, message, None);
            }
            rules.push(rule);
        }
        Some(rules)
    }

    fn service_rule(&mut self, node: Node, at: usize) -> Option<Service> {
        let path = format!("services.rules[{at}]");
        let mut section = self.section(node, &path, &["name", "allow", "assume-role"], &[])?;
        let name = self.needed_text(&mut section, "name");
        let name = name.and_then(|text| self.service_named(&text));
        let opened = self.opened(&mut section, &ALLOW, SERVICE_NAME_DEFAULT);
        let (allow, own) = opened?;
        Some(Service {
            name: name?,
            allow,
            own,
        })
    }

    fn service_named(&mut self, text: &Text) -> Option<String> {
        if let Some(name) = service_name(&text.value) {
            return Some(name.to_owned());
        }
        let message = format!(
            "`{}` is no name of a service: `{}`",
            text.path,
            shown(&text.value)
        );
        let hint = "the name of its unit without `.service`: letters, digits and `:-_.@`";
        self.fail(text.place, message, Some(hint))
    }

    /// A port that no ordinary user may take.
    pub(super) fn low_port(&mut self, node: &Node, path: &str) -> Option<u16> {
        let port = self.number(node, path, 1..=u64::from(u16::MAX))?;
        let port = u16::try_from(port).ok()?;
        if port > PORT_MAX {
            let message = format!("`{path}` must be at most {PORT_MAX}");
            let hint = "any user could take a higher one when the guard has ended";
            return self.fail(node.place, message, Some(hint));
        }
        Some(port)
    }
}

/// What stands before a service's name in the path that it asks for.
pub const PATH: &str = "/services/";
const PORT: u16 = 981;
const TOKENS: &str = "/var/lib/rolecall-guard/services";
// systemd's names of units have 255.
const NAME_BYTES_MAX: usize = 200;
const ALLOW: [(&str, Level); 2] = [
    ("nothing", Level::Nothing),
    ("everything", Level::Everything),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller::Process;
    use crate::guard::parse;

    #[track_caller]
    fn wrong(text: &str, expect: &str) {
        let errors = parse(text, "guard.yaml").unwrap_err();
        let told: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(told, [expect]);
    }

    #[test]
    fn services_that_cannot_be() {
        for (text, expect) in [
            (
                "services: {}",
                "guard.yaml:1:11: `services.rules` is missing",
            ),
            (
                "services: {port: 1024, rules: []}",
                "guard.yaml:1:18: `services.port` must be at most 1023",
            ),
            (
                "port: 981\nservices: {rules: []}",
                "guard.yaml:2:11: `services.port` is the guard's own `port`",
            ),
            (
                "services: {rules: [{name: ../x, allow: nothing}]}",
                "guard.yaml:1:27: `services.rules[0].name` is no name of a service: `../x`",
            ),
            (
                "services: {rules: [{name: a, allow: metadata}]}",
                "guard.yaml:1:37: `services.rules[0].allow` must be one of `nothing`, `everything`",
            ),
            (
                "services: {rules: [{name: a, allow: nothing}, \
                 {name: a.service, allow: everything}]}",
                "guard.yaml:1:47: the service `a` has a rule already",
            ),
            (
                "services: {rules: [{name: a, allow: nothing, assume-role: {duration: 900}}]}",
                "guard.yaml:1:59: `services.rules[0]` has both `allow` and `assume-role`",
            ),
            (
                "services: {rules: [{name: a, assume-role: {duration: 900}}]}",
                "guard.yaml:1:43: `services.rules[0].assume-role` names no role and narrows none",
            ),
            (
                "services: {tokens: here, rules: []}",
                "guard.yaml:1:20: `services.tokens` is not an absolute path: `here`",
            ),
        ] {
            wrong(text, expect);
        }
    }

    #[test]
    fn names_are_those_of_units_and_lead_out_of_no_folder() {
        for (text, expect) in [
            ("web", Some("web")),
            ("web.service", Some("web")),
            ("app@1.service", Some("app@1")),
            ("", None),
            (".service", None),
            ("..", None),
            ("a/b", None),
            ("a b", None),
            ("a\nb", None),
            ("a%b", None),
        ] {
            assert_eq!(service_name(text), expect, "{text}");
        }
        assert_eq!(service_name(&"x".repeat(201)), None);
    }

    #[test]
    fn where_a_service_asks_and_where_its_secret_is() {
        let text = "services: {tokens: /t/, port: 7, rules: [{name: a, allow: everything}]}";
        let services = parse(text, "guard.yaml").unwrap().services.unwrap();
        assert_eq!(services.token_file("a"), "/t/a.token");
        assert_eq!(services.url("a"), "http://127.0.0.1:7/services/a");
        assert_eq!(services.rules[0].allow, Level::Everything);
    }

    #[test]
    fn the_session_of_a_service_is_called_after_it() {
        let text = "services: {rules: [{name: web, \
                    assume-role: \"arn:aws:iam::123456789012:role/web\"}]}";
        let services = parse(text, "guard.yaml").unwrap().services.unwrap();
        let web = &services.rules[0];
        assert_eq!(web.allow, Level::Own);
        let process = Process::user_alone(33);
        let session = web.own.as_ref().unwrap().session(&web.name, &process);
        let step = session.unwrap().step;
        assert_eq!(step.role_arn, "arn:aws:iam::123456789012:role/web");
        assert_eq!(step.session_name, "service-web");
    }
}
