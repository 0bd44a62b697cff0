//! Where credentials come from: the configuration, else the SDK's chain (environment, shared file,
//! container, metadata service), and a role on top where one is asked for.

use agent::config::Aws;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::sts::AssumeRoleProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

use crate::failure::Failure;

/// Which credentials to use.
#[derive(Debug)]
pub(crate) enum Source<'a> {
    /// As the configuration says, else the SDK's chain.
    Configured(&'a Aws),
    /// The metadata service at this address alone, whatever the environment holds.
    Metadata {
        imds: &'a str,
        region: &'a str,
        endpoint: &'a str,
    },
    /// The SDK's chain.
    Chain,
}

/// What the SDK needs to know to call AWS.
pub(crate) async fn load(source: Source<'_>) -> Result<SdkConfig, Failure> {
    let defaults = aws_config::defaults(BehaviorVersion::latest());
    match source {
        Source::Chain => Ok(defaults.load().await),
        Source::Metadata {
            imds,
            region,
            endpoint,
        } => {
            let client = imds::Client::builder().endpoint(imds).map_err(|error| {
                Failure::wrong(format!(
                    "`{imds}` is no address of a metadata service: {error}"
                ))
            })?;
            let provider = ImdsCredentialsProvider::builder()
                .imds_client(client.build())
                .build();
            let region = Region::new(region.to_owned());
            let config = defaults
                .region(region)
                .credentials_provider(provider)
                .endpoint_url(endpoint);
            Ok(config.load().await)
        }
        Source::Configured(aws) => {
            let mut config = defaults.region(Region::new(aws.region.clone()));
            if let Some(endpoint) = &aws.endpoint_url {
                config = config.endpoint_url(endpoint);
            }
            if let Some(provider) = configured_key(aws) {
                config = config.credentials_provider(provider);
            }
            let base = config.load().await;
            Ok(match aws.assume_role.first() {
                Some(step) => assuming(&base, &step.role_arn, &aws.region).await,
                None => base,
            })
        }
    }
}

fn configured_key(aws: &Aws) -> Option<SharedCredentialsProvider> {
    let key = aws.access_key.as_ref()?;
    let secret = key.secret.expose_text()?.to_owned();
    let token = key
        .session_token
        .as_ref()
        .and_then(|token| token.expose_text());
    let token = token.map(str::to_owned);
    let credentials = Credentials::new(key.id.clone(), secret, token, None, PROVIDER);
    Some(SharedCredentialsProvider::new(credentials))
}

async fn assuming(base: &SdkConfig, role: &str, region: &str) -> SdkConfig {
    let provider = AssumeRoleProvider::builder(role)
        .session_name(SESSION_NAME)
        .region(Region::new(region.to_owned()))
        .configure(base)
        .build()
        .await;
    base.to_builder()
        .credentials_provider(SharedCredentialsProvider::new(provider))
        .build()
}

/// How the SDK's messages name credentials of the configuration.
const PROVIDER: &str = "configuration file";
const SESSION_NAME: &str = "rolecall-agent";
