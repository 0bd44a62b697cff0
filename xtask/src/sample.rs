//! The agent's sample configuration, and what the package makes of it: a file to start from and a
//! man page.
//!
//! Knows the sample's shape (keys in blocks, a comment before or behind each) and not what the keys
//! mean. The agent's own tests hold the sample to what the agent reads.

/// A file that asks for one secret and serves it on one Unix socket. All else of the sample stands
/// in it too, switched off by a `#` in the first column.
pub(crate) fn configuration(sample: &str) -> String {
    let mut text = CONFIGURATION_HEAD.to_owned();
    let body = sample.split_once("\n\n").map_or(sample, |(_, body)| body);
    // Of several keys with users' names the first.
    let mut pending = ACTIVE.to_vec();
    for line in Lines::of(body) {
        let is_option = !line.text.trim().is_empty() && !line.text.trim().starts_with('#');
        let active = pending.iter().position(|path| *path == line.path);
        match active {
            Some(place) => {
                pending.remove(place);
            }
            None if is_option => text.push('#'),
            None => {}
        }
        text.push_str(line.text);
        text.push('\n');
    }
    text
}

/// `rolecall-agent.yaml(5)`, as roff: each key with its comment, and the sample as a whole.
pub(crate) fn man_page(sample: &str, version: &str) -> String {
    let mut page = format!(
        ".TH rolecall\\-agent.yaml 5 \"\" \"rolecall {version}\" Rolecall\n{MAN_PAGE_HEAD}"
    );
    for option in options(sample) {
        page.push_str(".TP\n\\fB");
        page.push_str(&roff(&option.path));
        page.push_str("\\fR");
        if !option.value.is_empty() {
            page.push_str(": \\fI");
            page.push_str(&roff(&option.value));
            page.push_str("\\fR");
        }
        page.push('\n');
        let comment = match option.comment.trim() {
            "" => "As shown.",
            comment => comment,
        };
        page.push_str(&roff_line(comment));
    }
    page.push_str(".SH EXAMPLE\n.nf\n");
    for line in sample.lines() {
        page.push_str(&roff_line(line));
    }
    page.push_str(".fi\n");
    page.push_str(MAN_PAGE_TAIL);
    page
}

/// A key of the sample.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Key {
    /// From the top, with dots; `[]` for members of a list, `NAME` for what users name.
    path: String,
    /// Empty for one that holds others.
    value: String,
    /// What stands before it and behind it, in one line.
    comment: String,
}

/// The keys in the order of the sample, each once.
fn options(sample: &str) -> Vec<Key> {
    let mut found: Vec<Key> = Vec::new();
    let mut comment = String::new();
    for line in Lines::of(sample) {
        let text = line.text.trim();
        if text.is_empty() {
            comment.clear();
            continue;
        }
        if let Some(said) = text.strip_prefix('#') {
            join(&mut comment, said.trim());
            continue;
        }
        let (option, behind) = text.split_once(" #").unwrap_or((text, ""));
        join(&mut comment, behind.trim());
        let value = option.split_once(": ").map_or("", |(_, value)| value);
        let key = Key {
            path: line.path,
            value: value.trim().to_owned(),
            comment: std::mem::take(&mut comment),
        };
        if !key.path.is_empty() && found.iter().all(|other| other.path != key.path) {
            found.push(key);
        }
    }
    found
}

fn join(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push(' ');
    }
    text.push_str(more);
}

/// A line, and the path of the key that it has.
#[derive(Debug)]
struct Line<'a> {
    text: &'a str,
    /// Empty where it has none.
    path: String,
}

/// The sample line by line, with the keys that each stands below.
#[derive(Debug)]
struct Lines<'a> {
    lines: std::str::Lines<'a>,
    /// Where each open key begins, and its name.
    above: Vec<(usize, String)>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            lines: text.lines(),
            above: Vec::new(),
        }
    }

    fn path(&mut self, text: &str) -> String {
        let option = text.trim_start();
        let mut column = text.len() - option.len();
        if option.is_empty() || option.starts_with('#') {
            return String::new();
        }
        self.above.retain(|(open, _)| *open < column);
        let member = option.strip_prefix("- ");
        if member.is_some() {
            self.above.push((column, "[]".to_owned()));
            column += 2;
        }
        let option = member.unwrap_or(option);
        let name = option
            .split_once(": ")
            .map(|(name, _)| name)
            .or_else(|| option.split(" #").next()?.trim().strip_suffix(':'));
        let Some(name) = name.filter(|name| !name.contains([' ', '{', '\'', '"'])) else {
            return String::new();
        };
        let holder = self.above.last().map(|(_, name)| name.as_str());
        let name = match holder {
            Some(holder) if NAMED_BY_USERS.contains(&holder) => "NAME",
            _ => name,
        };
        self.above.push((column, name.to_owned()));
        let names = self.above.iter().map(|(_, name)| name.as_str());
        names.collect::<Vec<_>>().join(".").replace(".[]", "[]")
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.lines.next()?;
        Some(Line {
            text,
            path: self.path(text),
        })
    }
}

fn roff(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    text.replace('\'', "\\(aq").replace('`', "\\(ga")
}

/// A line of text. One that begins like a request is not taken for one.
fn roff_line(text: &str) -> String {
    let guard = if text.starts_with('.') { "\\&" } else { "" };
    format!("{guard}{}\n", roff(text))
}

// The keys that are on in the file to start from.
const ACTIVE: &[&str] = &[
    "service",
    "service.aws-http",
    "service.aws-http.socket-path",
    "secret-manager",
    "secret-manager.aws",
    "secret-manager.aws.region",
];
const NAMED_BY_USERS: &[&str] = &["resources", "roles", "tokens"];

const CONFIGURATION_HEAD: &str = "\
# What the agent of this host serves, and from where: rolecall-agent.yaml(5).
# Options with `#` in the first column are off, and show their default or an example.
#
#   rolecall agent --check                   says what is wrong with this file
#   systemctl enable --now rolecall-agent    has the agent run, now and after each boot
#   systemctl reload rolecall-agent          has it read this file again

";

const MAN_PAGE_HEAD: &str = "\
.SH NAME
rolecall\\-agent.yaml \\- configuration of the agent that hands secrets to local processes
.SH SYNOPSIS
/etc/rolecall/agent.yaml
.SH DESCRIPTION
A YAML file. Its keys are those of an Aerospike Secret Agent\\(aqs file, which runs unchanged, and
Rolecall\\(aqs own. A key that is unknown is an error, as is a value that is out of its bounds:
.B rolecall agent \\-\\-check
tells all of them with file, line and column.
.PP
The agent reads it at its start and on SIGHUP. One that is wrong then leaves the old one in force.
.SH OPTIONS
Each with the value of the example below. NAME stands for whatever you choose, [] for each member of
a list.
";

const MAN_PAGE_TAIL: &str = "\
.SH FILES
.TP
/etc/rolecall/agent.yaml
Unless another is named with \\-\\-config. It may hold keys: let only the agent read it.
.SH SEE ALSO
.BR rolecall\\-agent (1),
.BR rolecall\\-get (1),
.BR systemd.exec (5)
";

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("../../crates/agent/sample/agent.yaml");

    fn paths(sample: &str) -> Vec<String> {
        options(sample).into_iter().map(|key| key.path).collect()
    }

    #[test]
    fn keys_have_their_paths_and_comments() {
        let sample = "# Head.\n\n# Of a.\na:\n  b: 1   # behind\n  list:\n    - n: x\n      \
                      who: {t: d}\n    - n: y\nresources:\n  Mine: s\n  Other:\n    secret: t\n";
        let names = [
            "a",
            "a.b",
            "a.list",
            "a.list[].n",
            "a.list[].who",
            "resources",
            "resources.NAME",
            "resources.NAME.secret",
        ];
        assert_eq!(paths(sample), names);
        let expect = Key {
            path: "a.b".to_owned(),
            value: "1".to_owned(),
            comment: "behind".to_owned(),
        };
        assert_eq!(options(sample).get(1), Some(&expect));
    }

    #[test]
    fn the_man_page_has_every_key_of_the_sample() {
        let page = man_page(SAMPLE, "1");
        let (page, _) = page.split_once(".SH EXAMPLE").unwrap();
        // Read in another way than the page was made.
        let mut count = 0;
        for line in SAMPLE.lines() {
            let option = line.trim_start().trim_start_matches("- ");
            let (name, _) = option.split_once(':').unwrap_or_default();
            let is_name = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
            if name.is_empty() || !name.bytes().all(is_name) || name == "arn" {
                continue;
            }
            count += 1;
            let name = roff(name);
            let is_named = page.contains(&format!(".{name}\\fR")) || page.contains(&name);
            let users_own = ["reader", "deploy"].contains(&name.as_str());
            assert!(is_named || users_own, "no `{name}` in the page");
        }
        assert!(count > 70, "{count} keys");
        assert!(page.contains("\\fBaccess.rules[].who.uid\\fR: \\fI[0, 33]\\fR\n"));
        assert!(page.contains(
            ".TP\n\\fBcache.ttl\\fR: \\fI300\\fR\nseconds, 0 to 3600, default 300; 0 asks"
        ));
    }

    #[test]
    fn the_file_to_start_from_has_little_on_and_all_in_it() {
        let file = configuration(SAMPLE);
        let on: Vec<&str> = file
            .lines()
            .filter(|line| !line.is_empty() && !line.trim_start().starts_with('#'))
            .map(|line| line.split(['#']).next().unwrap_or_default().trim_end())
            .collect();
        assert_eq!(
            on,
            [
                "service:",
                "  aws-http:",
                "    socket-path: /run/rolecall/agent.sock",
                "secret-manager:",
                "  aws:",
                "    region: us-east-1",
            ]
        );
        // With the switches taken away it is the sample.
        let all = SAMPLE.split_once("\n\n").unwrap().1;
        let switched: Vec<&str> = file
            .lines()
            .skip(CONFIGURATION_HEAD.lines().count())
            .map(|line| match line.strip_prefix('#') {
                Some(off) if off.starts_with(' ') && !off.starts_with("  ") => line,
                Some(off) => off,
                None => line,
            })
            .collect();
        assert_eq!(switched, all.lines().collect::<Vec<_>>());
    }

    #[test]
    fn nothing_of_the_sample_is_a_request_of_roff() {
        for line in man_page(SAMPLE, "1").lines() {
            let request = line.strip_prefix(['.', '\'']);
            let known = ["TH ", "SH ", "TP", "PP", "B ", "BR ", "nf", "fi"];
            let is_known = |request: &str| known.iter().any(|it| request.starts_with(it));
            assert!(request.is_none_or(is_known), "{line}");
        }
    }
}
