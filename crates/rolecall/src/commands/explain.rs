//! `rolecall policy explain`: may a principal do something, and which statement says so.
//!
//! Reads the principal's policies from the account and decides here, with the same engine that the
//! account decides with.

use std::fmt::Write as _;

use policy::{Applied, Context, Kind, Policies, Principal, Reason, Request};
use protocol::shape::Service;
use protocol::{Arn, Fault, Record};

use crate::cli::{self, Format};
use crate::failure::{Exit, Failure};
use crate::term;
use crate::upstream::{ApiClient, ApiError};

/// Prints the decision; the exit code tells it too.
pub(crate) async fn run(flags: cli::Explain) -> Result<Exit, Failure> {
    let who = Who::parse(&flags.principal)?;
    let context = context(&flags.context)?;
    let iam = Service::find("iam").ok_or_else(|| Failure::unfinished("no tables for iam"))?;
    let client = ApiClient::connect(iam).await?;
    let documents = documents(&client, &who)
        .await
        .map_err(|error| refused(error, &who))?;
    let compiled: Vec<(String, policy::Policy)> = documents
        .into_iter()
        .map(|(name, text)| {
            let policy = policy::Policy::parse(&text, Kind::Identity).map_err(|error| {
                Failure::unfinished(format!("`{name}` cannot be understood: {error}"))
            })?;
            Ok((name, policy))
        })
        .collect::<Result<_, Failure>>()?;
    let applied: Vec<Applied<'_>> = compiled
        .iter()
        .map(|(name, policy)| Applied { name, policy })
        .collect();
    let owner = Arn::parse(&flags.resource);
    let owner = owner
        .as_ref()
        .map(Arn::account)
        .filter(|account| !account.is_empty());
    let request = Request {
        principal: who.principal(),
        action: &flags.action,
        resource: &flags.resource,
        resource_account: owner.unwrap_or(&who.account),
        context: &context,
    };
    let policies = Policies {
        identity: &applied,
        ..Policies::default()
    };
    let explanation = policy::explain(&request, &policies);
    let answer = Answer {
        flags: &flags,
        allowed: explanation.decision.is_allowed(),
        reason: *explanation.decision.reason(),
        near_misses: explanation
            .near_misses
            .iter()
            .map(ToString::to_string)
            .collect(),
        looked_at: compiled.iter().map(|(name, _)| name.as_str()).collect(),
    };
    match flags.format {
        Format::Text => term::data(&answer.text()),
        Format::Json => term::data(&answer.json()),
    }
    Ok(if answer.allowed { Exit::Done } else { Exit::No })
}

/// Whose policies are asked.
struct Who {
    account: String,
    arn: String,
    /// ARN of the role, where the principal is a role or a session of one.
    role_arn: Option<String>,
    name: String,
}

impl Who {
    fn parse(text: &str) -> Result<Self, Failure> {
        let wrong = || {
            Failure::wrong(format!(
                "`{text}` is no ARN of a user, a role or a role session"
            ))
            .hint("try arn:aws:iam::123456789012:role/NAME")
        };
        let arn = Arn::parse(text).ok_or_else(wrong)?;
        let account = arn.account().to_owned();
        let mut parts = arn.resource().split('/');
        let (kind, last) = (parts.next(), arn.resource().rsplit('/').next());
        let (role_arn, name) = match (arn.service(), kind) {
            ("iam", Some("user")) => (None, last),
            ("iam", Some("role")) => (Some(text.to_owned()), last),
            ("sts", Some("assumed-role")) => {
                let name = parts.next().ok_or_else(wrong)?;
                (
                    Some(format!("arn:aws:iam::{account}:role/{name}")),
                    Some(name),
                )
            }
            _ => return Err(wrong()),
        };
        let name = name
            .filter(|name| !name.is_empty())
            .ok_or_else(wrong)?
            .to_owned();
        Ok(Self {
            account,
            arn: text.to_owned(),
            role_arn,
            name,
        })
    }

    fn principal(&self) -> Principal<'_> {
        match &self.role_arn {
            None => Principal::User {
                account: &self.account,
                arn: &self.arn,
                unique_id: None,
            },
            Some(role_arn) => Principal::Session {
                account: &self.account,
                role_arn,
                session_arn: &self.arn,
                unique_id: None,
            },
        }
    }

    /// The names of IAM's calls about it.
    fn calls(&self) -> Calls {
        match self.role_arn {
            Some(_) => Calls {
                member: "RoleName",
                attached: "ListAttachedRolePolicies",
                inline: "ListRolePolicies",
                get_inline: "GetRolePolicy",
            },
            None => Calls {
                member: "UserName",
                attached: "ListAttachedUserPolicies",
                inline: "ListUserPolicies",
                get_inline: "GetUserPolicy",
            },
        }
    }
}

struct Calls {
    member: &'static str,
    attached: &'static str,
    inline: &'static str,
    get_inline: &'static str,
}

/// The texts of all policies that apply, by name.
async fn documents(client: &ApiClient, who: &Who) -> Result<Vec<(String, String)>, ApiError> {
    let calls = who.calls();
    let mut documents = Vec::new();
    for page in pages(client, calls.attached, calls.member, &who.name).await? {
        for attached in page.records("AttachedPolicies") {
            let arn = attached.text("PolicyArn").unwrap_or_default();
            let named = Record::new().with("PolicyArn", arn);
            let policy = client.call("GetPolicy", &named).await?;
            let version = policy
                .record("Policy")
                .and_then(|policy| policy.text("DefaultVersionId"));
            let named = named.with_some("VersionId", version);
            let version = client.call("GetPolicyVersion", &named).await?;
            let text = version
                .record("PolicyVersion")
                .and_then(|version| version.text("Document"));
            documents.push((arn.to_owned(), decoded(text)));
        }
    }
    for page in pages(client, calls.inline, calls.member, &who.name).await? {
        for name in page.texts("PolicyNames") {
            let named = Record::new()
                .with(calls.member, who.name.as_str())
                .with("PolicyName", name);
            let inline = client.call(calls.get_inline, &named).await?;
            documents.push((
                format!("inline policy {name}"),
                decoded(inline.text("PolicyDocument")),
            ));
        }
    }
    Ok(documents)
}

async fn pages(
    client: &ApiClient,
    operation: &'static str,
    member: &'static str,
    name: &str,
) -> Result<Vec<Record>, ApiError> {
    let mut pages = Vec::new();
    let mut marker: Option<String> = None;
    while pages.len() < PAGES_MAX {
        let input = Record::new()
            .with(member, name)
            .with_some("Marker", marker.take());
        let page = client.call(operation, &input).await?;
        marker = page.text("Marker").map(str::to_owned);
        pages.push(page);
        if marker.is_none() {
            return Ok(pages);
        }
    }
    Err(ApiError::Failure(Failure::unfinished(format!(
        "{operation} does not come to an end"
    ))))
}

fn decoded(text: Option<&str>) -> String {
    let text = text.unwrap_or_default();
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

fn context(pairs: &[String]) -> Result<Context, Failure> {
    pairs
        .iter()
        .try_fold(Context::new(), |context, pair| match pair.split_once('=') {
            Some((key, value)) if !key.is_empty() => Ok(context.with(key, value)),
            _ => Err(
                Failure::wrong(format!("`--context {pair}` is no condition key and value"))
                    .hint("try `--context aws:SourceIp=192.0.2.1`"),
            ),
        })
}

fn refused(error: ApiError, who: &Who) -> Failure {
    match error {
        ApiError::Failure(failure) => failure,
        ApiError::Fault(Fault { code, message, .. }) if code == "NoSuchEntity" => Failure {
            exit: Exit::No,
            message: format!("`{}` is not there: {message}", who.arn),
            hints: Vec::new(),
        },
        ApiError::Fault(fault) => Failure::unfinished(format!("the account refuses: {fault}"))
            .hint("reading policies needs iam:List*, iam:GetPolicy* and iam:Get*Policy"),
    }
}

struct Answer<'a> {
    flags: &'a cli::Explain,
    allowed: bool,
    reason: Reason<'a>,
    /// What would have allowed it, but for a condition.
    near_misses: Vec<String>,
    looked_at: Vec<&'a str>,
}

impl Answer<'_> {
    fn verdict(&self) -> &'static str {
        if self.allowed { "allowed" } else { "denied" }
    }

    /// The statement that decides, if one does.
    fn statement(&self) -> Option<String> {
        match self.reason {
            Reason::Allowed { by, .. } | Reason::ExplicitDeny { by, .. } => Some(by.to_string()),
            _ => None,
        }
    }

    fn text(&self) -> String {
        let cli::Explain {
            principal,
            action,
            resource,
            ..
        } = self.flags;
        let mut text = format!("{}\n", self.verdict());
        let mut line = |name: &str, value: &str| {
            let _infallible = writeln!(text, "  {name:<10} {value}");
        };
        line("principal", principal);
        line("action", action);
        line("resource", resource);
        line("reason", &self.reason.sentence(action));
        for near_miss in &self.near_misses {
            line("near miss", near_miss);
        }
        for policy in &self.looked_at {
            line("looked at", policy);
        }
        text
    }

    fn json(&self) -> String {
        let cli::Explain {
            principal,
            action,
            resource,
            ..
        } = self.flags;
        let answer = serde_json::json!({
            "decision": self.verdict(),
            "principal": principal,
            "action": action,
            "resource": resource,
            "reason": self.reason.sentence(action),
            "statement": self.statement(),
            "near_misses": self.near_misses,
            "policies": self.looked_at,
        });
        format!("{answer:#}\n")
    }
}

// A principal has at most a few dozen policies.
const PAGES_MAX: usize = 100;
