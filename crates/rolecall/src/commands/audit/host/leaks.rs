//! No form of a report holds a secret access key, however it is written where it was found, nor a
//! part of one long enough to guess the rest.

use ::audit::Facts;
use audit::host::{HostFacts, Readers, look, users};
use audit::keys::OPENED_BYTES_MAX;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use proptest::prelude::*;

use crate::commands::audit::report::{View, csv, html, json, ocsf, sarif, text};

/// Everything that an audit of one file gives out.
fn given_out(path: &str, bytes: &[u8]) -> Vec<String> {
    let users = users("app:x:1000:1000::/home/app:/bin/sh\n");
    let readers = Readers {
        uid: 1000,
        mode: 0o644,
    };
    let looked = look(path, readers, bytes, &users, b"key", OPENED_BYTES_MAX);
    let host = HostFacts {
        sightings: looked.sightings,
        traces: looked.traces,
        services: looked.service.into_iter().collect(),
        ..HostFacts::default()
    };
    let file = audit::code::File {
        path: "main.tf".to_owned(),
        bytes: bytes.to_owned(),
    };
    let (code, missing) = audit::code::read("infra", &[file], b"key");
    let facts = Facts {
        host: Some(host),
        code: vec![code],
        missing,
        ..Facts::default()
    };
    let now = Timestamp::UNIX_EPOCH;
    let report = audit::judge(&facts, now);
    let view = View {
        facts: &facts,
        report: &report,
        waivers: &[],
        today: now.to_zoned(jiff::tz::TimeZone::UTC).date(),
        now,
    };
    let recorded = serde_json::to_string(&facts).unwrap();
    let debug = format!("{facts:?} {report:?}");
    let mut written = Vec::new();
    for form in [json, csv, sarif, ocsf] {
        form(&view, &mut written).unwrap();
    }
    let written = String::from_utf8(written).unwrap();
    vec![text(&view), html(&view), written, recorded, debug]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_report_holds_a_secret(
        id in "(AKIA|ASIA)[Q-Z2-7][A-Z2-7]{15}",
        secret in "[A-Za-z0-9+/]{40}",
        way in 0..8_usize,
        place in 0..5_usize,
    ) {
        let lines = format!("aws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
        let bytes = match way {
            0 => lines,
            1 => format!("{secret}:{id}\n"),
            2 => format!("{id}:{secret}@host\n"),
            3 => format!("AWS_SECRET_ACCESS_KEY={secret}\0AWS_ACCESS_KEY_ID={id}\0"),
            4 => format!("data: {}\n", STANDARD.encode(lines)),
            5 => format!("provider \"aws\" {{\n  secret_key = \"{secret}\"\n  k = \"{id}\"\n}}\n"),
            6 => format!("resource \"x\" \"{id}\" {{\n  profile = \"{secret}\"\n"),
            _ => format!("[a]\naws_access_key_id = {id}\nsecret={secret}\nAWS_REGION={secret}\n"),
        };
        let paths = [
            "/home/app/.aws/credentials", "/home/app/.bash_history", "/etc/default/web",
            "/etc/systemd/system/web.service", "/opt/app/x",
        ];
        for told in given_out(paths[place], bytes.as_bytes()) {
            let (one, two) = secret.split_at(20);
            for part in [one, two] {
                prop_assert!(!told.contains(part), "{way} {place}: {told}");
            }
        }
    }
}
