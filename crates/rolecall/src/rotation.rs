//! What rotates secrets: a clock that waits for the next one, and the operator's commands.
//!
//! What is due, with what a function is called and what follows from how it ended is `account`'s
//! to say. Nothing is kept here but which commands run: a rotation that a restart cut short goes on
//! with the step that it was at.

mod command;
mod flag;

use std::collections::{BTreeMap, HashMap};
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use account::rotation::{self, Step, Subject, Turn};
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{sleep, timeout};

pub(crate) use self::command::Surroundings;
pub(crate) use self::flag::RotationCommand;
use crate::clock;
use crate::failure::Failure;
use crate::serve::{Stop, stopped};
use crate::store::{Alone, Ledger};
use crate::trail::Recorder;

/// Rotates the secrets of an account as long as it runs.
#[derive(Debug)]
pub(crate) struct Rotator {
    ledger: Ledger,
    recorder: Recorder,
    commands: BTreeMap<String, RotationCommand>,
    surroundings: Surroundings,
    /// Of several servers one rotates.
    alone: Option<Alone>,
}

/// The commands under way.
#[derive(Default)]
struct Running {
    tasks: JoinSet<Result<(), String>>,
    steps: HashMap<Id, Step>,
}

impl Rotator {
    /// Lets the account know which functions can be called.
    pub(crate) async fn new(
        ledger: Ledger,
        recorder: Recorder,
        commands: Vec<RotationCommand>,
        surroundings: Surroundings,
    ) -> Result<Self, Failure> {
        let functions: Vec<_> = commands.iter().map(|of| of.function.clone()).collect();
        let number = commands.len();
        let commands: BTreeMap<String, RotationCommand> = commands
            .into_iter()
            .map(|command| (command.function.arn.clone(), command))
            .collect();
        if commands.len() < number {
            return Err(Failure::wrong(
                "`--rotation-command` names one function more than once",
            ));
        }
        // Checked before, so that what is wrong is told with its name.
        let known = rotation::establish(&ledger.partition(), &functions);
        known.map_err(|arn| {
            Failure::wrong(format!(
                "`--rotation-command {arn}` is of an account or a region that is not here"
            ))
            .hint("name the account and the region of the secrets in the function's ARN")
        })?;
        let mut alone = None;
        if number > 0 {
            let held = ledger.alone("rotation");
            alone = held.map_err(|error| Failure::unfinished(format!("no thread: {error}")))?;
        }
        let rotator = Self {
            ledger,
            recorder,
            commands,
            surroundings,
            alone,
        };
        if let Some(alone) = &rotator.alone {
            let _not_yet = timeout(FIRST_TURN_AFTER, alone.turned()).await;
        }
        if rotator.is_ours() {
            rotator.establish().await?;
        }
        Ok(rotator)
    }

    /// Lets the account know which functions can be called, and no others.
    async fn establish(&self) -> Result<(), Failure> {
        let commands = self.commands.values();
        let functions: Vec<_> = commands.map(|of| of.function.clone()).collect();
        let establish = move |partition: &_, _, _| Turn {
            changes: rotation::establish(partition, &functions).unwrap_or_default(),
            ..Turn::default()
        };
        let established = self.ledger.turn(establish).await;
        established.map_err(|_| Failure::unfinished("the rotation functions cannot be kept"))?;
        Ok(())
    }

    /// Whether it is this server that rotates.
    fn is_ours(&self) -> bool {
        match &self.alone {
            Some(alone) => alone.is_ours(),
            // Of several, those without commands leave it to the others.
            None => !(self.ledger.is_shared() && self.commands.is_empty()),
        }
    }

    /// Returns when another server has begun to rotate, or this one.
    async fn turned(&self) {
        match &self.alone {
            Some(alone) => alone.turned().await,
            None => pending().await,
        }
    }

    /// Runs until told to stop, and ends the commands that are then under way.
    pub(crate) async fn run(self, mut stop: Stop) {
        let mut running = Running::default();
        loop {
            let wait = self.begin_due(&mut running).await;
            tokio::select! {
                () = stopped(&mut stop) => break,
                Some(ended) = running.tasks.join_next_with_id() => {
                    self.settle(ended, &mut running, &mut stop).await;
                }
                () = self.turned() => self.take_turns(&mut running).await,
                () = self.ledger.changed() => {}
                () = sleep(wait) => {}
            }
        }
        running.tasks.shutdown().await;
        if let Some(alone) = self.alone {
            alone.give_up().await;
        }
    }

    /// What another server does now is not gone on with here. What it had begun is begun again.
    async fn take_turns(&self, running: &mut Running) {
        if !self.is_ours() {
            tracing::info!("another server rotates");
            running.tasks.shutdown().await;
            running.steps.clear();
            return;
        }
        tracing::info!("this server rotates");
        if self.establish().await.is_err() {
            tracing::warn!("which rotation functions there are is not kept yet");
        }
    }

    /// Begins what is due; tells how long nothing will be, if nothing changes.
    async fn begin_due(&self, running: &mut Running) -> Duration {
        while running.tasks.len() < rotation::STEPS_MAX && self.is_ours() {
            let partition = self.ledger.partition();
            let is_free = |of: &Subject| running.steps.values().all(|step| step.secret != *of);
            let next = rotation::due(&partition).find(|(_, secret)| is_free(secret));
            let Some((moment, secret)) = next else {
                return LOOK_AGAIN_AFTER;
            };
            let wait = moment.duration_since(clock::now());
            if wait.is_positive() {
                // Clocks are set; none is trusted for long.
                return wait.unsigned_abs().min(LOOK_AGAIN_AFTER);
            }
            let turn = self
                .ledger
                .turn(move |partition, now, seed| rotation::begin(partition, &secret, now, seed))
                .await;
            let Ok(turn) = turn else {
                return TRY_AGAIN_AFTER;
            };
            let is_idle = turn.changes.is_empty() && turn.invocation.is_none();
            self.take(turn, running).await;
            if is_idle {
                return TRY_AGAIN_AFTER;
            }
        }
        LOOK_AGAIN_AFTER
    }

    /// Does what a turn led to.
    async fn take(&self, turn: Turn, running: &mut Running) {
        for record in turn.records {
            let event = record.operation.unwrap_or_default();
            if let Some(why) = record.failure() {
                tracing::warn!(event, why, "rotation");
            } else {
                tracing::info!(event, "rotation");
            }
            let _not_on_the_disk = self.recorder.record(&record).await;
        }
        let Some(invocation) = turn.invocation else {
            return;
        };
        let step = invocation.step.clone();
        let surroundings = self.surroundings.clone();
        let task = match self.commands.get(&invocation.function) {
            Some(command) => {
                let run = command::run(command.clone(), invocation, surroundings);
                running.tasks.spawn(run)
            }
            // The account was told of those that there are.
            None => running
                .tasks
                .spawn(std::future::ready(Err("there is no command".to_owned()))),
        };
        tracing::debug!(
            secret = step.secret.name,
            step = step.step.as_str(),
            "step begun"
        );
        running.steps.insert(task.id(), step);
    }

    /// Records how a step ended; what cannot be kept is tried again until it can.
    async fn settle(
        &self,
        ended: Result<(Id, Result<(), String>), JoinError>,
        running: &mut Running,
        ending: &mut Stop,
    ) {
        let (id, result) = match ended {
            Ok((id, result)) => (id, result),
            Err(error) => (error.id(), Err("internal error".to_owned())),
        };
        let Some(step) = running.steps.remove(&id) else {
            return;
        };
        let done = Arc::new((step, result));
        loop {
            let done = Arc::clone(&done);
            let settle = move |partition: &_, now, seed| {
                let (step, result) = &*done;
                rotation::settle(partition, step, result.clone(), now, seed)
            };
            if let Ok(turn) = self.ledger.turn(settle).await {
                return self.take(turn, running).await;
            }
            tokio::select! {
                () = stopped(ending) => return,
                () = sleep(TRY_AGAIN_AFTER) => {}
            }
        }
    }
}

// A server starts whether or not it is known by then who rotates.
const FIRST_TURN_AFTER: Duration = Duration::from_secs(5);
// At most this long on a clock that may have been set.
const LOOK_AGAIN_AFTER: Duration = Duration::from_mins(15);
// After the store refused.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(10);
