//! Where the agent of a host has its credentials from, and what it does when they change, end or
//! are not there: each source, roles on top, other regions.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::account_serve::Served;
use crate::clients::{Admin, aws, client, run};
use crate::harness::{World, scenario};
use crate::role_to_secret::{ROLE, sample_password};
use crate::wait;
use crate::web_identity::{ISSUER, Issuer, role_of_the_issuer};
use crate::wire::Answer;

mod host;
mod outside;
mod sso;

use host::{Host, configuration};
use outside::{Container, Imds, Key, Proxy, allow, create, private, read, reader, role};

#[test]
fn sources_are_asked_in_their_order() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let mut admin = Admin::new(world);
        let [in_config, in_env, in_file, in_profile, of_process] = OF_SOURCES.map(|name| {
            reader(world, &mut admin, name);
            Key::new(world, &mut admin, name)
        });
        let files = world.scratch();
        let credentials = format!(
            "{}{}",
            in_file.section("default"),
            in_profile.section("other")
        );
        private(&files.join("credentials"), &credentials);
        let process = files.join("process.sh");
        private(&process, &of_process.process());
        let config = format!(
            "[profile made]\ncredential_process = sh {}\n",
            process.display()
        );
        std::fs::write(files.join("config"), config).unwrap();

        let with_files = |command: &mut Command| {
            let files = command.get_current_dir().unwrap().to_owned();
            command
                .env("AWS_SHARED_CREDENTIALS_FILE", files.join("credentials"))
                .env("AWS_CONFIG_FILE", files.join("config"));
        };
        let env = |command: &mut Command| {
            command
                .env("AWS_ACCESS_KEY_ID", &in_env.id)
                .env("AWS_SECRET_ACCESS_KEY", &in_env.secret);
        };
        let of_config = format!(
            "    access-key-id: {}\n    secret-access-key: {}\n",
            in_config.id, in_config.secret
        );
        let check = |world: &mut World, aws: &str, expect: &str, set: &dyn Fn(&mut Command)| {
            let host = Host::start(world, aws, |command| set(command));
            for name in OF_SOURCES.into_iter().chain(["my-secret"]) {
                let answer = host.get(name);
                assert_eq!(answer.status == 200, name == expect, "{name}: {answer:?}");
            }
        };
        let all = |command: &mut Command| {
            with_files(command);
            env(command);
        };
        check(world, &of_config, "of-config", &all);
        check(world, "", "of-env", &all);
        check(world, "", "of-file", &with_files);
        check(world, "", "of-profile", &|command| {
            with_files(command);
            command.env("AWS_PROFILE", "other");
        });
        check(world, "    profile: made\n", "of-process", &|command| {
            with_files(command);
            command.env("AWS_PROFILE", "other");
        });
        check(world, "", "my-secret", &|_| {});
        std::fs::remove_file(process).unwrap();
        std::fs::remove_file(files.join("credentials")).unwrap();
    });
}

#[test]
fn a_container_has_its_credentials_before_those_of_the_instance() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let secret = reader(world, &mut admin, "app");
        let key = Key::new(world, &mut admin, "app");
        let container = Container::start(key.session(world));
        let host = Host::start(world, "", |command| {
            command
                .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &container.url)
                .env("AWS_CONTAINER_AUTHORIZATION_TOKEN", Container::TOKEN);
        });

        assert!(anew(&host.fresh("app")));
        assert_eq!(host.password_of("app"), secret);
        assert_ne!(host.fresh("my-secret").status, 200);
    });
}

#[test]
fn a_token_of_an_identity_provider_is_a_source() {
    let folder = crate::account_serve::made();
    let issuer = Issuer::new(folder.path());
    let flag = format!("{ISSUER}=keys.json");
    let served = Served::start(folder, &["--web-identity-issuer", &flag]);
    let admin = |arguments: &[&str]| run(served.as_admin(aws()).args(arguments));
    let role = role_of_the_issuer(&admin);
    let create = [
        "secretsmanager",
        "create-secret",
        "--name",
        "db",
        "--secret-string",
        "value",
    ];
    admin(&create).ok();
    let put = [
        "iam",
        "put-role-policy",
        "--role-name",
        "app",
        "--policy-name",
        "read",
    ];
    admin(&[&put[..], &["--policy-document", &read("*")]].concat()).ok();
    std::fs::write(served.path("token"), issuer.token("repo:mine/app", "app")).unwrap();
    let file = served.path("web-identity-token");
    std::fs::rename(served.path("token"), &file).unwrap();
    let config = configuration(&served.path(""), "", "");
    let mut command = client(env!("CARGO_BIN_EXE_rolecall"), &served.path(""));
    command
        .env("AWS_ENDPOINT_URL", &served.endpoint)
        .env("AWS_ROLE_ARN", &role)
        .env("AWS_ROLE_SESSION_NAME", "job")
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", &file);
    let talk = served.path("agent.stderr");
    let host = Host::run(
        command,
        &config,
        &talk,
        std::fs::File::create(&talk).unwrap(),
    );

    assert_eq!(host.fresh("db").json()["SecretString"], "value");
    drop(host);
    served.stop();
}

#[test]
fn keys_of_the_shared_file_are_followed() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let secret = reader(world, &mut admin, "app");
        let first = Key::new(world, &mut admin, "app");
        let file = world.scratch().join("credentials");
        private(&file, &first.section("default"));
        let host = Host::start(world, "", |command| {
            command
                .env("AWS_EC2_METADATA_DISABLED", "true")
                .env("AWS_SHARED_CREDENTIALS_FILE", "credentials");
        });
        assert_eq!(host.fresh("app").json()["SecretString"], secret.as_str());

        // Half of a file says nothing, and the old keys are used on.
        private(&file, "[default]\naws_access_key_id");
        host.says("credentials cannot be had");
        assert!(anew(&host.fresh("app")));

        // Exchanged as a whole, before the old key ends.
        let second = Key::new(world, &mut admin, "app");
        let next = world.scratch().join("next");
        private(&next, &second.section("default"));
        std::fs::rename(&next, &file).unwrap();
        host.says("credentials are there");
        wait::until("the new key", WAIT_MAX, || {
            (host.count("credentials are there") == 2).then_some(())
        });
        first.delete(&mut admin, "app");
        assert!(anew(&host.fresh("app")));
        assert_eq!(host.count("credentials cannot be had"), 1);

        // The service refuses the key before the file changes, which is felt at once.
        second.delete(&mut admin, "app");
        let refused = host.fresh("app");
        assert!(!anew(&refused), "{refused:?}");
        assert_eq!(host.password_of("app"), secret, "what is held is served");
        let third = Key::new(world, &mut admin, "app");
        private(&file, &third.section("default"));
        wait::until("a fetch with the third key", WAIT_MAX, || {
            anew(&host.fresh("app")).then_some(())
        });
        drop(host);
        std::fs::remove_file(file).unwrap();
    });
}

#[test]
fn an_agent_without_credentials_waits_for_them() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let secret = reader(world, &mut admin, "app");
        let key = Key::new(world, &mut admin, "app");
        let file = world.scratch().join("credentials");
        let host = Host::start(world, "", |command| {
            command
                .env("AWS_EC2_METADATA_DISABLED", "true")
                .env("AWS_SHARED_CREDENTIALS_FILE", "credentials");
        });
        for _ in 0..20 {
            let answer = host.fresh("app");
            assert_eq!(answer.status, 500, "{answer:?}");
            let message = answer.json()["message"].clone();
            assert!(
                message.as_str().unwrap().contains("no AWS credentials"),
                "{message}"
            );
        }

        private(&file, &key.section("default"));
        wait::until("the secret", WAIT_MAX, || {
            anew(&host.fresh("app")).then_some(())
        });

        assert_eq!(host.password_of("app"), secret);
        assert_eq!(
            host.count("credentials cannot be had"),
            1,
            "once for all tries"
        );
        assert_eq!(host.count("credentials are there"), 1);
        drop(host);
        std::fs::remove_file(file).unwrap();
    });
}

#[test]
fn roles_are_assumed_with_all_that_they_ask_for() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        for name in ["one", "two"] {
            let secret = format!("the-secret-named-{name}");
            world.canary(&secret);
            create(&mut admin, name, &secret);
        }
        let instance = format!("arn:aws:iam::123456789012:role/{ROLE}");
        // The role of the instance may assume; each role trusts the one before it.
        let call = format!("iam put-role-policy --role-name {ROLE} --policy-name assume");
        let any = allow(&["sts:AssumeRole", "sts:SetSourceIdentity"], "*");
        admin.run_with(&call, &["--policy-document", &any]).ok();
        let strict = json!({"StringEquals": {
            "sts:ExternalId": "the-external-id", "sts:SourceIdentity": "db-1",
        }});
        role(&mut admin, "strict", &instance, &strict, &read("*"));
        let hop = |name: &str| format!("arn:aws:iam::123456789012:role/{name}");
        role(&mut admin, "first", &instance, &json!({}), &any);
        role(&mut admin, "second", &hop("first"), &json!({}), &any);
        role(&mut admin, "third", &hop("second"), &json!({}), &read("*"));
        let only_two = read("arn:aws:secretsmanager:us-east-1:123456789012:secret:two-*");
        let policy = only_two.replace('\'', "");
        let aws = format!(
            "    assume-role:
      role-arn: {strict}
      external-id: the-external-id
      source-identity: db-1
      session-name: host-of-the-test
      duration: 900
      session-policy: '{policy}'
    roles:
      third: [{first}, {second}, {third}]
      closed: {third}
",
            strict = hop("strict"),
            first = hop("first"),
            second = hop("second"),
            third = hop("third"),
        );
        let resources = "      Own: two
      Other: one
      Chained: {secret: one, role: third}
      Closed: {secret: one, role: closed}
";
        let host = Host::with(world, &aws, resources, |_| {});

        assert_eq!(host.ask("Own")["SecretValue"], "the-secret-named-two");
        // The session policy leaves one secret of all that the role may read.
        let denied = host.ask("Other")["Error"].clone();
        assert!(
            denied.as_str().unwrap().contains("Other failed"),
            "{denied}"
        );
        assert_eq!(host.ask("Chained")["SecretValue"], "the-secret-named-one");
        // A chain begins at the source: the instance's role may not go to the third at once.
        let closed = host.ask("Closed")["Error"].clone();
        assert!(
            closed.as_str().unwrap().contains("Closed failed"),
            "{closed}"
        );
        host.says("`arn:aws:iam::123456789012:role/third` cannot be assumed");
        drop(host);

        // Without the external id nothing is read.
        let aws = format!("    assume-role: {}\n", hop("strict"));
        let host = Host::start(world, &aws, |_| {});
        assert_eq!(host.fresh("two").status, 500);
        host.says("`arn:aws:iam::123456789012:role/strict` cannot be assumed");
    });
}

#[test]
fn an_outage_of_the_metadata_service_past_expiry_costs_no_client_anything() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let imds = Imds::start(world.imds(), 4);
        let host = Host::start(world, "", |command| {
            command.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &imds.url);
        });
        assert_eq!(host.fresh("my-secret").status, 200);

        imds.is_up(false);
        host.says("credentials cannot be had");
        let start = Instant::now();
        wait::until("the end of the credentials", WAIT_MAX, || {
            (!anew(&host.fresh("my-secret"))).then_some(())
        });
        // Before their end they were used on.
        assert!(
            start.elapsed() > Duration::from_millis(500),
            "{:?}",
            start.elapsed()
        );
        let start = Instant::now();
        for _ in 0..20 {
            assert!(!anew(&host.fresh("my-secret")));
            assert_eq!(host.password(), password, "what is held is served");
        }
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "{:?}",
            start.elapsed()
        );

        imds.is_up(true);
        wait::until("credentials again", RETRY_MAX, || {
            anew(&host.fresh("my-secret")).then_some(())
        });
    });
}

/// An account whose certificate is for AWS's own names, with another secret `db` in each region.
fn account_by_aws_names() -> Served {
    let folder = crate::account_serve::made();
    let mut openssl = client("openssl", folder.path());
    openssl.args([
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
    ]);
    openssl.args(["-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext"]);
    let domains = ["us-east-1", "us-west-2"].map(|it| format!(",DNS:*.{it}.amazonaws.com"));
    openssl.arg(format!("subjectAltName=IP:127.0.0.1{}", domains.concat()));
    openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    run(openssl.args(["-keyout", "key.pem", "-out", "cert.pem"])).ok();
    let served = Served::start(folder, &["--tls-cert", "cert.pem", "--tls-key", "key.pem"]);
    for region in ["us-east-1", "us-west-2"] {
        let mut create = served.as_admin(aws());
        create
            .env("AWS_CA_BUNDLE", "cert.pem")
            .args(["secretsmanager", "create-secret"]);
        create.args([
            "--region",
            region,
            "--name",
            "db",
            "--secret-string",
            region,
        ]);
        run(&mut create).ok();
    }
    served
}

/// The real names of AWS's endpoints, behind a proxy that leads to an account of our own.
#[test]
fn a_replica_region_stands_in_through_proxy_and_private_ca() {
    let served = account_by_aws_names();
    let account = served.endpoint.strip_prefix("https://").unwrap().to_owned();
    let proxy = Proxy::start(account);
    let fetch = |set: &dyn Fn(&mut Command)| {
        let config = configuration(&served.path(""), "    replica-regions: [us-west-2]\n", "");
        let mut command = client(env!("CARGO_BIN_EXE_rolecall"), &served.path(""));
        command
            .env("AWS_SHARED_CREDENTIALS_FILE", served.path("credentials"))
            .env("AWS_CA_BUNDLE", served.path("cert.pem"))
            .env("HTTPS_PROXY", &proxy.url)
            .env("AWS_REGION", "eu-central-1");
        set(&mut command);
        let talk = served.path("agent.stderr");
        let host = Host::run(
            command,
            &config,
            &talk,
            std::fs::File::create(&talk).unwrap(),
        );
        (
            host.fresh("db"),
            proxy
                .hosts
                .lock()
                .unwrap()
                .drain(..)
                .collect::<BTreeSet<_>>(),
        )
    };

    let (answer, hosts) = fetch(&|_| {});
    assert_eq!(answer.json()["SecretString"], "us-east-1", "{answer:?}");
    assert_eq!(hosts, only("secretsmanager.us-east-1.amazonaws.com:443"));
    let (answer, hosts) = fetch(&|command| {
        command.env("AWS_USE_FIPS_ENDPOINT", "true");
    });
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        hosts,
        only("secretsmanager-fips.us-east-1.amazonaws.com:443")
    );

    *proxy.closed.lock().unwrap() = "us-east-1".to_owned();
    let (answer, hosts) = fetch(&|_| {});
    assert_eq!(answer.json()["SecretString"], "us-west-2", "{answer:?}");
    assert_eq!(
        hosts.last().unwrap(),
        "secretsmanager.us-west-2.amazonaws.com:443"
    );

    // Without the CA nothing is believed.
    *proxy.closed.lock().unwrap() = String::new();
    let (answer, hosts) = fetch(&|command| {
        command.env_remove("AWS_CA_BUNDLE");
    });
    assert_eq!(answer.status, 502, "{answer:?}");
    assert!(!hosts.is_empty());
    served.stop();
}

#[test]
fn proxies_are_for_those_that_are_not_excepted() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let secret = reader(world, &mut admin, "app");
        let key = Key::new(world, &mut admin, "app");
        for (excepted, status) in [("", 502), ("127.0.0.1", 200)] {
            let host = Host::start(world, "", |command| {
                command
                    .env("AWS_ACCESS_KEY_ID", &key.id)
                    .env("AWS_SECRET_ACCESS_KEY", &key.secret)
                    // Nobody listens on the port of `discard`.
                    .env("HTTP_PROXY", "http://127.0.0.1:9")
                    .env("NO_PROXY", excepted);
            });
            let answer = host.fresh("app");
            assert_eq!(answer.status, status, "`{excepted}`: {answer:?}");
            if status == 200 {
                assert_eq!(host.password_of("app"), secret);
            }
        }
    });
}

/// A user and a secret for each source, but for the instance.
const OF_SOURCES: [&str; 5] = ["of-config", "of-env", "of-file", "of-profile", "of-process"];
const WAIT_MAX: Duration = Duration::from_secs(15);
// The longest wait between two tries for credentials is half a minute.
const RETRY_MAX: Duration = Duration::from_secs(45);

/// Whether an answer is the service's, and not what was held before.
fn anew(answer: &Answer) -> bool {
    answer.status == 200 && answer.header("warning").is_none()
}

fn only(host: &str) -> BTreeSet<String> {
    BTreeSet::from([host.to_owned()])
}
