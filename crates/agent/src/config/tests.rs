//! Files that must be refused, by flaw, then what the good ones mean.

mod sections;

use proptest::prelude::*;
use protocol::Secret;

use super::*;
use crate::ask::Ask;
use crate::yaml::TEXT_BYTES_MAX;

const SAMPLE: &str = include_str!("../../sample/agent.yaml");
const SERVICE: &str = "service: {tcp: {endpoint: '127.0.0.1:3005'}}\n";
const BACKEND: &str = "secret-manager: {aws: {region: us-east-1, resources: {a: b}}}\n";

fn minimal() -> String {
    format!("{SERVICE}{BACKEND}")
}

fn lines(text: &str) -> Vec<String> {
    let errors = parse(text, "f")
        .map(|config| format!("{config:?}"))
        .unwrap_err();
    errors
        .iter()
        .map(|error| match &error.hint {
            Some(hint) => format!("{error}; {hint}"),
            None => error.to_string(),
        })
        .collect()
}

/// The problems of a whole file.
fn check(text: &str, expect: &[&str]) {
    assert_eq!(lines(text), expect, "{text}");
}

/// The one problem of a `service` section in an otherwise good file.
fn check_service(service: &str, expect: &str) {
    check(&format!("service: {service}\n{BACKEND}"), &[expect]);
}

/// The one problem of `secret-manager.aws`, which starts on line 2.
fn check_aws(aws: &str, expect: &str) {
    check(
        &format!("{SERVICE}secret-manager: {{aws: {{{aws}}}}}"),
        &[expect],
    );
}

fn check_cache(cache: &str, expect: &str) {
    check(&format!("{}cache: {cache}", minimal()), &[expect]);
}

#[test]
fn texts_that_are_no_configuration() {
    check("", &["f:1:1: the file is empty"]);
    check("# only a comment\n", &["f:2:1: the file is empty"]);
    check("# no line end", &["f:1:14: the file is empty"]);
    let cut = lines("# é\r\nservice: {tcp: {endpoint");
    assert!(cut[0].starts_with("f:2:25: not YAML: "), "{cut:?}");
    check("[]", &["f:1:1: `the file` must be a map of keys"]);
    check("text", &["f:1:1: `the file` must be a map of keys"]);
    check(
        "{}",
        &[
            "f:1:1: `service` is missing",
            "f:1:1: `secret-manager` is missing",
        ],
    );
    let bad = lines("service: [\n");
    assert!(
        bad[0].starts_with("f:") && bad[0].contains("not YAML: "),
        "{bad:?}"
    );
    check(
        &format!("{}---\na: b\n", minimal()),
        &["f:3:1: a second document; one is read"],
    );
}

#[test]
fn texts_that_would_grow() {
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\n";
    check(bomb, &["f:1:4: anchors are not read; write the value out"]);
    check(
        "&a {b: c}",
        &["f:1:1: anchors are not read; write the value out"],
    );
    check(
        "a: !!binary aGk=",
        &["f:1:4: tags are not read; write the plain value"],
    );
    check(&"[".repeat(20), &["f:1:18: nested deeper than 16 levels"]);
    for piece in [
        "[", "{a: ", "- ", "? ", "a:\n ", "[a, ", "'", "\"", "!", "&a ", "*a ", "#\n", "\t",
    ] {
        let found = lines(&piece.repeat(TEXT_BYTES_MAX / piece.len()));
        assert_eq!(found.len(), 1, "{piece}");
    }
    let large = format!("{}#{}", minimal(), "x".repeat(1_048_576));
    check(&large, &["f:1:1: the file is larger than 1048576 bytes"]);
}

#[test]
fn keys_that_are_wrong() {
    let twice = format!("{}{SERVICE}", minimal());
    check(&twice, &["f:3:1: `service` stands twice; first on line 1"]);
    check(
        &format!("{}servce: 1", minimal()),
        &["f:3:1: unknown key `servce`; did you mean `service`?"],
    );
    check(&format!("{}1: 2", minimal()), &["f:3:1: unknown key `1`"]);
    check(
        &format!("{}[a]: 2", minimal()),
        &["f:3:1: a key must be a name"],
    );
    check_aws(
        "region: us-east-1, resources: {a: b}, Assume_Role: x",
        "f:2:62: unknown key `secret-manager.aws.Assume_Role`; did you mean `assume-role`?",
    );
    check_cache("{ttl-seconds: 1}", "f:3:9: unknown key `cache.ttl-seconds`");
}

#[test]
fn keys_of_other_agents_are_never_passed_over() {
    let hint = "is not in this version; take it out to run without it";
    for key in ["gcp", "vault", "file"] {
        let text = format!(
            "{SERVICE}secret-manager: {{{key}: {{}}, aws: {{region: a-1, resources: {{a: b}}}}}}"
        );
        check(&text, &[&format!("f:2:18: `secret-manager.{key}` {hint}")]);
    }
    check_aws(
        "region: us-east-1, resources: {a: b}, proxy: {}",
        &format!("f:2:62: `secret-manager.aws.proxy` {hint}"),
    );
}

#[test]
fn listeners_that_cannot_listen() {
    let none = "f:1:10: `service` needs at least one listener; add `tcp`, `uds` or `aws-http`";
    check_service("{}", none);
    check_service("[]", "f:1:10: `service` must be a map of keys");
    check_service("{tcp: {}}", "f:1:16: `service.tcp.endpoint` is missing");
    check_service("{tcp: x}", "f:1:16: `service.tcp` must be a map of keys");
    check_service(
        "{tcp: {endpoint: ''}}",
        "f:1:27: `service.tcp.endpoint` is empty",
    );
    check_service(
        "{tcp: {endpoint: ~}}",
        "f:1:27: `service.tcp.endpoint` is empty",
    );
    check_service(
        "{tcp: {endpoint: [a]}}",
        "f:1:27: `service.tcp.endpoint` must be a text",
    );
    check_service(
        "{aws-http: {}}",
        "f:1:21: `service.aws-http.token-file` is missing; name a file that holds the token; or \
         leave `endpoint` out and set `socket-path`, where callers are known without one",
    );
    for endpoint in [
        "3005",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:65536",
        "::1:3005",
        "[::1]",
        "host:3005",
        "127.0.0.1:30 05",
        "http://127.0.0.1:3005",
        ":",
        "127.0.0.1:3005:name",
        "localhost",
    ] {
        check_service(
            &format!("{{tcp: {{endpoint: '{endpoint}'}}}}"),
            &format!(
                "f:1:27: `service.tcp.endpoint` is not an address to listen on: `{endpoint}`; an \
                 IP address and a port: `127.0.0.1:3005`, `[::1]:3005`"
            ),
        );
    }
}

#[test]
fn backends_that_cannot_answer() {
    let text = format!("{SERVICE}secret-manager: {{}}");
    check(
        &text,
        &["f:2:17: `secret-manager` needs exactly one backend; add `aws`"],
    );
    check_aws(
        "resources: {a: b}",
        "f:2:23: `secret-manager.aws.region` is missing",
    );
    check_aws(
        "region: us-east-1",
        "f:2:23: `secret-manager.aws.resources` is missing; clients of the Secret Agent protocol \
         name secrets by it",
    );
    for region in [
        "US-EAST-1",
        "us east",
        "useast",
        "us-east-1/x",
        "https://x-y",
    ] {
        check_aws(
            &format!("region: '{region}', resources: {{a: b}}"),
            &format!("f:2:32: `{region}` is not a region; a region's code, such as `us-east-1`"),
        );
    }
    let rest = "region: us-east-1, resources: {a: b}";
    check_aws(
        &format!("{rest}, convert-to-base64: yes"),
        "f:2:81: `secret-manager.aws.convert-to-base64` must be `true` or `false`",
    );
    check_aws(
        &format!("{rest}, convert-to-base64: 'true'"),
        "f:2:81: `secret-manager.aws.convert-to-base64` must be `true` or `false`",
    );
    check_aws(
        &format!("{rest}, assume-role: role/x"),
        "f:2:75: `role/x` is not the ARN of a role; `arn:aws:iam::ACCOUNT:role/NAME`",
    );
    for url in [
        "x",
        "ftp://h",
        "https://",
        "https://user:pw@host",
        "http://h?a=b",
    ] {
        check_aws(
            &format!("{rest}, endpoint-url: '{url}'"),
            "f:2:76: `secret-manager.aws.endpoint-url` is not an endpoint; \
             `https://HOST[:PORT]`, without user, password or query",
        );
    }
}

#[test]
fn only_clients_that_name_resources_need_some() {
    for (service, is_needed) in [
        ("aws-http: {endpoint: ':1', token-file: t}", false),
        ("http: {endpoint: ':1'}", false),
        (
            "container-credentials: {endpoint: ':1', token-file: t}",
            false,
        ),
        ("http: {endpoint: ':1', secrets: {}}", true),
        ("uds: {socket-path: /s}", true),
        ("systemd-credentials: {socket-path: /s}", true),
    ] {
        for resources in ["", ", resources: {}"] {
            let backend = format!("secret-manager: {{aws: {{region: us-east-1{resources}}}}}");
            let parsed = parse(&format!("service: {{{service}}}\n{backend}"), "f");
            assert_eq!(parsed.is_err(), is_needed, "{service}: {parsed:?}");
        }
    }
}

#[test]
fn resources_that_cannot_be_asked_for() {
    let resources = |resources: &str, expect: &str| {
        check_aws(
            &format!("region: us-east-1, resources: {resources}"),
            expect,
        );
    };
    let path = "secret-manager.aws.resources";
    resources(
        "[a]",
        &format!("f:2:54: `{path}` must be a map of names to secrets"),
    );
    resources(
        "a",
        &format!("f:2:54: `{path}` must be a map of names to secrets"),
    );
    resources("{}", &format!("f:2:54: `{path}` names no secret"));
    resources("{a: }", &format!("f:2:56: `{path}.a` is empty"));
    resources("{a: [b]}", &format!("f:2:58: `{path}.a` must be a text"));
    resources("{'': b}", "f:2:55: a resource needs a name");
    resources("{a: b, a: c}", "f:2:61: `a` stands twice; first on line 2");
    resources(
        "{'a:b': c}",
        "f:2:55: resource name `a:b` holds a colon; clients write `secrets:RESOURCE:KEY` and \
         could not ask for it; rename it",
    );
    for arn in [
        "arn:aws:s3:::bucket",
        "arn:aws:secretsmanager",
        "arn:aws:secretsmanager:r:1:x:y",
    ] {
        resources(
            &format!("{{a: '{arn}'}}"),
            &format!(
                "f:2:58: `{arn}` is not the ARN of a secret; \
                 `arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX`"
            ),
        );
    }
    let long = "x".repeat(2_049);
    resources(
        &format!("{{a: {long}}}"),
        &format!("f:2:58: `{path}.a`: the secret's name is longer than 2048 characters"),
    );
}

#[test]
fn keys_come_in_pairs_and_are_never_shown() {
    let rest = "region: us-east-1, resources: {a: b}";
    let hint = "leave both out to use the instance's role";
    check_aws(
        &format!("{rest}, secret-access-key: hunter2"),
        &format!(
            "f:2:81: `secret-manager.aws.secret-access-key` stands alone; `access-key-id` and \
             `secret-access-key` go together; {hint}"
        ),
    );
    check_aws(
        &format!("{rest}, session-token: hunter2"),
        "f:2:77: `secret-manager.aws.session-token` without the keys it belongs to",
    );
    check_aws(
        &format!("{rest}, access-key-id: a, secret-access-key: [hunter2]"),
        "f:2:99: `secret-manager.aws.secret-access-key` must be a text",
    );
    let config = parse(SAMPLE, "agent.yaml").unwrap();
    let shown = format!("{config:?} {config:#?}");
    assert!(
        !shown.contains("wJalrXUtnFEMI") && !shown.contains("AQoDYXdzEJr"),
        "{shown}"
    );
}

#[test]
fn limits_out_of_range() {
    for (key, value, range) in [
        ("ttl", "3601", "0 to 3600"),
        ("ttl", "-1", "0 to 3600"),
        ("ttl", "1.5", "0 to 3600"),
        ("ttl", "'300'", "0 to 3600"),
        ("ttl", "5m", "0 to 3600"),
        ("ttl", "", "0 to 3600"),
        ("max-stale", "604801", "0 to 604800"),
        ("max-entries", "0", "1 to 100000"),
        ("max-bytes", "1048575", "1048576 to 4294967296"),
        ("max-bytes", "99999999999999999999", "1048576 to 4294967296"),
    ] {
        let found = lines(&format!("{}cache:\n  {key}: {value}\n", minimal()));
        let end = format!("`cache.{key}` must be a whole number from {range}");
        assert!(
            found.len() == 1 && found[0].starts_with("f:4:") && found[0].ends_with(&end),
            "{found:?}"
        );
    }
    check_cache("300", "f:3:8: `cache` must be a map of keys");
    check(
        &format!("{}log: {{level: loud}}", minimal()),
        &["f:3:14: `loud` is not a log level; `error`, `warn`, `info`, `debug` or `trace`"],
    );
}

#[test]
fn problems_are_told_together_in_order_and_up_to_a_bound() {
    let text = "cache: {ttl: x}\nservice: {tcp: {endpoint: y}}\nsecret-manager: {aws: {}}\n";
    let found = lines(text);
    assert_eq!(found.len(), 4);
    assert!(found.is_sorted(), "{found:?}");

    let many: Vec<String> = (0..50).map(|at| format!("x{at}: 1")).collect();
    let many = many.join("\n");
    assert_eq!(lines(&format!("{}{many}", minimal())).len(), ERRORS_MAX);
}

#[test]
fn the_sample_holds_every_option_and_the_defaults() {
    let config = parse(SAMPLE, "agent.yaml").unwrap();
    let aws = &config.secret_manager;
    let key = aws.access_key.as_ref().unwrap();

    assert_eq!(
        config.service.tcp.as_ref().unwrap().endpoint,
        "127.0.0.1:3005".parse().unwrap()
    );
    assert_eq!(
        config
            .service
            .aws_http
            .as_ref()
            .unwrap()
            .token_file
            .as_deref(),
        Some("/run/rolecall/token")
    );
    assert_eq!(
        aws.resources.keys().collect::<Vec<_>>(),
        ["Before", "Other", "TestingSecret"]
    );
    assert_eq!(
        key.secret.expose_text(),
        Some("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    );
    assert_eq!(
        key.session_token.as_ref().and_then(Secret::expose_text),
        Some("AQoDYXdzEJr")
    );
    assert_eq!(aws.assume_role.len(), 2);
    assert!(aws.endpoint_url.is_some() && !aws.convert_to_base64);
    assert_eq!(aws.requests, Requests::default());
    let cache = CacheLimits {
        snapshot: None,
        ..config.cache.clone()
    };
    assert_eq!(cache, CacheLimits::default());
    assert_eq!(config.log_level, LogLevel::default());
    assert_eq!(warnings(&config), Vec::<String>::new());
}

#[test]
fn what_is_left_out_has_its_default() {
    let text = format!("service: {{aws-http: {{token-file: t}}}}\n{BACKEND}cache:\nlog:\n");
    let config = parse(&text, "f").unwrap();

    assert_eq!(
        config.service.aws_http.unwrap().endpoint,
        Some("127.0.0.1:2773".parse().unwrap())
    );
    assert_eq!(config.service.tcp, None);
    assert_eq!(config.secret_manager.access_key, None);
    assert_eq!(
        (config.cache, config.log_level),
        (CacheLimits::default(), LogLevel::Info)
    );
}

#[test]
fn a_secret_agents_file_means_what_it_means_there() {
    let text = "
service:
  tcp:
    endpoint: 0.0.0.0:3005
secret-manager:
  aws:
    region: ap-south-1
    resources:
      2024: arn:aws:secretsmanager:ap-south-1:123456789012:secret:a-AbCdEf
      TestingSecret: \"b\"
    convert-to-base64: true
log:
  level: debug
";
    let config = parse(text, "f").unwrap();

    assert_eq!(
        config.service.tcp.unwrap().endpoint,
        "0.0.0.0:3005".parse().unwrap()
    );
    assert_eq!(
        config.secret_manager.resources["TestingSecret"],
        Ask::new("b", None, None).unwrap()
    );
    assert!(config.secret_manager.resources.contains_key("2024"));
    assert!(config.secret_manager.convert_to_base64);
    assert_eq!(config.log_level, LogLevel::Debug);
}

#[test]
fn endpoints_as_go_writes_them() {
    for (text, expect) in [
        (":3005", "[::]:3005"),
        ("localhost:0", "127.0.0.1:0"),
        ("[::1]:3005", "[::1]:3005"),
    ] {
        let text = format!("service: {{tcp: {{endpoint: '{text}'}}}}\n{BACKEND}");
        let endpoint = parse(&text, "f").unwrap().service.tcp.unwrap().endpoint;
        assert_eq!(endpoint, expect.parse().unwrap());
    }
}

proptest! {
    #[test]
    fn arbitrary_text_is_judged_without_panic(text in "(?s).{0,300}") {
        if let Err(errors) = parse(&text, "f") {
            prop_assert!(!errors.is_empty() && errors.len() <= ERRORS_MAX);
        }
    }

    #[test]
    fn yaml_like_text_is_judged_without_panic(
        pieces in proptest::collection::vec(
            prop_oneof![
                Just("service"), Just("tcp"), Just("endpoint"), Just("secret-manager"), Just("aws"),
                Just("resources"), Just(": "), Just(":\n  "), Just("\n"), Just("- "), Just("{"),
                Just("}"), Just("["), Just("]"), Just(","), Just("&a "), Just("*a"), Just("!!str "),
                Just("|\n "), Just("\""), Just("'"), Just("?"), Just("---\n"), Just("%"),
                Just("\t"),
                Just("0"), Just("~"), Just("# "), Just("\u{feff}"), Just("<<"),
            ],
            0..60,
        ),
    ) {
        if let Err(errors) = parse(&pieces.concat(), "f") {
            prop_assert!(!errors.is_empty() && errors.len() <= ERRORS_MAX);
            prop_assert!(errors.iter().all(|it| !it.to_string().contains('\n')));
        }
    }

    #[test]
    fn the_sample_with_a_byte_changed_never_panics(at in 0..SAMPLE.len(), byte in 0_u8..128) {
        let mut text = SAMPLE.as_bytes().to_vec();
        text[at] = byte;
        let _ = parse(&String::from_utf8(text).unwrap(), "f");
    }
}
