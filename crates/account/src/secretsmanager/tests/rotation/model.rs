//! Versions, labels and rotations against a model that knows nothing but two maps.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Step {
    Put(u8, u8, Vec<&'static str>),
    Update(u8, u8),
    Move(&'static str, Option<u8>, Option<u8>),
    /// The version, and whether only the function is tried.
    Rotate(u8, bool),
    /// The function's next step, and whether it does what it should.
    Function(bool),
    Cancel,
    Delete,
    Restore,
}

fn label() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        4 => Just("AWSCURRENT"),
        2 => Just("AWSPREVIOUS"),
        3 => Just("AWSPENDING"),
        1 => Just("mine"),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let version = || 0..5_u8;
    let maybe = || proptest::option::of(0..5_u8);
    let labels = proptest::collection::btree_set(label(), 0..3);
    prop_oneof![
        3 => (version(), 0..2_u8, labels)
            .prop_map(|(at, value, labels)| Step::Put(at, value, labels.into_iter().collect())),
        1 => (version(), 0..2_u8).prop_map(|(at, value)| Step::Update(at, value)),
        3 => (label(), maybe(), maybe()).prop_map(|(label, from, to)| Step::Move(label, from, to)),
        4 => (version(), any::<bool>()).prop_map(|(at, test)| Step::Rotate(at, test)),
        9 => prop::bool::weighted(0.85).prop_map(Step::Function),
        1 => Just(Step::Cancel),
        1 => Just(Step::Delete),
        2 => Just(Step::Restore),
    ]
}

#[derive(Debug, Clone, PartialEq)]
struct Job {
    token: u8,
    /// From 0, or none for a try of the function.
    step: Option<u8>,
    failures: u32,
    abandoned: bool,
}

/// What a secret is, said as plainly as can be.
#[derive(Debug, Default, Clone, PartialEq)]
struct Model {
    /// A version that is only announced has no value.
    versions: BTreeMap<u8, Option<u8>>,
    labels: BTreeMap<&'static str, u8>,
    deleted: bool,
    configured: bool,
    enabled: bool,
    job: Option<Job>,
}

impl Model {
    fn label(&self, label: &str) -> Option<u8> {
        self.labels.get(label).copied()
    }

    /// The version that waits.
    fn pending(&self) -> Option<u8> {
        let pending = self.label("AWSPENDING")?;
        (self.label("AWSCURRENT") != Some(pending)).then_some(pending)
    }

    fn current(&mut self, to: u8) {
        let before = self.label("AWSCURRENT");
        if let Some(before) = before.filter(|before| *before != to) {
            self.labels.insert("AWSPREVIOUS", before);
        } else if self.label("AWSPREVIOUS") == Some(to) {
            self.labels.remove("AWSPREVIOUS");
        }
        self.labels.insert("AWSCURRENT", to);
    }

    fn put(&mut self, at: u8, value: u8, labels: &[&'static str]) -> bool {
        if let Some(Some(known)) = self.versions.get(&at) {
            return *known == value;
        }
        let first = self.versions.is_empty();
        self.versions.insert(at, Some(value));
        for label in labels.iter().filter(|label| **label != "AWSCURRENT") {
            self.labels.insert(label, at);
        }
        if first || labels.is_empty() || labels.contains(&"AWSCURRENT") {
            self.current(at);
            self.noticed(at);
        }
        true
    }

    /// A value that did not come from the rotation under way.
    fn noticed(&mut self, at: u8) {
        let own = self.job.as_ref().is_some_and(|job| job.token == at);
        if let Some(token) = self.pending().filter(|_| self.enabled && !own) {
            self.labels.remove("AWSPENDING");
            self.job = Some(Job {
                token,
                step: Some(0),
                failures: 0,
                abandoned: true,
            });
        }
    }

    fn r#move(&mut self, label: &'static str, from: Option<u8>, to: Option<u8>) -> bool {
        let known = |at: &Option<u8>| at.is_none_or(|at| self.versions.contains_key(&at));
        let holder = self.label(label);
        let is_wrong = !known(&from)
            || !known(&to)
            || (from.is_none() && to.is_none())
            || (from.is_some() && from != holder)
            || (from.is_none() && holder.is_some() && holder != to);
        if is_wrong {
            return false;
        }
        match to {
            None if label == "AWSCURRENT" => return false,
            None => drop(self.labels.remove(label)),
            Some(to) if label == "AWSCURRENT" => {
                if self.versions[&to].is_none() {
                    return false;
                }
                self.current(to);
            }
            Some(to) if label == "AWSPREVIOUS" && self.label("AWSCURRENT") == Some(to) => {
                return false;
            }
            Some(to) => drop(self.labels.insert(label, to)),
        }
        true
    }

    fn rotate(&mut self, at: u8, test: bool) -> bool {
        if self.pending().is_some_and(|pending| pending != at) {
            return false;
        }
        let is_done = self.versions.get(&at).is_some_and(Option::is_some);
        let waits = self.pending() == Some(at);
        (self.configured, self.enabled) = (true, true);
        if is_done && !waits {
            return true;
        }
        let goes_on = |job: &Job| job.token == at && !job.abandoned;
        if !self.job.as_ref().is_some_and(goes_on) {
            let same_token = self.job.as_ref().is_some_and(|job| job.token == at);
            if !same_token {
                self.labels.insert("AWSPENDING", at);
            }
            self.job = Some(Job {
                token: at,
                step: (!test).then_some(0),
                failures: 0,
                abandoned: false,
            });
        }
        if let Entry::Vacant(version) = self.versions.entry(at) {
            version.insert(None);
            self.labels.insert("AWSPENDING", at);
        }
        true
    }

    fn function(&mut self, works: bool) {
        let Some(mut job) = self.job.take().filter(|_| !self.deleted) else {
            return;
        };
        let holds = |label| self.label(label) == Some(job.token);
        let is_labelled = holds("AWSPENDING") || (holds("AWSCURRENT") && job.step.is_some());
        if job.abandoned || !is_labelled {
            return;
        }
        let Some(step) = job.step else {
            if holds("AWSPENDING") {
                self.labels.remove("AWSPENDING");
            }
            if self.versions[&job.token].is_none()
                && !self.labels.values().any(|at| *at == job.token)
            {
                self.versions.remove(&job.token);
            }
            return;
        };
        let mut done = works;
        if works && step == 0 && self.versions[&job.token].is_none() {
            self.versions.insert(job.token, Some(NEW));
            self.labels.insert("AWSPENDING", job.token);
        }
        if works && step == 3 {
            if self.label("AWSCURRENT") != Some(job.token) {
                self.current(job.token);
            }
            done = self.pending().is_none();
        }
        if !done {
            job.failures += 1;
            job.step = Some(0);
            self.job = (job.failures < ATTEMPTS_MAX).then_some(job);
        } else if step < 3 {
            job.step = Some(step + 1);
            self.job = Some(job);
        }
    }

    fn step(&mut self, step: &Step) -> bool {
        match step {
            Step::Function(works) => {
                // A secret that waits for its end does nothing by itself.
                if !self.deleted {
                    self.function(*works);
                }
                true
            }
            Step::Restore => {
                self.deleted = false;
                true
            }
            _ if self.deleted => false,
            Step::Delete => {
                self.deleted = true;
                true
            }
            Step::Put(at, value, labels) => self.put(*at, *value, labels),
            Step::Update(at, value) => self.put(*at, *value, &[]),
            Step::Move(label, from, to) => self.r#move(label, *from, *to),
            Step::Rotate(at, test) => self.rotate(*at, *test),
            Step::Cancel => {
                self.enabled = false;
                self.job = None;
                self.configured
            }
        }
    }
}

fn function(world: &mut World, works: bool) {
    let next = rotation::due(&world.partition).next();
    let Some((due, _)) = next else {
        return;
    };
    world.now = due.max(world.now);
    let (Some(invocation), _) = begin(world) else {
        return;
    };
    if !works {
        settle(world, &invocation, Err("no"));
        return;
    }
    let held = world.state.secret("s").unwrap();
    let token = &invocation.step.token;
    let has_value = held.versions[token].value.is_some();
    let is_current = held.secret.stages.get("AWSCURRENT") == Some(token);
    // As functions do: what is done is not done again.
    let is_done = match invocation.step.step {
        RotationStep::CreateSecret => has_value,
        RotationStep::FinishSecret => is_current,
        RotationStep::SetSecret | RotationStep::TestSecret => true,
    };
    if !is_done {
        do_step(world, &invocation, &NEW.to_string());
    }
    settle(world, &invocation, Ok(()));
}

fn run(world: &mut World, step: &Step) -> bool {
    let id = texts(&[("SecretId", "s")]);
    match step {
        Step::Put(at, value, labels) => put(world, "s", *at, &value.to_string(), labels).is_ok(),
        Step::Update(at, value) => {
            let input = id
                .with("ClientRequestToken", token(*at))
                .with("SecretString", text(&value.to_string()));
            call(world, "UpdateSecret", &input).is_ok()
        }
        Step::Move(label, from, to) => move_stage(world, label, *from, *to).is_ok(),
        Step::Rotate(at, test) => {
            let input = id
                .with("ClientRequestToken", token(*at))
                .with("RotationLambdaARN", FUNCTION)
                .with("RotateImmediately", !test);
            call(world, "RotateSecret", &input).is_ok()
        }
        Step::Function(works) => {
            function(world, *works);
            true
        }
        Step::Cancel => call(world, "CancelRotateSecret", &id).is_ok(),
        Step::Delete => call(world, "DeleteSecret", &id).is_ok(),
        Step::Restore => call(world, "RestoreSecret", &id).is_ok(),
    }
}

fn version_ids(world: &mut World, deprecated_too: bool) -> Vec<String> {
    let input = texts(&[("SecretId", "s")]).with("IncludeDeprecated", deprecated_too);
    let answer = call(world, "ListSecretVersionIds", &input).unwrap();
    let ids = answer.records("Versions");
    ids.map(|version| version.text("VersionId").unwrap().to_owned())
        .collect()
}

/// What callers see of the secret is what the model says.
fn agree(world: &mut World, model: &Model, step: &Step) -> Result<(), TestCaseError> {
    let labels: Vec<(String, String)> = model
        .labels
        .iter()
        .map(|(label, at)| ((*label).to_owned(), token(*at)))
        .collect();
    prop_assert_eq!(stages(world, "s"), labels, "{:?}", step);
    let ids: Vec<String> = model.versions.keys().map(|at| token(*at)).collect();
    prop_assert_eq!(version_ids(world, true), ids, "{:?}", step);
    let labelled = model
        .versions
        .keys()
        .filter(|at| model.labels.values().any(|of| of == *at));
    let labelled: Vec<String> = labelled.map(|at| token(*at)).collect();
    prop_assert_eq!(version_ids(world, false), labelled, "{:?}", step);
    for (at, expect) in &model.versions {
        let got = get(world, &[("SecretId", "s"), ("VersionId", &token(*at))]);
        let got = got.ok().map(|answer| value(&answer).to_owned());
        let expect = expect
            .filter(|_| !model.deleted)
            .map(|value| value.to_string());
        prop_assert_eq!(got, expect, "{:?}", step);
    }
    let held = world.state.secret("s").unwrap();
    let job = held
        .secret
        .rotation
        .as_ref()
        .and_then(|rotation| rotation.job.as_ref());
    prop_assert_eq!(
        job.map(|job| (
            job.token.clone(),
            job.only_test,
            job.failures,
            job.abandoned
        )),
        model.job.as_ref().map(|job| (
            token(job.token),
            job.step.is_none(),
            job.failures,
            job.abandoned
        )),
        "{:?}",
        step
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_secret_is_what_the_model_says(steps in proptest::collection::vec(step(), 1..40)) {
        let mut world = prepared();
        let forced = texts(&[("SecretId", "s")]).with("ForceDeleteWithoutRecovery", true);
        call(&mut world, "DeleteSecret", &forced).unwrap();
        create(&mut world, "s", None);
        let mut model = Model::default();
        for step in &steps {
            let before = model.clone();
            let mut after = model.clone();
            let expect = after.step(step);
            // What is refused changes nothing.
            model = if expect { after } else { before.clone() };
            prop_assert_eq!(run(&mut world, step), expect, "{:?} of {:?}", step, before);
            agree(&mut world, &model, step)?;
            // Whatever happens, a value in force is never lost, and never lost sight of.
            let current = |model: &Model| model.label("AWSCURRENT");
            prop_assert!(current(&before).is_none() || current(&model).is_some());
            if let Some(at) = current(&model) {
                prop_assert!(model.versions[&at].is_some());
                prop_assert_ne!(model.label("AWSPREVIOUS"), Some(at));
            }
            if matches!(step, Step::Function(false)) {
                prop_assert_eq!(current(&before), current(&model));
            }
        }
    }
}

const NEW: u8 = 9;
