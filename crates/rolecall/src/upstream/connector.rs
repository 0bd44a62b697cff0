//! The way out: one HTTP client, with its connections, for all that the SDK calls.
//!
//! Trusts what `AWS_CA_BUNDLE` names, which the SDK does not read itself, else what this host
//! trusts. Goes through `HTTPS_PROXY` and `HTTP_PROXY` but for `NO_PROXY`, and never to the
//! link-local addresses of the metadata service and of containers' credentials, which no proxy can
//! reach on the host's behalf.

use std::net::IpAddr;
use std::path::PathBuf;

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
    Ok(SharedHttpClient::new(Routed {
        proxied: built(tls.clone(), ProxyConfig::from_env()),
        direct: built(tls, ProxyConfig::disabled()),
    }))
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

fn built(tls: TlsContext, proxies: ProxyConfig) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut builder = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(tls.clone())
            .proxy_config(proxies.clone());
        builder.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            builder.set_sleep_impl(components.sleep_impl());
        }
        builder.build()
    })
}

/// Two clients: requests to link-local addresses never take the proxied one.
#[derive(Debug)]
struct Routed<T> {
    proxied: T,
    direct: T,
}

impl HttpClient for Routed<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Routed {
            proxied: self.proxied.http_connector(settings, components),
            direct: self.direct.http_connector(settings, components),
        })
    }
}

impl HttpConnector for Routed<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if is_link_local(request.uri()) {
            self.direct.call(request)
        } else {
            self.proxied.call(request)
        }
    }
}

fn is_link_local(uri: &str) -> bool {
    let uri = uri.parse::<http::Uri>().ok();
    let host = uri.as_ref().and_then(http::Uri::host).unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_link_local(),
        Ok(IpAddr::V6(address)) => METADATA_V6.contains(&address.segments()),
        Err(_) => false,
    }
}

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
            assert_eq!(is_link_local(uri), direct, "{uri}");
        }
    }
}
