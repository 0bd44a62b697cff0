//! AssumeRole, one hop after the other, each with the credentials of the one before.
//!
//! Off the path of clients' requests: only `refresher` calls it. Source: AWS STS API Reference,
//! "AssumeRole"; the endpoint is that of the configured region.

use std::sync::Arc;
use std::time::SystemTime;

use agent::config::RoleStep;
use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_sdk_sts::types::{PolicyDescriptorType, Tag};

use super::fetch::failure;
use super::identity::Identity;
use super::trouble::{Kind, Trouble};

/// The credentials at the end of a chain. The source learns when its own are refused.
pub(super) async fn assume(
    source: &Arc<Identity>,
    steps: &[RoleStep],
    settings: &SdkConfig,
) -> Result<Credentials, Trouble> {
    let missing = || Trouble::new(Kind::NoSource, "there are no credentials to assume it with");
    let own = source.current().ok_or_else(missing)?;
    let mut credentials = own.clone();
    for (hop, step) in steps.iter().enumerate() {
        let answer = call(credentials, step, settings).await;
        credentials = match answer {
            Ok(answer) => read(answer)
                .ok_or_else(|| Trouble::new(Kind::Unavailable, "the answer of STS lacks a part"))?,
            Err(failure) => {
                if hop == 0 && matches!(failure, agent::Failure::Credentials(_)) {
                    source.refuse(own.access_key_id());
                }
                return Err(Trouble::of_sts(&step.role_arn, &failure));
            }
        };
    }
    Ok(credentials)
}

async fn call(
    credentials: Credentials,
    step: &RoleStep,
    settings: &SdkConfig,
) -> Result<AssumeRoleOutput, agent::Failure> {
    let config = aws_sdk_sts::config::Builder::from(settings)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    let seconds = i32::try_from(step.duration.as_secs()).unwrap_or(i32::MAX);
    aws_sdk_sts::Client::from_conf(config)
        .assume_role()
        .role_arn(&step.role_arn)
        .role_session_name(&step.session_name)
        .duration_seconds(seconds)
        .set_external_id(step.external_id.clone())
        .set_policy(step.session_policy.clone())
        .set_source_identity(step.source_identity.clone())
        .set_policy_arns(policies(step))
        .set_tags(tags(step))
        .send()
        .await
        .map_err(|error| failure(&error))
}

fn policies(step: &RoleStep) -> Option<Vec<PolicyDescriptorType>> {
    let arns = step.policy_arns.iter();
    let policies: Vec<_> = arns
        .map(|arn| PolicyDescriptorType::builder().arn(arn).build())
        .collect();
    (!policies.is_empty()).then_some(policies)
}

/// All of them have a key and a value.
fn tags(step: &RoleStep) -> Option<Vec<Tag>> {
    let tag = |(key, value): &(String, String)| Tag::builder().key(key).value(value).build().ok();
    let tags: Vec<_> = step.tags.iter().filter_map(tag).collect();
    (!tags.is_empty()).then_some(tags)
}

fn read(answer: AssumeRoleOutput) -> Option<Credentials> {
    let given = answer.credentials?;
    let end = SystemTime::try_from(given.expiration).ok()?;
    let (id, secret) = (given.access_key_id, given.secret_access_key);
    Some(Credentials::new(
        id,
        secret,
        Some(given.session_token),
        Some(end),
        PROVIDER,
    ))
}

/// How the SDK's messages name them.
const PROVIDER: &str = "assumed role";
