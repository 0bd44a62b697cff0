//! Every command of the README and of `docs/` does what the page says.
//!
//! A block marked `sh` is run, each in a shell of its own with nothing but what the page tells a
//! reader to have: `rolecall` and `aws` on the path, `$ADMINISTRATOR` and `$TOKEN_FILE` from the
//! greeting, the data folder as `$DATA`, the sample's instance as `$INSTANCE`, and the page's YAML
//! block as `agent.yaml`, or as the file that its first line names. A block marked `console` does
//! not end by itself, or is the developers'; what stands there is run by name elsewhere.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::clients::{aws, client, run};
use crate::harness::{World, scenario};

#[test]
fn every_command_of_the_documents_works() {
    scenario(|world| {
        for page in pages() {
            let text = std::fs::read_to_string(&page).unwrap();
            for configuration in blocks(&text, "yaml") {
                let named = configuration.text.lines().next();
                let named = named.and_then(|line| line.strip_prefix("# "));
                let is_yaml = |name: &&str| Path::new(name).extension() == Some("yaml".as_ref());
                let named = named.filter(is_yaml);
                let path = world.scratch().join(named.unwrap_or("agent.yaml"));
                std::fs::write(path, configuration.text).unwrap();
            }
            for block in blocks(&text, "sh") {
                let output = run(&mut shell(world, block.text));
                let place = format!("{}:{}", page.display(), block.line);
                let expected = expected_code(block.text);
                assert_eq!(output.code, Some(expected), "{place}: {output:?}");
            }
        }
    });
}

#[test]
fn what_does_not_end_is_run_elsewhere() {
    for page in pages() {
        // Where Terraform is, the whole page is run as it stands: `terraform`.
        if page.ends_with("terraform.md") {
            continue;
        }
        let text = std::fs::read_to_string(&page).unwrap();
        for block in blocks(&text, "console") {
            for line in block.text.lines() {
                let command = line.split('#').next().unwrap_or_default().trim();
                assert!(
                    ELSEWHERE.contains(&command),
                    "{}:{}: `{command}` is run by no test",
                    page.display(),
                    block.line
                );
            }
        }
    }
}

pub(crate) struct Block<'a> {
    line: usize,
    pub(crate) text: &'a str,
}

/// The fenced blocks of a language.
pub(crate) fn blocks<'a>(text: &'a str, language: &str) -> Vec<Block<'a>> {
    let opening = format!("```{language}\n");
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(opening.as_str()) {
        let (block, after) = after.split_once("```").expect("an open fence");
        line += before.lines().count();
        found.push(Block { line, text: block });
        line += block.lines().count();
        rest = after;
    }
    found
}

/// A shell in which the page's addresses are those of this world.
fn shell(world: &World, script: &str) -> Command {
    let script = [
        ("127.0.0.1:4566", world.endpoint()),
        ("127.0.0.1:1338", world.imds()),
        ("127.0.0.1:2773", world.agent("http")),
    ]
    .iter()
    .fold(script.to_owned(), |script, (written, url)| {
        script.replace(written, url.trim_start_matches("http://"))
    });
    let token_file = PathBuf::from(world.agent("token_file"));
    let administrator = token_file.with_file_name("credentials");
    let mut shell = client("sh", &world.scratch());
    let mut path = vec![
        Path::new(env!("CARGO_BIN_EXE_rolecall"))
            .parent()
            .unwrap()
            .to_owned(),
        aws().parent().unwrap().to_owned(),
    ];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    shell
        .args(["-euc", &script])
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("ADMINISTRATOR", administrator)
        .env("TOKEN_FILE", token_file)
        .env("DATA", world.data())
        .env("INSTANCE", world.instance_id());
    shell
}

/// The pages show one denial: an explanation says no with its exit code.
fn expected_code(script: &str) -> i32 {
    let is_denied = script.contains("policy explain") && script.contains("other-secret");
    i32::from(is_denied || script.contains("# exit code 1"))
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let docs = std::fs::read_dir(root.join("docs")).unwrap();
    let mut pages: Vec<PathBuf> = docs.map(|entry| entry.unwrap().path()).collect();
    pages.push(root.join("README.md"));
    pages.sort();
    assert!(pages.len() > 5, "{pages:?}");
    pages
}

/// Servers, and the developers' commands, which run these very tests.
const ELSEWHERE: &[&str] = &[
    "rolecall account identity-certificate > certificate.pem",
    "(echo '-----BEGIN PKCS7-----'; cat rsa2048; echo; echo '-----END PKCS7-----') > p7",
    "openssl smime -verify -in p7 -inform PEM -certfile certificate.pem -noverify",
    "cargo bench --package rolecall-bench-policy",
    "cargo run --release -- up",
    "cargo xtask actions",
    "cargo xtask actions --check",
    "cargo xtask bench",
    "cargo xtask bench agent",
    "cargo xtask bench audit",
    "cargo xtask bench enter",
    "cargo xtask bench etcd",
    "cargo xtask bench etcd-size",
    "cargo xtask bench guard",
    "cargo xtask bench moto",
    "cargo xtask bench s3",
    "cargo xtask bench size",
    "cargo xtask bench tree",
    "cargo xtask conformance imds --endpoint http://169.254.169.254",
    "cargo xtask managed-policies",
    "cargo xtask managed-policies --check",
    "cargo xtask package",
    "cargo xtask test",
    "cargo xtask test --prepare",
    "rolecall up",
    "rolecall account serve --data my-account",
    "rolecall account serve --config account.yaml",
    "rolecall account serve --data my-account --export-dir exports --export-every 15m",
    "rolecall account serve --data my-account \
     --web-identity-issuer https://issuer.example=keys.json",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:2774/ \
     AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=$PWD/credentials.token aws sts get-caller-identity",
    "AWS_ENDPOINT_URL_SECRETS_MANAGER=http://127.0.0.1:2773 python3 app.py",
    "curl -s http://127.0.0.1:8080/manage",
    "curl -s http://127.0.0.1:8080/manage/rest/v1/prometheus",
    "curl -s http://127.0.0.1:8080/manage/rest/v1/secrets/TestingSecret/password",
    "curl -s http://127.0.0.1:8080/ready",
    "rolecall agent --config agent.yaml",
    // On an instance made of namespaces: `guard`.
    "rolecall guard check",
    "rolecall guard run --config guard.yaml",
    "sudo rolecall guard stats",
    // In a copy of the machine, by `cargo xtask package`.
    "sudo dpkg --install target/release/package/rolecall.deb",
    "sudo systemctl enable --now rolecall-agent",
    "sudo systemctl enable --now rolecall-guard",
    "sudo systemctl reload rolecall-agent",
    // On a root of its own: `audit_places`.
    "sudo rolecall audit --host",
    "rolecall instance serve \"$INSTANCE\" --listen 127.0.0.1:1339",
];
