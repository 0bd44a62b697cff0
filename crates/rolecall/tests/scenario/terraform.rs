//! Terraform with the AWS provider: what it applies is what it then finds, through a change and
//! until nothing is left; and what `docs/terraform.md` says of it, in its order.
//!
//! Needs `terraform` on PATH and its plugins in the directory that `ROLECALL_TF_PLUGINS` names, in
//! the layout of `terraform init -plugin-dir`. No registry is asked for either, so where one is
//! missing the scenario proves nothing and says so.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::clients::{Admin, Output, aws, run};
use crate::documents::{Block, blocks};
use crate::harness::{World, scenario_with};

#[test]
fn what_terraform_applies_it_finds_again_and_destroys() {
    let Some(plugins) = plugins_or_skipped() else {
        return;
    };
    let command = format!("{FUNCTION} role=rotator true");
    scenario_with(&["--empty", "--rotation-command", &command], |world| {
        world.canary("obviously-fake-first");
        let terraform = Terraform::new(world);
        let plugins = format!("-plugin-dir={}", plugins.display());
        terraform.run(world, &["init", &plugins]).ok();
        terraform.applies(world, &[]);
        let mut admin = Admin::new(world);
        assert_eq!(members(&mut admin), 1);
        assert_eq!(hop_limits(&mut admin), [json!(1), json!(1)]);
        terraform.applies(
            world,
            &[
                "-var=group_size=2",
                "-var=team=red",
                "-var=hop_limit=2",
                "-var=rotation_duration=3h",
            ],
        );
        let describe = "secretsmanager describe-secret --secret-id app";
        let rotation = admin.run(describe).json();
        assert_eq!(rotation["RotationRules"]["Duration"], "3h", "{rotation}");
        assert_eq!(rotation["RotationEnabled"], true);
        assert_eq!(members(&mut admin), 2);
        assert_eq!(hop_limits(&mut admin), [json!(2), json!(2)]);
        terraform.run(world, &["destroy", "-auto-approve"]).ok();
        nothing_is_left(&mut admin);
    });
}

#[test]
fn the_page_on_terraform_does_what_it_says() {
    let Some(plugins) = plugins_or_skipped() else {
        return;
    };
    scenario_with(&["--empty"], |world| {
        world.canary("not-a-real-one");
        let folder = world.scratch().join("page");
        std::fs::create_dir(&folder).unwrap();
        // What `terraform init` would fetch otherwise.
        let mirror = plugins.display();
        let settings = format!(
            "provider_installation {{\n  filesystem_mirror {{ path = \"{mirror}\" }}\n}}\n"
        );
        let settings_file = folder.join("mirror.tfrc");
        std::fs::write(&settings_file, settings).unwrap();
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/terraform.md");
        let page = std::fs::read_to_string(page).unwrap();
        let mut ran = 0;
        for section in page.split("\n## ") {
            // In each section the files come before the commands, but for what was there before.
            let commands = blocks(section, "console");
            let is_before = section.find("```console").unwrap_or(usize::MAX)
                < section.find("```hcl").unwrap_or(usize::MAX);
            let (first, rest) = commands.split_at(usize::from(is_before && !commands.is_empty()));
            let run_all = |commands: &[Block<'_>]| {
                for block in commands {
                    let mut shell = page_shell(world, &folder, &settings_file, block.text);
                    run(&mut shell).ok();
                }
                commands.len()
            };
            ran += run_all(first);
            for file in blocks(section, "hcl") {
                let (name, _) = file.text.split_once('\n').unwrap();
                let name = name.strip_prefix("# ").unwrap();
                std::fs::write(folder.join(name), file.text).unwrap();
            }
            ran += run_all(rest);
        }
        assert_eq!(ran, 6);
        nothing_is_left(&mut Admin::new(world));
    });
}

/// A shell for a block of the page. What one block exports counts for those after it, which start
/// from the same here.
fn page_shell(world: &World, folder: &Path, settings: &Path, script: &str) -> Command {
    let address = world.endpoint().trim_start_matches("http://").to_owned();
    let script = script.replace("127.0.0.1:4566", &address);
    let admin = |name| world.ready_text(&format!("/admin/{name}"));
    let credentials = folder.join("credentials");
    let (id, secret) = (admin("access_key_id"), admin("secret_access_key"));
    let file = format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
    std::fs::write(&credentials, file).unwrap();
    let mut shell = world.anonymous("sh");
    let path = std::env::var_os("PATH").unwrap();
    let path =
        std::iter::once(aws().parent().unwrap().to_owned()).chain(std::env::split_paths(&path));
    shell
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("ADMINISTRATOR", &credentials)
        .env("AWS_SHARED_CREDENTIALS_FILE", &credentials)
        .env("TF_CLI_CONFIG_FILE", settings)
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_IN_AUTOMATION", "1")
        .env("TF_INPUT", "0")
        .current_dir(folder)
        .args(["-euc", &script]);
    shell
}

/// Where the plugins are; without them it is said that nothing was proved.
pub(crate) fn plugins_or_skipped() -> Option<PathBuf> {
    match plugins() {
        Ok(plugins) => Some(plugins),
        Err(reason) => {
            // Not by `eprintln!`, which a test that passes keeps to itself.
            writeln!(std::io::stderr(), "SKIPPED: {reason}").unwrap();
            None
        }
    }
}

/// Where the plugins are, if all that is needed is there.
fn plugins() -> Result<PathBuf, String> {
    let found = Command::new("terraform").arg("version").output();
    found.map_err(|error| format!("no `terraform` on PATH: {error}"))?;
    let plugins = std::env::var_os("ROLECALL_TF_PLUGINS")
        .map(PathBuf::from)
        .ok_or("ROLECALL_TF_PLUGINS names no directory of Terraform's plugins")?;
    if !plugins.is_dir() {
        return Err(format!("`{}` is no directory", plugins.display()));
    }
    Ok(plugins)
}

/// A folder with the files beside this one.
struct Terraform {
    folder: PathBuf,
}

impl Terraform {
    fn new(world: &World) -> Self {
        let folder = world.scratch().join("terraform");
        std::fs::create_dir(&folder).unwrap();
        let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenario/terraform");
        for file in std::fs::read_dir(files).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), folder.join(file.file_name())).unwrap();
        }
        std::fs::write(folder.join("none.tfrc"), "").unwrap();
        Self { folder }
    }

    fn run(&self, world: &World, arguments: &[&str]) -> Output {
        let admin = |name| world.ready_text(&format!("/admin/{name}"));
        let mut command = world.anonymous("terraform");
        command
            .env("TF_CLI_CONFIG_FILE", self.folder.join("none.tfrc"))
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_IN_AUTOMATION", "1")
            .env("TF_INPUT", "0")
            .env("TF_VAR_endpoint", world.endpoint())
            .env("TF_VAR_access_key", admin("access_key_id"))
            .env("TF_VAR_secret_key", admin("secret_access_key"))
            .current_dir(&self.folder)
            .args(arguments)
            .arg("-no-color");
        run(&mut command)
    }

    /// Applies, and then has nothing to change: a plan that has ends with 2.
    fn applies(&self, world: &World, variables: &[&str]) {
        let with = |arguments: &[&'static str]| [arguments, variables].concat();
        self.run(world, &with(&["apply", "-auto-approve"])).ok();
        self.run(world, &with(&["plan", "-detailed-exitcode"])).ok();
    }
}

/// How many instances the group has, which are those that EC2 runs for it.
fn members(admin: &mut Admin) -> usize {
    let group = "--filters Name=tag:aws:autoscaling:groupName,Values=web \
                 Name=instance-state-name,Values=running";
    let query = "--query Reservations[].Instances[].InstanceId";
    let found = admin.run(&format!("ec2 describe-instances {group} {query}"));
    found.json().as_array().unwrap().len()
}

/// Of the one instance by itself, and of the account's defaults.
fn hop_limits(admin: &mut Admin) -> [Value; 2] {
    let filters = "--filters Name=tag:Name,Values=app";
    let query = "Reservations[0].Instances[0].MetadataOptions.HttpPutResponseHopLimit";
    let instance = admin.run(&format!("ec2 describe-instances {filters} --query {query}"));
    let query = "AccountLevel.HttpPutResponseHopLimit";
    let account = admin.run(&format!(
        "ec2 get-instance-metadata-defaults --query {query}"
    ));
    [instance.json(), account.json()]
}

fn nothing_is_left(admin: &mut Admin) {
    let states = "Name=instance-state-name,Values=pending,running,stopping,stopped";
    for (call, query) in [
        (
            format!("ec2 describe-instances --filters {states}"),
            "Reservations",
        ),
        (
            "ec2 describe-launch-templates".to_owned(),
            "LaunchTemplates",
        ),
        ("ec2 describe-volumes".to_owned(), "Volumes"),
        (
            "autoscaling describe-auto-scaling-groups".to_owned(),
            "AutoScalingGroups",
        ),
        (
            "autoscaling describe-launch-configurations".to_owned(),
            "LaunchConfigurations",
        ),
        ("kms list-aliases".to_owned(), "Aliases"),
        ("iam list-roles".to_owned(), "Roles"),
        ("iam list-groups".to_owned(), "Groups"),
        ("iam list-policies --scope Local".to_owned(), "Policies"),
        ("iam list-instance-profiles".to_owned(), "InstanceProfiles"),
        ("secretsmanager list-secrets".to_owned(), "SecretList"),
        ("s3api list-buckets".to_owned(), "Buckets"),
    ] {
        let left = admin.run(&format!("{call} --query {query}"));
        assert_eq!(left.json(), json!([]), "{call}");
    }
    // Whole, because the CLI prints nothing for an empty structure alone.
    let defaults = admin.run("ec2 get-instance-metadata-defaults");
    assert_eq!(defaults.json(), json!({"AccountLevel": {}}));
    let users = admin.run("iam list-users --query Users[].UserName");
    assert_eq!(users.json(), json!(["administrator"]));
}

const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:rotate";
