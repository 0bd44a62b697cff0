//! Where the source's own credentials come from: the configuration, else the SDK's chain, which is
//! the environment, the shared files (their keys, SSO, a process), web identity, the container and
//! the metadata service. The roles on top are in `roles`.

use agent::config::{AccessKey, Aws};
use aws_config::identity::IdentityCache;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::connector;
use super::fetch::time_limits;
use crate::failure::Failure;

/// Which credentials to use.
#[derive(Debug)]
pub(crate) enum Source {
    /// The SDK's chain.
    Chain,
}

/// What the SDK needs to know to call AWS once, for a command. Where the region is not given, the
/// metadata service is among those that are asked for it.
pub(crate) async fn load(source: Source, region: Option<&str>) -> Result<SdkConfig, Failure> {
    match source {
        Source::Chain => {
            let http = connector::http_client()?;
            let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http);
            if let Some(region) = region {
                loader = loader.region(Region::new(region.to_owned()));
            }
            Ok(loader.load().await)
        }
    }
}

/// The source of an agent, asked again for each set of credentials.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    /// `access-key-id` and what belongs to it.
    Key(Credentials),
    /// The SDK's chain.
    Chain {
        region: String,
        profile: Option<String>,
    },
    /// The metadata service at this address alone, whatever the environment holds.
    Metadata { imds: String },
}

impl Origin {
    pub(super) fn of(aws: &Aws) -> Result<Self, Failure> {
        match &aws.access_key {
            Some(key) => Ok(Self::Key(configured_key(key)?)),
            None => Ok(Self::Chain {
                region: aws.region.clone(),
                profile: aws.profile.clone(),
            }),
        }
    }

    /// Asks for credentials. All of it is read anew, so a file that has changed is seen.
    pub(super) async fn credentials(
        &self,
        http: &SharedHttpClient,
    ) -> Result<Credentials, CredentialsError> {
        match self {
            Self::Key(credentials) => Ok(credentials.clone()),
            Self::Chain { region, profile } => {
                let loader = defaults(http, profile.as_deref()).region(Region::new(region.clone()));
                let config = loader.load().await;
                match config.credentials_provider() {
                    Some(provider) => provider.provide_credentials().await,
                    None => Err(CredentialsError::not_loaded("no provider")),
                }
            }
            Self::Metadata { imds } => {
                let client = imds::Client::builder().endpoint(imds);
                let client = client.map_err(CredentialsError::invalid_configuration)?;
                let config = ProviderConfig::without_region().with_http_client(http.clone());
                let provider = ImdsCredentialsProvider::builder()
                    .imds_client(client.configure(&config).build())
                    .build();
                provider.provide_credentials().await
            }
        }
    }

    /// Whether the shared files have a say.
    pub(super) fn reads_files(&self) -> bool {
        matches!(self, Self::Chain { .. })
    }
}

/// Whether they came out of the shared files, whichever way.
pub(super) fn is_of_shared_file(credentials: &Credentials) -> bool {
    let features = credentials.get_property::<Vec<AwsCredentialFeature>>();
    features.is_some_and(|features| features.contains(&AwsCredentialFeature::CredentialsProfile))
}

/// How all clients of an agent call AWS, but for region and credentials.
pub(super) async fn settings(aws: &Aws, http: &SharedHttpClient) -> SdkConfig {
    let mut loader = defaults(http, aws.profile.as_deref())
        .region(Region::new(aws.region.clone()))
        .no_credentials()
        // Credentials are handed out by us, and are always the present ones.
        .identity_cache(IdentityCache::no_cache())
        .timeout_config(time_limits())
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS_MAX));
    if let Some(endpoint) = &aws.endpoint_url {
        loader = loader.endpoint_url(endpoint);
    }
    loader.load().await
}

fn defaults(http: &SharedHttpClient, profile: Option<&str>) -> ConfigLoader {
    let loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http.clone());
    match profile {
        Some(profile) => loader.profile_name(profile),
        None => loader,
    }
}

fn configured_key(key: &AccessKey) -> Result<Credentials, Failure> {
    let unreadable = || Failure::wrong("`secret-access-key` and `session-token` must be text");
    let secret = key.secret.expose_text().ok_or_else(unreadable)?.to_owned();
    let token = match &key.session_token {
        Some(token) => Some(token.expose_text().ok_or_else(unreadable)?.to_owned()),
        None => None,
    };
    Ok(Credentials::new(
        key.id.clone(),
        secret,
        token,
        None,
        PROVIDER,
    ))
}

/// How the SDK's messages name credentials of the configuration.
const PROVIDER: &str = "configuration file";
// With the time limits, an operation ends before a client gives up.
const ATTEMPTS_MAX: u32 = 2;
