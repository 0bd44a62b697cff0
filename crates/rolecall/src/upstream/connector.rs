//! The way out: one HTTP client, with its connections, for all that the SDK calls.
//!
//! Trusts what `AWS_CA_BUNDLE` names, which the SDK does not read itself, else what this host
//! trusts. Goes through `HTTPS_PROXY` and `HTTP_PROXY` but for `NO_PROXY`, and never to the
//! link-local addresses of the metadata service and of containers' credentials, which no proxy can
//! reach on the host's behalf.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use rustls::RootCertStore;

use crate::failure::Failure;
use crate::serve::certificates;

/// A client of its own connections.
pub(super) fn http_client() -> Result<SharedHttpClient, Failure> {
    let mut tls = TlsContext::builder();
    if let Some(bundle) = bundle()? {
        let trusted = TrustStore::empty().with_pem_certificate(bundle.pem);
        tls = tls.with_trust_store(trusted);
    }
    let tls = tls
        .build()
        .map_err(|error| Failure::unfinished(format!("TLS cannot be set up: {error}")))?;
    let is_set = |name| std::env::var_os(name).is_some_and(|text| !text.is_empty());
    Ok(SharedHttpClient::new(Routed(Arc::new(Routes {
        proxied: built(Some(tls.clone()), ProxyConfig::from_env()),
        direct: built(Some(tls), ProxyConfig::disabled()),
        plain: built(None, ProxyConfig::disabled()),
        has_http_proxy: HTTP_PROXIES.into_iter().any(is_set),
    }))))
}

/// What `AWS_CA_BUNDLE` names, as text and as certificates that can all be used.
pub(super) struct Bundle {
    pub(super) pem: Vec<u8>,
    pub(super) roots: RootCertStore,
}

/// `None` where the variable is not set.
pub(super) fn bundle() -> Result<Option<Bundle>, Failure> {
    let name = std::env::var_os("AWS_CA_BUNDLE").filter(|path| !path.is_empty());
    let Some(path) = name.map(PathBuf::from) else {
        return Ok(None);
    };
    let wrong = |why: &dyn std::fmt::Display| {
        let name = path.display();
        Failure::wrong(format!("`AWS_CA_BUNDLE={name}` cannot be used: {why}"))
            .hint("name a PEM file of the certificates to trust")
    };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&path).map_err(|error| wrong(&error))? {
        roots.add(certificate).map_err(|error| wrong(&error))?;
    }
    if roots.is_empty() {
        return Err(wrong(&"no certificate in it"));
    }
    let pem = std::fs::read(&path).map_err(|error| wrong(&error))?;
    Ok(Some(Bundle { pem, roots }))
}

/// The SDK's client, its connectors made when they are first used.
fn built(tls: Option<TlsContext>, proxies: ProxyConfig) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut builder = Connector::builder().proxy_config(proxies.clone());
        builder.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            builder.set_sleep_impl(components.sleep_impl());
        }
        match &tls {
            Some(tls) => builder
                .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
                .tls_context(tls.clone())
                .build(),
            None => builder.build_http(),
        }
    })
}

/// The ways that requests take.
#[derive(Debug)]
struct Routes {
    proxied: SharedHttpClient,
    direct: SharedHttpClient,
    plain: SharedHttpClient,
    has_http_proxy: bool,
}

impl Routes {
    /// Link-local addresses are never asked by a proxy. What needs no TLS, as the metadata service
    /// and containers' credentials, does not wait until all that this host trusts is read.
    fn of(&self, uri: &str) -> &SharedHttpClient {
        let uri = uri.parse::<http::Uri>().ok();
        let scheme = uri.as_ref().and_then(http::Uri::scheme_str);
        let direct = uri.as_ref().is_some_and(is_link_local);
        match scheme {
            Some("http") if direct || !self.has_http_proxy => &self.plain,
            _ if direct => &self.direct,
            _ => &self.proxied,
        }
    }
}

/// Chooses for each request.
#[derive(Debug)]
struct Routed(Arc<Routes>);

impl HttpClient for Routed {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Route {
            routes: Arc::clone(&self.0),
            settings: settings.clone(),
            components: components.clone(),
        })
    }
}

/// The same for one set of settings. The clients keep a connector for each that is used.
#[derive(Debug)]
struct Route {
    routes: Arc<Routes>,
    settings: HttpConnectorSettings,
    components: RuntimeComponents,
}

impl HttpConnector for Route {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.routes.of(request.uri());
        let connector = client.http_connector(&self.settings, &self.components);
        connector.call(request)
    }
}

fn is_link_local(uri: &http::Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_link_local(),
        Ok(IpAddr::V6(address)) => METADATA_V6.contains(&address.segments()),
        Err(_) => false,
    }
}

// What may send a request without TLS through a proxy, which may itself want TLS.
const HTTP_PROXIES: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
// `fd00:ec2::254`, the metadata service, and `fd00:ec2::23`, EKS Pod Identity.
const METADATA_V6: [[u16; 8]; 2] = [
    [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254],
    [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_no_proxy_can_reach_goes_around_it() {
        for (uri, direct) in [
            ("http://169.254.169.254/latest/api/token", true),
            ("http://169.254.170.2/v2/credentials", true),
            ("http://[fd00:ec2::254]/latest/api/token", true),
            ("http://[fd00:ec2::23]/v1/credentials", true),
            ("http://127.0.0.1:1338/latest/api/token", false),
            ("https://secretsmanager.us-east-1.amazonaws.com/", false),
            ("http://169.254.169.254.example/", false),
            ("http://[fd00:ec2::25]/", false),
            ("nonsense", false),
        ] {
            assert_eq!(is_link_local(&uri.parse().unwrap()), direct, "{uri}");
        }
    }

    #[test]
    fn what_needs_no_tls_waits_for_none() {
        let client = || built(None, ProxyConfig::disabled());
        let mut routes = Routes {
            proxied: client(),
            direct: client(),
            plain: client(),
            has_http_proxy: true,
        };
        let way = |routes: &Routes, uri: &str| {
            let found: *const SharedHttpClient = routes.of(uri);
            let ways = [&routes.proxied, &routes.direct, &routes.plain];
            ways.iter().position(|way| std::ptr::eq(*way, found))
        };
        let [proxied, direct, plain] = [0, 1, 2].map(Some);
        for (uri, expect) in [
            ("http://169.254.169.254/latest/api/token", plain),
            ("https://169.254.169.254/latest/api/token", direct),
            ("https://secretsmanager.us-east-1.amazonaws.com/", proxied),
            ("http://127.0.0.1:4566/", proxied),
            ("nonsense", proxied),
        ] {
            assert_eq!(way(&routes, uri), expect, "{uri}");
        }
        routes.has_http_proxy = false;
        assert_eq!(way(&routes, "http://127.0.0.1:4566/"), plain);
        assert_eq!(way(&routes, "https://sts.amazonaws.com/"), proxied);
    }
}
