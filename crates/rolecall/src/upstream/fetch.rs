//! One GetSecretValue through the official SDK, and what its failures mean.

use std::time::Duration;

use agent::{Ask, Failure, SecretVersion, Value};
use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueOutput;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use jiff::Timestamp;
use protocol::{Fault, Secret};

/// Reads secrets from Secrets Manager.
#[derive(Debug)]
pub(crate) struct Fetcher {
    client: Client,
}

impl Fetcher {
    pub(crate) fn new(config: &SdkConfig) -> Self {
        let times = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIME_MAX)
            .operation_attempt_timeout(ATTEMPT_TIME_MAX)
            .operation_timeout(OPERATION_TIME_MAX)
            .build();
        let config = aws_sdk_secretsmanager::config::Builder::from(config)
            .timeout_config(times)
            .build();
        Self {
            client: Client::from_conf(config),
        }
    }

    /// Asks the service.
    pub(crate) async fn fetch(&self, ask: &Ask) -> Result<SecretVersion, Failure> {
        let answer = self
            .client
            .get_secret_value()
            .secret_id(ask.secret_id())
            .set_version_id(ask.version_id().map(str::to_owned))
            .set_version_stage(ask.version_stage().map(str::to_owned))
            .send()
            .await;
        match answer {
            Ok(output) => version(output).ok_or_else(|| {
                let message = "the service's answer lacks what an answer has";
                Failure::Unavailable(Fault::new("InternalFailure", message).status(502))
            }),
            Err(error) => Err(failure(&error)),
        }
    }

    /// Asks the service for several.
    pub(crate) async fn fetch_many(
        &self,
        asks: &[Ask],
    ) -> Vec<(Ask, Result<SecretVersion, Failure>)> {
        let mut found = Vec::with_capacity(asks.len());
        for ask in asks {
            found.push((ask.clone(), self.fetch(ask).await));
        }
        found
    }
}

fn version(output: GetSecretValueOutput) -> Option<SecretVersion> {
    let created = output.created_date?;
    let value = match (output.secret_string, output.secret_binary) {
        (Some(text), _) => Value::Text(Secret::from_text(text)),
        (None, Some(bytes)) => Value::Binary(Secret::new(bytes.into_inner())),
        (None, None) => return None,
    };
    Some(SecretVersion {
        arn: output.arn?,
        name: output.name?,
        version_id: output.version_id?,
        version_stages: output.version_stages.unwrap_or_default(),
        created: Timestamp::new(created.secs(), i32::try_from(created.subsec_nanos()).ok()?)
            .ok()?,
        value,
    })
}

fn failure<E: ProvideErrorMetadata>(error: &SdkError<E, Response>) -> Failure {
    match error {
        SdkError::ServiceError(answer) => {
            let (told, raw) = (answer.err(), answer.raw());
            let code = told.code().unwrap_or("InternalFailure").to_owned();
            let message = told.message().unwrap_or_default().to_owned();
            Failure::of_service(Fault::new(code, message).status(raw.status().as_u16()))
        }
        SdkError::TimeoutError(_) => Failure::TimedOut,
        SdkError::DispatchFailure(reason) if reason.is_timeout() => Failure::TimedOut,
        SdkError::DispatchFailure(reason) if reason.is_io() => Failure::Unreachable,
        // Neither: the SDK found no credentials to sign with.
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) => {
            Failure::no_credentials()
        }
        _ => Failure::Unreachable,
    }
}

// A call that hangs must not keep a client for longer than clients wait.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(2);
const ATTEMPT_TIME_MAX: Duration = Duration::from_secs(4);
const OPERATION_TIME_MAX: Duration = Duration::from_secs(10);
