//! Labels and versions against a model that knows nothing but maps.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Step {
    Put(u8, u8, Vec<&'static str>),
    Update(u8, u8),
    Move(&'static str, Option<u8>, Option<u8>),
}

fn label() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        4 => Just("AWSCURRENT"),
        2 => Just("AWSPREVIOUS"),
        2 => Just("AWSPENDING"),
        1 => Just("mine"),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let version = || 0..6_u8;
    prop_oneof![
        (version(), 0..2_u8, proptest::collection::vec(label(), 0..3))
            .prop_map(|(at, value, labels)| Step::Put(at, value, labels)),
        (version(), 0..2_u8).prop_map(|(at, value)| Step::Update(at, value)),
        (
            label(),
            proptest::option::of(version()),
            proptest::option::of(version())
        )
            .prop_map(|(label, from, to)| Step::Move(label, from, to)),
    ]
}

/// What a secret is, said as plainly as can be.
#[derive(Debug, Default, Clone, PartialEq)]
struct Model {
    versions: BTreeMap<u8, u8>,
    labels: BTreeMap<&'static str, u8>,
}

impl Model {
    fn current(&mut self, to: u8) {
        let before = self.labels.insert("AWSCURRENT", to);
        if before != Some(to) {
            self.labels
                .remove("AWSPREVIOUS")
                .filter(|_| before.is_none());
            if let Some(before) = before {
                self.labels.insert("AWSPREVIOUS", before);
            }
        }
        if self.labels.get("AWSPREVIOUS") == Some(&to) {
            self.labels.remove("AWSPREVIOUS");
        }
    }

    fn put(&mut self, at: u8, value: u8, labels: &[&'static str]) -> bool {
        if let Some(known) = self.versions.get(&at) {
            return *known == value;
        }
        let first = self.versions.is_empty();
        self.versions.insert(at, value);
        for label in labels.iter().filter(|label| **label != "AWSCURRENT") {
            self.labels.insert(label, at);
        }
        if first || labels.is_empty() || labels.contains(&"AWSCURRENT") {
            self.current(at);
        }
        true
    }

    fn r#move(&mut self, label: &'static str, from: Option<u8>, to: Option<u8>) -> bool {
        let known = |at: &Option<u8>| at.is_none_or(|at| self.versions.contains_key(&at));
        let holder = self.labels.get(label).copied();
        if !known(&from) || !known(&to) || (from.is_none() && to.is_none()) {
            return false;
        }
        if from.is_some() && from != holder {
            return false;
        }
        if from.is_none() && holder.is_some() && holder != to {
            return false;
        }
        match to {
            None if label == "AWSCURRENT" => return false,
            None => drop(self.labels.remove(label)),
            Some(to) if label == "AWSCURRENT" => self.current(to),
            Some(to) if label == "AWSPREVIOUS" && self.labels.get("AWSCURRENT") == Some(&to) => {
                return false;
            }
            Some(to) => drop(self.labels.insert(label, to)),
        }
        true
    }

    fn step(&mut self, step: &Step) -> bool {
        match step {
            Step::Put(at, value, labels) => self.put(*at, *value, labels),
            Step::Update(at, value) => self.put(*at, *value, &[]),
            Step::Move(label, from, to) => self.r#move(label, *from, *to),
        }
    }
}

fn run(world: &mut World, step: &Step) -> bool {
    match step {
        Step::Put(at, value, labels) => {
            let mut labels = labels.clone();
            labels.dedup();
            put(world, "s", *at, &value.to_string(), &labels).is_ok()
        }
        Step::Update(at, value) => {
            let input = texts(&[("SecretId", "s"), ("ClientRequestToken", &token(*at))])
                .with("SecretString", text(&value.to_string()));
            call(world, "UpdateSecret", &input).is_ok()
        }
        Step::Move(label, from, to) => move_stage(world, label, *from, *to).is_ok(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn labels_move_as_the_model_says(steps in proptest::collection::vec(step(), 1..30)) {
        let mut world = World::new();
        create(&mut world, "s", None);
        let mut model = Model::default();
        for step in &steps {
            let expect = model.clone().step(step);
            if expect {
                model.step(step);
            }
            prop_assert_eq!(run(&mut world, step), expect, "{:?}", step);

            let held = world.state.secret("s").unwrap();
            let labels: Vec<(String, String)> = model
                .labels
                .iter()
                .map(|(label, at)| ((*label).to_owned(), token(*at)))
                .collect();
            prop_assert_eq!(stages(&world, "s"), labels, "{:?}", step);
            prop_assert_eq!(held.versions.len(), model.versions.len());
            let of = |label: &str| held.secret.stages.get(label);
            prop_assert_eq!(of("AWSCURRENT").is_some(), !held.versions.is_empty());
            prop_assert!(held.secret.stages.values().all(|id| held.versions.contains_key(id)));
            prop_assert!(of("AWSPREVIOUS").is_none() || of("AWSPREVIOUS") != of("AWSCURRENT"));
        }
    }
}
