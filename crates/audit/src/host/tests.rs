//! The fixture of a host: ten plants of one key pair, one file of copied role credentials, and what
//! only looks like a key; and what the rules make of it. The keys are made up, and put together
//! here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::*;
use crate::account::{AccessKey, AccountFacts, Instance, MetadataOptions, RegionFacts, UserData};
use crate::keys::OPENED_BYTES_MAX;
use crate::{Finding, Severity};

const ID: &str = concat!("AKIA", "Y34FZKBOKMUTVV7A");
const SECRET: &str = concat!("q8Zr3Lk0", "VnT5yXwB1mHj", "/7PdEoAc9+sRu2GfKi6N");
const PASSWD: &str = "root:x:0:0::/root:/bin/bash\napp:x:1000:1000::/home/app:/bin/bash\n";

fn filled(text: &str) -> Vec<u8> {
    let text = text.replace("$ID", ID).replace("$SECRET", SECRET);
    text.into_bytes()
}

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

/// What a host with these files showed.
fn host(files: &[(&str, Vec<u8>)]) -> HostFacts {
    let users = users(PASSWD);
    let mut facts = HostFacts {
        root: "/".to_owned(),
        looked_at: LookedAt {
            files: 1,
            ..LookedAt::default()
        },
        ..HostFacts::default()
    };
    for (path, bytes) in files {
        let readers = Readers {
            uid: 0,
            mode: 0o600,
        };
        let looked = if path.ends_with("/environ") {
            look_at_environment(7, "web", 1000, bytes, b"key")
        } else {
            look(path, readers, bytes, &users, b"key", OPENED_BYTES_MAX)
        };
        facts.sightings.extend(looked.sightings);
        facts.traces.extend(looked.traces);
        facts.services.extend(looked.service);
        facts.profiles.extend(looked.profiles);
        facts.chosen.extend(looked.chosen);
    }
    facts
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, bytes).unwrap();
    packed.finish().unwrap()
}

const EXPORTS: &str = "export AWS_ACCESS_KEY_ID=$ID\nexport AWS_SECRET_ACCESS_KEY=$SECRET\n";
const CREDENTIALS: &str = "[default]\naws_access_key_id = $ID\naws_secret_access_key = $SECRET\n";

fn plants() -> Vec<(&'static str, Vec<u8>)> {
    let script = filled(&format!("#!/bin/bash\n{EXPORTS}"));
    vec![
        ("/home/app/.aws/credentials", filled(CREDENTIALS)),
        (
            "/etc/systemd/system/web.service",
            filled(
                "[Service]\nUser=app\nEnvironment=AWS_ACCESS_KEY_ID=$ID\n\
                 Environment=AWS_SECRET_ACCESS_KEY=$SECRET\n",
            ),
        ),
        (
            "/etc/default/batch",
            filled("AWS_ACCESS_KEY_ID=\"$ID\"\nAWS_SECRET_ACCESS_KEY=\"$SECRET\"\n"),
        ),
        (
            "/home/app/.bash_history",
            filled(&format!("ls\n{EXPORTS}git status\n")),
        ),
        (
            "/proc/7/environ",
            filled("LANG=C\0AWS_ACCESS_KEY_ID=$ID\0AWS_SECRET_ACCESS_KEY=$SECRET\0"),
        ),
        ("/var/lib/cloud/instance/user-data.txt", script.clone()),
        (
            "/var/lib/cloud/instance/user-data.txt.i",
            STANDARD.encode(&script).into_bytes(),
        ),
        ("/var/lib/cloud/instance/cloud-config.gz", gzip(&script)),
        (
            "/opt/app/config.yaml",
            filled("aws:\n  access-key-id: $ID\n  secret-access-key: $SECRET\n"),
        ),
        (
            "/srv/web/s3.js",
            filled("new S3({ accessKeyId: '$ID', secretAccessKey: '$SECRET' })"),
        ),
    ]
}

fn role_credentials() -> (&'static str, Vec<u8>) {
    let text = "{\"Code\": \"Success\", \"AccessKeyId\": \"$ID\", \"SecretAccessKey\": \"$SECRET\",\
                \"Token\": \"$TOKEN\", \"Expiration\": \"2026-11-21T18:00:00Z\"}";
    let text = text
        .replace("$TOKEN", &"IQoJb3Jp".repeat(40))
        .replace("$ID", concat!("ASIA", "Q4WZ7KTRM2VXBH6D"))
        .replace("$SECRET", &SECRET.replace("q8Z", "Zq8"));
    ("/home/app/iam.json", text.into_bytes())
}

fn decoys() -> Vec<(&'static str, Vec<u8>)> {
    let example = concat!(
        "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n",
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/",
        "bPxRfiCYEXAMPLEKEY\n"
    );
    vec![
        ("/opt/app/README.md", example.as_bytes().to_vec()),
        (
            "/opt/app/deploy.sh",
            b"git checkout 3f786850e387550fdab836ed7e6dc881de23001b\n".to_vec(),
        ),
        (
            "/opt/app/start.sh",
            b"export AWS_SECRET_ACCESS_KEY=$(rolecall get app:key)\n".to_vec(),
        ),
        (
            "/opt/app/package-lock.json",
            format!("\"integrity\": \"sha512-{}\"", STANDARD.encode([9; 64])).into_bytes(),
        ),
    ]
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    let mut codes: Vec<&str> = findings.iter().map(|it| it.rule.code).collect();
    codes.sort_unstable();
    codes
}

#[test]
fn every_plant_is_found_and_no_decoy() {
    for (path, bytes) in plants().into_iter().chain([role_credentials()]) {
        let found = host(&[(path, bytes)]);
        assert_eq!(found.sightings.len(), 1, "{path}: {:#?}", found.sightings);
        assert!(found.sightings[0].key.has_secret, "{path}");
        assert_eq!(found.sightings[0].path, path);
    }
    for (path, bytes) in decoys() {
        let found = host(&[(path, bytes)]);
        assert_eq!(found.sightings, [], "{path}");
    }
}

#[test]
fn one_key_is_one_finding_with_every_place() {
    let facts = host(&plants());
    let found = findings(&facts, now());
    let keys: Vec<&Finding> = found
        .iter()
        .filter(|it| it.rule.code == "RC-HOST-001")
        .collect();

    let [finding] = keys.as_slice() else {
        panic!("{keys:#?}");
    };
    assert_eq!(finding.evidence.len(), plants().len());
    assert_eq!(finding.subject.account.as_deref(), Some("609629065308"));
    assert!(facts.keys_absent().is_no());
    assert!(facts.role_needed().is_yes());
}

#[test]
fn nothing_told_holds_the_secret() {
    let facts = host(&plants());
    let told = format!("{facts:?}{:?}", findings(&facts, now()));
    assert!(!told.contains("q8Zr3Lk0VnT5"));
}

#[test]
fn whoever_an_sdk_gives_a_key_is_told_with_the_link_that_wins() {
    let facts = host(&plants());
    let found = findings(&facts, now());
    let mut told: Vec<(&str, String)> = found
        .iter()
        .filter(|it| it.rule.code == "RC-HOST-002")
        .map(|it| {
            let decided = it.decided.as_ref().unwrap();
            (
                it.subject.id.as_str(),
                format!("{} at {}", decided.layer, decided.by),
            )
        })
        .collect();
    told.sort_unstable();

    let expected = [
        ("process 7 (web)", "the environment at /proc/7/environ:1"),
        (
            "service batch.service",
            "the environment at /etc/default/batch:1",
        ),
        (
            "service web.service",
            "the environment at /etc/systemd/system/web.service:3",
        ),
        (
            "user app",
            "profile `default` of the shared files at /home/app/.aws/credentials:2",
        ),
    ]
    .map(|(who, decided)| (who, decided.to_owned()));
    assert_eq!(told, expected);
}

#[test]
fn a_service_uses_the_files_of_its_user() {
    let unit = b"[Service]\nUser=app\nExecStart=/opt/app/run\n".to_vec();
    let facts = host(&[
        ("/home/app/.aws/credentials", filled(CREDENTIALS)),
        ("/etc/systemd/system/web.service", unit),
    ]);
    let found = findings(&facts, now());
    let told = found
        .iter()
        .any(|it| it.subject.id == "service web.service");
    assert!(told, "{found:#?}");
}

#[test]
fn a_profile_that_must_be_asked_for_is_before_nothing() {
    let text = CREDENTIALS.replace("default", "backup");
    let facts = host(&[("/home/app/.aws/credentials", filled(&text))]);

    assert_eq!(facts.sightings[0].profile.as_deref(), Some("backup"));
    assert_eq!(codes(&findings(&facts, now())), ["RC-HOST-001"]);
}

/// Who uses a key, and through which link, on a host with one key of `app` in profile `keys`, whose
/// unit `web` says this.
fn users_of_the_key(config: &str, unit: &str) -> Vec<(String, String)> {
    let keys = filled("[keys]\naws_access_key_id = $ID\naws_secret_access_key = $SECRET\n");
    let facts = host(&[
        ("/home/app/.aws/credentials", keys),
        ("/home/app/.aws/config", filled(config)),
        (
            "/etc/systemd/system/web.service",
            filled(&format!("[Service]\nUser=app\n{unit}\n")),
        ),
        ("/etc/default/batch", filled("AWS_PROFILE=keys\n")),
    ]);
    let found = findings(&facts, now());
    let mut told: Vec<(String, String)> = found
        .iter()
        .filter(|it| it.rule.code == "RC-HOST-002")
        .map(|it| {
            (
                it.subject.id.clone(),
                it.decided.as_ref().unwrap().layer.to_string(),
            )
        })
        .collect();
    told.sort();
    told
}

#[test]
fn the_profile_that_a_unit_asks_for_says_which_link_wins() {
    let of_keys = |who: &str| {
        (
            who.to_owned(),
            "profile `keys` of the shared files".to_owned(),
        )
    };
    let web = [of_keys("service web.service")];
    let none: [(String, String); 0] = [];
    let asks = "Environment=AWS_PROFILE=keys";
    assert_eq!(users_of_the_key("", asks), web);
    assert_eq!(users_of_the_key("", ""), none);
    assert_eq!(users_of_the_key("", "Environment=AWS_PROFILE=other"), none);
    assert_eq!(
        users_of_the_key("", "EnvironmentFile=-/etc/default/batch"),
        web
    );
    let chain = "[profile one]\nrole_arn = r\nsource_profile = two\n\
                 [profile two]\nrole_arn = s\nsource_profile = keys\n";
    assert_eq!(
        users_of_the_key(chain, "Environment=\"AWS_PROFILE=one\""),
        web
    );
    let circle = "[profile one]\nsource_profile = one\n";
    assert_eq!(
        users_of_the_key(circle, "Environment=AWS_PROFILE=one"),
        none
    );
    let role = "[profile one]\nrole_arn = r\ncredential_source = Ec2InstanceMetadata\n";
    assert_eq!(users_of_the_key(role, "Environment=AWS_PROFILE=one"), none);
    let default = "[default]\nrole_arn = r\nsource_profile = keys\n";
    let both = [of_keys("service web.service"), of_keys("user app")];
    assert_eq!(users_of_the_key(default, ""), both);
}

#[test]
fn a_file_of_a_units_environment_is_its_environment() {
    let facts = host(&[
        (
            "/opt/app/env",
            filled("AWS_ACCESS_KEY_ID=$ID\nAWS_SECRET_ACCESS_KEY=$SECRET\n"),
        ),
        (
            "/etc/systemd/system/web.service.d/env.conf",
            filled("[Service]\nEnvironmentFile=/opt/app/env\n"),
        ),
    ]);
    let found = findings(&facts, now());
    let users = found.iter().filter(|it| it.rule.code == "RC-HOST-002");
    let users: Vec<&str> = users.map(|it| it.subject.id.as_str()).collect();
    assert_eq!(users, ["service web.service"]);
}

#[test]
fn a_pods_environment_is_that_of_its_container() {
    let facts = host(&[(
        "/etc/kubernetes/manifests/web.yaml",
        filled(
            "spec:\n  containers:\n  - env:\n    - name: AWS_ACCESS_KEY_ID\n      value: $ID\n    \
             - name: AWS_SECRET_ACCESS_KEY\n      value: $SECRET\n",
        ),
    )]);
    let found = findings(&facts, now());
    let users = found.iter().filter(|it| it.rule.code == "RC-HOST-002");
    let users: Vec<&str> = users.map(|it| it.subject.id.as_str()).collect();
    assert_eq!(users, ["container web.yaml"]);
}

#[test]
fn copied_role_credentials_count_until_they_end() {
    let facts = host(&[role_credentials()]);
    let before = findings(&facts, now());
    let after = findings(&facts, "2026-11-22T00:00:00Z".parse().unwrap());

    assert_eq!(codes(&before), ["RC-HOST-003"]);
    assert_eq!(before[0].severity, Severity::Medium);
    assert_eq!(after[0].severity, Severity::Low);
}

#[test]
fn what_every_user_may_read_is_graver() {
    let mut facts = host(&plants());
    facts.sightings[0].readers.mode = 0o644;
    let found = findings(&facts, now());
    let key = found
        .iter()
        .find(|it| it.rule.code == "RC-HOST-001")
        .unwrap();
    assert_eq!(key.severity, Severity::Critical);
}

#[test]
fn missing_evidence_is_never_a_pass() {
    assert!(matches!(
        HostFacts::default().keys_absent(),
        crate::Verdict::NotKnown(_)
    ));
    let mut clean = host(&decoys());
    assert_eq!(clean.keys_absent(), crate::Verdict::Yes);
    assert!(matches!(clean.role_needed(), crate::Verdict::NotKnown(_)));
    clean.looked_at.missed = 1;
    assert!(matches!(clean.keys_absent(), crate::Verdict::NotKnown(_)));
}

#[test]
fn who_reaches_the_metadata_service_is_told() {
    let mut facts = host(&[]);
    assert_eq!(findings(&facts, now()), []);
    facts.reach = Some(Reach::Everybody);
    assert_eq!(codes(&findings(&facts, now())), ["RC-HOST-005"]);
    let rules = "-A OUTPUT -d 169.254.169.254 -m owner ! --uid-owner app -j DROP\n";
    let mut guarded = guards("/etc/iptables/rules.v4", rules);
    facts.reach = Some(Reach::Guarded(guarded.clone()));
    assert_eq!(codes(&findings(&facts, now())), ["RC-HOST-006"]);
    guarded.extend(guards("/etc/nftables.conf", "ip6 daddr fd00:ec2::254 drop"));
    facts.reach = Some(Reach::Guarded(guarded));
    assert_eq!(findings(&facts, now()), []);
}

/// An account with one instance and the keys of one user.
fn account(keys: Vec<AccessKey>) -> AccountFacts {
    let instance = Instance {
        id: "i-1".to_owned(),
        name: None,
        state: "running".to_owned(),
        image: None,
        profile: Some("arn:aws:iam::609629065308:instance-profile/web".to_owned()),
        metadata: MetadataOptions::default(),
        template: None,
        group: None,
        user_data: UserData::NotRead,
    };
    AccountFacts {
        account: "609629065308".to_owned(),
        partition: "aws".to_owned(),
        organization: None,
        read_at: now(),
        identities: None,
        access_keys: Some(keys),
        all_regions: false,
        service_control: Vec::new(),
        resource_control: Vec::new(),
        regions: vec![RegionFacts {
            name: "eu-central-1".to_owned(),
            instances: Some(vec![instance]),
            ..RegionFacts::default()
        }],
    }
}

fn key_of_user(active: bool, created: &str) -> AccessKey {
    AccessKey {
        id: ID.to_owned(),
        user: "arn:aws:iam::609629065308:user/ci".to_owned(),
        active,
        created: created.parse().ok(),
        last_used: None,
    }
}

#[test]
fn a_role_beside_a_key_is_told_of_the_instance() {
    let mut facts = host(&plants());
    facts.instance_id = Some("i-1".to_owned());
    let found = joined(
        &facts,
        &account(vec![key_of_user(true, "2026-01-01T00:00:00Z")]),
        now(),
    );

    assert_eq!(codes(&found), ["RC-HOST-007", "RC-HOST-008"]);
    let mixed = &found[0];
    assert_eq!(mixed.subject.id, "i-1");
    assert_eq!(mixed.decided.as_ref().unwrap().layer, "the environment");
    assert_eq!(found[1].severity, Severity::Critical);
    assert!(
        found[1].title.contains("user/ci, 324 days old"),
        "{}",
        found[1].title
    );
}

#[test]
fn a_key_is_of_its_user_of_another_account_or_dead() {
    let facts = host(&plants());
    let young = account(vec![key_of_user(true, "2026-11-01T00:00:00Z")]);
    assert_eq!(joined(&facts, &young, now())[0].severity, Severity::High);
    let inactive = account(vec![key_of_user(false, "2026-11-01T00:00:00Z")]);
    assert_eq!(codes(&joined(&facts, &inactive, now())), ["RC-HOST-010"]);
    assert_eq!(
        codes(&joined(&facts, &account(Vec::new()), now())),
        ["RC-HOST-010"]
    );
    let mut other = account(Vec::new());
    other.account = "111122223333".to_owned();
    assert_eq!(codes(&joined(&facts, &other, now())), ["RC-HOST-009"]);
    other.access_keys = None;
    assert_eq!(joined(&facts, &other, now()), []);
}
