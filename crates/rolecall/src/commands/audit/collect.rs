//! What an account's API tells, gathered for the rules: regions beside each other, pages one after
//! another. Knows no rule.
//!
//! A call that is denied, or throttled for too long, is missing evidence; the rest goes on.

mod calls;
mod identity;
mod kept;
mod keys;
mod organization;
mod read;
mod region;
mod secrets;

use std::sync::Arc;

use audit::Missing;
use audit::account::AccountFacts;
use protocol::shape::Service;
use protocol::{Arn, Record};
use tokio::task::JoinSet;

use self::calls::Calls;
pub(super) use self::kept::Kept;
use crate::clock;
use crate::failure::Failure;
use crate::term;
use crate::upstream::{ApiClient, ApiError};

/// What to gather.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    /// What need not be read again, and where what is read is recorded on the way.
    pub(super) kept: Arc<Kept>,
    /// All that are enabled, if none is named.
    pub(super) regions: Vec<String>,
    /// Search user data of instances, one call each.
    pub(super) user_data: bool,
    /// Read keys of users as they are now, and not as a report of the last hours tells them.
    pub(super) exact_keys: bool,
    /// The role to assume in the other accounts of the organization, if they are asked for.
    pub(super) role: Option<String>,
}

/// What was gathered, and with how many calls.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) accounts: Vec<AccountFacts>,
    pub(super) missing: Vec<Missing>,
    pub(super) calls: usize,
}

/// An account that can be called.
#[derive(Debug)]
struct Entered {
    calls: Arc<Calls>,
    account: String,
    partition: String,
}

/// Gathers what the account of the SDK's credentials tells, or its organization.
pub(super) async fn gather(scope: &Scope) -> Result<Gathered, Failure> {
    let first = scope.regions.first().map(String::as_str);
    let sts = ApiClient::connect(service("sts")?, first).await?;
    let calls = Arc::new(Calls::new(sts));
    let nothing = Record::new();
    let caller = calls.ask("sts", calls.region(), "GetCallerIdentity", &nothing);
    let caller = caller.await.map_err(refused)?;
    let arn = caller.text("Arn").and_then(Arn::parse);
    let own = Entered {
        calls,
        partition: arn.map_or("aws".to_owned(), |arn| arn.partition().to_owned()),
        account: caller.text("Account").unwrap_or_default().to_owned(),
    };
    if let Some(role) = &scope.role {
        return organization::gather(own, scope, role).await;
    }
    let mut gathered = Gathered::default();
    gathered.add(&own, look(&own, scope).await?);
    Ok(gathered)
}

impl Gathered {
    fn add(&mut self, of: &Entered, facts: AccountFacts) {
        self.accounts.push(facts);
        self.told(&of.calls);
    }

    fn told(&mut self, calls: &Calls) {
        let (missing, calls) = calls.finish();
        self.missing.extend(missing);
        self.calls += calls;
    }
}

/// Reads one account.
async fn look(entered: &Entered, scope: &Scope) -> Result<AccountFacts, Failure> {
    let Entered {
        calls,
        account,
        partition,
    } = entered;
    let home = calls.region().to_owned();
    let (regions, all_regions) = regions(calls, scope, &home).await;
    let mut tasks = JoinSet::new();
    let mut kept = Vec::new();
    for name in regions {
        if let Some(region) = scope.kept.region(account, &name, scope.user_data) {
            kept.push(region);
            continue;
        }
        let (calls, user_data) = (Arc::clone(calls), scope.user_data);
        tasks.spawn(async move { region::gather(&calls, &name, user_data).await });
    }
    let global = identity::region(partition);
    let (identities, access_keys) = match scope.kept.identities(account) {
        Some((identities, keys)) => (Some(identities), Some(keys)),
        None => identity::gather(calls, global, scope.exact_keys).await,
    };
    let mut facts = AccountFacts {
        account: account.clone(),
        partition: partition.clone(),
        read_at: clock::now(),
        organization: None,
        identities,
        access_keys,
        service_control: Vec::new(),
        resource_control: Vec::new(),
        all_regions,
        regions: kept,
    };
    scope.kept.save(&facts, calls.so_far());
    while let Some(done) = tasks.join_next().await {
        let region = done.map_err(|error| Failure::unfinished(format!("a task ended: {error}")))?;
        facts.regions.push(region);
        scope.kept.save(&facts, calls.so_far());
        if term::is_talk_terminal() {
            let (done, more) = (facts.regions.len(), tasks.len());
            term::talk(&format!("{account}: {done} regions read, {more} to go"));
        }
    }
    facts.regions.sort_by(|one, two| one.name.cmp(&two.name));
    Ok(facts)
}

/// The regions to look at, and whether they are all.
async fn regions(calls: &Calls, scope: &Scope, home: &str) -> (Vec<String>, bool) {
    if !scope.regions.is_empty() {
        return (scope.regions.clone(), false);
    }
    let nothing = Record::new();
    let answer = calls.get("ec2", home, "DescribeRegions", &nothing);
    let Some(answer) = answer.await else {
        return (vec![home.to_owned()], false);
    };
    let names = answer.records("Regions");
    let names = names.filter_map(|it| it.text("RegionName"));
    (names.map(str::to_owned).collect(), true)
}

fn service(name: &str) -> Result<&'static Service, Failure> {
    Service::find(name).ok_or_else(|| Failure::unfinished(format!("no tables for {name}")))
}

fn refused(error: ApiError) -> Failure {
    match error {
        ApiError::Failure(failure) => failure,
        ApiError::Fault(fault) => Failure::unfinished(format!("the account refuses: {fault}"))
            .hint("`aws sts get-caller-identity` tells whether the credentials are good"),
    }
}
