//! Rotations as they go on by themselves, a step at a time.
//!
//! The world asks what is due ([`due`]), has each begin ([`begin`]), calls the function, and tells
//! how that ended ([`settle`]). All that is to be remembered is in the changes, so a rotation goes
//! on after a restart where it was: the step that was under way is done again.
//!
//! A step that fails has the whole begin again, with the same version, after a while that doubles.
//! After [`ATTEMPTS_MAX`] it waits for the next window. AWSCURRENT stays where it is all along.
//!
//! Source: Secrets Manager User Guide, "Rotation by Lambda function", "Troubleshoot rotation".

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use protocol::{Fault, Secret};

use super::labels::{CURRENT, PENDING};
use super::rotate::{announce, next_window, pending};
use super::schedule::Schedule;
use crate::entity::{
    Change, Entity, Key, RotationFunction, RotationJob, RotationStep, SecretEntity, SecretRotation,
};
use crate::entropy::{Entropy, SEED_BYTES};
use crate::gate;
use crate::home::Home;
use crate::ids;
use crate::session::{self, Session};
use crate::state::{HeldSecret, Partition};
use crate::trail::Trail;
use crate::transaction::Transaction;

/// What the account did by itself. The world commits the changes before it does the rest.
#[derive(Debug, Default)]
pub struct Turn {
    /// For the store.
    pub changes: Vec<Change>,
    /// The step that is to be done now, if one is.
    pub invocation: Option<Invocation>,
    /// For the record of calls.
    pub records: Vec<Trail>,
    /// Files of objects that nobody needs any more then.
    pub freed: Vec<u128>,
}

/// A secret, by its place and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// Where it stands.
    pub home: Home,
    /// Its name.
    pub name: String,
}

/// A step of a rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which secret.
    pub secret: Subject,
    /// Id of the version that is made.
    pub token: String,
    /// Which step.
    pub step: RotationStep,
}

/// A call of a rotation function.
#[derive(Debug)]
pub struct Invocation {
    /// What it is for.
    pub step: Step,
    /// ARN of the function.
    pub function: String,
    /// The region of the secret.
    pub region: String,
    /// What it is called with, JSON as Lambda has it.
    pub event: String,
    /// `AWS_ACCESS_KEY_ID` of the function's role.
    pub access_key_id: String,
    /// `AWS_SECRET_ACCESS_KEY`
    pub secret_access_key: Secret,
    /// `AWS_SESSION_TOKEN`
    pub session_token: Secret,
}

/// Secrets by the moment when their rotation goes on, the next one first; as many as are under way
/// at once, and one more.
pub fn due(partition: &Partition) -> impl Iterator<Item = (Timestamp, Subject)> {
    let rotations = partition.rotations(STEPS_MAX + 1).into_iter();
    rotations.map(|(moment, home, name)| (moment, Subject { home, name }))
}

/// The changes after which these functions can be called and no others.
///
/// # Errors
///
/// The ARN of a function whose account or region is not there.
pub fn establish(
    partition: &Arc<Partition>,
    functions: &[RotationFunction],
) -> Result<Vec<Change>, String> {
    let held: Vec<(Home, &Arc<RotationFunction>)> = partition.rotation_functions().collect();
    let gone = held
        .iter()
        .filter(|(_, known)| functions.iter().all(|function| function.arn != known.arn))
        .map(|(home, known)| {
            Change::delete(home.clone(), Key::RotationFunction(known.arn.clone()))
        });
    let is_new =
        |function: &&RotationFunction| held.iter().all(|(_, known)| ***known != **function);
    let new = functions.iter().filter(is_new).map(|function| {
        let home = function.home();
        let home = home.filter(|home| partition.state(home).is_some());
        let home = home.ok_or_else(|| function.arn.clone())?;
        Ok(Change::put(
            home,
            Entity::RotationFunction(function.clone()),
        ))
    });
    gone.map(Ok).chain(new).collect()
}

/// Begins what is due of a secret's rotation, if anything is.
pub fn begin(
    partition: &Arc<Partition>,
    secret: &Subject,
    now: Timestamp,
    seed: [u8; SEED_BYTES],
) -> Turn {
    let Some(mut work) = Work::on(partition, secret, now, seed) else {
        return Turn::default();
    };
    if work.held.secret.rotation_due().is_none_or(|due| due > now) {
        return Turn::default();
    }
    let begun = work.begin();
    work.ended(begun)
}

/// Records how a step ended. One that nobody waits for any more changes nothing.
pub fn settle(
    partition: &Arc<Partition>,
    step: &Step,
    result: Result<(), String>,
    now: Timestamp,
    seed: [u8; SEED_BYTES],
) -> Turn {
    let Some(mut work) = Work::on(partition, &step.secret, now, seed) else {
        return Turn::default();
    };
    let job = work.rotation.job.take();
    let is_this =
        |job: &RotationJob| job.token == step.token && job.step == step.step && !job.abandoned;
    let Some(job) = job.filter(is_this) else {
        return Turn::default();
    };
    let settled = match result {
        Ok(()) => work.succeeded(job),
        Err(why) => work.failed(job, &why),
    };
    work.ended(settled.map(|()| None))
}

/// A secret's rotation while it is looked at.
struct Work<'a> {
    partition: &'a Arc<Partition>,
    transaction: Transaction,
    held: Arc<HeldSecret>,
    secret: SecretEntity,
    rotation: Box<SecretRotation>,
    records: Vec<Trail>,
}

impl<'a> Work<'a> {
    fn on(
        partition: &'a Arc<Partition>,
        secret: &Subject,
        now: Timestamp,
        seed: [u8; SEED_BYTES],
    ) -> Option<Self> {
        let state = partition.state(&secret.home)?;
        let held = state.secret(&secret.name)?.clone();
        let mut secret = held.secret.clone();
        let rotation = secret.rotation.take()?;
        Some(Self {
            partition,
            transaction: Transaction::new(state, now, Entropy::new(seed)),
            held,
            secret,
            rotation,
            records: Vec::new(),
        })
    }

    fn ended(mut self, begun: Result<Option<Invocation>, Fault>) -> Turn {
        let followed = begun.and_then(|invocation| {
            super::propagate(&mut self.transaction, self.partition)?;
            Ok(invocation)
        });
        match followed {
            Ok(invocation) => Turn {
                changes: self.transaction.into_changes(),
                invocation,
                records: self.records,
                freed: Vec::new(),
            },
            // A change that does not fit is a mistake of ours; nothing is half done.
            Err(_) => Turn::default(),
        }
    }

    fn begin(&mut self) -> Result<Option<Invocation>, Fault> {
        let job = match self.rotation.job.take() {
            Some(job) => job,
            None => match self.scheduled() {
                Some(job) => {
                    self.keep(Some(job.clone()))?;
                    job
                }
                None => return self.keep(None).map(|()| None),
            },
        };
        if job.abandoned || !self.is_labelled(&job) {
            self.note("RotationAbandoned", None);
            return self.keep(None).map(|()| None);
        }
        if job.only_test {
            self.note("TestRotationStarted", None);
        } else if job.step == RotationStep::CreateSecret {
            self.note("RotationStarted", None);
        }
        match self.invocation(&job) {
            Ok(invocation) => Ok(Some(invocation)),
            Err(why) => self.failed(job, &why).map(|()| None),
        }
    }

    /// The job of a window that is open; moves on to the next window where it is over.
    fn scheduled(&mut self) -> Option<RotationJob> {
        let now = self.transaction.now;
        let schedule = Schedule::of(&self.rotation.rules).ok().flatten();
        let window = self.rotation.next.take();
        self.rotation.next = window.and_then(|window| schedule?.not_over(window.start, now));
        let window = self.rotation.next?;
        if window.start > now {
            return None;
        }
        // A version that waits is the one to go on with.
        let token = pending(&self.secret).map(str::to_owned);
        let token = token.unwrap_or_else(|| ids::uuid(&mut self.transaction.entropy));
        Some(RotationJob {
            token,
            only_test: false,
            step: RotationStep::CreateSecret,
            at: now,
            failures: 0,
            abandoned: false,
        })
    }

    /// Whether the version is still the one that is to become current, or has become it.
    fn is_labelled(&self, job: &RotationJob) -> bool {
        let holds = |label| self.secret.stages.get(label) == Some(&job.token);
        holds(PENDING) || (holds(CURRENT) && !job.only_test)
    }

    fn invocation(&mut self, job: &RotationJob) -> Result<Invocation, String> {
        let state = self.transaction.state().clone();
        let arn = &self.rotation.function;
        let function = state.rotation_functions().get(arn);
        let function = function.ok_or_else(|| format!("there is no command for {arn}"))?;
        let role = &function.role;
        let held = state.role(role);
        let held = held.ok_or_else(|| format!("there is no role {role}"))?;
        if !gate::trusts(&state, held, "lambda.amazonaws.com") {
            return Err(format!(
                "the role {role} does not trust lambda.amazonaws.com"
            ));
        }
        let now = self.transaction.now;
        let session = Session {
            access_key_id: String::new(),
            account: state.account_id().to_owned(),
            role: held.role.name.clone(),
            role_id: held.role.id.clone(),
            name: function_name(arn).to_owned(),
            issued: now,
            expires: now + CREDENTIALS_LIFETIME,
            policy: None,
            policy_arns: Vec::new(),
            tags: Vec::new(),
            transitive_tag_keys: Vec::new(),
            source_identity: None,
            provider: None,
            instance: None,
        };
        let random = self.transaction.entropy.bytes();
        let credentials = session::mint(&state.settings().keyring, session, &random)
            .ok_or("the keyring makes no credentials")?;
        let event = serde_json::json!({
            "Step": job.step.as_str(),
            "SecretId": self.secret.arn,
            "ClientRequestToken": job.token,
        });
        Ok(Invocation {
            step: Step {
                secret: Subject {
                    home: state.home().clone(),
                    name: self.secret.name.clone(),
                },
                token: job.token.clone(),
                step: job.step,
            },
            function: arn.clone(),
            region: state.region().to_owned(),
            event: event.to_string(),
            access_key_id: credentials.access_key_id,
            secret_access_key: credentials.secret_access_key,
            session_token: credentials.session_token,
        })
    }

    fn succeeded(&mut self, mut job: RotationJob) -> Result<(), Fault> {
        let now = self.transaction.now;
        if job.only_test {
            self.note("TestRotationSucceeded", None);
            return self.forget(&job);
        }
        if let Some(next) = job.step.next() {
            (job.step, job.at) = (next, now);
            return self.keep(Some(job));
        }
        let is_current = self.secret.stages.get(CURRENT) == Some(&job.token);
        if !is_current || pending(&self.secret).is_some() {
            return self.failed(job, "AWSCURRENT is not attached to the new version");
        }
        self.note("RotationSucceeded", None);
        self.rotation.last = Some(now);
        self.rotation.next = next_window(&self.rotation, now);
        self.keep(None)
    }

    fn failed(&mut self, mut job: RotationJob, why: &str) -> Result<(), Fault> {
        let now = self.transaction.now;
        let step = job.step.as_str();
        let why = format!("Rotation step {step} failed: {why}");
        if job.only_test {
            self.note("TestRotationFailed", Some(why));
            return self.forget(&job);
        }
        self.note("RotationFailed", Some(why));
        job.failures += 1;
        if job.failures >= ATTEMPTS_MAX {
            self.rotation.next = next_window(&self.rotation, now);
            return self.keep(None);
        }
        job.step = RotationStep::CreateSecret;
        job.at = now + RETRY_AFTER * (1 << (job.failures - 1));
        self.keep(Some(job))
    }

    /// Removes the version that was only there for a test, unless it has a value or a label by now.
    fn forget(&mut self, job: &RotationJob) -> Result<(), Fault> {
        if self.secret.stages.get(PENDING) == Some(&job.token) {
            self.secret.stages.remove(PENDING);
        }
        self.keep(None)?;
        let version = Key::SecretVersion(self.secret.name.clone(), job.token.clone());
        let held = self.held.versions.get(&job.token);
        let is_empty = held.is_some_and(|version| version.value.is_none());
        if is_empty && self.secret.stages_of(&job.token).is_empty() {
            self.transaction.delete(version)?;
        }
        Ok(())
    }

    /// Puts the secret with the job that it has now.
    fn keep(&mut self, job: Option<RotationJob>) -> Result<(), Fault> {
        let token = job.as_ref().map(|job| job.token.clone());
        self.rotation.job = job;
        let mut secret = self.secret.clone();
        secret.rotation = Some(self.rotation.clone());
        match token {
            Some(token) => {
                announce(&mut self.transaction, &self.held, secret, &token)?;
                // With the label that a new version has got.
                let held = self.transaction.state().secret(&self.secret.name);
                if let Some(held) = held {
                    self.secret.stages = held.secret.stages.clone();
                }
                Ok(())
            }
            None => self.transaction.put(Entity::Secret(secret)),
        }
    }

    fn note(&mut self, event: &'static str, why: Option<String>) {
        let random = self.transaction.entropy.bytes();
        let now = self.transaction.now;
        let mut record = Trail::of_service(event, self.secret.arn.clone(), why, now, random);
        record.home = Some(self.transaction.state().home().clone());
        self.records.push(record);
    }
}

/// `NAME` of `arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS`.
fn function_name(arn: &str) -> &str {
    arn.split(':').nth(6).unwrap_or("rotation")
}

/// How many steps are under way at once.
pub const STEPS_MAX: usize = 4;
/// How often a rotation is tried before it waits for the next window.
pub const ATTEMPTS_MAX: u32 = 5;
/// How long the credentials of a step last: a step must take less.
pub const CREDENTIALS_LIFETIME: SignedDuration = SignedDuration::from_mins(15);
// Before the second attempt; it doubles with each.
const RETRY_AFTER: SignedDuration = SignedDuration::from_mins(1);
