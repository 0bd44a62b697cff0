//! Calls to AWS services that the SDK is not linked for, through `protocol`.

use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::provider::ProvideCredentials;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use protocol::shape::Service;
use protocol::sigv4::{self, Credentials, Scope};
use protocol::{Fault, Record, Secret, wire};
use rustls::ClientConfig;
use tokio::time::timeout;

use super::connector::bundle;
use super::{Source, load};
use crate::clock;
use crate::failure::Failure;

/// Signs, sends and reads calls of one service.
#[derive(Debug)]
pub(crate) struct ApiClient {
    service: &'static Service,
    endpoint: http::Uri,
    region: String,
    credentials: Credentials,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    configured: Option<String>,
}

/// Why a call has no answer.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// The service says no.
    Fault(Fault),
    /// The service was not reached, or cannot be understood.
    Failure(Failure),
}

impl ApiClient {
    /// A client of a service in `region`, else in the SDK's, with credentials and endpoint found as
    /// the SDK finds them.
    pub(crate) async fn connect(
        service: &'static Service,
        region: Option<&str>,
    ) -> Result<Self, Failure> {
        let config = load(Source::Chain, region).await?;
        let configured = config.region().map(AsRef::as_ref);
        let region = region.or(configured).unwrap_or("us-east-1").to_owned();
        let endpoint = endpoint(service, &region, config.endpoint_url());
        let endpoint = parsed(&endpoint)?;
        let connector = connector()?;
        let client = Client::builder(TokioExecutor::new()).build(connector);
        let no_credentials = || {
            Failure::unfinished("no AWS credentials were found")
                .hint("set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or `AWS_PROFILE`")
        };
        let provider = config.credentials_provider().ok_or_else(no_credentials)?;
        let found = provider
            .provide_credentials()
            .await
            .map_err(|_| no_credentials())?;
        let credentials = Credentials {
            access_key_id: found.access_key_id().to_owned(),
            secret_access_key: Secret::from_text(found.secret_access_key().to_owned()),
            session_token: found
                .session_token()
                .map(|token| Secret::from_text(token.to_owned())),
        };
        Ok(Self {
            service,
            endpoint,
            region,
            credentials,
            client,
            configured: config.endpoint_url().map(str::to_owned),
        })
    }

    /// The same client with other credentials.
    pub(crate) fn with(&self, credentials: Credentials) -> Self {
        Self {
            service: self.service,
            endpoint: self.endpoint.clone(),
            region: self.region.clone(),
            credentials,
            client: self.client.clone(),
            configured: self.configured.clone(),
        }
    }

    /// A client of another service or region with the same credentials and connections.
    pub(crate) fn beside(&self, service: &'static Service, region: &str) -> Result<Self, Failure> {
        let endpoint = endpoint(service, region, self.configured.as_deref());
        let endpoint = parsed(&endpoint)?;
        Ok(Self {
            service,
            endpoint,
            region: region.to_owned(),
            credentials: self.credentials.clone(),
            client: self.client.clone(),
            configured: self.configured.clone(),
        })
    }

    /// The region that calls are signed for.
    pub(crate) fn region(&self) -> &str {
        &self.region
    }

    /// Calls an operation.
    pub(crate) async fn call(
        &self,
        operation: &'static str,
        input: &Record,
    ) -> Result<Record, ApiError> {
        let unknown =
            || ApiError::Failure(Failure::unfinished(format!("no operation {operation}")));
        let operation = self.service.operation(operation).ok_or_else(unknown)?;
        let unsent = |why: String| {
            let endpoint = &self.endpoint;
            let failure = Failure::unfinished(format!("`{endpoint}` does not answer: {why}"))
                .hint("set `AWS_ENDPOINT_URL` to the account, for example http://127.0.0.1:4566");
            ApiError::Failure(failure)
        };
        let authority = self
            .endpoint
            .authority()
            .map_or("", |authority| authority.as_str());
        let mut request = wire::encode_input(self.service, operation, input, authority);
        *request.uri_mut() = self.endpoint.clone();
        let now = clock::now();
        let scope = Scope::at(now, &self.region, self.service.name);
        sigv4::sign(&mut request, &self.credentials, &scope, now)
            .map_err(|error| unsent(error.to_string()))?;
        let answer = timeout(ANSWER_TIME_MAX, self.client.request(request.map(Full::new))).await;
        let answer = answer.map_err(|_| unsent("no answer in time".to_owned()))?;
        let (head, body) = answer
            .map_err(|error| unsent(error.to_string()))?
            .into_parts();
        let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|error| unsent(error.to_string()))?.to_bytes();
        let response = http::Response::from_parts(head, body);
        wire::decode_output(self.service, operation, &response).map_err(ApiError::Fault)
    }
}

/// Trusts what `AWS_CA_BUNDLE` names, else what this host trusts.
fn connector() -> Result<HttpsConnector<HttpConnector>, Failure> {
    let builder = HttpsConnectorBuilder::new();
    let builder = match bundle()? {
        None => builder
            .with_native_roots()
            .map_err(|error| Failure::unfinished(format!("no CA certificates: {error}")))?,
        Some(bundle) => {
            let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
            let config = ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .map_err(|error| Failure::unfinished(format!("no TLS: {error}")))?;
            let config = config.with_root_certificates(bundle.roots);
            builder.with_tls_config(config.with_no_client_auth())
        }
    };
    Ok(builder.https_or_http().enable_http1().build())
}

fn parsed(endpoint: &str) -> Result<http::Uri, Failure> {
    endpoint
        .parse::<http::Uri>()
        .map_err(|error| Failure::wrong(format!("`{endpoint}` is no endpoint: {error}")))
}

/// `AWS_ENDPOINT_URL_<SERVICE>`, else `AWS_ENDPOINT_URL` as the SDK found it, else AWS itself.
fn endpoint(service: &Service, region: &str, configured: Option<&str>) -> String {
    // As the SDKs spell it.
    let name = match service.name {
        "secretsmanager" => "SECRETS_MANAGER".to_owned(),
        "autoscaling" => "AUTO_SCALING".to_owned(),
        name => name.to_uppercase(),
    };
    let name = format!("AWS_ENDPOINT_URL_{name}");
    let own = std::env::var(name).ok().filter(|url| !url.is_empty());
    let shared = || configured.map(str::to_owned);
    own.or_else(shared).unwrap_or_else(|| match service.name {
        // IAM has one endpoint for all regions of a partition.
        "iam" if region.starts_with("cn-") => "https://iam.cn-north-1.amazonaws.com.cn".to_owned(),
        "iam" if region.starts_with("us-gov-") => "https://iam.us-gov.amazonaws.com".to_owned(),
        "iam" => "https://iam.amazonaws.com".to_owned(),
        name if region.starts_with("cn-") => format!("https://{name}.{region}.amazonaws.com.cn"),
        name => format!("https://{name}.{region}.amazonaws.com"),
    })
}

const ANSWER_TIME_MAX: Duration = Duration::from_secs(20);
// A page of policies or of 1,000 instances is far smaller; moto's one page of all of them is not.
const ANSWER_BYTES_MAX: usize = 256 * 1024 * 1024;
