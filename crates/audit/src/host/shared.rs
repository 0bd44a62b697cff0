//! The SDKs' shared files (`~/.aws/credentials`, `~/.aws/config`): which profile a line is of, and
//! how a profile gets its credentials. Reads no value of a secret.
//!
//! Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files".

/// The profile that a line (from 1) is of. Files before their first section have none.
pub(super) fn profile_at(text: &str, line: usize) -> Option<String> {
    let before = text.lines().take(line);
    before.filter_map(section).last()
}

/// Profiles that take their credentials from the instance.
pub(super) fn from_the_instance(text: &str) -> Vec<String> {
    let mut profile = None;
    let mut found = Vec::new();
    for line in text.lines() {
        if let Some(name) = section(line) {
            profile = Some(name);
        } else if let Some((name, value)) = line.split_once('=')
            && name.trim() == "credential_source"
            && value.trim().eq_ignore_ascii_case("Ec2InstanceMetadata")
        {
            found.extend(profile.clone());
        }
    }
    found
}

/// The profiles of a file, each with its `source_profile`. Sections of other sorts are none.
pub(super) fn profiles(text: &str) -> Vec<(String, Option<String>)> {
    let mut found: Vec<(String, Option<String>)> = Vec::new();
    for line in text.lines() {
        if let Some(name) = section(line) {
            found.push((name, None));
        } else if let Some((name, value)) = line.split_once('=')
            && name.trim() == "source_profile"
            && let Some((_, source)) = found.last_mut()
        {
            *source = Some(value.trim().to_owned());
        }
    }
    found.truncate(PROFILES_MAX);
    found
}

fn section(line: &str) -> Option<String> {
    let inside = line.trim().strip_prefix('[')?;
    let (name, _) = inside.split_once(']')?;
    let name = name.trim();
    let name = name.strip_prefix("profile ").unwrap_or(name);
    Some(name.trim().to_owned())
}

const PROFILES_MAX: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "x = 1\n[default]\na = b\n\n[profile build]\n  \
                        credential_source = Ec2InstanceMetadata\n[ ops ] # c\ny = 2\n";

    #[test]
    fn a_line_is_of_the_section_before_it() {
        let of = |line| profile_at(TEXT, line);

        assert_eq!(of(1), None);
        assert_eq!(of(3).as_deref(), Some("default"));
        assert_eq!(of(6).as_deref(), Some("build"));
        assert_eq!(of(8).as_deref(), Some("ops"));
        assert_eq!(of(99).as_deref(), Some("ops"));
    }

    #[test]
    fn a_profile_may_take_the_instances_role() {
        assert_eq!(from_the_instance(TEXT), ["build"]);
        assert!(from_the_instance("credential_source = Environment").is_empty());
    }
}
