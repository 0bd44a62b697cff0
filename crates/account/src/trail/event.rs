//! A record read back: what queries ask of it, beside its text.

use jiff::Timestamp;
use protocol::Arn;
use serde::Deserialize;

use super::record::GAP;

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its text, as it was written.
    pub record: String,
    /// `eventID`.
    pub id: String,
    /// `eventTime`, to the second.
    pub time: Timestamp,
    /// Accounts that it is a record of: the caller's, and that of what it was about.
    pub accounts: Vec<String>,
    /// `awsRegion`.
    pub region: Option<String>,
    /// `secretsmanager.amazonaws.com`.
    pub source: String,
    /// `GetSecretValue`.
    pub name: String,
    /// Whether it leaves the account as it is.
    pub read_only: bool,
    /// The caller's ARN, where it is known.
    pub principal: Option<String>,
    /// ARN of the role, where the caller is a session of one.
    pub role: Option<String>,
    /// Name of the user, or of the session.
    pub username: Option<String>,
    /// The key it was signed with.
    pub access_key_id: Option<String>,
    /// `sourceIPAddress`.
    pub address: Option<String>,
    /// ARN of the instance whose metadata service gave its credentials, where they were not used
    /// on it.
    pub carried_off_from: Option<String>,
    /// ARNs of what it was about.
    pub resources: Vec<String>,
    /// `errorCode`.
    pub error: Option<String>,
    /// How it was decided.
    pub decision: Decision,
    /// Why, in the words of the decision that counts.
    pub reason: Option<String>,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It was allowed and done.
    Allowed,
    /// It was not allowed, or nobody known signed it.
    Denied,
    /// It was allowed and failed otherwise.
    Failed,
    /// It is no call, but says that records are missing.
    Lost,
}

impl Decision {
    /// One word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Failed => "failed",
            Self::Lost => "lost",
        }
    }
}

impl Event {
    /// Reads a record; `None` where the text is none.
    pub fn read(record: &str) -> Option<Self> {
        let raw: Raw = serde_json::from_str(record).ok()?;
        let decision = raw.decision();
        let identity = raw.user_identity;
        let issuer = identity
            .session_context
            .map(|context| context.session_issuer);
        let session = identity
            .arn
            .as_deref()
            .filter(|_| issuer.is_some())
            .and_then(|arn| arn.rsplit('/').next());
        let username = identity.user_name.or(session.map(str::to_owned));
        let more = raw.additional_event_data;
        let instance = more.instance_credentials.filter(|it| it.used_elsewhere);
        let counts = more
            .authorization
            .iter()
            .find(|verdict| verdict.decision == "denied")
            .or(more.authorization.first());
        let reason = counts.map(|verdict| verdict.reason.clone());
        let reason = reason.or(raw
            .error_message
            .filter(|_| raw.event_type == SERVICE_EVENT));
        Some(Self {
            record: record.to_owned(),
            id: raw.event_id,
            time: raw.event_time,
            accounts: raw
                .recipient_account_id
                .into_iter()
                .chain(identity.account_id)
                .collect(),
            region: raw.aws_region,
            source: raw.event_source,
            name: raw.event_name,
            read_only: raw.read_only,
            principal: identity.arn,
            role: issuer.map(|issuer| issuer.arn),
            username,
            access_key_id: identity.access_key_id,
            address: raw.source_ip_address,
            carried_off_from: instance.map(|it| it.issued_to),
            resources: raw.resources.into_iter().map(|of| of.arn).collect(),
            error: raw.error_code,
            decision,
            reason: reason.or(more.reason.zip(more.calls).map(told)),
        })
    }

    /// `AWS::SecretsManager::Secret`, where a resource's kind has a name in CloudFormation.
    pub(crate) fn resource_type(arn: &str) -> Option<&'static str> {
        let arn = Arn::parse(arn)?;
        let kind = arn.resource().split([':', '/']).next()?;
        Some(match (arn.service(), kind) {
            ("autoscaling", "autoScalingGroup") => "AWS::AutoScaling::AutoScalingGroup",
            ("ec2", "instance") => "AWS::EC2::Instance",
            ("ec2", "launch-template") => "AWS::EC2::LaunchTemplate",
            ("iam", "instance-profile") => "AWS::IAM::InstanceProfile",
            ("iam", "policy") => "AWS::IAM::ManagedPolicy",
            ("iam", "role") => "AWS::IAM::Role",
            ("iam", "user") => "AWS::IAM::User",
            ("kms", "alias") => "AWS::KMS::Alias",
            ("kms", "key") => "AWS::KMS::Key",
            ("s3", _) if arn.resource().contains('/') => "AWS::S3::Object",
            ("s3", _) => "AWS::S3::Bucket",
            ("secretsmanager", "secret") => "AWS::SecretsManager::Secret",
            _ => return None,
        })
    }

    /// Whether an ARN is called so: whole, by its last part, or, as a secret, without its suffix.
    pub(crate) fn is_called(arn: &str, name: &str) -> bool {
        if arn == name {
            return true;
        }
        let Some(arn) = Arn::parse(arn) else {
            return false;
        };
        let resource = arn.resource();
        if let Some(secret) = resource.strip_prefix("secret:") {
            let bare = secret.len().checked_sub(SUFFIX_BYTES);
            return secret == name || bare.and_then(|end| secret.get(..end)) == Some(name);
        }
        resource.rsplit('/').next() == Some(name)
    }
}

fn told((reason, calls): (String, u64)) -> String {
    format!("{calls} calls are not recorded: {reason}")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    #[serde(rename = "eventID")]
    event_id: String,
    event_time: Timestamp,
    recipient_account_id: Option<String>,
    aws_region: Option<String>,
    event_source: String,
    event_name: String,
    #[serde(default)]
    read_only: bool,
    #[serde(rename = "sourceIPAddress")]
    source_ip_address: Option<String>,
    error_code: Option<String>,
    error_message: Option<String>,
    #[serde(default)]
    event_type: String,
    user_identity: RawIdentity,
    #[serde(default)]
    resources: Vec<RawResource>,
    #[serde(default)]
    additional_event_data: RawMore,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawIdentity {
    account_id: Option<String>,
    arn: Option<String>,
    access_key_id: Option<String>,
    user_name: Option<String>,
    session_context: Option<RawContext>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawContext {
    session_issuer: RawIssuer,
}

#[derive(Deserialize)]
struct RawIssuer {
    arn: String,
}

#[derive(Deserialize)]
struct RawResource {
    #[serde(rename = "ARN")]
    arn: String,
}

#[derive(Default, Deserialize)]
struct RawMore {
    #[serde(default)]
    authorization: Vec<RawVerdict>,
    #[serde(rename = "instanceCredentials")]
    instance_credentials: Option<RawOrigin>,
    reason: Option<String>,
    calls: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawOrigin {
    issued_to: String,
    used_elsewhere: bool,
}

#[derive(Deserialize)]
struct RawVerdict {
    decision: String,
    #[serde(default)]
    reason: String,
}

impl Raw {
    fn decision(&self) -> Decision {
        if self.event_name == GAP {
            return Decision::Lost;
        }
        let Some(error) = &self.error_code else {
            let failed = self.event_type == SERVICE_EVENT && self.error_message.is_some();
            return if failed {
                Decision::Failed
            } else {
                Decision::Allowed
            };
        };
        let verdicts = &self.additional_event_data.authorization;
        let denied = verdicts.iter().any(|verdict| verdict.decision == "denied")
            || self.user_identity.arn.is_none()
            || DENIALS.contains(&error.as_str());
        if denied {
            Decision::Denied
        } else {
            Decision::Failed
        }
    }
}

// What no call made.
const SERVICE_EVENT: &str = "AwsServiceEvent";
const DENIALS: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
];
// A hyphen and six characters end every secret's ARN.
const SUFFIX_BYTES: usize = 7;
