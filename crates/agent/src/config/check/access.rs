//! The keys of `access`.

use std::collections::BTreeMap;

use crate::caller::HOST_NETWORK;
use crate::config::{Access, Principal, Rule, Who, Whom};
use crate::text::shown;
use crate::yaml::{Checker, Kind, Node, Section, Text};

impl Checker<'_> {
    pub(super) fn access(&mut self, node: Node) -> Option<Access> {
        let mut section = self.section(node, "access", &["rules", "tokens"], &[])?;
        let tokens = match section.values.remove("tokens") {
            Some(node) => self.tokens(node),
            None => Some(BTreeMap::new()),
        };
        let rules = match section.values.remove("rules") {
            Some(node) => self.rules(node).map(Some),
            None => Some(None),
        };
        Some(Access {
            rules: rules?,
            tokens: tokens?,
        })
    }

    fn tokens(&mut self, node: Node) -> Option<BTreeMap<String, String>> {
        let Kind::Map(entries) = node.kind else {
            let message = "`access.tokens` must be a map of names to files";
            return self.fail(node.place, message, None);
        };
        let mut tokens = BTreeMap::new();
        for (key, node) in entries {
            let path = format!("access.tokens.{}", shown(&key.text));
            if let Some(file) = self.text(node, path) {
                tokens.insert(key.text, file.into_string());
            }
        }
        Some(tokens)
    }

    fn rules(&mut self, node: Node) -> Option<Vec<Rule>> {
        let nodes = self.rules_of(node, "access.rules")?;
        let nodes = nodes.into_iter().enumerate();
        let rules: Vec<_> = nodes.filter_map(|(at, node)| self.rule(node, at)).collect();
        Some(rules)
    }

    fn rule(&mut self, node: Node, at: usize) -> Option<Rule> {
        let path = format!("access.rules[{at}]");
        let mut section = self.section(node, &path, &RULE_KEYS, &[])?;
        let name = self
            .optional_text(&mut section, "name")
            .map(Text::into_string);
        let who = self.needed(&mut section, "who");
        let who = who.and_then(|node| self.who(node, &format!("{path}.who"), &WHO_KEYS));
        let resources = self.list(&mut section, "resources");
        let secrets = self.list(&mut section, "secrets");
        let keys = self.list(&mut section, "keys");
        let credentials = self.flag_or(&mut section, "credentials", false)?;
        if resources.is_empty() && secrets.is_empty() && !credentials {
            let message = format!("`{path}` opens nothing");
            let hint = "name `resources` or `secrets`, or say `credentials: true`";
            return self.fail(section.place, message, Some(hint));
        }
        Some(Rule {
            name: name.unwrap_or_else(|| format!("rule {}", at + 1)),
            who: who?,
            resources,
            secrets,
            keys,
            credentials,
        })
    }

    /// `anyone`, or a map in which something stands of what may.
    pub(crate) fn who(&mut self, node: Node, path: &str, known: &[&str]) -> Option<Whom> {
        if let Kind::Scalar { text, .. } = &node.kind
            && text.as_str() == "anyone"
        {
            return Some(Whom::Anyone);
        }
        if !matches!(node.kind, Kind::Map(_)) {
            let message = format!("`{path}` must be `anyone`, or a map");
            let hint = format!("keys of the map: {}", known.join(", "));
            return self.fail(node.place, message, Some(&hint));
        }
        let mut section = self.section(node, path, known, &[])?;
        if section.values.is_empty() {
            let message = format!("`{path}` names nobody");
            let hint = "write `who: anyone` if that is what is meant";
            return self.fail(section.place, message, Some(hint));
        }
        let who = Who {
            uid: self.principals(&mut section, "uid"),
            gid: self.principals(&mut section, "gid"),
            exe: self.paths(&mut section, "exe"),
            unit: self.list(&mut section, "unit"),
            cgroup: self.paths(&mut section, "cgroup"),
            network_namespace: self.network_namespaces(&mut section),
            certificate: self.list(&mut section, "certificate"),
            token: self.list(&mut section, "token"),
        };
        Some(Whom::Those(who))
    }

    /// One text or a list of them; nothing where the key is not there.
    pub(crate) fn list(&mut self, section: &mut Section, key: &str) -> Vec<String> {
        let Some(node) = section.values.remove(key) else {
            return Vec::new();
        };
        let texts = self.texts(node, &section.path_of(key)).unwrap_or_default();
        texts.into_iter().map(Text::into_string).collect()
    }

    fn paths(&mut self, section: &mut Section, key: &str) -> Vec<String> {
        let Some(node) = section.values.remove(key) else {
            return Vec::new();
        };
        let texts = self.texts(node, &section.path_of(key)).unwrap_or_default();
        texts.iter().filter_map(|text| self.path(text)).collect()
    }

    fn network_namespaces(&mut self, section: &mut Section) -> Vec<String> {
        let Some(node) = section.values.remove("network-namespace") else {
            return Vec::new();
        };
        let path = section.path_of("network-namespace");
        let texts = self.texts(node, &path).unwrap_or_default();
        let networks = texts.iter().filter_map(|text| self.network_namespace(text));
        networks.collect()
    }

    fn network_namespace(&mut self, text: &Text) -> Option<String> {
        if *text.value == *HOST_NETWORK {
            return Some(HOST_NETWORK.to_owned());
        }
        let path = self.path(text)?;
        if !path.starts_with("/proc/") {
            return Some(path);
        }
        let message = format!("`{}` goes by the number of a process", text.path);
        let hint = "another process may get that number; `ip netns attach NAME PID` gives the \
                    namespace a name, and it is `/run/netns/NAME` then";
        self.fail(text.place, message, Some(hint))
    }

    fn principals(&mut self, section: &mut Section, key: &str) -> Vec<Principal> {
        let names = self.list(section, key);
        let principals = names.into_iter().map(|name| match name.parse() {
            Ok(id) => Principal::Id(id),
            Err(_) => Principal::Name(name),
        });
        principals.collect()
    }
}

const RULE_KEYS: [&str; 6] = ["name", "who", "resources", "secrets", "keys", "credentials"];
const WHO_KEYS: [&str; 7] = [
    "uid",
    "gid",
    "exe",
    "unit",
    "cgroup",
    "certificate",
    "token",
];
