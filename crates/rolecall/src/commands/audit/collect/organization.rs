//! All accounts of an organization: the caller's own with its own credentials, each other by a role
//! that is assumed in it, and the policies above each. Knows no rule.
//!
//! What is asked of AWS Organizations is asked of the management account, or of an account that it
//! lets ask. An account that cannot be entered is missing evidence.
//!
//! Source: AWS Organizations User Guide, "Service control policies" and "Resource control
//! policies": each level from the root down has to allow; the management account is not limited.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use audit::account::{AccountFacts, Membership, NamedText};
use protocol::sigv4::Credentials;
use protocol::{Record, Secret};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::calls::{Calls, listed};
use super::{Entered, Gathered, Scope, look};
use crate::failure::Failure;
use crate::term;

/// Reads all accounts, a few at once.
pub(super) async fn gather(own: Entered, scope: &Scope, role: &str) -> Result<Gathered, Failure> {
    own.calls.tell(&own.account);
    let tree = Tree::read(&own.calls, region(&own.partition)).await;
    let mut gathered = Gathered::default();
    let places = Arc::new(Semaphore::new(ACCOUNTS_AT_ONCE_MAX));
    let mut tasks = JoinSet::new();
    let members = tree.iter().flat_map(|it| it.members.keys());
    for account in members.filter(|it| **it != own.account) {
        let (places, scope, account) = (Arc::clone(&places), scope.clone(), account.clone());
        let calls = Arc::clone(&own.calls);
        let role = format!("arn:{}:iam::{account}:role/{role}", own.partition);
        let partition = own.partition.clone();
        tasks.spawn(async move {
            let _place = places.acquire().await;
            let calls = Arc::new(enter(&calls, &role, &account).await?);
            let entered = Entered {
                calls,
                account,
                partition,
            };
            let facts = look(&entered, &scope).await;
            Some((entered, facts))
        });
    }
    let facts = look(&own, scope).await?;
    gathered.accounts.push(facts);
    while let Some(done) = tasks.join_next().await {
        let done = done.map_err(|error| Failure::unfinished(format!("a task ended: {error}")))?;
        let Some((entered, facts)) = done else {
            continue;
        };
        match facts {
            Ok(facts) => gathered.add(&entered, facts),
            Err(failure) => own.calls.note("account", &entered.account, failure.message),
        }
        if term::is_talk_terminal() {
            let (done, more) = (gathered.accounts.len(), tasks.len());
            term::talk(&format!("{done} accounts read, {more} to go"));
        }
    }
    gathered.told(&own.calls);
    for facts in &mut gathered.accounts {
        if let Some(tree) = &tree {
            tree.place(facts);
        }
    }
    let accounts = &mut gathered.accounts;
    accounts.sort_by(|one, two| one.account.cmp(&two.account));
    Ok(gathered)
}

/// A session of the role in another account; missing evidence if there is none.
async fn enter(calls: &Calls, role: &str, account: &str) -> Option<Calls> {
    let input = Record::new()
        .with("RoleArn", role)
        .with("RoleSessionName", SESSION);
    let answer = match calls.ask("sts", calls.region(), "AssumeRole", &input).await {
        Ok(answer) => answer,
        Err(error) => {
            calls.miss("sts:AssumeRole", role, &error);
            return None;
        }
    };
    let given = answer.record("Credentials");
    let secret = |name: &str| {
        let given = given?;
        let text = || given.text(name).map(|it| Secret::from_text(it.to_owned()));
        given.secret(name).cloned().or_else(text)
    };
    let credentials = given
        .and_then(|it| it.text("AccessKeyId"))
        .zip(secret("SecretAccessKey"))
        .map(|(id, secret_access_key)| Credentials {
            access_key_id: id.to_owned(),
            secret_access_key,
            session_token: secret("SessionToken"),
        });
    if credentials.is_none() {
        calls.note("sts:AssumeRole", role, "no credentials answered".to_owned());
    }
    Some(calls.session(credentials?, account))
}

/// An organization, as far as it was read.
struct Tree {
    id: String,
    management: String,
    /// The ids from the root down to each account that is not closed, itself the last.
    members: BTreeMap<String, Vec<String>>,
    /// The policies that are attached, by type and target.
    attached: BTreeMap<(&'static str, String), Vec<String>>,
    /// By id.
    policies: BTreeMap<String, NamedText>,
}

impl Tree {
    /// `None` where nothing of it could be read, which is then missing evidence.
    async fn read(calls: &Arc<Calls>, region: &str) -> Option<Tree> {
        let nothing = Record::new();
        let answer = calls.get(SERVICE, region, "DescribeOrganization", &nothing);
        let answer = answer.await?;
        let organization = answer.record("Organization")?;
        let text = |name: &str| organization.text(name).unwrap_or_default().to_owned();
        let roots = calls.get(SERVICE, region, "ListRoots", &nothing).await?;
        let root = roots.records("Roots").next()?;
        let enabled: BTreeSet<&str> = root
            .records("PolicyTypes")
            .filter(|it| it.text("Status") == Some("ENABLED"))
            .filter_map(|it| it.text("Type"))
            .collect();
        let types = TYPES.into_iter().filter(|it| enabled.contains(it));
        let mut tree = Tree {
            id: text("Id"),
            management: text("MasterAccountId"),
            members: BTreeMap::new(),
            attached: BTreeMap::new(),
            policies: BTreeMap::new(),
        };
        tree.descend(calls, region, root.text("Id")?).await;
        for kind in types {
            tree.attachments(calls, region, kind).await;
        }
        tree.documents(calls, region).await;
        Some(tree)
    }

    /// Finds units and accounts, from the root down.
    async fn descend(&mut self, calls: &Calls, region: &str, root: &str) {
        let mut pending = VecDeque::from([vec![root.to_owned()]]);
        while let Some(path) = pending.pop_front() {
            let Some(parent) = path.last() else {
                continue;
            };
            let input = Record::new().with("ParentId", parent.as_str());
            let (units, accounts) = (
                listed("ListOrganizationalUnitsForParent"),
                listed("ListAccountsForParent"),
            );
            let (units, accounts) = tokio::join!(
                calls.pages(SERVICE, region, &units, &input),
                calls.pages(SERVICE, region, &accounts, &input),
            );
            let below = |id: &str| {
                let mut path = path.clone();
                path.push(id.to_owned());
                path
            };
            let units = units.iter().flatten();
            let units = units.flat_map(|page| page.records("OrganizationalUnits"));
            pending.extend(units.filter_map(|it| it.text("Id")).map(below));
            let accounts = accounts.iter().flatten();
            let accounts = accounts.flat_map(|page| page.records("Accounts"));
            // A closed account answers nobody. `Status` is the older name.
            let state = |it: &Record| it.text("State").or(it.text("Status")).map(str::to_owned);
            let open = accounts.filter(|it| state(it).is_none_or(|it| it == "ACTIVE"));
            for id in open.filter_map(|it| it.text("Id")) {
                self.members.insert(id.to_owned(), below(id));
            }
        }
    }

    async fn attachments(&mut self, calls: &Arc<Calls>, region: &str, kind: &'static str) {
        let targets: BTreeSet<&String> = self.members.values().flatten().collect();
        let mut tasks = JoinSet::new();
        for target in targets {
            let (calls, region, target) = (Arc::clone(calls), region.to_owned(), target.clone());
            tasks.spawn(async move {
                let input = Record::new()
                    .with("TargetId", target.as_str())
                    .with("Filter", kind);
                let list = listed("ListPoliciesForTarget");
                let pages = calls.pages(SERVICE, &region, &list, &input).await?;
                let policies = pages.iter().flat_map(|it| it.records("Policies"));
                let ids = policies.filter_map(|it| it.text("Id").map(str::to_owned));
                Some(((kind, target), ids.collect()))
            });
        }
        let attached = tasks.join_all().await;
        self.attached.extend(attached.into_iter().flatten());
    }

    async fn documents(&mut self, calls: &Arc<Calls>, region: &str) {
        let ids: BTreeSet<&String> = self.attached.values().flatten().collect();
        let mut tasks = JoinSet::new();
        for id in ids {
            let (calls, region, id) = (Arc::clone(calls), region.to_owned(), id.clone());
            tasks.spawn(async move {
                let input = Record::new().with("PolicyId", id.as_str());
                let answer = calls
                    .get(SERVICE, &region, "DescribePolicy", &input)
                    .await?;
                let policy = answer.record("Policy")?;
                let summary = policy.record("PolicySummary");
                let name = summary.and_then(|it| it.text("Name")).unwrap_or_default();
                let text = NamedText {
                    name: format!("{name} ({id})"),
                    text: policy.text("Content")?.to_owned(),
                };
                Some((id, text))
            });
        }
        self.policies = tasks.join_all().await.into_iter().flatten().collect();
    }

    /// Says of an account where it stands and what limits it.
    fn place(&self, facts: &mut AccountFacts) {
        let Some(path) = self.members.get(&facts.account) else {
            return;
        };
        let (_, above) = path.split_last().unwrap_or((&facts.account, &[]));
        facts.organization = Some(Membership {
            id: self.id.clone(),
            path: format!("{}/{}/", self.id, above.join("/")),
        });
        if facts.account == self.management {
            return;
        }
        let [service, resource] = TYPES.map(|kind| {
            let level = |target: &String| {
                // One that is not known whole is none: without a policy it would allow less.
                let ids = self.attached.get(&(kind, target.clone()))?;
                let texts = ids.iter().map(|id| self.policies.get(id).cloned());
                texts.collect::<Option<Vec<NamedText>>>()
            };
            path.iter().filter_map(level).collect::<Vec<_>>()
        });
        facts.service_control = service;
        facts.resource_control = resource;
    }
}

/// The region that AWS Organizations' calls are signed for.
fn region(partition: &str) -> &'static str {
    match partition {
        "aws-cn" => "cn-northwest-1",
        "aws-us-gov" => "us-gov-west-1",
        _ => "us-east-1",
    }
}

const SERVICE: &str = "organizations";
const SESSION: &str = "rolecall-audit";
// Of principals first, of resources second.
const TYPES: [&str; 2] = ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"];
// Each has its own 16 calls at once.
const ACCOUNTS_AT_ONCE_MAX: usize = 8;
