//! A recorded inventory of any size, as `rolecall audit --record` writes one: five kinds of
//! instances in equal parts, 22 roles, 100 secrets.

use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};

/// Writes it.
pub(super) fn write(path: &Path, instances: usize) -> anyhow::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    let named = |name: &str, action: &str, resource: &str| {
        let text = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": action, "Resource": resource}]});
        json!({
            "arn": format!("arn:aws:iam::{ACCOUNT}:role/{name}"),
            "id": null,
            "policies": {"inline": [{"name": "p", "text": text.to_string()}]},
            "trust": TRUST,
        })
    };
    let mut roles = vec![
        named("admin", "*", "*"),
        named("wild", "secretsmanager:GetSecretValue", "*"),
    ];
    for number in 0..APPS {
        let secret = format!("{}:secret:app-{number}-*", secrets_of());
        let name = format!("app-{number}");
        roles.push(named(&name, "secretsmanager:GetSecretValue", &secret));
    }
    let mut profiles = vec![json!({"arn": profile("empty"), "role": null})];
    for role in &roles {
        let arn = role.get("arn").and_then(Value::as_str).unwrap_or_default();
        let name = arn.rsplit('/').next().unwrap_or_default();
        profiles.push(json!({"arn": profile(name), "role": arn}));
    }
    let secrets: Vec<Value> = (0..SECRETS)
        .map(|number| {
            let arn = format!("{}:secret:app-{number}-AbCdEf", secrets_of());
            json!({"arn": arn, "name": format!("app-{number}"), "policy": "absent"})
        })
        .collect();
    let identities = json!({
        "users": [], "groups": [], "roles": roles, "managed": [], "profiles": profiles,
    });
    write!(
        out,
        "{{\"accounts\":[{{\"account\":\"{ACCOUNT}\",\"partition\":\"aws\",\
         \"read_at\":\"2026-11-21T12:00:00Z\",\"identities\":{identities},\"access_keys\":[],\
         \"all_regions\":true,\"regions\":[{{\"name\":\"us-east-1\",\"metadata_defaults\":{{}},\
         \"templates\":[],\"configurations\":[],\"groups\":[],\"images\":[],\"secrets\":{},\
         \"instances\":[",
        Value::Array(secrets)
    )?;
    for number in 0..instances {
        let before = if number == 0 { "" } else { "," };
        write!(out, "{before}\n{}", instance(number))?;
    }
    out.write_all(b"]}]}]}\n")?;
    out.flush()?;
    Ok(())
}

fn instance(number: usize) -> Value {
    let name = match number % 5 {
        0 => Some(format!("app-{}", number / 5 % APPS)),
        1 => Some("admin".to_owned()),
        2 => Some("wild".to_owned()),
        3 => Some("empty".to_owned()),
        _ => None,
    };
    let tokens = if (number / 5).is_multiple_of(2) {
        "optional"
    } else {
        "required"
    };
    json!({
        "id": format!("i-{number:017x}"),
        "name": format!("web-{number}"),
        "state": "running",
        "image": format!("ami-{:017x}", number % 50),
        "profile": name.map(|name| profile(&name)),
        "metadata": {"tokens": tokens, "hop_limit": number / 10 % 3 + 1, "endpoint": true},
    })
}

fn profile(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:instance-profile/{name}")
}

fn secrets_of() -> String {
    format!("arn:aws:secretsmanager:us-east-1:{ACCOUNT}")
}

const ACCOUNT: &str = "123456789012";
const APPS: usize = 20;
const SECRETS: usize = 100;
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
