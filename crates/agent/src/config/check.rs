//! The second stage: the tree's keys and values as a [`Config`], or every problem it has.
//!
//! Knows the keys, their types, ranges and defaults. Looks at nothing outside the file.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;

use protocol::{Arn, Secret};

use super::{AccessKey, Aws, AwsHttp, CacheLimits, Config, LogLevel, Service, Tcp};
use crate::ask::Ask;
use crate::text::shown;
use crate::yaml::{Checker, Key, Kind, Node, Section};

/// The whole file.
pub(super) fn config(checker: &mut Checker<'_>, tree: Node) -> Option<Config> {
    checker.config(tree)
}

impl Checker<'_> {
    fn config(&mut self, tree: Node) -> Option<Config> {
        let mut file = self.section(
            tree,
            "",
            &["service", "secret-manager", "cache", "log"],
            &[],
        )?;
        let service = self
            .needed(&mut file, "service")
            .and_then(|node| self.service(node));
        let secret_manager = self
            .needed(&mut file, "secret-manager")
            .and_then(|node| self.secret_manager(node));
        let cache = match file.values.remove("cache") {
            Some(node) => self.cache(node),
            None => Some(CacheLimits::default()),
        };
        let log_level = match file.values.remove("log") {
            Some(node) => self.log_level(node),
            None => Some(LogLevel::default()),
        };
        Some(Config {
            service: service?,
            secret_manager: secret_manager?,
            cache: cache?,
            log_level: log_level?,
        })
    }

    fn service(&mut self, node: Node) -> Option<Service> {
        let unserved = ["uds", "http", "https"];
        let mut section = self.section(node, "service", &["tcp", "aws-http"], &unserved)?;
        if section.values.is_empty() {
            let hint = "add `tcp` or `aws-http`";
            return self.fail(
                section.place,
                "`service` needs at least one listener",
                Some(hint),
            );
        }
        let tcp = section.values.remove("tcp").map(|node| self.tcp(node));
        let aws_http = section
            .values
            .remove("aws-http")
            .map(|node| self.aws_http(node));
        Some(Service {
            tcp: match tcp {
                Some(tcp) => Some(tcp?),
                None => None,
            },
            aws_http: match aws_http {
                Some(aws_http) => Some(aws_http?),
                None => None,
            },
        })
    }

    fn tcp(&mut self, node: Node) -> Option<Tcp> {
        let mut section = self.section(node, "service.tcp", &["endpoint"], &["tls"])?;
        let endpoint = self.needed_text(&mut section, "endpoint")?;
        Some(Tcp {
            endpoint: self.endpoint(&endpoint)?,
        })
    }

    fn aws_http(&mut self, node: Node) -> Option<AwsHttp> {
        let mut section =
            self.section(node, "service.aws-http", &["endpoint", "token-file"], &[])?;
        let endpoint = match section.values.remove("endpoint") {
            Some(node) => {
                let text = self.text(node, section.path_of("endpoint"));
                text.and_then(|text| self.endpoint(&text))
            }
            None => Some(AWS_HTTP_ENDPOINT),
        };
        let token_file = self.needed_text(&mut section, "token-file");
        Some(AwsHttp {
            endpoint: endpoint?,
            token_file: token_file?.value.as_str().to_owned(),
        })
    }

    fn secret_manager(&mut self, node: Node) -> Option<Aws> {
        let unserved = ["gcp", "vault", "file"];
        let mut section = self.section(node, "secret-manager", &["aws"], &unserved)?;
        if let Some(node) = section.values.remove("aws") {
            return self.aws(node);
        }
        let hint = Some("add `aws`");
        self.fail(
            section.place,
            "`secret-manager` needs exactly one backend",
            hint,
        )
    }

    fn aws(&mut self, node: Node) -> Option<Aws> {
        let mut section = self.section(node, "secret-manager.aws", &AWS_KEYS, &["proxy"])?;
        let region = self
            .needed_text(&mut section, "region")
            .and_then(|text| self.region(&text));
        let resources = self
            .needed(&mut section, "resources")
            .and_then(|node| self.resources(node));
        let access_key = self.access_key(&mut section);
        let assume_role = self
            .optional_text(&mut section, "assume-role")
            .and_then(|text| self.role(&text));
        let convert_to_base64 = match section.values.remove("convert-to-base64") {
            Some(node) => self.flag(&node, &section.path_of("convert-to-base64")),
            None => Some(false),
        };
        let endpoint_url = self
            .optional_text(&mut section, "endpoint-url")
            .and_then(|text| self.url(&text));
        Some(Aws {
            region: region?,
            resources: resources?,
            access_key,
            assume_role,
            convert_to_base64: convert_to_base64?,
            endpoint_url,
        })
    }

    fn resources(&mut self, node: Node) -> Option<BTreeMap<String, Ask>> {
        let path = "secret-manager.aws.resources";
        let Kind::Map(entries) = node.kind else {
            return self.fail(
                node.place,
                format!("`{path}` must be a map of names to secrets"),
                None,
            );
        };
        if entries.is_empty() {
            return self.fail(node.place, format!("`{path}` names no secret"), None);
        }
        let mut resources = BTreeMap::new();
        for (key, node) in entries {
            if let Some(ask) = self.resource(&key, node, path) {
                resources.insert(key.text, ask);
            }
        }
        Some(resources)
    }

    fn resource(&mut self, key: &Key, node: Node, path: &str) -> Option<Ask> {
        let name = shown(&key.text);
        if key.text.is_empty() {
            return self.fail(key.place, "a resource needs a name", None);
        }
        if key.text.contains(':') {
            let message = format!("resource name `{name}` holds a colon");
            let hint = "clients write `secrets:RESOURCE:KEY` and could not ask for it; rename it";
            return self.fail(key.place, message, Some(hint));
        }
        let secret = self.text(node, format!("{path}.{name}"))?;
        let is_arn = secret.value.starts_with("arn:");
        let is_secret = Arn::parse(&secret.value).is_some_and(|arn| {
            arn.service() == "secretsmanager" && arn.resource().starts_with("secret:")
        });
        if is_arn && !is_secret {
            let message = format!("`{}` is not the ARN of a secret", shown(&secret.value));
            let hint = "`arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX`";
            return self.fail(secret.place, message, Some(hint));
        }
        match Ask::new(secret.value.as_str(), None, None) {
            Ok(ask) => Some(ask),
            Err(error) => self.fail(secret.place, format!("`{}`: {error}", secret.path), None),
        }
    }

    fn access_key(&mut self, section: &mut Section) -> Option<AccessKey> {
        let has = |key| section.values.contains_key(key);
        let in_full = has("access-key-id") == has("secret-access-key");
        let id = self.optional_text(section, "access-key-id");
        let secret = self.optional_text(section, "secret-access-key");
        let session_token = self.optional_text(section, "session-token");
        match (id, secret, session_token) {
            (Some(id), Some(mut secret), session_token) => Some(AccessKey {
                id: id.value.as_str().to_owned(),
                secret: Secret::from_text(std::mem::take(&mut *secret.value)),
                session_token: session_token
                    .map(|mut token| Secret::from_text(std::mem::take(&mut *token.value))),
            }),
            (Some(alone), None, _) | (None, Some(alone), _) if !in_full => {
                let message = format!(
                    "`{}` stands alone; `access-key-id` and `secret-access-key` go together",
                    alone.path
                );
                self.fail(
                    alone.place,
                    message,
                    Some("leave both out to use the instance's role"),
                )
            }
            (None, None, Some(token)) if in_full => {
                let message = format!("`{}` without the keys it belongs to", token.path);
                self.fail(token.place, message, None)
            }
            _ => None,
        }
    }

    fn cache(&mut self, node: Node) -> Option<CacheLimits> {
        let keys = ["ttl", "max-stale", "max-entries", "max-bytes"];
        let mut section = self.section(node, "cache", &keys, &[])?;
        let default = CacheLimits::default();
        let mut number = |key, range, default| {
            let Some(node) = section.values.remove(key) else {
                return Some(default);
            };
            self.number(&node, &section.path_of(key), range)
        };
        let ttl = number("ttl", TTL_SECONDS, default.ttl.as_secs());
        let max_stale = number("max-stale", STALE_SECONDS, default.max_stale.as_secs());
        let entries = number("max-entries", ENTRIES, default.entries_max as u64);
        let bytes = number("max-bytes", BYTES, default.bytes_max as u64);
        Some(CacheLimits {
            ttl: Duration::from_secs(ttl?),
            max_stale: Duration::from_secs(max_stale?),
            entries_max: usize::try_from(entries?).unwrap_or(usize::MAX),
            bytes_max: usize::try_from(bytes?).unwrap_or(usize::MAX),
        })
    }

    fn log_level(&mut self, node: Node) -> Option<LogLevel> {
        let mut section = self.section(node, "log", &["level"], &[])?;
        let Some(text) = self.optional_text(&mut section, "level") else {
            return Some(LogLevel::default());
        };
        let found = LEVELS
            .iter()
            .find(|(name, _)| text.value.eq_ignore_ascii_case(name));
        if let Some((_, level)) = found {
            return Some(*level);
        }
        let message = format!("`{}` is not a log level", shown(&text.value));
        self.fail(
            text.place,
            message,
            Some("`error`, `warn`, `info`, `debug` or `trace`"),
        )
    }
}

const AWS_KEYS: [&str; 8] = [
    "region",
    "resources",
    "access-key-id",
    "secret-access-key",
    "session-token",
    "assume-role",
    "convert-to-base64",
    "endpoint-url",
];
const LEVELS: [(&str, LogLevel); 5] = [
    ("error", LogLevel::Error),
    ("warn", LogLevel::Warn),
    ("info", LogLevel::Info),
    ("debug", LogLevel::Debug),
    ("trace", LogLevel::Trace),
];
// Where clients of AWS's own agent look for it.
const AWS_HTTP_ENDPOINT: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 2_773);
// As AWS's own agent has it.
const TTL_SECONDS: RangeInclusive<u64> = 0..=3_600;
// A week: longer than any outage worth surviving, shorter than most rotations.
const STALE_SECONDS: RangeInclusive<u64> = 0..=604_800;
const ENTRIES: RangeInclusive<u64> = 1..=100_000;
// 1 MiB holds the largest secret in all its renderings several times; 4 GiB is a typing error.
const BYTES: RangeInclusive<u64> = 1_048_576..=4_294_967_296;
