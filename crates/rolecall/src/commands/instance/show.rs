//! `rolecall instance list` and `show`: what there is to enter.

use std::fmt::Write as _;

use crate::cli::{Format, ListInstances, ShowInstance};
use crate::control::{Control, Shown};
use crate::failure::{Exit, Failure};
use crate::term::{self, shown};

pub(super) fn list(flags: ListInstances) -> Result<Exit, Failure> {
    let found = Control::connect(flags.running.data)?.list()?;
    match flags.format {
        Format::Json => json(&found),
        Format::Text => term::data(&table(&found)),
    }
    Ok(Exit::Done)
}

pub(super) fn show(flags: ShowInstance) -> Result<Exit, Failure> {
    let found = Control::connect(flags.running.data)?.show(&flags.id)?;
    match flags.format {
        Format::Json => json(&found),
        Format::Text => term::data(&rows(&found)),
    }
    Ok(Exit::Done)
}

fn json(found: &impl serde::Serialize) {
    let text = serde_json::to_string_pretty(found).unwrap_or_default();
    term::data(&format!("{text}\n"));
}

fn table(found: &[Shown]) -> String {
    let mut lines = vec![["ID", "STATE", "TYPE", "ADDRESS", "ROLE", "NAME"].map(str::to_owned)];
    lines.extend(found.iter().map(|instance| {
        [
            instance.instance_id.clone(),
            instance.state.clone(),
            instance.instance_type.clone(),
            instance.private_ip.to_string(),
            instance.role.clone().unwrap_or_else(|| "-".to_owned()),
            shown(instance.name.as_deref().unwrap_or("-")),
        ]
    }));
    let mut widths = [0; 6];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for line in &lines {
        let mut row = String::new();
        for (cell, width) in line.iter().zip(widths) {
            let _infallible = write!(row, "{cell:<width$}  ");
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}

fn rows(found: &Shown) -> String {
    let options = &found.metadata_options;
    let none = || "none".to_owned();
    let place = format!("{} in {}", found.account_id, found.availability_zone);
    let rows = [
        ("instance", found.instance_id.clone()),
        ("state", found.state.clone()),
        ("name", shown(found.name.as_deref().unwrap_or("none"))),
        ("account", place),
        (
            "type",
            format!("{} from {}", found.instance_type, found.image_id),
        ),
        ("launched", found.launched.clone()),
        ("private address", found.private_ip.to_string()),
        ("private name", found.private_dns_name.clone()),
        ("network", format!("{}, {}", found.vpc_id, found.subnet_id)),
        (
            "instance profile",
            found.instance_profile_arn.clone().unwrap_or_else(none),
        ),
        ("role", found.role.clone().unwrap_or_else(none)),
        ("metadata service", options.http_endpoint.clone()),
        ("  tokens", options.http_tokens.clone()),
        (
            "  hop limit",
            options.http_put_response_hop_limit.to_string(),
        ),
        ("  IPv6", options.http_protocol_ipv6.clone()),
        ("  tags", options.instance_metadata_tags.clone()),
        (
            "  without token",
            format!(
                "{} answered, {} refused",
                found.metadata_no_token, found.metadata_no_token_rejected
            ),
        ),
        (
            "user data",
            if found.has_user_data { "yes" } else { "none" }.to_owned(),
        ),
    ];
    rows.iter().fold(String::new(), |mut text, (name, value)| {
        let _infallible = writeln!(text, "{name:<18} {value}");
        text
    })
}
