//! Where secrets come from: region, resources, credentials and the roles on top of them.

use std::collections::BTreeMap;
use std::time::Duration;

use protocol::Secret;

use crate::ask::Ask;

/// `secret-manager.aws`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aws {
    /// Region of the service; an ARN of another region is asked for there.
    pub region: String,
    /// Where copies of the secrets are, asked in this order when the first region fails.
    pub replica_regions: Vec<String>,
    /// What each resource name asks for.
    pub resources: BTreeMap<String, Ask>,
    /// Keys from the file; without them the world's chain of sources is used.
    pub access_key: Option<AccessKey>,
    /// Profile of the shared files, before `AWS_PROFILE`.
    pub profile: Option<String>,
    /// The roles to assume on top, one after the other.
    pub assume_role: Vec<RoleStep>,
    /// Other roles by name, each a chain on top of the source's own credentials.
    pub roles: BTreeMap<String, Vec<RoleStep>>,
    /// Whether values are encoded before they are handed out by the Secret Agent protocol.
    pub convert_to_base64: bool,
    /// In place of the services' own endpoints.
    pub endpoint_url: Option<String>,
    /// How many calls are sent upstream.
    pub requests: Requests,
}

impl Aws {
    /// A region, nothing named yet, credentials of the chain.
    pub fn new(region: impl Into<String>) -> Self {
        Self {
            region: region.into(),
            replica_regions: Vec::new(),
            resources: BTreeMap::new(),
            access_key: None,
            profile: None,
            assume_role: Vec::new(),
            roles: BTreeMap::new(),
            convert_to_base64: false,
            endpoint_url: None,
            requests: Requests::default(),
        }
    }
}

/// An access key from the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// `access-key-id`.
    pub id: String,
    /// `secret-access-key`.
    pub secret: Secret,
    /// `session-token`.
    pub session_token: Option<Secret>,
}

/// One AssumeRole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleStep {
    /// `role-arn`.
    pub role_arn: String,
    /// `external-id`.
    pub external_id: Option<String>,
    /// `session-name`; by default `rolecall-agent`.
    pub session_name: String,
    /// `duration`: 15 minutes to 12 hours; one hour at most for a role assumed with a role.
    pub duration: Duration,
    /// `session-policy`: a JSON document.
    pub session_policy: Option<String>,
    /// ARNs of managed policies that narrow the session; of the guard's rules alone.
    pub policy_arns: Vec<String>,
    /// Tags of the session; of the guard's rules alone.
    pub tags: Vec<(String, String)>,
    /// `source-identity`.
    pub source_identity: Option<String>,
}

impl RoleStep {
    /// The role alone, all else as by default.
    pub fn new(role_arn: impl Into<String>) -> Self {
        Self {
            role_arn: role_arn.into(),
            external_id: None,
            session_name: SESSION_NAME.to_owned(),
            duration: DURATION,
            session_policy: None,
            policy_arns: Vec::new(),
            tags: Vec::new(),
            source_identity: None,
        }
    }
}

/// `requests-per-second` and `requests-burst`: a token bucket towards the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requests {
    /// Calls a second in the long run.
    pub per_second: u32,
    /// Calls at once after a quiet time.
    pub burst: u32,
}

impl Default for Requests {
    fn default() -> Self {
        Self {
            per_second: 20,
            burst: 100,
        }
    }
}

/// Name of a session unless the file says another.
pub(super) const SESSION_NAME: &str = "rolecall-agent";
const DURATION: Duration = Duration::from_hours(1);
