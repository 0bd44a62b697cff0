//! The keys of `service`.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};

use crate::config::service::MANAGE_BASE_PATH;
use crate::config::{
    AwsHttp, ContainerCredentials, Management, Prometheus, Service, Socket, Tcp, Tls,
};
use crate::text::shown;
use crate::yaml::{Checker, Kind, Node, Text};

impl Checker<'_> {
    pub(super) fn service(&mut self, node: Node) -> Option<Service> {
        let mut section = self.section(node, "service", &LISTENERS, &[])?;
        if section.values.is_empty() {
            let hint = "add `tcp`, `uds` or `aws-http`";
            let message = "`service` needs at least one listener";
            return self.fail(section.place, message, Some(hint));
        }
        let mut take = |key| section.values.remove(key);
        Some(Service {
            tcp: take("tcp").and_then(|node| self.tcp(node)),
            uds: take("uds").and_then(|node| self.socket(node, "service.uds")),
            http: take("http").and_then(|node| self.management(node, "service.http")),
            https: take("https").and_then(|node| self.management(node, "service.https")),
            aws_http: take("aws-http").and_then(|node| self.aws_http(node)),
            container_credentials: take("container-credentials")
                .and_then(|node| self.container_credentials(node)),
            systemd_credentials: take("systemd-credentials")
                .and_then(|node| self.socket(node, "service.systemd-credentials")),
        })
    }

    fn tcp(&mut self, node: Node) -> Option<Tcp> {
        let mut section = self.section(node, "service.tcp", &["endpoint", "tls"], &[])?;
        let endpoint = self.needed_endpoint(&mut section, "endpoint");
        let tls = section.values.remove("tls");
        let tls = tls.and_then(|node| self.tls(node, "service.tcp.tls"));
        Some(Tcp {
            endpoint: endpoint?,
            tls,
        })
    }

    fn tls(&mut self, node: Node, path: &str) -> Option<Tls> {
        let mut section = self.section(node, path, &["cert-file", "key-file", "ca-file"], &[])?;
        let cert_file = self.needed_text(&mut section, "cert-file");
        let key_file = self.needed_text(&mut section, "key-file");
        let ca_file = self.optional_text(&mut section, "ca-file");
        Some(Tls {
            cert_file: cert_file?.into_string(),
            key_file: key_file?.into_string(),
            ca_file: ca_file.map(Text::into_string),
        })
    }

    fn socket(&mut self, node: Node, path: &str) -> Option<Socket> {
        let mut section = self.section(node, path, &["socket-path", "socket-mode"], &[])?;
        let socket_path = self
            .needed_text(&mut section, "socket-path")
            .map(Text::into_string);
        let mode = match self.optional_text(&mut section, "socket-mode") {
            Some(text) => self.mode(&text),
            None => Some(SOCKET_MODE),
        };
        Some(Socket {
            path: socket_path?,
            mode: mode?,
        })
    }

    fn management(&mut self, node: Node, path: &str) -> Option<Management> {
        let is_https = path.ends_with("https");
        let unencrypted = &["endpoint", "secrets", "metrics"];
        let known: &[&str] = if is_https { &MANAGEMENT } else { unencrypted };
        let mut section = self.section(node, path, known, &[])?;
        let endpoint = self.needed_endpoint(&mut section, "endpoint");
        let tls = if is_https {
            let tls = self.needed(&mut section, "tls");
            let tls = tls.and_then(|node| self.tls(node, &format!("{path}.tls")));
            tls.map(Some)
        } else {
            Some(None)
        };
        let secrets = section.values.remove("secrets").and_then(|node| {
            let path = format!("{path}.secrets");
            let mut section = self.section(node, &path, &["url-base-path"], &[])?;
            self.base_path(&mut section)
        });
        let prometheus = match section.values.remove("metrics") {
            Some(node) => self.metrics(node, &format!("{path}.metrics")),
            None => Some(Prometheus::default()),
        };
        Some(Management {
            endpoint: endpoint?,
            tls: tls?,
            secrets,
            prometheus: prometheus?,
        })
    }

    fn metrics(&mut self, node: Node, path: &str) -> Option<Prometheus> {
        let mut section = self.section(node, path, &["prometheus"], &[])?;
        let Some(node) = section.values.remove("prometheus") else {
            return Some(Prometheus::default());
        };
        let path = format!("{path}.prometheus");
        let mut section = self.section(node, &path, &["url-base-path", "labels"], &[])?;
        let url_base_path = self.base_path(&mut section);
        let labels = match section.values.remove("labels") {
            Some(node) => self.labels(node, &format!("{path}.labels")),
            None => Some(BTreeMap::new()),
        };
        Some(Prometheus {
            url_base_path: url_base_path?,
            labels: labels?,
        })
    }

    fn base_path(&mut self, section: &mut crate::yaml::Section) -> Option<String> {
        let Some(text) = self.optional_text(section, "url-base-path") else {
            return Some(MANAGE_BASE_PATH.to_owned());
        };
        let is_path = text.value.len() >= 2
            && text.value.starts_with('/')
            && !text.value.ends_with('/')
            && text
                .value
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte));
        if is_path {
            return Some(text.into_string());
        }
        let message = format!("`{}` is not a path: `{}`", text.path, shown(&text.value));
        let hint = "begin it with `/`, and do not end it with one: `/manage/rest`";
        self.fail(text.place, message, Some(hint))
    }

    fn labels(&mut self, node: Node, path: &str) -> Option<BTreeMap<String, String>> {
        let Kind::Map(entries) = node.kind else {
            let message = format!("`{path}` must be a map of names to texts");
            return self.fail(node.place, message, None);
        };
        let mut labels = BTreeMap::new();
        for (key, node) in entries {
            let is_label = key
                .text
                .starts_with(|first: char| first.is_ascii_alphabetic())
                && key
                    .text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if !is_label {
                let message = format!("`{}` is not the name of a label", shown(&key.text));
                let hint = Some("letters, digits and `_`, a letter first");
                self.fail::<()>(key.place, message, hint);
                continue;
            }
            if let Some(text) = self.text(node, format!("{path}.{}", key.text)) {
                labels.insert(key.text, text.into_string());
            }
        }
        Some(labels)
    }

    fn aws_http(&mut self, node: Node) -> Option<AwsHttp> {
        let path = "service.aws-http";
        let known = [
            "endpoint",
            "token-file",
            "tls",
            "socket-path",
            "socket-mode",
        ];
        let mut section = self.section(node, path, &known, &[])?;
        let socket_path = self
            .optional_text(&mut section, "socket-path")
            .map(Text::into_string);
        let mode = self
            .optional_text(&mut section, "socket-mode")
            .and_then(|text| self.mode(&text));
        let token_file = self
            .optional_text(&mut section, "token-file")
            .map(Text::into_string);
        let endpoint = match self.optional_text(&mut section, "endpoint") {
            Some(text) => self.endpoint(&text),
            None if token_file.is_none() && socket_path.is_some() => None,
            None => Some(AWS_HTTP_ENDPOINT),
        };
        if endpoint.is_some() && token_file.is_none() {
            let hint = "name a file that holds the token; or leave `endpoint` out and set \
                        `socket-path`, where callers are known without one";
            let message = format!("`{path}.token-file` is missing");
            return self.fail(section.place, message, Some(hint));
        }
        let tls = section.values.remove("tls");
        Some(AwsHttp {
            endpoint,
            socket: socket_path.map(|path| Socket {
                path,
                mode: mode.unwrap_or(SOCKET_MODE),
            }),
            tls: tls.and_then(|node| self.tls(node, "service.aws-http.tls")),
            token_file,
        })
    }

    fn container_credentials(&mut self, node: Node) -> Option<ContainerCredentials> {
        let path = "service.container-credentials";
        let mut section = self.section(node, path, &["endpoint", "token-file", "role"], &[])?;
        let endpoint = self.needed_endpoint(&mut section, "endpoint");
        let token_file = self.needed_text(&mut section, "token-file");
        let role = self
            .optional_text(&mut section, "role")
            .map(Text::into_string);
        Some(ContainerCredentials {
            endpoint: endpoint?,
            token_file: token_file?.into_string(),
            role,
        })
    }
}

const MANAGEMENT: [&str; 4] = ["endpoint", "tls", "secrets", "metrics"];
const LISTENERS: [&str; 7] = [
    "tcp",
    "uds",
    "http",
    "https",
    "aws-http",
    "container-credentials",
    "systemd-credentials",
];
// Where clients of AWS's own agent look for it.
const AWS_HTTP_ENDPOINT: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 2_773);
// As the protocol's own agent makes it. Who may connect is decided by `access` as well.
const SOCKET_MODE: u32 = 0o660;
