//! What a configuration may say, and is dangerous.

use std::net::{IpAddr, SocketAddr};

use super::{Config, Tls};

/// What is allowed and dangerous, one line each, with the lines of configuration that close it.
pub fn warnings(config: &Config) -> Vec<String> {
    let mut warnings = Vec::new();
    let service = &config.service;
    let has_rules = config.access.rules.is_some();
    if let Some(tcp) = &service.tcp
        && is_open(tcp.endpoint, tcp.tls.as_ref(), has_rules)
    {
        warnings.push(open_to_all("tcp", tcp.endpoint));
    }
    for (name, listener) in [("http", &service.http), ("https", &service.https)] {
        if let Some(listener) = listener
            && listener.secrets.is_some()
            && is_open(listener.endpoint, listener.tls.as_ref(), has_rules)
        {
            warnings.push(open_to_all(name, listener.endpoint));
        }
    }
    for (name, endpoint, tls) in clear_text(config) {
        if tls.is_none() && !endpoint.ip().is_loopback() {
            warnings.push(format!(
                "service.{name} listens on `{endpoint}`: the token and every secret cross the \
                 network in clear text; close it with \
                 `service: {{{name}: {{endpoint: \"127.0.0.1:{}\"}}}}`",
                endpoint.port()
            ));
        }
    }
    if let Some(url) = &config.secret_manager.endpoint_url
        && is_clear_text_off_host(url)
    {
        warnings.push(format!(
            "secret-manager.aws.endpoint-url `{url}` is not encrypted: secrets cross the network \
             in clear text; close it with an `https://` address"
        ));
    }
    warnings
}

/// Whoever reaches it may read: no certificate is asked for, and no rule decides.
fn is_open(endpoint: SocketAddr, tls: Option<&Tls>, has_rules: bool) -> bool {
    let asks_certificate = tls.is_some_and(|tls| tls.ca_file.is_some());
    !endpoint.ip().is_loopback() && !asks_certificate && !has_rules
}

fn open_to_all(name: &str, endpoint: SocketAddr) -> String {
    format!(
        "service.{name} listens on `{endpoint}`: whoever can reach it reads every secret, as this \
         protocol has no authentication; close it with \
         `service: {{{name}: {{endpoint: \"127.0.0.1:{}\"}}}}`, or let it ask for certificates \
         with `service: {{{name}: {{tls: {{ca-file: CA.pem}}}}}}`",
        endpoint.port()
    )
}

fn clear_text(config: &Config) -> impl Iterator<Item = (&'static str, SocketAddr, Option<&Tls>)> {
    let http = config.service.aws_http.as_ref().and_then(|http| {
        let endpoint = http.endpoint?;
        Some(("aws-http", endpoint, http.tls.as_ref()))
    });
    let credentials = config.service.container_credentials.as_ref();
    http.into_iter()
        .chain(credentials.map(|it| ("container-credentials", it.endpoint, None)))
}

fn is_clear_text_off_host(url: &str) -> bool {
    let Ok(url) = url.parse::<http::Uri>() else {
        return false;
    };
    let host = url
        .host()
        .unwrap_or_default()
        .trim_start_matches('[')
        .trim_end_matches(']');
    let on_host = host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    url.scheme_str() == Some("http") && !on_host
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::parse;

    const BACKEND: &str = "secret-manager: {aws: {region: us-east-1, resources: {a: b}}}\n";

    fn of(text: &str) -> Vec<String> {
        warnings(&parse(&format!("{text}\n{BACKEND}"), "f").unwrap())
    }

    #[test]
    fn what_is_dangerous_is_named_with_its_remedy() {
        let found = of("service: {tcp: {endpoint: '0.0.0.0:3005'}, \
             http: {endpoint: '0.0.0.0:8080', secrets: {}}, \
             aws-http: {endpoint: '[::]:2773', token-file: t}}");

        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(found[0].contains("no authentication") && found[0].contains("\"127.0.0.1:3005\""));
        assert!(found[0].contains("ca-file"));
        assert!(found[1].contains("service.http listens"));
        assert!(found[2].contains("clear text") && found[2].contains("\"127.0.0.1:2773\""));
    }

    #[test]
    fn certificates_and_rules_close_it() {
        let tls = "tls: {cert-file: c, key-file: k, ca-file: a}";
        let open = "{endpoint: '0.0.0.0:3005', tls: {cert-file: c, key-file: k}}";

        assert_eq!(
            of(&format!("service: {{tcp: {{endpoint: ':3005', {tls}}}}}")).len(),
            0
        );
        assert_eq!(of(&format!("service: {{tcp: {open}}}")).len(), 1);
        let rules = "access: {rules: []}";
        assert_eq!(of(&format!("service: {{tcp: {open}}}\n{rules}")).len(), 0);
        assert_eq!(of("service: {http: {endpoint: ':8080'}}").len(), 0);
    }

    #[test]
    fn a_clear_text_endpoint_on_this_host_is_no_danger() {
        for (url, expect) in [
            ("http://127.0.0.1:4566", false),
            ("http://[::1]:4566", false),
            ("http://localhost", false),
            ("https://10.0.0.1", false),
            ("http://localhost.example", true),
            ("HTTP://10.0.0.1", true),
        ] {
            assert_eq!(is_clear_text_off_host(url), expect, "{url}");
        }
    }
}
