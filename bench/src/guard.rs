//! The guard beside the metadata service that it guards, and a crowd that it must tell apart, all
//! in a network namespace of the benchmark's own. `cargo xtask bench guard` runs it, as root.
//!
//! The same program asks in all places: as root the service itself, as another user through the
//! guard.

mod caller;
mod crowd;

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};

pub(crate) use caller::run as caller;

use self::caller::Told;
use crate::report;
use crate::subject::{Subject, wait_for};

/// Goes on in a network of its own, which ends with it.
pub(crate) fn run(binary: &str) -> anyhow::Result<()> {
    ensure!(
        rustix::process::geteuid().is_root(),
        "`bench guard` loads packet filters and plays other users: it takes root"
    );
    let own = std::env::current_exe()?;
    let status = Command::new("unshare")
        .arg("--net")
        .arg(own)
        .args([binary, "guard-inside"])
        .status()
        .context("`unshare` of util-linux is needed")?;
    ensure!(status.success(), "it ended with {status}");
    Ok(())
}

/// Measures in there.
pub(crate) async fn inside(binary: &str) -> anyhow::Result<()> {
    for line in ["link set lo up", "addr add 169.254.169.254/32 dev lo"] {
        let set = Command::new("ip").args(line.split(' ')).status();
        ensure!(
            set.context("iproute2 is needed")?.success(),
            "`ip {line}` fails"
        );
    }
    let subject = Subject::start_at(binary, &caller::SERVICE.to_string()).await?;
    crowd::make_roles(&subject).await?;
    let guard = Guard::start(binary, &subject).await?;
    report::head(&[
        "through the guard",
        "p50 µs",
        "p99 µs",
        "direct p50 µs",
        "direct p99 µs",
        "× direct, p50",
        "CPU µs/req",
    ]);
    for (name, uid, path) in SHAPES {
        compare(name, uid, path, &guard, &subject)?;
    }
    crowd::run()
}

/// Turn by turn, each the median of its rounds.
fn compare(
    name: &str,
    uid: u32,
    path: &str,
    guard: &Guard,
    subject: &Subject,
) -> anyhow::Result<()> {
    let (mut through, mut direct) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        through.push(asked_by(uid, path, guard.0.id())?);
        direct.push(asked_by(0, path, subject.pid())?);
    }
    let [through, direct] = [through, direct].map(|rounds| Told::median(&rounds));
    let times = through.p50_us / direct.p50_us;
    report::cells(&[
        name,
        &format!("{:.0}", through.p50_us),
        &format!("{:.0}", through.p99_us),
        &format!("{:.0}", direct.p50_us),
        &format!("{:.0}", direct.p99_us),
        &format!("{times:.2}"),
        &format!("{:.0}", through.cpu_us),
    ]);
    Ok(())
}

fn asked_by(uid: u32, path: &str, server: u32) -> anyhow::Result<Told> {
    let mut caller = caller_as(uid);
    caller.args([
        path,
        "",
        &ROUND.as_millis().to_string(),
        "0",
        &server.to_string(),
    ]);
    let output = caller.stderr(Stdio::inherit()).output()?;
    Told::read(&output.stdout)
}

/// This program as another user, who may not be able to reach it by its path.
fn caller_as(uid: u32) -> Command {
    let mut command = Command::new("/proc/self/exe");
    command
        .arg("guard-caller")
        .current_dir("/")
        .stdin(Stdio::null());
    if uid != 0 {
        command.uid(uid).gid(uid);
    }
    command
}

/// The guard under load, killed when dropped.
struct Guard(std::process::Child);

impl Guard {
    async fn start(binary: &str, subject: &Subject) -> anyhow::Result<Self> {
        let config = subject.data().with_file_name("guard.yaml");
        std::fs::write(&config, rules(&subject.text("/endpoint")?))?;
        let said = subject.data().with_file_name("guard.log");
        let child = Command::new(binary)
            .args(["guard", "run", "--config"])
            .arg(&config)
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&said)?)
            .spawn()?;
        let guard = Self(child);
        let is_proven = |said: &Path| {
            let said = std::fs::read_to_string(said).unwrap_or_default();
            said.contains("in force and proven").then_some(())
        };
        let proven = wait_for("the guard", || is_proven(&said)).await;
        proven.inspect_err(|_| {
            report::say(&std::fs::read_to_string(&said).unwrap_or_default());
        })?;
        Ok(guard)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Its rules go with the namespace.
        let _ended = self.0.kill();
        let _status = self.0.wait();
    }
}

fn rules(endpoint: &str) -> String {
    let mut rules = format!(
        "sts: {{region: us-east-1, endpoint-url: {endpoint}}}
rules:
  - {{who: {{uid: {BY_USER}}}, allow: everything}}
  - {{who: {{uid: {BY_EXE}, exe: /**}}, allow: everything}}
"
    );
    rules.push_str(&crowd::rules());
    rules
}

const BY_USER: u32 = 61_001;
const BY_EXE: u32 = 61_002;
const ZONE: &str = "/latest/meta-data/placement/availability-zone";
const ROLE: &str = "/latest/meta-data/iam/security-credentials/ec2-secrets-manager-role";
const SHAPES: [(&str, u32, &str); 3] = [
    ("metadata, rule about the user", BY_USER, ZONE),
    ("credentials, rule about the user", BY_USER, ROLE),
    ("credentials, rule about the executable", BY_EXE, ROLE),
];
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
