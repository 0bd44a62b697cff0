//! Services that get credentials by a secret of their own, without the metadata service.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::process::Signal;

use crate::clients::{Output, aws, client, node_modules, python, run, script_of};
use crate::guard::{APP, NOBODY, TIME_MAX, begin, curl};
use crate::guard_net::{Guard, Net, guard_yaml};
use crate::harness::{World, rolecall, scenario};
use crate::wait;

#[test]
fn sdks_take_credentials_by_the_secret_of_their_service() {
    scenario(|world| {
        let net = begin(world);
        let units = wire(world, &["web", "shut.service"]);
        let guard = Guard::start(world, &net, "guard", &rules(world));
        let web = Unit::started(world, &units, "web", APP);
        world.canary(&std::fs::read_to_string(web.token()).unwrap());
        let mut cli = web.client(world, aws());
        cli.args(["configure", "list"]);
        let listed = run(&mut net.as_user(APP, None, &cli));
        assert!(listed.ok().contains("container-role"), "{listed:?}");
        // With what is taken, outside of the network: the account takes it for the role's.
        let mut boto3 = web.client(world, python());
        let taken = run(&mut net.as_user(APP, None, boto3.args(["-c", TAKE])));
        let mut who = world.anonymous(aws());
        for line in taken.ok().lines() {
            let (name, value) = line.split_once('=').unwrap();
            who.env(name, value);
        }
        let who = run(who.args(["sts", "get-caller-identity"])).json();
        let role = ":assumed-role/ec2-secrets-manager-role/";
        assert!(who["Arn"].as_str().unwrap().contains(role), "{who}");
        let mut node = web.client(world, "node");
        node.env("NODE_PATH", node_modules("javascript"));
        node.arg(script_of("js", "credentials.cjs"));
        let seen = run(&mut net.as_user(APP, None, &node));
        assert!(seen.ok().starts_with("ASIA"), "{seen:?}");
        // The rule of the other one closes it.
        let shut = Unit::started(world, &units, "shut", NOBODY);
        let (status, body) = ask(&net, &shut, &shut);
        assert_eq!(status, 403, "{body}");
        assert!(body.contains("closes this to the service `shut`"));
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn the_secret_of_another_service_opens_nothing() {
    scenario(|world| {
        let net = begin(world);
        let units = wire(world, &["web", "shut"]);
        world.output_file("audit");
        let audit = world.scratch().parent().unwrap().join("audit");
        let rules = format!("{}audit: {{file: {}}}\n", rules(world), audit.display());
        let guard = Guard::start(world, &net, "guard", &rules);
        let web = Unit::started(world, &units, "web", APP);
        let shut = Unit::started(world, &units, "shut", NOBODY);
        let token = std::fs::read_to_string(web.token()).unwrap();
        world.canary(&token);
        assert_eq!(token.len(), 64);
        assert_eq!(ask(&net, &web, &web).0, 200);
        assert_eq!(ask(&net, &web, &shut).0, 401, "the secret of another");
        for (header, status) in [
            ("Authorization: wrong", 401),
            ("Authorization;", 401),
            ("X-Other: x", 401),
        ] {
            assert_eq!(ask_with(&net, &web.url, header).0, status, "{header}");
        }
        let right = format!("Authorization: {token}");
        for (url, status) in [
            (web.url.replace("/web", "/"), 401),
            (web.url.replace("/web", "/unknown"), 401),
            (web.url.replace("/web", "/web/"), 401),
            (web.url.replace("/web", "/../services/web"), 401),
            (web.url.replace("/web", "/%77eb"), 401),
        ] {
            assert_eq!(ask_with(&net, &url, &right).0, status, "{url}");
        }
        // Nobody else reads it, neither where root keeps it nor where the service has it.
        let root = world.scratch().join("tokens/web.token");
        assert_eq!(mode(&root), 0o600);
        assert_eq!(mode(root.parent().unwrap()), 0o700);
        for path in [&root, &web.token()] {
            let denied = as_plain(NOBODY, "cat", path);
            denied.fails_with(&["Permission denied"]);
        }
        assert_eq!(as_plain(APP, "cat", &web.token()).ok(), token);
        let lines = wait::until("lines of the record", TIME_MAX, || {
            let text = std::fs::read_to_string(&audit).unwrap();
            (text.lines().count() >= 10).then_some(text)
        });
        assert!(
            lines.contains(r#""service":"web""#) && lines.contains("bad-token"),
            "{lines}"
        );
        // A secret that is taken away counts no more, without a word to the guard.
        assert_eq!(service(world, &units, &["web", "--remove"]).code, Some(0));
        assert!(!units.join("web.service.d").exists() && !root.exists());
        assert_eq!(ask(&net, &web, &web).0, 401);
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn a_drop_in_is_as_systemd_wants_it_and_asks_for_a_rule() {
    scenario(|world| {
        world.canary("no secret is made here that could be looked for");
        std::fs::write(guard_yaml(world), rules(world)).unwrap();
        let units = world.scratch().join("units");
        let printed = service(world, &units, &["web", "--print"]);
        assert!(
            printed
                .ok()
                .contains("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=%d/")
        );
        assert!(!units.exists() && !world.scratch().join("tokens").exists());
        assert_eq!(service(world, &units, &["web"]).code, Some(0));
        let token = world.scratch().join("tokens/web.token");
        let first = std::fs::read(&token).unwrap();
        assert_eq!(service(world, &units, &["web.service"]).code, Some(0));
        assert_eq!(std::fs::read(&token).unwrap(), first, "it may be in use");
        let drop_in = units.join("web.service.d/50-rolecall-guard.conf");
        assert_eq!(
            std::fs::read_to_string(&drop_in).unwrap().trim(),
            printed.ok()
        );
        // systemd takes the unit with it.
        let unit = units.join("web.service");
        std::fs::write(&unit, "[Service]\nExecStart=/bin/true\n").unwrap();
        let other = "[Service]\nType=oneshot\nExecStart=/bin/true\n";
        std::fs::write(units.join("rolecall-guard.service"), other).unwrap();
        let mut verify = client("systemd-analyze", &units);
        let output = run(verify.args(["verify", "--man=no"]).arg(&unit));
        assert_eq!((output.ok(), output.stderr.as_str()), ("", ""));
        for (words, code, parts) in [
            (&["nosuch"][..], 2, "has no rule for the service `nosuch`"),
            (&["../web"], 2, "is no name of a service"),
            (&["web", "--remove", "--print"], 2, "cannot be used with"),
            (&["shut", "--remove"], 1, "was not wired"),
        ] {
            let output = service(world, &units, words);
            assert_eq!(output.code, Some(code), "{output:?}");
            output.fails_with(&[parts]);
        }
    });
}

/// A unit as systemd starts it with its drop-in: variables, and a copy of its secret.
struct Unit {
    url: String,
    credentials: PathBuf,
}

impl Unit {
    fn started(world: &World, units: &Path, name: &str, uid: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let drop_in = units.join(format!("{name}.service.d/50-rolecall-guard.conf"));
        let drop_in = std::fs::read_to_string(drop_in).unwrap();
        let value = |key: &str| {
            let line = drop_in.lines().find_map(|line| line.strip_prefix(key));
            line.unwrap_or_else(|| panic!("no {key}")).to_owned()
        };
        let loaded = value("LoadCredential=");
        let (id, file) = loaded.split_once(':').unwrap();
        let token = value("Environment=AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=");
        assert_eq!(token, format!("%d/{id}"));
        // systemd's are below /run/credentials; this one is where other users get to as well.
        let (pid, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let credentials = PathBuf::from(format!("/tmp/rcg-{pid}-{count}"));
        let script = "install -d -o $3 -m 0500 $1; install -o $3 -m 0400 $2 $1/$4";
        let mut install = client("sh", &world.scratch());
        install.args(["-euc", script, "sh"]).arg(&credentials);
        run(install.args([file, uid, id])).ok();
        Self {
            url: value("Environment=AWS_CONTAINER_CREDENTIALS_FULL_URI="),
            credentials,
        }
    }

    fn token(&self) -> PathBuf {
        self.credentials.join("rolecall-guard.token")
    }

    fn client(&self, world: &World, program: impl AsRef<Path>) -> Command {
        let mut command = world.anonymous(program);
        command
            .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &self.url)
            .env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", self.token());
        command
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.credentials).ok();
    }
}

/// The status and the body, with the secret of one service at the address of another.
fn ask(net: &Net, secret_of: &Unit, at: &Unit) -> (u16, String) {
    let token = std::fs::read_to_string(secret_of.token()).unwrap();
    ask_with(net, &at.url, &format!("Authorization: {token}"))
}

fn ask_with(net: &Net, url: &str, header: &str) -> (u16, String) {
    let ask = curl(url, &["--path-as-is", "-H", header]);
    let output = run(&mut net.as_user(APP, None, &ask));
    let (body, status) = output.ok().rsplit_once('\n').unwrap();
    (status.parse().unwrap(), body.to_owned())
}

/// `rolecall guard service` for these services.
fn wire(world: &World, names: &[&str]) -> PathBuf {
    std::fs::write(guard_yaml(world), rules(world)).unwrap();
    let units = world.scratch().join("units");
    for name in names {
        assert_eq!(service(world, &units, &[name]).code, Some(0), "{name}");
    }
    units
}

fn service(world: &World, units: &Path, words: &[&str]) -> Output {
    let mut service = rolecall(&world.scratch());
    service.args(["guard", "service", "--config"]);
    service.arg(guard_yaml(world)).arg("--units").arg(units);
    run(service.args(words))
}

fn rules(world: &World) -> String {
    let tokens = world.scratch().join("tokens");
    format!(
        "services:\n  tokens: {}\n  rules:\n    - {{name: web, allow: everything}}\n    \
         - {{name: shut, allow: nothing}}\n",
        tokens.display()
    )
}

/// As a user without any capability.
fn as_plain(uid: &str, program: &str, path: &Path) -> Output {
    let mut command = client("setpriv", Path::new("/"));
    command.args(["--reuid", uid, "--regid", uid, "--clear-groups", program]);
    run(command.arg(path))
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

const TAKE: &str = "
import boto3
found = boto3.Session().get_credentials()
assert found.method == 'container-role', found.method
print('AWS_ACCESS_KEY_ID=' + found.access_key)
print('AWS_SECRET_ACCESS_KEY=' + found.secret_key)
print('AWS_SESSION_TOKEN=' + found.token)
";
