//! Terraform with the AWS provider: what it applies is what it then finds, through a change and
//! until nothing is left.
//!
//! Needs `terraform` on PATH and its plugins in the directory that `ROLECALL_TF_PLUGINS` names, in
//! the layout of `terraform init -plugin-dir`. No registry is asked for either, so where one is
//! missing the scenario proves nothing and says so.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::clients::{Admin, Output, run};
use crate::harness::{World, scenario_with};

#[test]
fn what_terraform_applies_it_finds_again_and_destroys() {
    let plugins = match plugins() {
        Ok(plugins) => plugins,
        Err(reason) => {
            // Not by `eprintln!`, which a test that passes keeps to itself.
            writeln!(std::io::stderr(), "SKIPPED: {reason}").unwrap();
            return;
        }
    };
    scenario_with(&["--empty"], |world| {
        world.canary("obviously-fake-first");
        let terraform = Terraform::new(world);
        let plugins = format!("-plugin-dir={}", plugins.display());
        terraform.run(world, &["init", &plugins]).ok();
        terraform.applies(world, &[]);
        let mut admin = Admin::new(world);
        assert_eq!(members(&mut admin), 1);
        terraform.applies(world, &["-var=group_size=2", "-var=team=red"]);
        assert_eq!(members(&mut admin), 2);
        terraform.run(world, &["destroy", "-auto-approve"]).ok();
        nothing_is_left(&mut admin);
    });
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
        ("kms list-aliases".to_owned(), "Aliases"),
        ("iam list-roles".to_owned(), "Roles"),
        ("iam list-groups".to_owned(), "Groups"),
        ("iam list-policies --scope Local".to_owned(), "Policies"),
        ("iam list-instance-profiles".to_owned(), "InstanceProfiles"),
        ("secretsmanager list-secrets".to_owned(), "SecretList"),
    ] {
        let left = admin.run(&format!("{call} --query {query}"));
        assert_eq!(left.json(), json!([]), "{call}");
    }
    let users = admin.run("iam list-users --query Users[].UserName");
    assert_eq!(users.json(), json!(["administrator"]));
}
