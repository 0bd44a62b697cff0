//! Roles that a role may assume, and those that they may assume: identity policy and trust policy
//! both decided. Knows no rule and no other account.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use policy::Known;

use super::engine::{self, Engine};
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
    engine: &'c Engine<'e>,
    /// The roles whose trust policy may let somebody of an account in.
    assumable: Vec<&'e str>,
    links: RefCell<BTreeMap<&'e str, Rc<[Rc<Link<'e>>]>>>,
}

impl<'c, 'e> Chains<'c, 'e> {
    pub(super) fn of(engine: &'c Engine<'e>) -> Chains<'c, 'e> {
        let identities = engine.facts.identities.iter();
        let roles = identities.flat_map(|it| &it.roles);
        let assumable = roles.filter(|role| may_trust_accounts(role));
        Chains {
            engine,
            assumable: assumable.map(|it| it.arn.as_str()).collect(),
            links: RefCell::default(),
        }
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
        let caller = self.engine.caller(from).and_then(|it| it.as_ref().ok());
        let Some(caller) = caller else {
            return Vec::new();
        };
        let known = Known::nothing();
        let mut links = Vec::new();
        for role in self.assumable.iter().filter(|role| **role != from) {
            let access = self.engine.access(caller, "sts:AssumeRole", role, &known);
            let Ok(access) = access else {
                continue;
            };
            if engine::may(&access) {
                links.push(Rc::new(Link {
                    role,
                    by: engine::statements(&access),
                    condition: engine::conditions(&access),
                }));
            }
        }
        // Of two ways to a role the certain one is told.
        links.sort_by_key(|link| link.condition.is_some());
        links
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
