//! The agent while the service fails: each fault against what is not held, fresh and stale.
//!
//! Against the account and against moto's server, which is not ours. The bounds on time are far
//! above what is measured and far below what the agents that people run today take (61 s).

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::clients::{client, run};
use crate::fault::{Fault, Proxy};
use crate::harness::{World, scenario};
use crate::local_agent::{Agent, named};
use crate::role_to_secret::sample_password;
use crate::wait;

/// A fault, and what comes of it: status and code without a held value; whether a held value that
/// is past its time is served.
const FAULTS: [(Fault, u16, &str, bool); 10] = [
    (
        Fault::Answer(400, "ThrottlingException"),
        400,
        "ThrottlingException",
        true,
    ),
    (
        Fault::Answer(429, "TooManyRequestsException"),
        429,
        "TooManyRequestsException",
        true,
    ),
    (
        Fault::Answer(500, "InternalServiceError"),
        500,
        "InternalServiceError",
        true,
    ),
    (
        Fault::Answer(503, "ServiceUnavailable"),
        503,
        "ServiceUnavailable",
        true,
    ),
    (
        Fault::Answer(400, "ExpiredTokenException"),
        400,
        "ExpiredTokenException",
        true,
    ),
    (
        Fault::Answer(403, "UnrecognizedClientException"),
        403,
        "UnrecognizedClientException",
        true,
    ),
    (Fault::Reset, 502, "ConnectionError", true),
    (Fault::Garbage, 502, "ConnectionError", true),
    (
        Fault::Answer(400, "AccessDeniedException"),
        400,
        "AccessDeniedException",
        false,
    ),
    (
        Fault::Answer(400, "ResourceNotFoundException"),
        400,
        "ResourceNotFoundException",
        false,
    ),
];

/// What the agents stand before, and what they ask with.
struct Upstream<'a> {
    proxy: &'a Proxy,
    command: &'a dyn Fn(&World) -> Command,
}

impl Upstream<'_> {
    /// An agent whose answers are good for `ttl` seconds, with `my-secret` held.
    fn agent(&self, world: &mut World, name: &str, ttl: u32, grace: u32) -> Agent {
        let endpoint = format!("    endpoint-url: {}", self.proxy.url());
        let cache = format!("cache:\n  ttl: {ttl}\n  denied-grace: {grace}");
        let config = named(world, name, &endpoint, &cache);
        let agent = Agent::start_as(world, (self.command)(world), &config);
        self.mended(&agent);
        agent
    }

    /// Waits until the agent has the secret as the service has it.
    fn mended(&self, agent: &Agent) {
        self.proxy.set(Fault::None);
        wait::until("an answer of the service", Duration::from_secs(20), || {
            let answer = agent.get("secretId=my-secret&refreshNow=true");
            (answer.status == 200 && answer.header("warning").is_none()).then_some(())
        });
    }

    /// Every fault against every state.
    fn table(&self, world: &mut World) {
        let fresh = self.agent(world, "fresh", 3_600, 0);
        let stale = self.agent(world, "stale", 0, 0);
        let graced = self.agent(world, "graced", 0, 60);
        for (at, (fault, status, code, is_weather)) in FAULTS.into_iter().enumerate() {
            self.proxy.set(fault);
            let cold = format!("secretId=cold-{at}");
            for agent in [&fresh, &stale] {
                let answer = within(SOON, || agent.get(&cold));
                assert_eq!(answer.status, status, "cold, {fault:?}: {answer:?}");
                assert_eq!(answer.json()["__type"], code, "cold, {fault:?}");
            }
            let answer = within(AT_ONCE, || fresh.get("secretId=my-secret"));
            served(&answer, "hit", fault);
            let anew = within(SOON, || fresh.get("secretId=my-secret&refreshNow=true"));
            if is_weather {
                served(&anew, "stale", fault);
            } else {
                assert_eq!(anew.json()["__type"], code, "{fault:?}: {anew:?}");
            }
            let answers = [(&stale, is_weather), (&graced, true)];
            for (agent, is_served) in answers {
                for time in [SOON, AT_ONCE, AT_ONCE] {
                    let answer = within(time, || agent.get("secretId=my-secret"));
                    if is_served {
                        served(&answer, "stale", fault);
                    } else {
                        assert_eq!(answer.json()["__type"], code, "{fault:?}: {answer:?}");
                    }
                }
            }
            for agent in [&fresh, &stale, &graced] {
                self.mended(agent);
            }
        }
    }

    /// A service that hangs: what is held is served, what is not gets its answer in time.
    fn hang(&self, world: &mut World) {
        let fresh = self.agent(world, "hang-fresh", 3_600, 0);
        let stale = self.agent(world, "hang-stale", 0, 0);
        self.proxy.set(Fault::Hang);

        served(
            &within(AT_ONCE, || fresh.get("secretId=my-secret")),
            "hit",
            Fault::Hang,
        );
        served(
            &within(SOON, || stale.get("secretId=my-secret")),
            "stale",
            Fault::Hang,
        );
        for _ in 0..20 {
            let answer = within(AT_ONCE, || stale.get("secretId=my-secret"));
            served(&answer, "stale", Fault::Hang);
        }
        let cold = within(HANG_TIME_MAX, || fresh.get("secretId=cold"));
        assert_eq!(
            (cold.status, &cold.json()["__type"]),
            (504, &"TimeoutError".into())
        );
        let again = within(AT_ONCE, || fresh.get("secretId=cold"));
        assert_eq!(again.status, 504, "the failure is remembered");
    }

    /// However many wait, the service is asked once.
    fn crowd(&self, world: &mut World) {
        let agent = self.agent(world, "crowd", 3_600, 0);
        let together = |query: &str| {
            let before = self.proxy.requests();
            std::thread::scope(|scope| {
                let asked: Vec<_> = (0..64)
                    .map(|_| scope.spawn(|| agent.get(query).status))
                    .collect();
                asked.into_iter().map(|asked| asked.join().unwrap()).max()
            });
            self.proxy.requests() - before
        };
        assert_eq!(together("secretId=my-secret"), 0, "held");
        assert_eq!(
            together("secretId=my-secret&versionStage=AWSCURRENT"),
            0,
            "held, in full"
        );
        assert_eq!(together("secretId=nowhere"), 1, "not there, asked once");
        assert_eq!(together("secretId=nowhere"), 0, "and remembered");
    }
}

#[test]
fn every_fault_against_what_is_cold_fresh_and_stale() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let proxy = Proxy::before(world.endpoint());
        let command = |world: &World| world.on_instance(env!("CARGO_BIN_EXE_rolecall"));
        let upstream = Upstream {
            proxy: &proxy,
            command: &command,
        };
        upstream.table(world);
        upstream.crowd(world);
    });
}

#[test]
fn a_service_that_hangs_keeps_nobody() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let proxy = Proxy::before(world.endpoint());
        let command = |world: &World| world.on_instance(env!("CARGO_BIN_EXE_rolecall"));
        let upstream = Upstream {
            proxy: &proxy,
            command: &command,
        };
        upstream.hang(world);
    });
}

#[test]
fn the_same_before_a_server_that_is_not_ours() {
    scenario(|world| {
        world.canary("not-ours-7f31");
        let moto = Moto::start(world);
        moto.create("my-secret", r#"{"password":"not-ours-7f31"}"#, world);
        let proxy = Proxy::before(&moto.endpoint);
        let scratch = world.scratch();
        let command = |_: &World| moto_client(env!("CARGO_BIN_EXE_rolecall").as_ref(), &scratch);
        let upstream = Upstream {
            proxy: &proxy,
            command: &command,
        };
        upstream.table(world);
        upstream.hang(world);
        upstream.crowd(world);
        let agent = upstream.agent(world, "moto", 3_600, 0);
        assert_eq!(agent.password(), "not-ours-7f31");
    });
}

#[track_caller]
fn served(answer: &crate::wire::Answer, source: &str, fault: Fault) {
    assert_eq!(answer.status, 200, "{fault:?}: {answer:?}");
    assert_eq!(
        answer.header("x-rolecall-cache"),
        Some(source),
        "{fault:?}: {answer:?}"
    );
    assert_eq!(
        answer.header("warning").is_some(),
        source == "stale",
        "{answer:?}"
    );
    assert!(answer.header("age").is_some(), "{answer:?}");
    assert_eq!(answer.json()["Name"], "my-secret");
}

/// What `ask` gives, which must not take longer than `bound`.
#[track_caller]
fn within<T>(bound: Duration, ask: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let answer = ask();
    let took = start.elapsed();
    assert!(took < bound, "{took:?} is above {bound:?}");
    answer
}

/// moto's server.
pub(crate) struct Moto {
    child: Child,
    pub(crate) endpoint: String,
}

impl Moto {
    pub(crate) fn start(world: &mut World) -> Self {
        let tools = std::env::var_os("ROLECALL_TEST_TOOLS").unwrap();
        let moto = Path::new(&tools).join("moto");
        let output = world.output_file("moto.stderr");
        let talk = world.scratch().join("../moto.stderr");
        let mut command = client(crate::clients::python(), &world.scratch());
        let child = command
            .env("PYTHONPATH", moto)
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"])
            .stdout(Stdio::null())
            .stderr(output)
            .spawn()
            .unwrap();
        let endpoint = wait::until("moto", Duration::from_secs(30), || {
            let talk = std::fs::read_to_string(&talk).unwrap();
            let (_, rest) = talk.split_once("Running on ")?;
            rest.split_whitespace().next().map(str::to_owned)
        });
        Self { child, endpoint }
    }

    fn create(&self, name: &str, value: &str, world: &World) {
        let mut aws = moto_client(&crate::clients::aws(), &world.scratch());
        aws.env("AWS_ENDPOINT_URL", &self.endpoint);
        let file = world.scratch().join("value.json");
        std::fs::write(&file, value).unwrap();
        let value = format!("file://{}", file.display());
        let create = [
            "secretsmanager",
            "create-secret",
            "--name",
            name,
            "--secret-string",
        ];
        run(aws.args(create).arg(value)).ok();
        std::fs::remove_file(file).unwrap();
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// With keys that moto takes as it takes any.
pub(crate) fn moto_client(program: &Path, home: &Path) -> Command {
    let mut command = client(program, home);
    command
        .env("AWS_REGION", "us-east-1")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "test-data-and-no-secret");
    command
}

// A busy machine is no fault of the agent's.
const AT_ONCE: Duration = Duration::from_millis(400);
const SOON: Duration = Duration::from_secs(4);
const HANG_TIME_MAX: Duration = Duration::from_secs(12);
