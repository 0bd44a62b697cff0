//! `rolecall audit` on what others publish: precision and recall against labels that were made by
//! hand out of the files themselves (`corpora.txt`), and keys put into files that hold none.

#![expect(clippy::print_stdout, reason = "the counts are what it is run for")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::clients::{corpus, run, wheel};
use crate::harness::rolecall;

// Made up, and put together here.
const ID: &str = concat!("AKIA", "Y34FZKBOKMUTVV7A");
const SECRET: &str = concat!("q8Zr3Lk0", "VnT5yXwB1mHj", "/7PdEoAc9+sRu2GfKi6N");
const LABELS: &str = include_str!("corpora.txt");
const TERRAFORM_LABELS: &str = include_str!("corpora_terraform.txt");

fn report(sort: &str, folder: &Path) -> Value {
    let home = TempDir::new().unwrap();
    let file = home.path().join("report.json");
    let mut command = rolecall(home.path());
    command.args(["audit", sort]).arg(folder);
    let output = run(command.args(["--format", "json", "-o"]).arg(&file));
    assert!(output.code.is_some_and(|it| it != 2), "{output:?}");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// How often each rule is told of each file.
fn counts(report: &Value) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let file = finding["subject"]["place"]["file"].as_str().unwrap();
        let code = finding["rule"]
            .as_str()
            .unwrap()
            .rsplit('-')
            .next()
            .unwrap();
        *counts
            .entry((file.to_owned(), code.to_owned()))
            .or_default() += 1;
    }
    counts
}

fn labels(of: &str) -> BTreeMap<String, BTreeMap<String, usize>> {
    let lines = of.lines().filter(|line| !line.starts_with('#'));
    let label = |line: &str| {
        let (file, rest) = line.split_once(' ').unwrap();
        let counts = rest.split(' ').filter_map(|it| it.split_once('='));
        let counts = counts.map(|(code, count)| (code.to_owned(), count.parse().unwrap()));
        (file.to_owned(), counts.collect())
    };
    lines.map(label).collect()
}

#[test]
fn templates_of_others_are_judged_as_somebody_who_read_them_does() {
    let told = counts(&report(
        "--code",
        &corpus("cfn_lint-").join("test/fixtures/templates"),
    ));
    let (right, wrong, missed) = compared(&told, &labels(LABELS));
    assert_eq!((right, &wrong[..], &missed[..]), (75, &[][..], &[][..]));
}

/// How many findings are right, which are wrong, and which are missed.
fn compared(
    told: &BTreeMap<(String, String), usize>,
    labels: &BTreeMap<String, BTreeMap<String, usize>>,
) -> (usize, Vec<String>, Vec<String>) {
    let (mut right, mut wrong, mut missed) = (0, Vec::new(), Vec::new());
    for (file, expected) in labels {
        let of_file = told.iter().filter(|((of, _), _)| of == file);
        let found: BTreeMap<&str, usize> = of_file.map(|((_, code), it)| (&**code, *it)).collect();
        for (code, count) in &found {
            let truth = expected.get(*code).copied().unwrap_or(0);
            right += truth.min(*count);
            wrong.extend((truth..*count).map(|_| format!("{file} {code}")));
        }
        for (code, truth) in expected {
            let count = found.get(code.as_str()).copied().unwrap_or(0);
            missed.extend((count..*truth).map(|_| format!("{file} {code}")));
        }
    }
    println!(
        "{right} right, {} wrong, {} missed",
        wrong.len(),
        missed.len()
    );
    (right, wrong, missed)
}

/// What Prowler tells as the fix of each of its checks, and the tests of another validator. A file
/// without a label holds nothing that a rule is about.
#[test]
fn terraform_of_others_is_judged_as_somebody_who_read_it_does() {
    let code = TempDir::new().unwrap();
    let placeholder = regex::Regex::new("<([A-Za-z][A-Za-z0-9_-]*)>").unwrap();
    let mut labels = labels(TERRAFORM_LABELS);
    let mut files = Vec::new();
    texts(
        &wheel("prowler-").join("prowler/providers/aws/services"),
        &mut files,
    );
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let check: Value = match serde_json::from_str(&text) {
            Ok(check) if path.to_string_lossy().ends_with(".metadata.json") => check,
            _ => continue,
        };
        let fix = &check["Remediation"]["Code"]["Terraform"];
        let (Some(fix), Some(name)) = (fix.as_str(), check["CheckID"].as_str()) else {
            continue;
        };
        if fix.contains("resource \"") {
            let lines = fix.lines().filter(|line| !line.starts_with("```"));
            // `<name>` stands for a name.
            let text: String = lines.flat_map(|line| [line, "\n"]).collect();
            let text = placeholder.replace_all(&text, "$1");
            let file = format!("prowler/{name}/main.tf");
            std::fs::create_dir_all(code.path().join("prowler").join(name)).unwrap();
            std::fs::write(code.path().join(&file), &*text).unwrap();
            labels.entry(file).or_default();
        }
    }
    files = Vec::new();
    texts(
        &wheel("tf_policy_validator-").join("iam_check/test"),
        &mut files,
    );
    for path in files
        .iter()
        .filter(|it| it.extension().is_some_and(|it| it == "tf"))
    {
        let folder = path
            .parent()
            .unwrap()
            .file_name()
            .unwrap()
            .to_str()
            .unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let file = format!("validator/{folder}/{name}");
        std::fs::create_dir_all(code.path().join("validator").join(folder)).unwrap();
        std::fs::copy(path, code.path().join(&file)).unwrap();
        labels.entry(file).or_default();
    }
    let report = report("--code", code.path());
    let broken = report["missing"].as_array().unwrap().iter();
    let broken = broken.filter(|it| it["why"].as_str().unwrap().starts_with("not HCL"));
    println!("{} files, {} of them no HCL", labels.len(), broken.count());
    let (right, wrong, missed) = compared(&counts(&report), &labels);
    assert!(labels.len() > 580, "{}", labels.len());
    assert_eq!((right, &wrong[..], &missed[..]), (31, &[][..], &[][..]));
}

#[test]
fn no_file_of_others_is_said_to_hold_a_key() {
    let mut files = 0;
    for name in ["cfn_lint-", "checkov-", "cloudsplaining-", "moto-"] {
        let report = report("--host", &corpus(name));
        assert_eq!(
            report["findings"].as_array().unwrap().len(),
            0,
            "{report:#}"
        );
        assert_eq!(report["missing"].as_array().unwrap().len(), 0, "{report:#}");
        files += files_below(&corpus(name));
    }
    println!("{files} files, no key told");
    assert!(files > 9_000, "{files}");
}

/// A pair in the words of one way to write it.
fn pairs() -> [String; 6] {
    use ::base64::Engine as _;
    let lines = format!("aws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n");
    let packed = ::base64::engine::general_purpose::STANDARD.encode(&lines);
    [
        lines.clone(),
        format!("client('s3', '{ID}', '{SECRET}')\n"),
        format!("{{\"AccessKeyId\": \"{ID}\", \"SecretAccessKey\": \"{SECRET}\"}}\n"),
        format!("user_data: {packed}\n"),
        format!("AWS_ACCESS_KEY_ID={ID}\0AWS_SECRET_ACCESS_KEY={SECRET}\0"),
        format!("secretAccessKey: {SECRET}\n"),
    ]
}

fn files_below(folder: &Path) -> usize {
    let mut files = Vec::new();
    texts(folder, &mut files);
    files.len()
}

fn texts(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            texts(&path, into);
        } else {
            into.push(path);
        }
    }
}

#[test]
fn a_key_put_into_any_file_of_others_is_found() {
    let copy = TempDir::new().unwrap();
    let mut files = Vec::new();
    texts(&corpus("moto-").join("tests"), &mut files);
    let mut planted = Vec::new();
    for (number, path) in files.iter().enumerate() {
        let Ok(text) = std::fs::read_to_string(path) else {
            continue;
        };
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let place = number * 7_919 % (lines.len() + 1);
        let pair = &pairs()[number % 6];
        let text = [
            lines[..place].concat(),
            pair.clone(),
            lines[place..].concat(),
        ]
        .concat();
        let name = format!("{number}.txt");
        std::fs::write(copy.path().join(&name), text).unwrap();
        planted.push(name);
    }
    let record = copy.path().join("facts");
    let home = TempDir::new().unwrap();
    let mut command = rolecall(home.path());
    command.args(["audit", "--host"]).arg(copy.path());
    run(command.arg("--record").arg(&record));
    let facts: Value = serde_json::from_slice(&std::fs::read(record).unwrap()).unwrap();
    let mut told = BTreeMap::new();
    for sighting in facts["host"]["sightings"].as_array().unwrap() {
        if sighting["key"]["has_secret"] == true {
            let path = sighting["path"].as_str().unwrap().trim_start_matches('/');
            *told.entry(path.to_owned()).or_insert(0_usize) += 1;
        }
    }
    let missed: Vec<&String> = planted
        .iter()
        .filter(|it| !told.contains_key(*it))
        .collect();
    println!("{} pairs put, {} missed", planted.len(), missed.len());
    assert!(planted.len() > 500, "{}", planted.len());
    assert_eq!(
        (missed, told.values().sum::<usize>()),
        (Vec::new(), planted.len())
    );
}
