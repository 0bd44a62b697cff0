//! What the answers of `rolecall policy` rest on: the account's users, roles and policies, from the
//! account or from a file, and what was not looked at.

use std::path::Path;

use policy::{AuthorizationDetails, Context, Entity, Unknown};
use protocol::shape::Service;
use protocol::{Arn, Record};

use crate::clock;
use crate::failure::{Exit, Failure};
use crate::upstream::{ApiClient, ApiError, details};

/// The evidence.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) details: AuthorizationDetails,
    /// What may have a say in the matter and is not among the details, for people.
    pub(super) not_looked_at: Vec<String>,
}

impl Evidence {
    /// Gathers what there is about an account and one of its resources.
    pub(super) async fn gather(from: Option<&Path>, resource: &str) -> Result<Self, Failure> {
        let mut details = if let Some(path) = from {
            details::from_file(path)?
        } else {
            let iam = client("iam", None).await?;
            details::fetch(&iam).await.map_err(refused)?
        };
        let mut not_looked_at = Vec::new();
        if let Some(owner) = Owner::of(resource)
            && !details.has_resource_policy(resource)
        {
            let found = match from {
                None => owner.policy(resource).await?,
                Some(_) => Found::NotLookedAt,
            };
            match found {
                Found::Policy(text) => details.add_resource_policy(resource, &text),
                Found::None => {}
                Found::NotLookedAt => {
                    not_looked_at.push("the resource's own policy".to_owned());
                }
            }
        }
        let controls = details.service_control().map(|levels| levels.len());
        if controls == Ok(0) {
            not_looked_at.push("policies of an organization".to_owned());
        }
        Ok(Self {
            details,
            not_looked_at,
        })
    }

    /// The user or role of this ARN.
    pub(super) fn entity(&self, arn: &str) -> Result<&Entity, Failure> {
        let parsed = Arn::parse(arn).filter(|arn| matches!(arn.service(), "iam" | "sts"));
        let kind = parsed
            .as_ref()
            .and_then(|arn| arn.resource().split('/').next());
        if !matches!(kind, Some("user" | "role" | "assumed-role")) {
            let message = format!("`{arn}` is no ARN of a user, a role or a role session");
            return Err(Failure::wrong(message).hint("try arn:aws:iam::123456789012:role/NAME"));
        }
        self.details.entity(arn).ok_or_else(|| Failure {
            exit: Exit::No,
            message: format!("`{arn}` is not there"),
            hints: vec!["an ARN has the path too, as in role/PATH/NAME".to_owned()],
        })
    }
}

/// What is missing is no answer.
pub(super) fn unknown(unknown: &Unknown) -> Failure {
    let failure = Failure::unfinished(unknown.to_string());
    match unknown {
        Unknown::ResourcePolicy { .. } => failure
            .hint("give it with `--from FILE`, as an entry of `ResourcePolicies` in that file"),
        Unknown::Missing { .. } => failure
            .hint("a file needs the policies that AWS manages too: write it without `--filter`"),
        Unknown::Unreadable { .. } => failure.hint("`rolecall policy lint` tells what to mend"),
    }
}

/// What holds for every request made now, on a resource of this account.
pub(super) fn surroundings(context: Context, resource_account: &str) -> Context {
    let now = clock::now();
    context
        .with("aws:ResourceAccount", resource_account)
        .with("aws:CurrentTime", now.to_string())
        .with("aws:EpochTime", now.as_second().to_string())
}

/// The account in a resource's ARN; a bucket's has none, and `*` is no ARN.
pub(super) fn account_of(resource: &str) -> Option<String> {
    let arn = Arn::parse(resource)?;
    Some(arn.account().to_owned()).filter(|account| !account.is_empty())
}

/// A service whose resources have policies of their own.
struct Owner {
    service: &'static str,
    operation: &'static str,
    member: &'static str,
    answer: &'static str,
}

enum Found {
    Policy(String),
    None,
    NotLookedAt,
}

impl Owner {
    fn of(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource)?;
        let (service, operation, member, answer) = match arn.service() {
            "secretsmanager" => (
                "secretsmanager",
                "GetResourcePolicy",
                "SecretId",
                "ResourcePolicy",
            ),
            "kms" if arn.resource().starts_with("key/") => {
                ("kms", "GetKeyPolicy", "KeyId", "Policy")
            }
            "s3" => ("s3", "GetBucketPolicy", "Bucket", "Policy"),
            _ => return None,
        };
        Some(Self {
            service,
            operation,
            member,
            answer,
        })
    }

    /// Asks the service, where its calls are known here.
    async fn policy(&self, resource: &str) -> Result<Found, Failure> {
        let service = Service::find(self.service);
        if service.is_none_or(|service| service.operation(self.operation).is_none()) {
            return Ok(Found::NotLookedAt);
        }
        let region = Arn::parse(resource).map(|arn| arn.region().to_owned());
        let client = client(self.service, region.as_deref()).await?;
        let input = Record::new().with(self.member, resource);
        match client.call(self.operation, &input).await {
            Ok(answer) => Ok(answer
                .text(self.answer)
                .map_or(Found::None, |text| Found::Policy(text.to_owned()))),
            // A resource that is not there has no policy.
            Err(ApiError::Fault(fault)) if fault.code.contains("NotFound") => Ok(Found::None),
            Err(ApiError::Fault(fault)) if fault.code.contains("AccessDenied") => {
                Ok(Found::NotLookedAt)
            }
            Err(error) => Err(refused(error)),
        }
    }
}

/// A client of a service.
pub(super) async fn client(
    service: &'static str,
    region: Option<&str>,
) -> Result<ApiClient, Failure> {
    let found = Service::find(service)
        .ok_or_else(|| Failure::unfinished(format!("no tables for {service}")))?;
    ApiClient::connect(found, region).await
}

fn refused(error: ApiError) -> Failure {
    match error {
        ApiError::Failure(failure) => failure,
        ApiError::Fault(fault) => Failure::unfinished(format!("the account refuses: {fault}"))
            .hint("reading policies needs iam:GetAccountAuthorizationDetails"),
    }
}
