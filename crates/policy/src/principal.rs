//! Who calls, and whom a `Principal` or `NotPrincipal` element names. Knows no account: whether a
//! named user or role exists is for the caller to say.
//!
//! Source: IAM User Guide, "AWS JSON policy elements: Principal" and "`NotPrincipal`".

use crate::document::{Names, PrincipalType};
use crate::error::ParseError;
use crate::json::Text;

mod partly;

pub(crate) use partly::{Group, Naming, Outside, Who};

/// Who calls, as policies see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Principal<'a> {
    /// An IAM user, or the root user by its ARN (`arn:aws:iam::ID:root`).
    User {
        /// The user's account, 12 digits.
        account: &'a str,
        /// The user's ARN.
        arn: &'a str,
        /// The user's unique id, `AIDA...`, where it is known.
        unique_id: Option<&'a str>,
    },
    /// An assumed role.
    Session {
        /// The role's account, 12 digits.
        account: &'a str,
        /// The role's ARN, with its path.
        role_arn: &'a str,
        /// The session's ARN, `arn:aws:sts::ID:assumed-role/ROLE/SESSION`.
        session_arn: &'a str,
        /// The role's unique id, `AROA...`, where it is known.
        unique_id: Option<&'a str>,
    },
    /// A session that a user got with `GetFederationToken`.
    FederatedUser {
        /// The user's account, 12 digits.
        account: &'a str,
        /// The ARN of the user that federated.
        user_arn: &'a str,
        /// The session's ARN, `arn:aws:sts::ID:federated-user/NAME`.
        arn: &'a str,
        /// The user's unique id, `AIDA...`, where it is known.
        unique_id: Option<&'a str>,
    },
    /// Somebody outside with a token of this identity provider, who wants to assume a role: the
    /// ARN of an OpenID Connect or SAML provider, or a name as `cognito-identity.amazonaws.com`.
    Federated(&'a str),
    /// An AWS service, as `ec2.amazonaws.com`.
    Service(&'a str),
    /// Who is known by a canonical id alone, as CloudFront's origin access identities are to S3.
    CanonicalUser(&'a str),
    /// Nobody signed the request.
    Anonymous,
}

impl<'a> Principal<'a> {
    /// The account of the caller. Services and callers from outside have none.
    pub fn account(&self) -> Option<&'a str> {
        match *self {
            Principal::User { account, .. }
            | Principal::Session { account, .. }
            | Principal::FederatedUser { account, .. } => Some(account),
            Principal::Federated(_)
            | Principal::Service(_)
            | Principal::CanonicalUser(_)
            | Principal::Anonymous => None,
        }
    }

    /// The ARN by which messages name the caller: a session's is its own. Some have none.
    pub fn arn(&self) -> Option<&'a str> {
        match *self {
            Principal::User { arn, .. } | Principal::FederatedUser { arn, .. } => Some(arn),
            Principal::Session { session_arn, .. } => Some(session_arn),
            Principal::Federated(_)
            | Principal::Service(_)
            | Principal::CanonicalUser(_)
            | Principal::Anonymous => None,
        }
    }

    /// Whether this is a session of a service-linked role, which no policy of an organization
    /// restricts.
    pub(crate) fn is_service_linked(&self) -> bool {
        let Principal::Session { role_arn, .. } = self else {
            return false;
        };
        let name = role_arn.splitn(6, ':').nth(5);
        name.is_some_and(|name| name.starts_with("role/aws-service-role/"))
    }
}

/// Who calls, with all that decides whether a statement names it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller<'a> {
    pub(crate) principal: &'a Principal<'a>,
    pub(crate) has_boundary: bool,
}

/// Whom a statement of a resource or trust policy is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Principals {
    negated: bool,
    names: Box<[Name]>,
}

/// How a statement names the caller; the later, the closer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Named {
    /// Not at all.
    Not,
    /// Through its account: authority is handed to the account, which has to pass it on.
    ByAccount,
    /// Through its role, or the user that federated. What that grants, a permissions boundary and
    /// session policies limit.
    ByRole,
    /// Itself, or everyone, which `*` is: services too.
    Itself,
}

impl Principals {
    pub(crate) fn compile(negated: bool, names: &Names) -> Result<Principals, ParseError> {
        let names = match names {
            Names::Everyone => vec![Name::Everyone],
            Names::Listed(listed) => listed
                .iter()
                .map(|(kind, text)| Name::compile(*kind, text))
                .collect::<Result<_, _>>()?,
        };
        Ok(Principals {
            negated,
            names: names.into(),
        })
    }

    /// The ARNs among the names.
    pub(crate) fn arns(&self) -> impl Iterator<Item = &str> {
        self.names.iter().filter_map(|name| match name {
            Name::Arn(arn) => Some(&**arn),
            _ => None,
        })
    }

    /// Whether this is a `NotPrincipal`.
    pub(crate) fn is_negated(&self) -> bool {
        self.negated
    }

    /// The names, an account by its 12 digits.
    pub(crate) fn written(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| match name {
            Name::Everyone => "*",
            Name::Account { id: text, .. }
            | Name::Arn(text)
            | Name::UniqueId(text)
            | Name::Service(text)
            | Name::Federated(text)
            | Name::CanonicalUser(text) => text,
        })
    }

    /// How close the statement comes to `caller`.
    ///
    /// `NotPrincipal` stands only with `Deny`. It spares a caller that is named on every level AWS
    /// may check ("the account first, then the role, and then the assumed-role user"): a user with
    /// its account, a session with its role and its account. It "will always deny any IAM principal
    /// that has a permissions boundary policy attached, regardless of the values".
    pub(crate) fn name(&self, caller: Caller<'_>) -> Named {
        let Caller {
            principal,
            has_boundary,
        } = caller;
        if !self.negated {
            let closest = self.names.iter().map(|name| name.names(principal)).max();
            return closest.unwrap_or(Named::Not);
        }
        if has_boundary && principal.account().is_some() {
            return Named::Itself;
        }
        let any = |test: &dyn Fn(&Name) -> bool| self.names.iter().any(test);
        let spared = any(&|name| *name == Name::Everyone)
            || match *principal {
                Principal::User {
                    account,
                    arn,
                    unique_id,
                } => {
                    any(&|name| name.is_account(account, arn))
                        && any(&|name| name.is(arn) || name.is_id(unique_id))
                }
                Principal::Session {
                    account,
                    role_arn,
                    session_arn,
                    unique_id,
                } => {
                    any(&|name| name.is_account(account, role_arn))
                        && any(&|name| name.is(role_arn) || name.is_id(unique_id))
                        && any(&|name| name.is(session_arn))
                }
                Principal::FederatedUser {
                    account,
                    user_arn,
                    arn,
                    unique_id,
                } => {
                    any(&|name| name.is_account(account, user_arn))
                        && any(&|name| name.is(user_arn) || name.is_id(unique_id))
                        && any(&|name| name.is(arn))
                }
                Principal::Federated(provider) => any(&|name| name.is_provider(provider)),
                Principal::Service(service) => any(&|name| name.is_service(service)),
                Principal::CanonicalUser(id) => any(&|name| name.is_canonical_user(id)),
                Principal::Anonymous => false,
            };
        if spared { Named::Not } else { Named::Itself }
    }
}

/// One entry of a principal map.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Name {
    Everyone,
    Account {
        // `None` when only the 12 digits were written.
        partition: Option<Box<str>>,
        id: Box<str>,
    },
    /// A user, role, role session or federated session.
    Arn(Box<str>),
    /// A user or role, also after one of the same name has taken its place.
    UniqueId(Box<str>),
    Service(Box<str>),
    /// An identity provider.
    Federated(Box<str>),
    CanonicalUser(Box<str>),
}

impl Name {
    fn compile(kind: PrincipalType, text: &Text) -> Result<Name, ParseError> {
        let value = text.value.as_str();
        let name = match kind {
            PrincipalType::Aws => Name::aws(value),
            PrincipalType::Service => is_service_name(value).then(|| Name::Service(value.into())),
            PrincipalType::Federated => (!value.is_empty()).then(|| Name::Federated(value.into())),
            PrincipalType::CanonicalUser => {
                (!value.is_empty()).then(|| Name::CanonicalUser(value.into()))
            }
        };
        name.ok_or_else(|| {
            let kind = kind.element();
            text.place.error(format!(
                "Invalid principal in policy: \"{kind}\":\"{value}\""
            ))
        })
    }

    fn aws(value: &str) -> Option<Name> {
        if value == "*" {
            return Some(Name::Everyone);
        }
        if is_account_id(value) {
            return Some(Name::Account {
                partition: None,
                id: value.into(),
            });
        }
        if is_unique_id(value) {
            return Some(Name::UniqueId(value.into()));
        }
        // "You cannot use a wildcard to match part of a principal name or ARN."
        if value.contains(['*', '?', '$']) {
            return None;
        }
        let mut parts = value.splitn(6, ':');
        let mut next = || parts.next();
        let (scheme, partition, service) = (next()?, next()?, next()?);
        let (region, account, resource) = (next()?, next()?, next()?);
        let partition_known = partition == "aws" || partition.starts_with("aws-");
        if scheme != "arn" || !partition_known || !region.is_empty() || !is_account_id(account) {
            return None;
        }
        if service == "iam" && resource == "root" {
            return Some(Name::Account {
                partition: Some(partition.into()),
                id: account.into(),
            });
        }
        let (kind, name) = resource.split_once('/')?;
        let complete = match (service, kind) {
            ("iam", "user" | "role") | ("sts", "federated-user") => {
                !name.is_empty() && !name.ends_with('/')
            }
            ("sts", "assumed-role") => name.split_once('/').is_some_and(|(role, session)| {
                !role.is_empty() && !session.is_empty() && !session.contains('/')
            }),
            _ => false,
        };
        complete.then(|| Name::Arn(value.into()))
    }

    fn names(&self, caller: &Principal<'_>) -> Named {
        if *self == Name::Everyone {
            return Named::Itself;
        }
        let (itself, by_role, by_account) = match *caller {
            Principal::User {
                account,
                arn,
                unique_id,
            } => (
                self.is(arn) || self.is_id(unique_id),
                false,
                self.is_account(account, arn),
            ),
            Principal::Session {
                account,
                role_arn,
                session_arn,
                unique_id,
            } => (
                self.is(session_arn),
                self.is(role_arn) || self.is_id(unique_id),
                self.is_account(account, role_arn),
            ),
            Principal::FederatedUser {
                account,
                user_arn,
                arn,
                unique_id,
            } => (
                self.is(arn),
                self.is(user_arn) || self.is_id(unique_id),
                self.is_account(account, user_arn),
            ),
            Principal::Federated(provider) => (self.is_provider(provider), false, false),
            Principal::Service(service) => (self.is_service(service), false, false),
            Principal::CanonicalUser(id) => (self.is_canonical_user(id), false, false),
            Principal::Anonymous => (false, false, false),
        };
        match (itself, by_role, by_account) {
            (true, _, _) => Named::Itself,
            (_, true, _) => Named::ByRole,
            (_, _, true) => Named::ByAccount,
            _ => Named::Not,
        }
    }

    fn is_id(&self, unique_id: Option<&str>) -> bool {
        matches!(self, Name::UniqueId(id) if Some(&**id) == unique_id)
    }

    /// Whether this is the very principal of `arn`. The root user's name is the account's.
    fn is(&self, arn: &str) -> bool {
        match self {
            Name::Arn(name) => **name == *arn,
            Name::Account { .. } => arn
                .strip_suffix(":root")
                .and_then(|head| head.rsplit_once(':'))
                .is_some_and(|(_, account)| self.is_account(account, arn)),
            _ => false,
        }
    }

    /// Whether this is `account`, seen from a principal of it with the given ARN.
    fn is_account(&self, account: &str, arn: &str) -> bool {
        match self {
            Name::Account { partition, id } => {
                let same_partition = match partition {
                    Some(partition) => arn.split(':').nth(1) == Some(partition),
                    None => true,
                };
                **id == *account && same_partition
            }
            _ => false,
        }
    }

    fn is_service(&self, service: &str) -> bool {
        matches!(self, Name::Service(name) if **name == *service)
    }

    fn is_provider(&self, provider: &str) -> bool {
        matches!(self, Name::Federated(name) if **name == *provider)
    }

    fn is_canonical_user(&self, id: &str) -> bool {
        matches!(self, Name::CanonicalUser(name) if **name == *id)
    }
}

fn is_account_id(text: &str) -> bool {
    text.len() == ACCOUNT_ID_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Source: IAM User Guide, "IAM identifiers", "Unique identifiers".
fn is_unique_id(text: &str) -> bool {
    let of_a_principal = text.starts_with("AIDA") || text.starts_with("AROA");
    let in_id = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    of_a_principal && UNIQUE_ID_LENGTHS.contains(&text.len()) && text.bytes().all(in_id)
}

fn is_service_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    text.chars().all(plain) && text.split('.').count() > 1 && text.split('.').all(|s| !s.is_empty())
}

const ACCOUNT_ID_DIGITS: usize = 12;
// IAM API Reference, type `idType`.
const UNIQUE_ID_LENGTHS: std::ops::RangeInclusive<usize> = 16..=128;
