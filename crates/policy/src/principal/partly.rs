//! Callers of whom not everything is known, and what has to be so for a statement to name them.
//!
//! Knows no policy type. That an outsider has no permissions boundary, and is no service-linked
//! role, is assumed.

use super::{Caller, Name, Named, Principal, Principals};
use crate::known::Subject;
use crate::reason::StatementRef;
use crate::symbolic::{Atom, CallerTest, Formula, Test};

/// Who asks, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who<'a> {
    Subject(Subject<'a>),
    Some(Group<'a>),
}

/// Callers that have something in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group<'a> {
    /// Users and sessions of an account.
    Account { partition: &'a str, id: &'a str },
    /// A user, a role's sessions, one of them or a federated user, by the ARN. Its unique id is
    /// not known.
    Named { arn: &'a str, account: &'a str },
    /// A user, or the sessions of a role, of another account than this.
    WithId { id: &'a str, not_of: &'a str },
    /// Users and sessions of all accounts but this.
    NotOf(&'a str),
    /// Services and callers from outside.
    NoAccount,
}

/// Somebody a policy names, in no account or in another than the resource's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outside<'a> {
    Everyone,
    Account {
        partition: Option<&'a str>,
        id: &'a str,
    },
    Arn {
        arn: &'a str,
        account: &'a str,
    },
    UniqueId(&'a str),
    Service(&'a str),
    Federated(&'a str),
    CanonicalUser(&'a str),
}

/// What has to be so for a statement to name the caller in each way; a closer way is not repeated
/// among the others. How close it comes to a [`Group`] is not told: that is `by_account`.
#[derive(Debug)]
pub(crate) struct Naming<'a> {
    pub(crate) itself: Formula<'a>,
    pub(crate) by_role: Formula<'a>,
    pub(crate) by_account: Formula<'a>,
}

impl<'a> Who<'a> {
    pub(crate) fn account(self) -> Option<&'a str> {
        self.stand_in().account()
    }

    /// One caller of those meant, for what all of them share: their account, and whether
    /// organizations' policies affect them.
    pub(crate) fn stand_in(self) -> Principal<'a> {
        let user = |account| Principal::User {
            account,
            arn: "",
            unique_id: None,
        };
        match self {
            Who::Subject(Subject::Exactly(principal)) => principal,
            Who::Subject(Subject::Role {
                account,
                role_arn,
                unique_id,
            }) => Principal::Session {
                account,
                role_arn,
                session_arn: "",
                unique_id,
            },
            Who::Some(Group::Named { arn, account }) if arn.contains(":role/") => {
                Principal::Session {
                    account,
                    role_arn: arn,
                    session_arn: "",
                    unique_id: None,
                }
            }
            Who::Some(Group::Account { id: account, .. } | Group::Named { account, .. }) => {
                user(account)
            }
            // Another account, of which no more is known.
            Who::Some(Group::NotOf(_) | Group::WithId { .. }) => user(""),
            Who::Some(Group::NoAccount) => Principal::Anonymous,
        }
    }
}

impl<'a> Naming<'a> {
    pub(crate) fn none() -> Naming<'a> {
        Naming::itself(Formula::no())
    }

    pub(crate) fn itself(itself: Formula<'a>) -> Naming<'a> {
        Naming {
            itself,
            by_role: Formula::no(),
            by_account: Formula::no(),
        }
    }

    pub(crate) fn is_none(&self) -> bool {
        self.itself.is_no() && self.by_role.is_no() && self.by_account.is_no()
    }

    /// The same where `needed` holds.
    pub(crate) fn and(self, needed: &Formula<'a>) -> Naming<'a> {
        let both = |way: Formula<'a>| {
            if way.is_no() {
                return way;
            }
            Formula::all(vec![way, needed.clone()])
        };
        Naming {
            itself: both(self.itself),
            by_role: both(self.by_role),
            by_account: both(self.by_account),
        }
    }

    /// What has to be so for the statement to name the caller in any way.
    pub(crate) fn in_any_way(self) -> Formula<'a> {
        Formula::any(vec![self.itself, self.by_role, self.by_account])
    }

    fn exactly(named: Named) -> Naming<'a> {
        Naming {
            itself: Formula::constant(named == Named::Itself),
            by_role: Formula::constant(named == Named::ByRole),
            by_account: Formula::constant(named == Named::ByAccount),
        }
    }
}

impl Principals {
    /// What has to be so for the statement to name the caller.
    pub(crate) fn partly<'a>(
        &'a self,
        who: Who<'a>,
        has_boundary: bool,
        statement: StatementRef<'a>,
    ) -> Naming<'a> {
        match who {
            Who::Subject(Subject::Exactly(principal)) => Naming::exactly(self.name(Caller {
                principal: &principal,
                has_boundary,
            })),
            Who::Subject(Subject::Role { role_arn, .. }) => {
                // A session that no statement can name: what else names the role.
                let named = self.name(Caller {
                    principal: &who.stand_in(),
                    has_boundary,
                });
                let is_session = |arn: &&str| is_session_of(arn, role_arn);
                let sessions = self.arns().filter(is_session).map(|arn| {
                    Formula::Atom(Atom {
                        negated: false,
                        test: Test::Session { arn },
                        statement,
                    })
                });
                if self.negated {
                    self.sparing(who, has_boundary, named, Formula::any(sessions.collect()))
                } else if named == Named::Itself {
                    Naming::exactly(named)
                } else {
                    Naming {
                        itself: Formula::any(sessions.collect()),
                        ..Naming::exactly(named)
                    }
                }
            }
            Who::Some(group) => Naming {
                by_account: match self.certainly(group) {
                    Some(named) => Formula::constant(named),
                    None => Formula::Atom(Atom {
                        negated: false,
                        test: Test::Caller(CallerTest { principals: self }),
                        statement,
                    }),
                },
                ..Naming::none()
            },
        }
    }

    /// `NotPrincipal` of a role, whose sessions are spared only by name.
    fn sparing<'a>(
        &self,
        who: Who<'a>,
        has_boundary: bool,
        named: Named,
        by_session: Formula<'a>,
    ) -> Naming<'a> {
        let Who::Subject(Subject::Role {
            account,
            role_arn,
            unique_id,
        }) = who
        else {
            return Naming::exactly(named);
        };
        let any = |test: &dyn Fn(&Name) -> bool| self.names.iter().any(test);
        let but_for_the_session = !has_boundary
            && any(&|name| name.is_account(account, role_arn))
            && any(&|name| name.is(role_arn) || name.is_id(unique_id));
        if named == Named::Itself && but_for_the_session {
            return Naming::itself(by_session.not());
        }
        Naming::exactly(named)
    }

    /// Whether the statement names every caller of a group, or none; `None` where it may name some.
    fn certainly(&self, group: Group<'_>) -> Option<bool> {
        let each = |names: &dyn Fn(&Name) -> bool| self.names.iter().any(names);
        if self.negated {
            let spares_account = each(&|name| {
                matches!(name, Name::Account { .. }) && name.certainly(group) != Some(false)
            });
            let spares = match group {
                _ if each(&|name| *name == Name::Everyone) => return Some(false),
                Group::NoAccount => each(&|name| name.certainly(group) != Some(false)),
                _ => spares_account,
            };
            return if spares { None } else { Some(true) };
        }
        if each(&|name| name.certainly(group) == Some(true)) {
            Some(true)
        } else if each(&|name| name.certainly(group).is_none()) {
            None
        } else {
            Some(false)
        }
    }

    /// Those whom a statement names that are not of `account`, in the order of the text. None for
    /// a `NotPrincipal`.
    pub(crate) fn outside<'a>(&'a self, account: &str) -> impl Iterator<Item = Outside<'a>> {
        let names: &[Name] = if self.negated { &[] } else { &self.names };
        let outside = names.iter().map(|name| match name {
            Name::Everyone => Outside::Everyone,
            Name::Account { partition, id } => Outside::Account {
                partition: partition.as_deref(),
                id,
            },
            Name::Arn(arn) => Outside::Arn {
                arn,
                account: account_of(arn),
            },
            Name::UniqueId(id) => Outside::UniqueId(id),
            Name::Service(name) => Outside::Service(name),
            Name::Federated(name) => Outside::Federated(name),
            Name::CanonicalUser(id) => Outside::CanonicalUser(id),
        });
        outside.filter(move |outside| match outside {
            Outside::Account { id, .. } => **id != *account,
            Outside::Arn { account: of, .. } => **of != *account,
            _ => true,
        })
    }
}

impl Name {
    fn certainly(&self, group: Group<'_>) -> Option<bool> {
        match (self, group) {
            (Name::Everyone, _) => Some(true),
            (Name::Service(_) | Name::Federated(_) | Name::CanonicalUser(_), group) => {
                if group == Group::NoAccount {
                    None
                } else {
                    Some(false)
                }
            }
            (_, Group::NoAccount) => Some(false),
            (Name::Account { .. }, Group::Account { partition, id }) => {
                Some(self.is_account(id, &format!("arn:{partition}:iam::{id}:")))
            }
            (Name::Account { .. }, Group::Named { arn, account }) => {
                Some(self.is_account(account, arn))
            }
            (Name::Account { id, .. }, Group::NotOf(not_of) | Group::WithId { not_of, .. }) => {
                if **id == *not_of {
                    Some(false)
                } else {
                    None
                }
            }
            (Name::Arn(name), Group::Account { id, .. }) => possibly(account_of(name) == id),
            (Name::Arn(name), Group::Named { arn, account }) => {
                if **name == *arn {
                    return Some(true);
                }
                // A user that federates is not told by the session.
                let federates = arn.contains(":federated-user/") && name.contains(":user/");
                possibly(
                    federates && account_of(name) == account
                        || is_session_of(name, arn)
                        || is_session_of(arn, name),
                )
            }
            (Name::Arn(name), Group::NotOf(not_of) | Group::WithId { not_of, .. }) => {
                possibly(account_of(name) != not_of)
            }
            (Name::UniqueId(name), Group::WithId { id, .. }) => Some(**name == *id),
            (Name::UniqueId(_), _) => None,
        }
    }
}

fn possibly(may_be: bool) -> Option<bool> {
    if may_be { None } else { Some(false) }
}

fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

/// Whether `arn` is that of a session of the role: it has the role's name and not its path.
fn is_session_of(arn: &str, role_arn: &str) -> bool {
    let mut of_role = role_arn.splitn(6, ':');
    let mut of_session = arn.splitn(6, ':');
    let same = |index: usize, one: Option<&str>, other: Option<&str>| match index {
        // `iam` and `sts`
        2 => other == Some("sts"),
        5 => {
            let role = one.and_then(|it| it.rsplit_once('/')).map(|(_, name)| name);
            let session = other.and_then(|it| it.strip_prefix("assumed-role/"));
            let session = session.and_then(|it| it.split_once('/'));
            role.is_some() && session.map(|(name, _)| name) == role
        }
        _ => one == other,
    };
    (0..6).all(|index| same(index, of_role.next(), of_session.next()))
}

impl CallerTest<'_> {
    pub(crate) fn holds(self, principal: &Principal<'_>) -> bool {
        let caller = Caller {
            principal,
            has_boundary: false,
        };
        self.principals.name(caller) != Named::Not
    }
}
