//! What scripts in code do with the metadata service: lines that cannot work, and lines that leave
//! a role's credentials in a file. Knows a line by its words, and runs nothing.

use super::{File, ScriptFlaw, Spot};

/// The flaws of a file, each with its line; `block_at` names the block of a line.
pub(super) fn flaws(
    file: &File,
    block_at: impl Fn(usize) -> Option<String>,
) -> Vec<(ScriptFlaw, Spot)> {
    let ending = file.path.rsplit('.').next().unwrap_or_default();
    let speaks = NEEDLES
        .iter()
        .any(|it| memchr::memmem::find(&file.bytes, it.as_bytes()).is_some());
    if !ENDINGS.contains(&ending) || !speaks {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(&file.bytes);
    let mut found = Vec::new();
    for (line, said) in (1..).zip(text.lines()) {
        let said = said.trim();
        let is_comment = COMMENTS.iter().any(|it| said.starts_with(it));
        if let Some(flaw) = flaw(said).filter(|_| !is_comment) {
            let address = block_at(line).unwrap_or_else(|| "the file".to_owned());
            let file = file.path.clone();
            found.push((
                flaw,
                Spot {
                    address,
                    file,
                    line,
                },
            ));
        }
        if found.len() >= FLAWS_MAX {
            break;
        }
    }
    found
}

fn flaw(line: &str) -> Option<ScriptFlaw> {
    let is_misspelt = line.contains("169.254.269.254")
        || line.contains("169.254.169.254") && line.contains("/latest/metadata");
    if is_misspelt {
        return Some(ScriptFlaw::NoSuchAddress);
    }
    let (_, asked) = line.split_once("meta-data/iam/security-credentials")?;
    let is_kept = |it: &str| {
        // `2>&1` and `>/dev/null` keep nothing.
        let target = it.split('>').next_back().unwrap_or_default().trim();
        it.contains('>') && !target.starts_with(['&', '"']) && !target.starts_with("/dev/")
    };
    let words = || line.split_whitespace();
    let options = ["-o", "-O", "--output", "--output-document"];
    let names_file = words().zip(words().skip(1)).any(|(option, file)| {
        options.contains(&option) && !file.starts_with("/dev/") && file != "-"
    });
    (is_kept(asked) || names_file).then_some(ScriptFlaw::CredentialsToFile)
}

const NEEDLES: [&str; 2] = ["169.254.269.254", "169.254.169.254"];
const ENDINGS: [&str; 12] = [
    "tf", "json", "yaml", "yml", "template", "cfn", "sh", "bash", "tpl", "tftpl", "cfg", "py",
];
const COMMENTS: [&str; 3] = ["#", "//", "/*"];
const FLAWS_MAX: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_known_by_its_words() {
        let at = "http://169.254.169.254/latest/meta-data/iam/security-credentials/app";
        for (line, expected) in [
            (
                "curl http://169.254.269.254/latest/meta-data/".to_owned(),
                Some(ScriptFlaw::NoSuchAddress),
            ),
            (
                "curl 169.254.169.254/latest/metadata/iam".to_owned(),
                Some(ScriptFlaw::NoSuchAddress),
            ),
            (
                format!("curl {at} > iam.json"),
                Some(ScriptFlaw::CredentialsToFile),
            ),
            (
                format!("curl -o /tmp/iam.json {at}"),
                Some(ScriptFlaw::CredentialsToFile),
            ),
            (
                format!("wget -O creds {at}"),
                Some(ScriptFlaw::CredentialsToFile),
            ),
            (format!("curl {at}"), None),
            (format!("curl {at} 2>/dev/null"), None),
            (format!("curl -o /dev/null {at}"), None),
            (
                "curl http://169.254.169.254/latest/meta-data/instance-id > id".to_owned(),
                None,
            ),
        ] {
            assert_eq!(flaw(&line), expected, "{line}");
        }
    }
}
