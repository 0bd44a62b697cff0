//! The account as AWS's SDKs for JavaScript and for Rust see it: roles, secrets, keys, instances,
//! and errors that have the types which the SDKs give them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_credential_types::Credentials;
use aws_sdk_secretsmanager::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_secretsmanager::config::{ConfigBag, Intercept, Region, RuntimeComponents};
use aws_sdk_secretsmanager::error::{BoxError, ProvideErrorMetadata, SdkError};
use aws_sdk_secretsmanager::primitives::Blob;

use crate::clients::{node_modules, script_of};
use crate::harness::{World, scenario};
use crate::rows::hold;

#[test]
fn javascript() {
    scenario(|world| {
        world.canary(VALUE);
        let mut command = world.as_admin("node");
        command.env("NODE_PATH", node_modules("javascript"));
        command.arg(script_of("js", "path.cjs")).arg(world.imds());
        hold(command, 16);
    });
}

#[test]
fn rust_reads_what_the_role_may() {
    scenario(|world| {
        world.canary(VALUE);
        block_on(async {
            let account = Account::of(world);
            let admin = account.secrets(&account.admin);
            let held = admin
                .create_secret()
                .name("own")
                .secret_string(VALUE)
                .send()
                .await
                .unwrap();
            let arn = held.arn().unwrap();
            let session = account.session(&allow(arn)).await;
            let caller = account.sts(&session).get_caller_identity().send().await;
            let caller = caller.unwrap();
            let wanted = "arn:aws:sts::123456789012:assumed-role/sdk/row";
            assert_eq!(caller.arn(), Some(wanted));

            let reader = account.secrets(&session);
            let value = reader.get_secret_value().secret_id("own").send().await;
            let value = value.unwrap();
            assert_eq!(value.secret_string(), Some(VALUE));
            // The SDK makes the token of a call that has none, and the token is the version.
            assert_eq!(value.version_id(), held.version_id());

            let binary = Blob::new([0, 255]);
            let put = admin.put_secret_value().secret_id("own");
            let put = put.secret_binary(binary.clone()).send().await.unwrap();
            let value = reader.get_secret_value().secret_id(arn).send().await;
            let value = value.unwrap();
            assert_eq!(value.secret_binary(), Some(&binary));
            assert_eq!(value.version_id(), put.version_id());
            let before = reader.get_secret_value().secret_id(arn);
            let before = before.version_stage("AWSPREVIOUS").send().await.unwrap();
            assert_eq!(before.secret_string(), Some(VALUE));
            assert_eq!(account.attempts(), 7);
        });
    });
}

#[test]
fn rust_has_types_for_errors() {
    scenario(|world| {
        block_on(async {
            let account = Account::of(world);
            let admin = account.secrets(&account.admin);
            let get = admin.get_secret_value().secret_id("nothing").send().await;
            let error = get.unwrap_err();
            assert_eq!(status(&error), 400);
            let error = error.into_service_error();
            assert!(error.is_resource_not_found_exception(), "{error:?}");
            let wanted = "Secrets Manager can't find the specified secret.";
            assert_eq!(error.meta().message(), Some(wanted));

            let create = || admin.create_secret().name("twice").secret_string("one");
            create().send().await.unwrap();
            let error = create().send().await.unwrap_err().into_service_error();
            assert!(error.is_resource_exists_exception(), "{error:?}");

            // AccessDenied is none of the errors of the model, so it has a code and no type.
            let session = account.session(&allow("arn:aws:s3:::none")).await;
            let get = account.secrets(&session).get_secret_value();
            let error = get.secret_id("twice").send().await.unwrap_err();
            assert_eq!(status(&error), 400);
            let error = error.into_service_error();
            assert_eq!(error.code(), Some("AccessDeniedException"));
            assert!(!error.is_resource_not_found_exception(), "{error:?}");
            let message = error.message().unwrap();
            assert!(message.contains("assumed-role/sdk/row"), "{message}");

            let assume = account.sts(&session).assume_role();
            let assume = assume.role_arn("arn:aws:iam::123456789012:role/nobody");
            let error = assume.role_session_name("row").send().await.unwrap_err();
            assert_eq!(status(&error), 403);
            assert_eq!(error.code(), Some("AccessDenied"));
            // Nothing of this is an error that would be sent again.
            assert_eq!(account.attempts(), 6);
        });
    });
}

#[test]
fn rust_is_refused_with_keys_that_do_not_count() {
    scenario(|world| {
        block_on(async {
            let account = Account::of(world);
            let session = account.session(&allow("*")).await;
            let keys = |secret: &str, token: Option<&str>| {
                let token = token.map(str::to_owned);
                Credentials::new(session.access_key_id(), secret, token, None, "test")
            };
            let token = session.session_token();
            let unknown = ("UnrecognizedClientException", "InvalidClientTokenId");
            let forged = ("InvalidSignatureException", "SignatureDoesNotMatch");
            for (credentials, (json, query)) in [
                (keys(&"A".repeat(40), token), forged),
                (keys(session.secret_access_key(), None), unknown),
                (keys(session.secret_access_key(), Some("token")), unknown),
            ] {
                let get = account.secrets(&credentials).get_secret_value();
                let error = get.secret_id("my-secret").send().await.unwrap_err();
                assert_eq!(error.code(), Some(json));
                let caller = account.sts(&credentials).get_caller_identity();
                let error = caller.send().await.unwrap_err();
                assert_eq!(error.code(), Some(query));
            }
            assert_eq!(account.attempts(), 7);
        });
    });
}

/// Where the account is, and how often it was called.
struct Account {
    endpoint: String,
    admin: Credentials,
    attempts: Attempts,
}

impl Account {
    /// With the role `sdk`, which the administrator may assume.
    fn of(world: &World) -> Self {
        let key = |name| world.ready_text(&format!("/admin/{name}")).to_owned();
        let (id, secret) = (key("access_key_id"), key("secret_access_key"));
        let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":
            {"AWS":"arn:aws:iam::123456789012:root"},"Action":"sts:AssumeRole"}]}"#;
        let may = allow("*");
        let mut iam = crate::clients::Admin::new(world);
        iam.run_with(
            "iam create-role --role-name sdk --assume-role-policy-document",
            &[trust],
        )
        .ok();
        iam.run_with(
            "iam put-role-policy --role-name sdk --policy-name own --policy-document",
            &[&may],
        )
        .ok();
        Self {
            endpoint: world.endpoint().to_owned(),
            admin: Credentials::new(id, secret, None, None, "test"),
            attempts: Attempts::default(),
        }
    }

    /// A session of the role that its policy and this one allow.
    async fn session(&self, policy: &str) -> Credentials {
        let assume = self.sts(&self.admin).assume_role();
        let assume = assume.role_arn("arn:aws:iam::123456789012:role/sdk");
        let assume = assume.role_session_name("row").policy(policy);
        let answer = assume.send().await.unwrap();
        let held = answer.credentials().unwrap();
        let token = Some(held.session_token().to_owned());
        Credentials::new(
            held.access_key_id(),
            held.secret_access_key(),
            token,
            None,
            "test",
        )
    }

    fn secrets(&self, credentials: &Credentials) -> aws_sdk_secretsmanager::Client {
        let config = aws_sdk_secretsmanager::Config::builder()
            .endpoint_url(&self.endpoint)
            .region(Region::from_static("us-east-1"))
            .credentials_provider(credentials.clone())
            .interceptor(self.attempts.clone());
        aws_sdk_secretsmanager::Client::from_conf(config.build())
    }

    fn sts(&self, credentials: &Credentials) -> aws_sdk_sts::Client {
        let config = aws_sdk_sts::Config::builder()
            .endpoint_url(&self.endpoint)
            .region(Region::from_static("us-east-1"))
            .credentials_provider(credentials.clone())
            .interceptor(self.attempts.clone());
        aws_sdk_sts::Client::from_conf(config.build())
    }

    fn attempts(&self) -> usize {
        self.attempts.0.load(Ordering::Relaxed)
    }
}

/// Counts what is sent: a call that is sent again counts again.
#[derive(Debug, Default, Clone)]
struct Attempts(Arc<AtomicUsize>);

impl Intercept for Attempts {
    fn name(&self) -> &'static str {
        "attempts"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

fn allow(resource: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",
        "Action":"secretsmanager:GetSecretValue","Resource":"{resource}"}}]}}"#
    )
}

fn status<E>(error: &SdkError<E>) -> u16 {
    error.raw_response().unwrap().status().as_u16()
}

fn block_on(task: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(task);
}

const VALUE: &str = "the-value-of-a-row";
