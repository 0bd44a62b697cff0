//! `decide` beside an independent reading of AWS's documentation: the npm package
//! `@cloud-copilot/iam-simulate`, run as a process of its own, on generated requests.
//!
//! It is one more reading and not AWS: a difference is a question that AWS's text answers.
#![cfg(test)]

mod case;
mod generate;
mod shrink;
mod tables;

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Stdio};

use serde_json::Value as Json;

use case::Case;
use generate::Generator;

/// What the oracle reads otherwise than AWS's text, or AWS's text leaves open: never generated, and
/// our answer is a file of `tests/cases`.
const DISPUTED: &[Disputed] = &[
    Disputed {
        what: "a wildcard in the type of a resource",
        page: "reference_policies_elements_resource.html",
        case: "identity-wildcard-in-resource-type.json",
    },
    Disputed {
        what: "a variable without a value, compared by a negated operator",
        page: "reference_policies_variables.html",
        case: "variable-without-value-not-equals.json",
    },
    Disputed {
        what: "a variable without a value in NotResource",
        page: "reference_policies_variables.html",
        case: "variable-without-value-not-resource.json",
    },
    Disputed {
        what: "NotPrincipal that names some of what may be checked",
        page: "reference_policies_elements_notprincipal.html",
        case: "not-principal-user-without-account.json",
    },
    Disputed {
        what: "a session policy beside a grant to the very session",
        page: "access_policies.html",
        case: "session-named-beside-its-session-policy.json",
    },
    Disputed {
        what: "IfExists after ForAnyValue, without the key",
        page: "reference_policies_elements_condition_operators.html",
        case: "condition-in-deny-for-any-value-if-exists-missing.json",
    },
    Disputed {
        what: "a block of all addresses",
        page: "reference_policies_elements_condition_operators.html",
        case: "condition-ip-address-all-of-v4.json",
    },
    Disputed {
        what: "NotIpAddress with an address of the other family",
        page: "reference_policies_elements_condition_operators.html",
        case: "condition-not-ip-address-other-family.json",
    },
];

struct Disputed {
    what: &'static str,
    /// The page of the IAM User Guide that decides, or that says nothing.
    page: &'static str,
    /// The file that holds our answer.
    case: &'static str,
}

#[test]
fn agrees_with_the_oracle() {
    let count = number("ROLECALL_ORACLE_CASES").unwrap_or(CASES);
    let seed = number("ROLECALL_ORACLE_SEED").unwrap_or(SEED);
    let mut generator = Generator::new(seed);
    let cases: Vec<Case> = (0..count).map(|_| generator.case()).collect();
    let answers = ask(&cases);
    assert_eq!(
        answers.len(),
        cases.len(),
        "the oracle stopped early\n{HINT}"
    );

    let mut tally = Tally::default();
    let mut different = Vec::new();
    for (case, answer) in cases.iter().zip(&answers) {
        tally.add(case, answer);
        if differs(case, answer) {
            different.push(case.clone());
        }
    }
    say(&format!("{tally:?}"));
    for case in different.iter().take(SHOWN_MAX) {
        let (case, theirs) = smallest(case.clone());
        let ours = case.verdict();
        say(&format!(
            "we say {ours}, the oracle {theirs}:\n{}",
            case.file()
        ));
    }
    assert_eq!(different.len(), 0, "of {count}, seed {seed}");
    assert!(
        tally.rejected * REJECTED_SHARE <= count,
        "{} of {count} rejected",
        tally.rejected
    );
    for verdict in [tally.allowed, tally.explicit, tally.implicit] {
        assert!(verdict * VERDICT_SHARE >= count, "one-sided: {tally:?}");
    }
}

#[test]
fn what_is_disputed_is_decided() {
    for Disputed { what, page, case } in DISPUTED {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/cases")
            .join(case);
        #[expect(
            clippy::disallowed_methods,
            reason = "the cases are files of this package"
        )]
        let text = std::fs::read_to_string(&path).expect(what);
        let link = format!("https://docs.aws.amazon.com/IAM/latest/UserGuide/{page}");
        assert!(text.contains(&link), "{what}: no `{link}` in `{case}`");
    }
}

#[derive(Debug, Default)]
struct Tally {
    allowed: u64,
    explicit: u64,
    implicit: u64,
    rejected: u64,
}

impl Tally {
    fn add(&mut self, case: &Case, answer: &Json) {
        let Some(verdict) = answer["verdict"].as_str() else {
            self.rejected += 1;
            if self.rejected <= REJECTED_SHOWN_MAX {
                say(&format!("rejected: {answer}\n{}", case.file()));
            }
            return;
        };
        match verdict {
            "Allowed" => self.allowed += 1,
            "ExplicitlyDenied" => self.explicit += 1,
            _ => self.implicit += 1,
        }
    }
}

fn differs(case: &Case, answer: &Json) -> bool {
    answer["verdict"]
        .as_str()
        .is_some_and(|theirs| theirs != case.verdict())
}

/// The same difference with as little around it as can be, and the oracle's verdict.
fn smallest(mut case: Case) -> (Case, Json) {
    loop {
        let smaller = shrink::smaller(&case);
        let answers = ask(&smaller);
        let mut both = smaller.into_iter().zip(&answers);
        let Some((found, _)) = both.find(|(smaller, answer)| differs(smaller, answer)) else {
            let theirs = ask(&[case.clone()]).swap_remove(0)["verdict"].take();
            return (case, theirs);
        };
        case = found;
    }
}

/// The oracle's answers, in the order of the cases.
#[expect(
    clippy::disallowed_types,
    reason = "the oracle is a process of its own"
)]
fn ask(cases: &[Case]) -> Vec<Json> {
    let mut child = std::process::Command::new("node")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/adapter.mjs"))
        .arg(oracle())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start `node`: {error}\n{HINT}"));
    let input = child.stdin.take().expect("a pipe");
    let output = child.stdout.take().expect("a pipe");
    let answers = std::thread::scope(|scope| {
        scope.spawn(|| send(cases, input));
        receive(output)
    });
    child.wait().expect("the oracle ends");
    answers
}

fn send(cases: &[Case], input: ChildStdin) {
    let mut input = BufWriter::new(input);
    for case in cases {
        // An oracle that ended early is seen by the number of its answers.
        if writeln!(input, "{}", case.simulation()).is_err() {
            return;
        }
    }
}

fn receive(output: ChildStdout) -> Vec<Json> {
    let lines = BufReader::new(output).lines();
    lines
        .map(|line| serde_json::from_str(&line.expect("text")).expect("an answer"))
        .collect()
}

fn oracle() -> PathBuf {
    let tools = variable("ROLECALL_TEST_TOOLS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools"),
        PathBuf::from,
    );
    let folder = tools.join("oracle");
    let stamp = folder.join("prepared");
    assert!(stamp.exists(), "no `{}`\n{HINT}", stamp.display());
    folder
}

fn number(name: &str) -> Option<u64> {
    let text = variable(name)?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name}: `{text}` is no number")),
    )
}

#[expect(
    clippy::disallowed_methods,
    reason = "the developer chooses how long this takes"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[expect(clippy::print_stdout, reason = "what a failed test shows")]
fn say(text: &str) {
    println!("{text}");
}

const CASES: u64 = 3_000;
const SEED: u64 = 1;
// One in so many may be refused by the oracle as no request there can be.
const REJECTED_SHARE: u64 = 50;
// One in so many at least comes to each verdict.
const VERDICT_SHARE: u64 = 10;
const REJECTED_SHOWN_MAX: u64 = 5;
const SHOWN_MAX: usize = 6;
const HINT: &str = "hint: `cargo xtask test --prepare` installs what this test runs";
