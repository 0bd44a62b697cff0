//! One GetSecretValue through the official SDK, how long it may take, and what failures mean.

use std::error::Error;
use std::time::Duration;

use agent::{Ask, Failure, SecretVersion, Value};
use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueOutput;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::{Blob, DateTime};
use jiff::Timestamp;
use protocol::{Fault, Secret};

/// Reads secrets for a command, which ends soon after.
#[derive(Debug)]
pub(crate) struct Fetcher(Client);

impl Fetcher {
    pub(crate) fn new(config: &SdkConfig) -> Self {
        let config = aws_sdk_secretsmanager::config::Builder::from(config)
            .timeout_config(time_limits())
            .build();
        Self(Client::from_conf(config))
    }

    /// Asks the service.
    pub(crate) async fn fetch(&self, ask: &Ask) -> Result<SecretVersion, Failure> {
        get(&self.0, ask, ask.secret_id()).await
    }
}

/// GetSecretValue.
pub(super) async fn get(
    client: &Client,
    ask: &Ask,
    secret_id: &str,
) -> Result<SecretVersion, Failure> {
    let answer = client
        .get_secret_value()
        .secret_id(secret_id)
        .set_version_id(ask.version_id().map(str::to_owned))
        .set_version_stage(ask.version_stage().map(str::to_owned))
        .send()
        .await;
    let output = answer.map_err(|error| failure(&error))?;
    version(output).ok_or_else(incomplete)
}

/// How long a call may take. One that hangs must not keep a client for longer than clients wait.
pub(super) fn time_limits() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIME_MAX)
        .operation_attempt_timeout(ATTEMPT_TIME_MAX)
        .operation_timeout(OPERATION_TIME_MAX)
        .build()
}

/// The service's answer lacks what an answer has.
pub(super) fn incomplete() -> Failure {
    let message = "the service's answer lacks what an answer has";
    Failure::Unavailable(Fault::new("InternalFailure", message).status(502))
}

fn version(output: GetSecretValueOutput) -> Option<SecretVersion> {
    Some(SecretVersion {
        arn: output.arn?,
        name: output.name?,
        version_id: output.version_id?,
        version_stages: output.version_stages.unwrap_or_default(),
        created: moment(&output.created_date?)?,
        value: value(output.secret_string, output.secret_binary)?,
    })
}

/// A secret of either kind.
pub(super) fn value(text: Option<String>, bytes: Option<Blob>) -> Option<Value> {
    match (text, bytes) {
        (Some(text), _) => Some(Value::Text(Secret::from_text(text))),
        (None, Some(bytes)) => Some(Value::Binary(Secret::new(bytes.into_inner()))),
        (None, None) => None,
    }
}

pub(super) fn moment(date: &DateTime) -> Option<Timestamp> {
    Timestamp::new(date.secs(), i32::try_from(date.subsec_nanos()).ok()?).ok()
}

/// What the SDK's error means.
pub(super) fn failure<E>(error: &SdkError<E, Response>) -> Failure
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::ServiceError(answer) => {
            let (told, raw) = (answer.err(), answer.raw());
            let code = told.code().unwrap_or("InternalFailure").to_owned();
            let message = told.message().unwrap_or_default().to_owned();
            Failure::of_service(Fault::new(code, message).status(raw.status().as_u16()))
        }
        SdkError::TimeoutError(_) => Failure::TimedOut,
        SdkError::DispatchFailure(reason) if reason.is_timeout() => Failure::TimedOut,
        _ if lacks_credentials(error) => Failure::no_credentials(),
        _ => {
            tracing::debug!(why = %DisplayErrorContext(error), "the service cannot be reached");
            Failure::Unreachable
        }
    }
}

/// They ended between the look at them and the call.
fn lacks_credentials(error: &(dyn Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |&error| error.source());
    causes.any(<dyn Error>::is::<CredentialsError>)
}

const CONNECT_TIME_MAX: Duration = Duration::from_secs(2);
/// Of one try.
pub(super) const ATTEMPT_TIME_MAX: Duration = Duration::from_secs(4);
/// Of all tries of an operation.
pub(super) const OPERATION_TIME_MAX: Duration = Duration::from_secs(10);
