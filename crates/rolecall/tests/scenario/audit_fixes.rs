//! The fixes that rules print: the AWS CLI takes its part of them, and Terraform with the AWS
//! provider the other, each over the least configuration that it mends.

use std::fmt::Write as _;
use std::path::Path;

use crate::clients::{Admin, run};
use crate::documents::blocks;
use crate::harness::{World, scenario_with};
use crate::terraform::plugins_or_skipped;

/// Each rule over an account, and its section of the page that is made of the catalog.
fn sections() -> Vec<(String, String)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules.md");
    let page = std::fs::read_to_string(page).unwrap();
    let sections = page.split("\n## ").skip(1);
    let sections = sections.map(|it| it.split_once('\n').unwrap());
    let of_account = |code: &str| {
        ["RC-EC2", "RC-IAM", "RC-SM"]
            .iter()
            .any(|it| code.starts_with(it))
    };
    let sections = sections.filter(|(code, _)| of_account(code));
    let owned = sections.map(|(code, text)| (code.to_owned(), text.to_owned()));
    owned.collect()
}

/// What the names stand for is not there, which the account says: the CLI has then found nothing
/// wrong with the call itself.
#[test]
fn the_aws_cli_takes_the_fixes() {
    scenario_with(&["--empty"], |world| {
        let mut admin = Admin::new(world);
        for file in FILES {
            std::fs::write(world.scratch().join(file), "{}").unwrap();
        }
        let mut takes = |line: &str| {
            let output = admin.run(line);
            let is_refused = output.stderr.contains("An error occurred (");
            let is_unknown = ["InvalidAction", "UnknownOperation", "NotImplemented"];
            let is_unknown = is_unknown.iter().any(|it| output.stderr.contains(it));
            (
                output.code == Some(0) || (is_refused && !is_unknown),
                output,
            )
        };
        let mut checked = 0;
        for (code, text) in sections() {
            for block in blocks(&text, "text") {
                let lines = block.text.lines();
                for line in lines.filter_map(|it| it.strip_prefix("aws ")) {
                    let line = line
                        .replace("--source-version N", "--source-version 1")
                        .replace("--default-version M", "--default-version 2")
                        .replace("POLICY_ARN", "ARN")
                        .replace("ARN", "arn:aws:iam::123456789012:policy/app")
                        .replace("REGION", "us-east-1")
                        .replace(" ID", " i-0a1b2c3d4e5f60001")
                        .replace('\'', "");
                    let (is_taken, output) = takes(&line);
                    assert!(is_taken, "{code}: {line}\n{output:?}");
                    checked += 1;
                }
            }
        }
        assert!(checked > 30, "{checked}");
        for wrong in [
            "iam delete-access-key --user USER --id x",
            "iam delete-role",
        ] {
            assert!(!takes(wrong).0, "it would take anything");
        }
    });
}

#[test]
fn terraform_takes_the_fixes() {
    let Some(plugins) = plugins_or_skipped() else {
        return;
    };
    scenario_with(&["--empty"], |world| {
        let folder = world.scratch().join("fixes");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("none.tfrc"), "").unwrap();
        let mut root = String::new();
        for (code, text) in sections() {
            for block in blocks(&text, "hcl") {
                module(&folder.join(&code), block.text);
                writeln!(root, "module \"{code}\" {{\n  source = \"./{code}\"\n}}").unwrap();
            }
        }
        assert!(root.matches("module ").count() > 25, "{root}");
        std::fs::write(folder.join("main.tf"), &root).unwrap();
        let plugins = format!("-plugin-dir={}", plugins.display());
        terraform(world, &folder, &["init", "-backend=false", &plugins]);
        terraform(world, &folder, &["validate"]);
    });
}

/// The fix over what it mends: Terraform merges a file of overrides block by block.
fn module(folder: &Path, fix: &str) {
    std::fs::create_dir(folder).unwrap();
    for file in FILES {
        std::fs::write(folder.join(file), "{}").unwrap();
    }
    std::fs::write(folder.join("base.tf"), BASE).unwrap();
    let is_new = fix.contains("removed {");
    let file = if is_new { "fix.tf" } else { "fix_override.tf" };
    std::fs::write(folder.join(file), fix).unwrap();
}

fn terraform(world: &World, folder: &Path, arguments: &[&str]) {
    let mut command = world.anonymous("terraform");
    command
        .env("TF_CLI_CONFIG_FILE", folder.join("none.tfrc"))
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_IN_AUTOMATION", "1")
        .env("TF_INPUT", "0")
        .current_dir(folder)
        .args(arguments)
        .arg("-no-color");
    run(&mut command).ok();
}

/// What the fixes read.
const FILES: &[&str] = &[
    "trust.json",
    "least.json",
    "policy.json",
    "deny-all-but-readers.json",
    "without-keys.b64",
    "without-keys.sh",
];

/// One of each thing that fixes change or name.
const BASE: &str = r#"
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "external_id" {
  default = "x"
}
resource "aws_instance" "app" {
  ami           = "ami-0a1b2c3d4e5f60001"
  instance_type = "t3.micro"
}
resource "aws_launch_template" "app" {
  name = "app"
}
resource "aws_launch_configuration" "app" {
  image_id      = "ami-0a1b2c3d4e5f60001"
  instance_type = "t3.micro"
}
resource "aws_ec2_instance_metadata_defaults" "this" {
  http_endpoint = "enabled"
}
resource "aws_iam_instance_profile" "app" {
  name = "app"
}
resource "aws_iam_role" "app" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.id
  policy = data.aws_iam_policy_document.app.json
}
resource "aws_iam_policy" "app" {
  policy = data.aws_iam_policy_document.app.json
}
resource "aws_iam_policy" "boundary" {
  policy = data.aws_iam_policy_document.app.json
}
resource "aws_iam_user" "app" {
  name = "app"
}
resource "aws_iam_access_key" "app" {
  user = aws_iam_user.app.name
}
resource "aws_secretsmanager_secret" "app" {
  name = "app"
}
resource "aws_secretsmanager_secret_policy" "app" {
  secret_arn = aws_secretsmanager_secret.app.arn
  policy     = data.aws_iam_policy_document.secret.json
}
data "aws_iam_policy_document" "app" {
}
data "aws_iam_policy_document" "trust" {
}
data "aws_iam_policy_document" "ec2_alone" {
}
data "aws_iam_policy_document" "secret" {
}
data "aws_iam_policy_document" "deny_all_but_readers" {
}
"#;
