//! A decision about a request of which only a part is known: never, always, or when. The rules are
//! those of [`decide`](crate::decide()); what depends on what is not known stays as a [`Formula`].
//!
//! Nothing is sampled: of every request that agrees with what is known, the formula says what
//! `decide` says of it. Knows no account.

use crate::asked::{Asked, Room};
use crate::decide::{Applied, Levels, Policies, ResourceRule};
use crate::document::{Effect, Kind};
use crate::known::{Known, Subject};
use crate::policy::Matter;
use crate::principal::{Naming, Principal, Who};
use crate::reason::{PolicyType, Reason, StatementRef};

mod atom;
mod formula;
mod simplify;
mod text;

pub use atom::{Atom, CallerTest, ConditionTest, ResourceTest, Test};
pub use formula::Formula;

/// Who wants to do what to what, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub struct PartialRequest<'a, 'k> {
    /// The caller.
    pub subject: Subject<'a>,
    /// As policies write it, `secretsmanager:GetSecretValue`.
    pub action: &'a str,
    /// The ARN, or `*` for an action that has no resource.
    pub resource: &'a str,
    /// The account that owns the resource, 12 digits.
    pub resource_account: &'a str,
    /// What is known of the condition keys. Those that follow from the subject are not added:
    /// [`Known::of`] has them.
    pub known: &'k Known,
}

/// What policies say of all requests that agree with what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access<'a> {
    /// All are denied.
    Never {
        /// Why. `None` when each policy type could allow, under conditions that exclude each
        /// other.
        reason: Option<Reason<'a>>,
    },
    /// All are allowed.
    Always {
        /// A statement that allows.
        by: StatementRef<'a>,
        /// The resource's statement, where it is needed beside the identity's.
        and: Option<StatementRef<'a>>,
    },
    /// Those are allowed of which the formula holds. It is no constant.
    When(Formula<'a>),
    /// More depends on what is not known than is worked through: some may be allowed.
    Unclear {
        /// The conditions on which it depends.
        atoms: usize,
    },
}

/// Decides all requests that agree with `request`.
///
/// The formula's size grows with the number of conditions and never faster.
pub fn decide_partly<'a>(request: &PartialRequest<'a, '_>, policies: &Policies<'a>) -> Access<'a> {
    let mut room = Room::EMPTY;
    let asked = Asked::new(request.action, &mut room);
    let who = Who::Subject(request.subject);
    let evaluation = Evaluation {
        matter: Matter {
            who,
            has_boundary: policies.boundary.is_some(),
            asked: &asked,
            resource: request.resource,
            known: request.known,
        },
        resource_account: request.resource_account,
        policies,
        own: Own::Known,
    };
    evaluation.access()
}

/// One question and the policies that have a say.
pub(crate) struct Evaluation<'e, 'a> {
    pub(crate) matter: Matter<'e, 'a>,
    pub(crate) resource_account: &'a str,
    pub(crate) policies: &'e Policies<'a>,
    pub(crate) own: Own,
}

/// The caller's own policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Own {
    Known,
    /// They are its account's to say, and taken to allow.
    Assumed,
}

/// What has to be so for policies to allow, and the statement that does.
struct Said<'a> {
    formula: Formula<'a>,
    // The first that is certain to allow, or else the first that may.
    by: Option<StatementRef<'a>>,
}

/// The same of the resource's policy, by how close it comes to the caller.
struct SaidOfResource<'a> {
    itself: Said<'a>,
    by_role: Said<'a>,
    by_account: Said<'a>,
}

/// What grants, and what is missing where nothing can.
struct Granted<'a> {
    formula: Formula<'a>,
    by: Option<StatementRef<'a>>,
    and: Option<StatementRef<'a>>,
    otherwise: Option<Reason<'a>>,
}

impl<'a> Evaluation<'_, 'a> {
    pub(crate) fn access(&self) -> Access<'a> {
        let never = |reason| Access::Never {
            reason: Some(reason),
        };
        let mut needed = match self.not_denied() {
            Ok(needed) => needed,
            Err(reason) => return never(reason),
        };
        let stand_in = self.matter.who.stand_in();
        let (service, of_resource) = self.policies.control(&stand_in);
        for level in of_resource {
            needed.push(self.level_allows(level, Kind::ResourceControl));
        }
        if needed.iter().any(Formula::is_no) {
            return never(Reason::NoResourceControlPolicyAllows);
        }
        needed.extend(self.levels_allow(service, Kind::ServiceControl));
        if needed.iter().any(Formula::is_no) {
            return never(Reason::NoServiceControlPolicyAllows);
        }
        let granted = self.granted();
        if granted.formula.is_no() {
            return Access::Never {
                reason: granted.otherwise,
            };
        }
        needed.push(granted.formula);
        let needed = Formula::all(needed);
        let atoms = needed.atoms().count();
        if atoms > ATOMS_MAX {
            return Access::Unclear { atoms };
        }
        let formula = simplify::simplified(needed);
        match granted.by {
            Some(by) if formula.is_yes() => Access::Always {
                by,
                and: granted.and,
            },
            _ if formula.is_no() => Access::Never { reason: None },
            _ => Access::When(formula),
        }
    }

    /// For each statement that may deny, what keeps it from that. An error where nothing does.
    fn not_denied(&self) -> Result<Vec<Formula<'a>>, Reason<'a>> {
        let mut spared = Vec::new();
        for (in_, applied) in self.policies.each(&self.matter.who.stand_in()) {
            for (by, naming) in self.statements(applied, Effect::Deny) {
                let denies = naming.in_any_way();
                if denies.is_yes() {
                    return Err(Reason::ExplicitDeny { by, in_ });
                }
                spared.push(denies.not());
            }
        }
        Ok(spared)
    }

    fn levels_allow(&self, levels: Levels<'a>, kind: Kind) -> impl Iterator<Item = Formula<'a>> {
        let each = levels.iter();
        each.map(move |level| self.level_allows(level, kind))
    }

    fn level_allows(&self, level: &[Applied<'a>], kind: Kind) -> Formula<'a> {
        self.one_allows(level, kind).formula
    }

    /// What the policies that grant say, and those of the caller that limit it.
    fn granted(&self) -> Granted<'a> {
        let resource = self.resource_allows();
        let silent = match self.policies.resource_type() {
            PolicyType::Trust => Reason::NoTrustPolicyAllows,
            _ => Reason::NoResourcePolicyAllows,
        };
        let Some(account) = self.matter.who.account() else {
            return resource.in_any_way().alone(silent);
        };
        let own = match self.own {
            Own::Known => self.one_allows(self.policies.identity, Kind::Identity),
            Own::Assumed => Said {
                formula: Formula::yes(),
                by: None,
            },
        };
        let (limit, missing) = self.limit();
        let own_missing = Reason::NoIdentityPolicyAllows;
        if account != self.resource_account {
            let resource = resource.in_any_way();
            let otherwise = if own.formula.is_no() {
                own_missing
            } else {
                missing.unwrap_or(silent)
            };
            return Granted {
                by: own.by.or(resource.by),
                and: own.by.and(resource.by),
                formula: Formula::all(vec![own.formula, resource.formula, limit]),
                otherwise: Some(otherwise),
            };
        }
        let required = matches!(self.policies.resource, ResourceRule::Required(_));
        if required {
            return resource.has_to_allow(own, limit, missing, silent);
        }
        let SaidOfResource {
            itself, by_role, ..
        } = resource;
        let limited = own.or(by_role);
        let otherwise = if limited.formula.is_no() {
            own_missing
        } else {
            missing.unwrap_or(own_missing)
        };
        limited.under(limit).or(itself).alone(otherwise)
    }

    /// What has to be so for the permissions boundary and the session policies to allow, and
    /// which of them cannot.
    fn limit(&self) -> (Formula<'a>, Option<Reason<'a>>) {
        let boundary = self.policies.boundary.map_or(Formula::yes(), |applied| {
            self.one_allows(&[applied], Kind::Identity).formula
        });
        if boundary.is_no() {
            return (boundary, Some(Reason::NoBoundaryAllows));
        }
        let session = self.policies.session.map_or(Formula::yes(), |applied| {
            self.one_allows(applied, Kind::Identity).formula
        });
        let missing = session.is_no().then_some(Reason::NoSessionPolicyAllows);
        (Formula::all(vec![boundary, session]), missing)
    }

    fn one_allows(&self, applied: &[Applied<'a>], kind: Kind) -> Said<'a> {
        let mut said = Saying::default();
        let counting = applied.iter().filter(|it| it.policy.kind() == kind);
        'policies: for applied in counting {
            for (by, naming) in self.statements(*applied, Effect::Allow) {
                if said.add(naming.in_any_way(), by) {
                    break 'policies;
                }
            }
        }
        said.finish()
    }

    fn resource_allows(&self) -> SaidOfResource<'a> {
        let (mut itself, mut by_role) = (Saying::default(), Saying::default());
        let mut by_account = Saying::default();
        let policy = self.policies.resource.policy();
        let counting =
            policy.filter(|applied| matches!(applied.policy.kind(), Kind::Resource | Kind::Trust));
        let statements = counting
            .into_iter()
            .flat_map(|applied| self.statements(applied, Effect::Allow));
        // A user that has session policies is a federated user: its ARN does not name the session.
        let is_user = matches!(self.matter.who.stand_in(), Principal::User { .. });
        let limits_itself = is_user && self.policies.session.is_some();
        for (by, naming) in statements {
            if limits_itself {
                by_role.add(naming.itself, by);
            } else {
                itself.add(naming.itself, by);
            }
            by_role.add(naming.by_role, by);
            by_account.add(naming.by_account, by);
        }
        SaidOfResource {
            itself: itself.finish(),
            by_role: by_role.finish(),
            by_account: by_account.finish(),
        }
    }

    /// The statements of an effect that may apply.
    fn statements(
        &self,
        applied: Applied<'a>,
        effect: Effect,
    ) -> impl Iterator<Item = (StatementRef<'a>, Naming<'a>)> {
        let about = applied.policy.about(self.matter.asked, effect);
        about.filter_map(move |(index, statement)| {
            let by = crate::decide::reference(applied, index, statement);
            let naming = statement.partly(&self.matter, by);
            (!naming.is_none()).then_some((by, naming))
        })
    }
}

impl<'a> SaidOfResource<'a> {
    fn in_any_way(self) -> Said<'a> {
        self.itself.or(self.by_role).or(self.by_account)
    }

    /// Of a resource whose policy must allow.
    fn has_to_allow(
        self,
        own: Said<'a>,
        limit: Formula<'a>,
        missing: Option<Reason<'a>>,
        silent: Reason<'a>,
    ) -> Granted<'a> {
        let SaidOfResource {
            itself,
            by_role,
            by_account,
        } = self;
        let unnamed = by_role.formula.is_no() && by_account.formula.is_no();
        let otherwise = if unnamed {
            silent
        } else if by_role.formula.is_no() && own.formula.is_no() {
            Reason::NoIdentityPolicyAllows
        } else {
            missing.unwrap_or(silent)
        };
        let direct = itself.formula.is_yes() || by_role.formula.is_yes();
        let and = by_account.by.filter(|_| own.by.is_some() && !direct);
        let handed_on = Said {
            by: own.by.or(by_account.by),
            formula: Formula::all(vec![by_account.formula, own.formula]),
        };
        let limited = by_role.or(handed_on).under(limit);
        Granted {
            and,
            ..itself.or(limited).alone(otherwise)
        }
    }
}

impl<'a> Said<'a> {
    fn or(self, other: Said<'a>) -> Said<'a> {
        let by = match () {
            () if self.formula.is_yes() => self.by,
            () if other.formula.is_yes() => other.by,
            () if self.formula.is_no() => other.by,
            () => self.by,
        };
        Said {
            formula: Formula::any(vec![self.formula, other.formula]),
            by,
        }
    }

    fn under(self, limit: Formula<'a>) -> Said<'a> {
        Said {
            formula: Formula::all(vec![self.formula, limit]),
            by: self.by,
        }
    }

    fn alone(self, otherwise: Reason<'a>) -> Granted<'a> {
        Granted {
            formula: self.formula,
            by: self.by,
            and: None,
            otherwise: Some(otherwise),
        }
    }
}

/// Collects what statements say.
#[derive(Default)]
struct Saying<'a> {
    ways: Vec<Formula<'a>>,
    certain: Option<StatementRef<'a>>,
    possible: Option<StatementRef<'a>>,
}

impl<'a> Saying<'a> {
    /// Whether it is certain now, so that no other statement matters.
    fn add(&mut self, way: Formula<'a>, by: StatementRef<'a>) -> bool {
        if way.is_no() {
            return false;
        }
        self.possible.get_or_insert(by);
        if way.is_yes() {
            self.certain.get_or_insert(by);
        }
        self.ways.push(way);
        self.certain.is_some()
    }

    fn finish(self) -> Said<'a> {
        Said {
            formula: Formula::any(self.ways),
            by: self.certain.or(self.possible),
        }
    }
}

// What a formula may depend on. No one policy has more conditions than its size lets it; a caller
// may have many policies.
const ATOMS_MAX: usize = 4_096;
