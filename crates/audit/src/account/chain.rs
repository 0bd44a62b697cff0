//! Roles that a role may assume, and those that they may assume, of its account and of others that
//! were read: identity policy and trust policy both decided. Knows no rule.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use policy::Known;

use super::doors::Doors;
use super::engine::{self, Caller, Engine, Engines};
use super::facts::Role;

/// One role assumes another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link<'e> {
    /// ARN of the other.
    pub(super) role: &'e str,
    /// The statements that allow it.
    pub(super) by: Vec<String>,
    /// What has to be so; none if it can always.
    pub(super) condition: Option<String>,
}

/// A role that can be reached, and by which links, the last one to itself.
#[derive(Debug, Clone)]
pub(super) struct Reached<'e> {
    pub(super) role: &'e str,
    pub(super) links: Vec<Rc<Link<'e>>>,
}

/// Who may assume whom.
#[derive(Debug)]
pub(super) struct Chains<'c, 'e> {
    engines: &'c Engines<'e>,
    /// The roles whose trust policy may let somebody of their account in, by account.
    assumable: BTreeMap<&'e str, Vec<&'e str>>,
    /// Those that may let somebody of another account in.
    from_outside: Doors<&'e str>,
    links: RefCell<BTreeMap<&'e str, Rc<[Rc<Link<'e>>]>>>,
}

impl<'c, 'e> Chains<'c, 'e> {
    pub(super) fn of(engines: &'c Engines<'e>) -> Chains<'c, 'e> {
        let mut assumable: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut from_outside = Doors::default();
        for engine in engines.all() {
            let identities = engine.facts.identities.iter();
            let roles = identities.flat_map(|it| &it.roles);
            for role in roles.filter(|role| may_trust_accounts(role)) {
                let own = assumable.entry(&engine.facts.account).or_default();
                own.push(role.arn.as_str());
                if engines.are_many() {
                    from_outside.add(&role.trust, role.arn.as_str());
                }
            }
        }
        Chains {
            engines,
            assumable,
            from_outside,
            links: RefCell::default(),
        }
    }

    pub(super) fn engines(&self) -> &'c Engines<'e> {
        self.engines
    }

    /// The roles that a role may assume itself.
    pub(super) fn links(&self, from: &'e str) -> Rc<[Rc<Link<'e>>]> {
        if let Some(links) = self.links.borrow().get(from) {
            return Rc::clone(links);
        }
        let links: Rc<[_]> = self.ask(from).into();
        self.links.borrow_mut().insert(from, Rc::clone(&links));
        links
    }

    /// Policies that are not understood are told of where the role is judged.
    fn ask(&self, from: &'e str) -> Vec<Rc<Link<'e>>> {
        let caller = self.engines.caller(from).and_then(|it| it.as_ref().ok());
        let Some(caller) = caller else {
            return Vec::new();
        };
        let account = engine::account_of(from);
        let own = self.assumable.get(account).into_iter().flatten();
        let foreign = self.from_outside.open_to(account);
        let foreign = foreign.filter(|role| engine::account_of(role) != account);
        let roles = own.chain(foreign).filter(|role| **role != from);
        let mut links: Vec<_> = roles.filter_map(|role| self.link(caller, role)).collect();
        // Of two ways to a role the certain one is told.
        links.sort_by_key(|link| link.condition.is_some());
        links
    }

    fn link(&self, caller: &Caller<'e>, role: &'e str) -> Option<Rc<Link<'e>>> {
        let owner: &Engine<'_> = self.engines.of(role)?;
        let access = owner.access(caller, "sts:AssumeRole", role, &Known::nothing());
        let access = access.ok().filter(engine::may)?;
        Some(Rc::new(Link {
            role,
            by: engine::statements(&access),
            condition: engine::conditions(&access),
        }))
    }

    /// All roles that can be reached from one, each once, by the shortest chain.
    pub(super) fn reached(&self, from: &'e str) -> Vec<Reached<'e>> {
        let mut seen = BTreeSet::from([from]);
        let mut reached = Vec::new();
        let mut pending = VecDeque::from([(from, Vec::new())]);
        while let Some((role, links)) = pending.pop_front() {
            for link in self.links(role).iter() {
                if !seen.insert(link.role) {
                    continue;
                }
                let mut links: Vec<Rc<Link<'e>>> = links.clone();
                links.push(Rc::clone(link));
                if links.len() < LINKS_MAX {
                    pending.push_back((link.role, links.clone()));
                }
                reached.push(Reached {
                    role: link.role,
                    links,
                });
            }
        }
        reached
    }
}

impl Reached<'_> {
    /// What has to be so on the way.
    pub(super) fn conditions(&self) -> impl Iterator<Item = String> {
        self.links.iter().filter_map(|link| {
            let condition = link.condition.as_ref()?;
            Some(format!("{} is assumed: {condition}", link.role))
        })
    }
}

/// Whether a trust policy may name anybody but services and providers. Most roles of an account
/// trust services alone, and need not be asked about for each other role.
fn may_trust_accounts(role: &Role) -> bool {
    let text = &role.trust;
    ["AWS", "*", "NotPrincipal", "\\"]
        .iter()
        .any(|it| text.contains(it))
}

// A session that was chained lasts an hour, and nobody builds longer chains than this.
const LINKS_MAX: usize = 5;
