//! `rolecall account serve --config FILE`: the flags of `serve` as a file, key by key.
//!
//! A key is a flag without its dashes, and means the same; a flag that is given has precedence. An
//! unknown key is an error. A key that no flag has gets a line in [`KEYS`], a field in [`Keys`] and
//! a line in [`file()`]; a section is read with `Checker::section` like the file itself.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use ::agent::yaml::{self, Checker, Kind, Node, Section, Text};

use crate::cli;
use crate::failure::Failure;
use crate::rotation::RotationCommand;

/// What a file says; every key may be missing.
#[derive(Debug, Default, PartialEq, Eq)]
struct Keys {
    data: Option<PathBuf>,
    root_key: cli::Sealing,
    etcd: cli::Etcd,
    max_staleness: Option<String>,
    listen: Option<SocketAddr>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    tls_write_cert: Option<PathBuf>,
    allow_plain_http: bool,
    strict_trail: bool,
    instance_delay: Option<String>,
    rotation_command: Vec<RotationCommand>,
    web_identity_issuer: Vec<String>,
    s3_domain: Vec<String>,
    export_dir: Option<PathBuf>,
    export_every: Option<String>,
    export_keep: Option<NonZeroUsize>,
    ready_file: Option<PathBuf>,
}

const KEYS: &[&str] = &[
    "data",
    "root-key-file",
    "root-key-credential",
    "root-key-passphrase-file",
    "root-key-command",
    "etcd",
    "etcd-prefix",
    "etcd-ca",
    "etcd-cert",
    "etcd-key",
    "etcd-user",
    "etcd-password-file",
    "max-staleness",
    "listen",
    "tls-cert",
    "tls-key",
    "tls-write-cert",
    "allow-plain-http",
    "strict-trail",
    "rotation-command",
    "web-identity-issuer",
    "s3-domain",
    "export-dir",
    "export-every",
    "export-keep",
    "instance-delay",
    "ready-file",
];

/// The flags, completed by the file that they name.
pub(super) fn complete(mut flags: cli::Serve) -> Result<cli::Serve, Failure> {
    let Some(path) = &flags.config else {
        return Ok(flags);
    };
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::wrong(format!(
            "the configuration `{name}` cannot be read: {error}"
        ))
        .hint("name the file with `--config FILE`, or leave it out and give flags")
    })?;
    let file = parse(&text, &name)?;
    merge(&mut flags, file);
    Ok(flags)
}

/// The name of a file in a message of this process is the one that was typed.
fn parse(text: &str, name: &str) -> Result<Keys, Failure> {
    yaml::read(text, name, file).map_err(|errors| Failure::configuration(&errors))
}

fn merge(flags: &mut cli::Serve, file: Keys) {
    let folder = &mut flags.folder;
    or(&mut folder.data, file.data);
    if folder.root_key == cli::Sealing::default() {
        folder.root_key = file.root_key;
    }
    if flags.etcd == cli::Etcd::default() {
        flags.etcd = file.etcd;
    }
    or(&mut flags.max_staleness, file.max_staleness);
    or(&mut flags.listen, file.listen);
    // One way to a certificate takes the place of the other.
    if flags.tls_write_cert.is_none() && flags.tls_cert.is_none() {
        flags.tls_cert = file.tls_cert;
        flags.tls_key = file.tls_key;
        flags.tls_write_cert = file.tls_write_cert;
    }
    flags.allow_plain_http |= file.allow_plain_http;
    flags.strict_trail |= file.strict_trail;
    if flags.rotation.rotation_command.is_empty() {
        flags.rotation.rotation_command = file.rotation_command;
    }
    if flags.web_identity_issuer.is_empty() {
        flags.web_identity_issuer = file.web_identity_issuer;
    }
    if flags.s3_domain.is_empty() {
        flags.s3_domain = file.s3_domain;
    }
    or(&mut flags.export_dir, file.export_dir);
    or(&mut flags.export_every, file.export_every);
    or(&mut flags.export_keep, file.export_keep);
    or(&mut flags.instance_delay, file.instance_delay);
    or(&mut flags.ready_file, file.ready_file);
}

fn or<T>(flag: &mut Option<T>, file: Option<T>) {
    if flag.is_none() {
        *flag = file;
    }
}

fn file(checker: &mut Checker<'_>, tree: Node) -> Option<Keys> {
    let mut keys = checker.section(tree, "", KEYS, &[])?;
    let file = Keys {
        data: path(checker, &mut keys, "data"),
        root_key: root_key(checker, &mut keys),
        etcd: etcd(checker, &mut keys),
        max_staleness: checker
            .optional_text(&mut keys, "max-staleness")
            .map(|text| text.value.as_str().to_owned()),
        listen: checker
            .optional_text(&mut keys, "listen")
            .and_then(|text| checker.endpoint(&text)),
        tls_cert: path(checker, &mut keys, "tls-cert"),
        tls_key: path(checker, &mut keys, "tls-key"),
        tls_write_cert: path(checker, &mut keys, "tls-write-cert"),
        allow_plain_http: flag(checker, &mut keys, "allow-plain-http"),
        strict_trail: flag(checker, &mut keys, "strict-trail"),
        rotation_command: rotation_commands(checker, &mut keys),
        web_identity_issuer: texts(checker, &mut keys, "web-identity-issuer")
            .into_iter()
            .map(|text| text.value.as_str().to_owned())
            .collect(),
        s3_domain: texts(checker, &mut keys, "s3-domain")
            .into_iter()
            .map(|text| text.value.as_str().to_owned())
            .collect(),
        export_dir: path(checker, &mut keys, "export-dir"),
        export_every: checker
            .optional_text(&mut keys, "export-every")
            .map(|text| text.value.as_str().to_owned()),
        export_keep: number(checker, &mut keys, "export-keep"),
        instance_delay: checker
            .optional_text(&mut keys, "instance-delay")
            .map(|text| text.value.as_str().to_owned()),
        ready_file: path(checker, &mut keys, "ready-file"),
    };
    let place = keys.place;
    if file.tls_cert.is_some() != file.tls_key.is_some() {
        let hint = "one is the chain, the other its private key, both PEM";
        return checker.fail(place, "`tls-cert` and `tls-key` go together", Some(hint));
    }
    if file.tls_cert.is_some() && file.tls_write_cert.is_some() {
        let message = "`tls-write-cert` makes a certificate, `tls-cert` names one";
        return checker.fail(place, message, Some("take one of them out"));
    }
    Some(file)
}

/// One command, or a list of them.
fn rotation_commands(checker: &mut Checker<'_>, keys: &mut Section) -> Vec<RotationCommand> {
    let mut commands = Vec::new();
    for text in texts(checker, keys, "rotation-command") {
        match text.value.parse() {
            Ok(command) => commands.push(command),
            Err(why) => {
                let message = format!("`rotation-command` is no command: {why}");
                let hint = Some("`ARN role=NAME COMMAND [ARGUMENT...]`, as docs/rotation.md says");
                checker.fail::<()>(text.place, message, hint);
            }
        }
    }
    commands
}

/// One text, or a list of them.
fn texts(checker: &mut Checker<'_>, keys: &mut Section, key: &str) -> Vec<Text> {
    let path = keys.path_of(key);
    let nodes = match keys.values.remove(key) {
        None => Vec::new(),
        Some(node) => match node.kind {
            Kind::List(nodes) => nodes,
            _ => vec![node],
        },
    };
    let texts = nodes.into_iter();
    texts
        .filter_map(|node| checker.text(node, path.clone()))
        .collect()
}

/// One of the ways to a root key; there is nobody to ask for a passphrase.
fn root_key(checker: &mut Checker<'_>, keys: &mut Section) -> cli::Sealing {
    let is_way = |key: &&String| key.starts_with("root-key-");
    if keys.values.keys().filter(is_way).count() > 1 {
        let message = "more than one key says where the root key comes from";
        checker.fail::<()>(keys.place, message, Some("leave one of them"));
    }
    let mut text = |key| {
        let text = checker.optional_text(keys, key);
        text.map(|text| text.value.as_str().to_owned())
    };
    cli::Sealing {
        file: text("root-key-file").map(PathBuf::from),
        credential: text("root-key-credential"),
        passphrase_file: text("root-key-passphrase-file").map(PathBuf::from),
        passphrase: false,
        command: text("root-key-command"),
    }
}

/// The cluster, all of it: flags that name one take the place of the file's.
fn etcd(checker: &mut Checker<'_>, keys: &mut Section) -> cli::Etcd {
    let endpoints = texts(checker, keys, "etcd").into_iter();
    let endpoints = endpoints
        .map(|text| text.value.as_str().to_owned())
        .collect();
    let mut text = |key| {
        let text = checker.optional_text(keys, key);
        text.map(|text| text.value.as_str().to_owned())
    };
    cli::Etcd {
        endpoints,
        prefix: text("etcd-prefix"),
        ca: text("etcd-ca").map(PathBuf::from),
        cert: text("etcd-cert").map(PathBuf::from),
        key: text("etcd-key").map(PathBuf::from),
        user: text("etcd-user"),
        password_file: text("etcd-password-file").map(PathBuf::from),
    }
}

fn path(checker: &mut Checker<'_>, keys: &mut Section, key: &str) -> Option<PathBuf> {
    let text = checker.optional_text(keys, key)?;
    Some(Path::new(text.value.as_str()).to_owned())
}

fn number(checker: &mut Checker<'_>, keys: &mut Section, key: &str) -> Option<NonZeroUsize> {
    let node = keys.values.remove(key)?;
    let number = checker.number(&node, key, EXPORTS_KEPT)?;
    NonZeroUsize::new(usize::try_from(number).ok()?)
}

fn flag(checker: &mut Checker<'_>, keys: &mut Section, key: &str) -> bool {
    let Some(node) = keys.values.remove(key) else {
        return false;
    };
    checker.flag(&node, key).unwrap_or_default()
}

const EXPORTS_KEPT: RangeInclusive<u64> = 1..=1_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::KeySource;
    use clap::Parser;

    fn flags(given: &[&str]) -> cli::Serve {
        let line = [&["rolecall", "account", "serve"], given].concat();
        match cli::Cli::try_parse_from(line).unwrap().command {
            cli::Command::Account(cli::Account::Serve(flags)) => *flags,
            other => panic!("{other:?}"),
        }
    }

    fn merged(given: &[&str], text: &str) -> cli::Serve {
        let mut flags = flags(given);
        merge(&mut flags, parse(text, "f").unwrap());
        flags
    }

    fn check(text: &str, message: &str, hint: Option<&str>) {
        let failure = parse(text, "f").unwrap_err();
        assert_eq!(failure.message, message);
        assert_eq!(failure.hints, hint.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn every_key_is_a_flag_of_the_command() {
        let table = cli::table();
        let account = table.find_subcommand("account").unwrap();
        let serve = account.find_subcommand("serve").unwrap();
        for key in KEYS {
            assert!(
                serve
                    .get_arguments()
                    .any(|flag| flag.get_long() == Some(key)),
                "{key}"
            );
        }
    }

    #[test]
    fn every_key_is_read() {
        let flags = merged(
            &[],
            "data: d\nroot-key-file: k\nlisten: 127.0.0.1:1\ntls-cert: c\ntls-key: p\n\
             allow-plain-http: true\nstrict-trail: true\nready-file: r\n\
             export-dir: e\nexport-every: 5m\nexport-keep: 3\ninstance-delay: 5s\n\
             web-identity-issuer: https://issuer.example=keys.json\n\
             s3-domain: s3.example.test\n\
             rotation-command:\n- arn:aws:lambda:us-east-1:123456789012:function:a role=r x y\n\
             - arn:aws:lambda:us-east-1:123456789012:function:b role=r z",
        );
        let commands = &flags.rotation.rotation_command;
        let programs: Vec<&str> = commands.iter().map(|of| of.program.as_str()).collect();
        assert_eq!(programs, ["x", "z"]);
        let path = |name: &str| Some(PathBuf::from(name));
        assert_eq!(flags.folder.data, path("d"));
        assert_eq!(flags.folder.root_key.file, path("k"));
        assert_eq!(flags.listen, Some("127.0.0.1:1".parse().unwrap()));
        assert_eq!(flags.tls_cert, path("c"));
        assert_eq!(flags.tls_key, path("p"));
        assert!(flags.allow_plain_http && flags.strict_trail);
        assert_eq!(flags.ready_file, path("r"));
        assert_eq!(flags.export_dir, path("e"));
        assert_eq!(flags.export_every.as_deref(), Some("5m"));
        assert_eq!(flags.export_keep, NonZeroUsize::new(3));
        assert_eq!(flags.instance_delay.as_deref(), Some("5s"));
        let issuer = "https://issuer.example=keys.json";
        assert_eq!(flags.web_identity_issuer, [issuer]);
        assert_eq!(flags.s3_domain, ["s3.example.test"]);
        let flags = merged(&[], "tls-write-cert: w");
        assert_eq!(flags.tls_write_cert, path("w"));
        for (text, source) in [
            ("root-key-credential: c", KeySource::Credential("c".into())),
            (
                "root-key-passphrase-file: p",
                KeySource::PassphraseFile("p".into()),
            ),
            ("root-key-command: a b", KeySource::Command("a b".into())),
        ] {
            assert_eq!(merged(&[], text).folder.root_key.source(), Some(source));
            let flags = merged(&["--root-key-file", "k"], text);
            let source = flags.folder.root_key.source();
            assert_eq!(source, Some(KeySource::File("k".into())));
        }
    }

    #[test]
    fn a_cluster_is_read_as_a_whole() {
        let file = "etcd:\n- https://a:2379\n- https://b:2379\netcd-prefix: /p\netcd-ca: ca\n\
                    etcd-cert: c\netcd-key: k\netcd-user: u\netcd-password-file: w\n\
                    max-staleness: 3s";
        let flags = merged(&[], file);
        let path = |name: &str| Some(PathBuf::from(name));
        let etcd = cli::Etcd {
            endpoints: vec!["https://a:2379".into(), "https://b:2379".into()],
            prefix: Some("/p".into()),
            ca: path("ca"),
            cert: path("c"),
            key: path("k"),
            user: Some("u".into()),
            password_file: path("w"),
        };
        assert_eq!(flags.etcd, etcd);
        assert_eq!(flags.max_staleness.as_deref(), Some("3s"));
        let flags = merged(&["--etcd", "http://c:1,http://d:2"], file);
        assert_eq!(flags.etcd.endpoints, ["http://c:1", "http://d:2"]);
        assert_eq!(flags.etcd.prefix, None);
    }

    #[test]
    fn a_flag_has_precedence() {
        let file = "data: d\nlisten: 127.0.0.1:1\ntls-cert: c\ntls-key: p\n";
        let flags = merged(
            &[
                "--data",
                "x",
                "--listen",
                "127.0.0.1:2",
                "--tls-write-cert",
                "w",
            ],
            file,
        );
        assert_eq!(flags.folder.data, Some("x".into()));
        assert_eq!(flags.listen, Some("127.0.0.1:2".parse().unwrap()));
        assert_eq!(flags.tls_write_cert, Some("w".into()));
        assert_eq!((flags.tls_cert, flags.tls_key), (None, None));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        check(
            "data: d\nlistn: 127.0.0.1:1",
            "f:2:1: unknown key `listn`",
            Some("did you mean `listen`?"),
        );
        check(
            "listen: nowhere",
            "f:1:9: `listen` is not an address to listen on: `nowhere`",
            Some("an IP address and a port: `127.0.0.1:3005`, `[::1]:3005`"),
        );
        check(
            "strict-trail: yes",
            "f:1:15: `strict-trail` must be `true` or `false`",
            None,
        );
        check(
            "root-key-file: a\nroot-key-command: b",
            "f:1:1: more than one key says where the root key comes from",
            Some("leave one of them"),
        );
        check(
            "rotation-command: x",
            "f:1:19: `rotation-command` is no command: it is `ARN role=NAME COMMAND [ARGUMENT...]`",
            Some("`ARN role=NAME COMMAND [ARGUMENT...]`, as docs/rotation.md says"),
        );
        check("data: [a]", "f:1:7: `data` must be a text", None);
        check(
            "tls-cert: c",
            "f:1:1: `tls-cert` and `tls-key` go together",
            Some("one is the chain, the other its private key, both PEM"),
        );
        check(
            "tls-cert: c\ntls-key: k\ntls-write-cert: w",
            "f:1:1: `tls-write-cert` makes a certificate, `tls-cert` names one",
            Some("take one of them out"),
        );
        check("", "f:1:1: the file is empty", None);
    }
}
