//! Every target on its seeds and on inputs made of them, and that the table is the whole truth.
//!
//! `ROLECALL_FUZZ_CASES` sets how many inputs each target gets.

#![cfg(test)]

use std::path::{Path, PathBuf};

use rolecall_fuzz::{TARGETS, Target};

/// As many as a normal run has time for.
const CASES: u64 = 2_000;

/// Bytes that mean something to one target or another.
const MEANINGFUL: &[u8] = b"*?${}\":,'/%&=\n\\\x00\xff";

/// The bytes of every seed.
fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let folder = root().join("seeds").join(target.name);
    let read = |path: PathBuf| std::fs::read(path).unwrap();
    names(&folder).map(|name| read(folder.join(name))).collect()
}

fn names(folder: &Path) -> impl Iterator<Item = String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names.into_iter()
}

fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

fn cases() -> u64 {
    let wanted = std::env::var("ROLECALL_FUZZ_CASES").ok();
    wanted.map_or(CASES, |text| text.parse().expect("a number"))
}

/// xorshift64*.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let rolled = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(rolled).unwrap() % bound.max(1)
    }

    /// One seed with a few bytes changed, gone, or taken from another place of any seed.
    fn input(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            let end = bytes.len().min(at + self.below(4));
            let other = &seeds[self.below(seeds.len())];
            let from = self.below(other.len());
            let new = match self.below(4) {
                0 => Vec::new(),
                1 => vec![u8::try_from(self.below(256)).unwrap()],
                2 => vec![MEANINGFUL[self.below(MEANINGFUL.len())]],
                _ => other[from..other.len().min(from + 1 + self.below(24))].to_vec(),
            };
            bytes.splice(at..end, new);
        }
        bytes
    }
}

fn run(name: &str) {
    let target = TARGETS.iter().find(|it| it.name == name).unwrap();
    let seeds = seeds(target);
    assert!(!seeds.is_empty());
    for seed in &seeds {
        attempt(target, seed);
    }
    let mut dice = Dice(1);
    for _ in 0..cases() {
        attempt(target, &dice.input(&seeds));
    }
    attempt(target, b"");
}

/// Says which bytes a target does not stand.
fn attempt(target: &Target, bytes: &[u8]) {
    let passed = std::panic::catch_unwind(|| (target.run)(bytes));
    let shown = bytes.escape_ascii();
    assert!(
        passed.is_ok(),
        "{} does not stand b\"{shown}\"",
        target.name
    );
}

/// One test for each name, so that they run side by side.
macro_rules! tests {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                run(stringify!($name));
            }
        )*

        #[test]
        fn each_target_has_a_test_seeds_a_binary_and_nothing_else_has() {
            let table: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(table, [$(stringify!($name)),*]);
            let mut sorted = table;
            sorted.sort_unstable();
            let folders: Vec<String> = names(&root().join("seeds")).collect();
            assert_eq!(folders, sorted);
            let files: Vec<String> = names(&root().join("fuzz_targets")).collect();
            let expected: Vec<String> = sorted.iter().map(|name| format!("{name}.rs")).collect();
            assert_eq!(files, expected);
        }
    };
}

tests! {
    policy_text
    decide
    pattern
    template
    sigv4
    wire_input
    wire_output
    metadata_path
    secret_agent
    agent_config
    agent_http
    account_call
    metadata_service
    keys
    audited_code
    audited_host
}
