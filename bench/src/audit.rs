//! The auditor on large accounts: a recorded inventory of 100,000 instances, and 1,000 of them on
//! moto's server (PyPI), whose own time for the same calls is the floor.
//!
//! `cargo xtask bench audit` runs it.

mod inventory;
mod replay;

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use protocol::{Record, Value};
use tokio::process::Command;

use crate::beside::Moto;
use crate::{load, report};
use replay::Recorder;

/// Measures both and prints the tables; so many thousands of instances recorded, so many hundreds
/// on moto.
pub(crate) async fn run(binary: &str, moto: &str, small: bool) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (recorded, live) = if small { (1_000, 5) } else { (100_000, 100) };
    from_inventory(binary, folder.path(), recorded).await?;
    beside_moto(binary, moto, folder.path(), live).await
}

/// `--from`, in the two forms that hold most and least.
async fn from_inventory(binary: &str, folder: &Path, instances: usize) -> anyhow::Result<()> {
    report::head(&[
        "recorded instances",
        "form",
        "wall ms",
        "CPU ms",
        "peak KiB",
    ]);
    // A tenth, to see what grows.
    for count in [instances / 10, instances] {
        let path = folder.join("inventory.json");
        inventory::write(&path, count)?;
        for form in ["text", "json"] {
            let mut rounds = Vec::new();
            for _ in 0..ROUNDS {
                let mut command = Command::new(binary);
                command
                    .args(["audit", "--format", form, "--from"])
                    .arg(&path);
                command.arg("-o").arg(folder.join("report"));
                rounds.push(Taken::of(command).await?);
            }
            Taken::median(&mut rounds)?.row(&[&count.to_string(), form]);
        }
    }
    Ok(())
}

async fn beside_moto(binary: &str, moto: &str, folder: &Path, each: usize) -> anyhow::Result<()> {
    let moto = Moto::start(moto).await?;
    let seeded = seed(&moto, each).await?;
    let recorder = Recorder::before(moto.address()).await?;
    let path = folder.join("live.json");
    let audit = |address: std::net::SocketAddr| {
        let mut command = Command::new(binary);
        command.args([
            "audit",
            "--account",
            "--region",
            "us-east-1",
            "--format",
            "json",
        ]);
        command.arg("-o").arg(&path).env_clear();
        command
            .env("AWS_ENDPOINT_URL", format!("http://{address}"))
            .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("HOME", folder);
        command
    };
    Taken::of(audit(recorder.address())).await?;
    right(&path, seeded)?;
    let calls = recorder.calls();
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(Taken::of(audit(moto.address())).await?);
        floor.push(replay::all(&calls, moto.address()).await?);
    }
    floor.sort_unstable();
    let bare = floor.get(floor.len() / 2).copied().unwrap_or_default();
    let count = calls.len().to_string();
    let taken = Taken::median(&mut ours)?;
    report::head(&["what", "calls", "wall ms", "CPU ms", "peak KiB"]);
    let name = format!("`rolecall audit` of {seeded} instances");
    taken.row(&[&name, &count]);
    let bare_ms = bare.as_millis().to_string();
    report::cells(&["moto alone, the same calls", &count, &bare_ms, "", ""]);
    let beyond = taken.wall.saturating_sub(bare).as_millis().to_string();
    report::cells(&["beyond moto", "", &beyond, "", ""]);
    Ok(())
}

/// Five kinds of instances, half of each with tokens optional; how many there are.
async fn seed(moto: &Moto, each: usize) -> anyhow::Result<usize> {
    for (name, policy) in [
        ("app", Some(APP)),
        ("admin", Some(ADMIN)),
        ("wild", Some(WILD)),
        ("empty", None),
    ] {
        let profile = Record::new().with("InstanceProfileName", name);
        moto.call("iam", "CreateInstanceProfile", &profile).await?;
        let Some(policy) = policy else {
            continue;
        };
        let role = Record::new().with("RoleName", name);
        let made = role.clone().with("AssumeRolePolicyDocument", TRUST);
        moto.call("iam", "CreateRole", &made).await?;
        let put = role.with("PolicyName", "p").with("PolicyDocument", policy);
        moto.call("iam", "PutRolePolicy", &put).await?;
        let add = profile.with("RoleName", name);
        moto.call("iam", "AddRoleToInstanceProfile", &add).await?;
    }
    for number in 0..SECRETS {
        let secret = Record::new()
            .with("Name", format!("app/{number}"))
            .with("SecretString", protocol::Secret::from_text("v".to_owned()));
        moto.call("secretsmanager", "CreateSecret", &secret).await?;
    }
    let mut seeded = 0;
    for kind in [
        Some("app"),
        Some("admin"),
        Some("wild"),
        Some("empty"),
        None,
    ] {
        for tokens in ["optional", "required"] {
            let launched = launch(moto, each, tokens, kind == Some("app")).await?;
            seeded += launched.len();
            // moto gives the profile of a launch to one of its instances.
            for id in launched {
                let Some(name) = kind else {
                    break;
                };
                let profile = Record::new().with("Name", name);
                let input = Record::new()
                    .with("InstanceId", id)
                    .with("IamInstanceProfile", profile);
                moto.call("ec2", "AssociateIamInstanceProfile", &input)
                    .await?;
            }
        }
    }
    Ok(seeded)
}

async fn launch(
    moto: &Moto,
    count: usize,
    tokens: &str,
    has_user_data: bool,
) -> anyhow::Result<Vec<String>> {
    let options = Record::new()
        .with("HttpTokens", tokens)
        .with("HttpPutResponseHopLimit", 2_i64);
    let count = i64::try_from(count)?;
    let mut input = Record::new()
        .with("ImageId", "ami-12c6146b")
        .with("InstanceType", "t3.micro")
        .with("MinCount", count)
        .with("MaxCount", count)
        .with("MetadataOptions", options);
    if has_user_data {
        input = input.with("UserData", Value::from("IyEvYmluL3NoCg=="));
    }
    let answer = moto.call("ec2", "RunInstances", &input).await?;
    let answer = String::from_utf8_lossy(&answer);
    let ids = answer.split("<instanceId>").skip(1);
    let ids = ids.filter_map(|rest| Some(rest.split_once('<')?.0.to_owned()));
    Ok(ids.collect())
}

/// What was seeded is what is told.
fn right(path: &Path, seeded: usize) -> anyhow::Result<()> {
    let told = std::fs::read_to_string(path)?;
    for (rule, share) in [("RC-EC2-001", 5), ("RC-EC2-002", 5), ("RC-EC2-004", 2)] {
        let count = told.matches(&format!("{{\"rule\":\"{rule}\"")).count();
        ensure!(count == seeded / share, "{rule}: told of {count}");
    }
    Ok(())
}

/// What a process took.
#[derive(Clone, Copy)]
struct Taken {
    wall: Duration,
    cpu_seconds: f64,
    peak_kib: u64,
}

impl Taken {
    /// Runs it to its end. Findings and missing evidence are no failure here.
    async fn of(mut command: Command) -> anyhow::Result<Taken> {
        let start = Instant::now();
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
        let mut child = quiet.stderr(Stdio::null()).kill_on_drop(true).spawn()?;
        let pid = child.id().context("it has ended")?;
        let mut peak_kib = 0;
        // What has ended and is not waited for still tells its processor time (`proc_pid_stat(5)`).
        while !has_ended(pid)? {
            peak_kib = report::peak_kib(pid).unwrap_or(peak_kib);
            tokio::time::sleep(PAUSE).await;
        }
        let wall = start.elapsed();
        let cpu_seconds = load::cpu_seconds(pid)?;
        let code = child.wait().await?.code();
        ensure!(matches!(code, Some(0 | 1 | 3)), "it ended with {code:?}");
        Ok(Taken {
            wall,
            cpu_seconds,
            peak_kib,
        })
    }

    fn median(rounds: &mut [Taken]) -> anyhow::Result<Taken> {
        rounds.sort_by_key(|it| it.wall);
        rounds.get(rounds.len() / 2).copied().context("no round")
    }

    fn row(&self, before: &[&str]) {
        let figures = [
            self.wall.as_millis().to_string(),
            format!("{:.0}", self.cpu_seconds * 1e3),
            self.peak_kib.to_string(),
        ];
        let figures = figures.iter().map(String::as_str);
        let cells: Vec<&str> = before.iter().copied().chain(figures).collect();
        report::cells(&cells);
    }
}

fn has_ended(pid: u32) -> anyhow::Result<bool> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let (_, rest) = stat.rsplit_once(") ").context("unreadable stat")?;
    Ok(rest.starts_with('Z'))
}

const ROUNDS: usize = 5;
const PAUSE: Duration = Duration::from_millis(2);
const SECRETS: usize = 20;
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
const APP: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Action":"secretsmanager:GetSecretValue",
    "Resource":"arn:aws:secretsmanager:*:*:secret:app/1-*"}]}"#;
const ADMIN: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*",
    "Resource":"*"}]}"#;
const WILD: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Action":"secretsmanager:GetSecretValue","Resource":"*"}]}"#;
