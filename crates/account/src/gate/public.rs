//! Whether a resource's policy is for everybody.

use policy::{Code, Kind};

/// Why a policy lets in more than those it names. One with `NotPrincipal` is held for such a
/// policy, whatever its effect.
pub(crate) fn public(text: &str) -> Option<String> {
    let findings = policy::lint(text, Kind::Resource);
    let public = |code| matches!(code, Code::WildcardPrincipal | Code::NotPrincipal);
    let found = findings.iter().find(|finding| public(finding.code))?;
    Some(format!(
        "This resource policy grants public access: {} at line {}, column {}",
        found.message, found.line, found.column
    ))
}
