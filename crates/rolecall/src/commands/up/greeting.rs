//! What a person and a script are told once everything answers.

use std::fmt::Write as _;
use std::path::PathBuf;

use account::entity::AccessKey;
use account::sample;
use protocol::Secret;

use crate::serve::WithoutToken;

/// Where everything is.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) endpoint: String,
    pub(super) region: String,
    pub(super) account_id: String,
    pub(super) admin: Option<AccessKey>,
    pub(super) instance: Option<Instance>,
    pub(super) credentials_file: PathBuf,
    /// This program as it was called, so that what is shown can be run again.
    pub(super) program: String,
}

/// Where the instance's services are.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) id: String,
    /// In PEM.
    pub(super) identity_certificate: String,
    pub(super) imds: String,
    pub(super) tcp: String,
    pub(super) http: String,
    pub(super) token_file: PathBuf,
}

impl Ready {
    /// For scripts. Holds the administrator's key, so it is as secret as that.
    pub(super) fn json(&self) -> Secret {
        let admin = self.admin.as_ref().map(|key| {
            serde_json::json!({
                "access_key_id": key.id,
                "secret_access_key": key.secret.expose_text(),
            })
        });
        let instance = self.instance.as_ref();
        let agent = instance.map(|instance| {
            serde_json::json!({
                "tcp": instance.tcp,
                "http": instance.http,
                "token_file": instance.token_file,
            })
        });
        let ready = serde_json::json!({
            "endpoint": self.endpoint,
            "region": self.region,
            "account_id": self.account_id,
            "admin": admin,
            "instance_id": instance.map(|instance| &instance.id),
            "imds": instance.map(|instance| &instance.imds),
            "identity_certificate": instance.map(|instance| &instance.identity_certificate),
            "agent": agent,
        });
        Secret::from_text(format!("{ready:#}\n"))
    }

    /// A shared credentials file for the administrator.
    pub(super) fn shared_credentials(&self) -> Option<Secret> {
        let key = self.admin.as_ref()?;
        let secret = key.secret.expose_text()?;
        Some(Secret::from_text(format!(
            "[default]\naws_access_key_id = {}\naws_secret_access_key = {secret}\n",
            key.id
        )))
    }

    /// Says how the metadata service was read without tokens, if it was.
    pub(super) fn say_without_token(&self) {
        let Some(instance) = &self.instance else {
            return;
        };
        let (id, counts) = (&instance.id, WithoutToken::of(&instance.id));
        let (answered, rejected) = (counts.answered(), counts.rejected());
        if answered + rejected > 0 {
            tracing::info!(
                instance = id,
                answered,
                rejected,
                "metadata was read without tokens"
            );
        }
    }

    /// For people. Shows no key.
    pub(super) fn greeting(&self) -> String {
        let Self {
            endpoint,
            region,
            account_id,
            ..
        } = self;
        let mut text = String::new();
        let mut row = |name: &str, value: &str| {
            let _infallible = writeln!(text, "  {name:<22} {value}");
        };
        row("account", &format!("{account_id} in {region}"));
        row("API, all services", endpoint);
        if let Some(instance) = &self.instance {
            row("instance", &instance.id);
            row("metadata service", &instance.imds);
            row("Secret Agent protocol", &instance.tcp);
            row("local HTTP interface", &instance.http);
            row("its token", &instance.token_file.display().to_string());
        }
        if self.admin.is_some() {
            row(
                "administrator",
                &self.credentials_file.display().to_string(),
            );
        }
        let commands = self
            .instance
            .as_ref()
            .map(|instance| self.commands(instance));
        format!("\nrolecall is up\n\n{text}{}", commands.unwrap_or_default())
    }

    /// Five commands worth trying.
    fn commands(&self, instance: &Instance) -> String {
        let Self {
            endpoint,
            region,
            account_id,
            program,
            ..
        } = self;
        let Instance { imds, http, .. } = instance;
        let (secret, role) = (sample::SECRET, sample::ROLE);
        let token_file = instance.token_file.display();
        let admin = self.credentials_file.display();
        let as_instance = format!(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT={imds} AWS_ENDPOINT_URL={endpoint} \
             AWS_DEFAULT_REGION={region} \\\n    aws secretsmanager get-secret-value"
        );
        format!(
            r#"
The instance asks who it is:
  TOKEN=$(curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' {imds}/latest/api/token)
  curl -s -H "X-aws-ec2-metadata-token: $TOKEN" {imds}/latest/meta-data/iam/info

The AWS CLI reads the secret through the role, with no key configured:
  {as_instance} --secret-id {secret}

The agent hands it to a local process:
  curl -s -H "X-Aws-Parameters-Secrets-Token: $(cat {token_file})" \
    '{http}/secretsmanager/get?secretId={secret}'

The role may not read another secret:
  {as_instance} --secret-id other-secret

Why not:
  AWS_SHARED_CREDENTIALS_FILE={admin} AWS_ENDPOINT_URL={endpoint} AWS_REGION={region} \
    {program} policy explain --principal arn:aws:iam::{account_id}:role/{role} \
    --action secretsmanager:GetSecretValue \
    --resource arn:aws:secretsmanager:{region}:{account_id}:secret:other-secret

Ctrl-C stops it; the data stays.
"#
        )
    }
}
