//! `rolecall agent` on its own, from a configuration file, with the role of the instance.

use crate::clients::run;
use crate::harness::scenario;
use crate::local_agent::{Agent, TOKEN, configuration};
use crate::role_to_secret::sample_password;
use crate::wire::http;

#[test]
fn the_agent_serves_and_outlives_the_service() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let config = configuration(world, "cache: { ttl: 1, max-stale: 600 }");
        let mut agent = Agent::start(world, &config);

        assert_eq!(agent.password(), password);
        let token = &format!("X-Aws-Parameters-Secrets-Token: {TOKEN}");
        let path = "GET /secretsmanager/get?secretId=my-secret";
        let over_http = http(&agent.http, path, &[token], b"").json();
        assert_eq!(over_http["Name"], "my-secret");

        // With the account gone, what is held is served for as long as it may be.
        world.kill();
        for _ in 0..20 {
            assert_eq!(agent.password(), password);
        }
        let fresh = http(
            &agent.http,
            &format!("{path}&refreshNow=true"),
            &[token],
            b"",
        );
        // Even what is wanted anew: it says that it is not.
        assert_eq!(
            (fresh.status, &fresh.json()),
            (200, &over_http),
            "{fresh:?}"
        );
        assert_eq!(fresh.header("x-rolecall-cache"), Some("stale"), "{fresh:?}");
        assert!(
            fresh.header("warning").unwrap().starts_with("110"),
            "{fresh:?}"
        );
        assert!(fresh.header("age").is_some(), "{fresh:?}");
        let unknown = path.replace("my-secret", "other");
        let cold = http(&agent.http, &unknown, &[token], b"");
        assert!(matches!(cold.status, 500..=504), "{cold:?}");
        assert!(cold.json()["__type"].is_string(), "{cold:?}");
        assert_eq!(agent.password(), password);

        agent.stop();
    });
}

#[test]
fn a_configuration_is_checked_with_its_places() {
    scenario(|world| {
        let good = configuration(world, "");
        let check = |config: &std::path::Path| {
            let mut command = world.on_instance(env!("CARGO_BIN_EXE_rolecall"));
            run(command.args(["agent", "--check", "--config"]).arg(config))
        };
        assert!(check(&good).ok().ends_with(": ok"));

        let text = std::fs::read_to_string(&good).unwrap();
        let bad = world.scratch().join("bad.yaml");
        for (wrong, words) in [
            (text.replace("region:", "regoin:"), "regoin"),
            (
                text.replace("tcp:\n    endpoint:", "tcp:\n    endpiont:"),
                "endpiont",
            ),
            (text.replace("127.0.0.1:0", "localhost"), "localhost"),
            ("service: [".to_owned(), "not YAML"),
            (String::new(), "the file is empty"),
        ] {
            std::fs::write(&bad, wrong).unwrap();
            let output = check(&bad);
            assert_eq!(output.code, Some(2), "{output:?}");
            assert!(output.stderr.starts_with("error: "), "{output:?}");
            assert!(output.stderr.contains("bad.yaml:"), "{output:?}");
            assert!(output.stderr.contains(words), "no `{words}` in {output:?}");
        }
        // The files that it names are looked at too.
        let token = world.scratch().join("token");
        std::fs::remove_file(&token).unwrap();
        let nameless = check(&good);
        assert_eq!(nameless.code, Some(2), "{nameless:?}");
        nameless.fails_with(&[&token.display().to_string()]);
        let missing = check(&world.scratch().join("missing.yaml"));
        assert_eq!(missing.code, Some(2), "{missing:?}");
        assert!(missing.stderr.contains("missing.yaml"), "{missing:?}");
    });
}
