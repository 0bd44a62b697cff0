//! The picture of who reads what: roles with their instances on the left, secrets on the right, a
//! line for each that can be read, dashed where conditions have to hold. SVG, without a script.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use ::audit::account::{RoleAccess, SecretAccess};

use super::html::escaped;
use super::summary::counted;

/// The picture; none where nothing is read.
pub(super) fn picture(access: &[RoleAccess]) -> Option<String> {
    let mut roles: Vec<&RoleAccess> = access.iter().filter(|it| !it.secrets.is_empty()).collect();
    roles.sort_by_key(|it| std::cmp::Reverse(it.instances));
    roles.truncate(ROLES_MAX);
    let mut secrets: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for secret in roles.iter().flat_map(|it| &it.secrets) {
        let next = secrets.len();
        if next < SECRETS_MAX {
            let entry = (next, secret.name.as_str());
            secrets.entry(&secret.secret).or_insert(entry);
        }
    }
    if secrets.is_empty() {
        return None;
    }
    let arns = roles.iter().map(|it| it.role.as_str());
    let accounts = arns.chain(secrets.keys().copied()).map(account_of);
    let accounts: BTreeSet<&str> = accounts.filter(|it| !it.is_empty()).collect();
    let are_many = accounts.len() > 1;
    let height = MARGIN * 2 + ROW * roles.len().max(secrets.len());
    let with_legend = height + ROW;
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {with_legend}\" role=\"img\" aria-label=\"which roles read \
         which secrets\" font-family=\"system-ui,sans-serif\" font-size=\"12\">\n"
    );
    for (at, role) in roles.iter().enumerate() {
        let from = middle(at);
        for secret in &role.secrets {
            let Some((to, _)) = secrets.get(secret.secret.as_str()) else {
                continue;
            };
            line(from, middle(*to), secret, &mut svg);
        }
    }
    for (at, role) in roles.iter().enumerate() {
        let name = role.role.rsplit('/').next().unwrap_or_default();
        let instances = counted(role.instances, "instance");
        let more = if are_many {
            format!(" ({instances}, {})", account_of(&role.role))
        } else {
            format!(" ({instances})")
        };
        let label = shortened(name, &more);
        node(LEFT, at, &label, &role.role, "#dbe9f9", &mut svg);
    }
    for (arn, (at, name)) in &secrets {
        let more = if are_many {
            format!(" ({})", account_of(arn))
        } else {
            String::new()
        };
        node(
            RIGHT,
            *at,
            &shortened(name, &more),
            arn,
            "#fbe3d6",
            &mut svg,
        );
    }
    legend(height, &mut svg);
    svg.push_str("</svg>\n");
    Some(svg)
}

fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

/// A name that leaves room for what is told behind it.
fn shortened(name: &str, more: &str) -> String {
    let room = LABEL_MAX.saturating_sub(more.chars().count());
    if name.chars().count() <= room {
        return format!("{name}{more}");
    }
    let name: String = name.chars().take(room.saturating_sub(1)).collect();
    format!("{name}…{more}")
}

fn middle(at: usize) -> usize {
    MARGIN + ROW * at + BOX_HEIGHT / 2
}

fn line(from: usize, to: usize, secret: &SecretAccess, svg: &mut String) {
    let (start, end, half) = (
        LEFT + BOX_WIDTH,
        RIGHT,
        usize::midpoint(LEFT + BOX_WIDTH, RIGHT),
    );
    let dash = if secret.conditions.is_empty() {
        ""
    } else {
        " stroke-dasharray=\"5 4\""
    };
    let colour = if secret.through.is_empty() {
        ITSELF
    } else {
        THROUGH
    };
    let _ = writeln!(
        svg,
        "<path d=\"M{start} {from}C{half} {from} {half} {to} {end} {to}\" fill=\"none\" \
         stroke=\"{colour}\"{dash}/>"
    );
}

fn legend(y: usize, svg: &mut String) {
    let (line, text) = (y + 8, y + 12);
    let entries = [
        (LEFT, ITSELF, "", "reads it"),
        (LEFT + 160, ITSELF, "5 4", "under conditions"),
        (LEFT + 380, THROUGH, "", "through a role that it assumes"),
    ];
    for (x, colour, dash, meaning) in entries {
        let (end, at) = (x + 40, x + 48);
        let _ = writeln!(
            svg,
            "<path d=\"M{x} {line}H{end}\" stroke=\"{colour}\" stroke-dasharray=\"{dash}\"/>\
             <text x=\"{at}\" y=\"{text}\">{meaning}</text>"
        );
    }
}

fn node(x: usize, at: usize, label: &str, title: &str, fill: &str, svg: &mut String) {
    let (y, text) = (MARGIN + ROW * at, middle(at) + 4);
    let (label, title) = (escaped(label), escaped(title));
    let _ = writeln!(
        svg,
        "<g><title>{title}</title><rect x=\"{x}\" y=\"{y}\" width=\"{BOX_WIDTH}\" \
         height=\"{BOX_HEIGHT}\" rx=\"4\" fill=\"{fill}\" stroke=\"#68758a\"/><text x=\"{}\" \
         y=\"{text}\">{label}</text></g>",
        x + 8
    );
}

// What a line means is told below the picture.
const ITSELF: &str = "#68758a";
const THROUGH: &str = "#b0602a";
// In units of the picture.
const WIDTH: usize = 1_000;
const MARGIN: usize = 12;
const ROW: usize = 34;
const LEFT: usize = 8;
const RIGHT: usize = 632;
const BOX_WIDTH: usize = 360;
const BOX_HEIGHT: usize = 24;
// Characters that fit.
const LABEL_MAX: usize = 50;
// What a page still shows; the table below it has more.
const ROLES_MAX: usize = 60;
const SECRETS_MAX: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;

    fn role(conditions: &[&str]) -> RoleAccess {
        RoleAccess {
            role: "arn:aws:iam::1:role/<app>".to_owned(),
            instances: 2,
            secrets: vec![SecretAccess {
                secret: "arn:s".to_owned(),
                name: "db".to_owned(),
                through: Vec::new(),
                statements: Vec::new(),
                key: None,
                key_statements: Vec::new(),
                conditions: conditions.iter().map(|it| (*it).to_owned()).collect(),
            }],
        }
    }

    /// Of a line that is no legend's.
    const DASHED: &str = "fill=\"none\" stroke=\"#68758a\" stroke-dasharray=\"5 4\"";

    #[test]
    fn a_secret_through_another_role_has_a_line_of_its_own_colour() {
        let through = |svg: &str| svg.matches(&format!("stroke=\"{THROUGH}\"")).count();
        let mut chained = role(&[]);
        assert_eq!(
            through(&picture(&[chained.clone()]).unwrap()),
            1,
            "the legend alone"
        );
        let secret = chained.secrets.first_mut().unwrap();
        secret.through = vec!["arn:aws:iam::1:role/next".to_owned()];
        assert_eq!(through(&picture(&[chained]).unwrap()), 2);
    }

    #[test]
    fn a_line_is_dashed_where_a_condition_has_to_hold() {
        let plain = picture(&[role(&[])]).unwrap();
        assert!(plain.contains("2 instances") && !plain.contains(DASHED));
        assert!(plain.contains("&lt;app&gt;") && !plain.contains("<app>"));
        assert!(picture(&[role(&["x"])]).unwrap().contains(DASHED));
    }

    #[test]
    fn a_long_name_leaves_room_for_how_many_instances_have_it() {
        let mut long = role(&[]);
        long.role = format!("arn:aws:iam::1:role/{}", "long-".repeat(30));
        let svg = picture(&[long]).unwrap();
        assert!(svg.contains("… (2 instances)</text>"), "{svg}");
    }

    #[test]
    fn nothing_read_is_no_picture() {
        let mut none = role(&[]);
        none.secrets.clear();
        assert_eq!(picture(&[none]), None);
    }
}
