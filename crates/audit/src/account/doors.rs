//! Which policies of resources may let somebody of another account in, so that not each has to be
//! asked of everybody. Decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What has policies that let others in, by whom they name.
#[derive(Debug)]
pub(super) struct Doors<T> {
    /// By account.
    named: BTreeMap<String, Vec<T>>,
    /// Those that name everybody, under conditions or none, or say whom they do not mean.
    anybody: Vec<T>,
}

impl<T> Default for Doors<T> {
    fn default() -> Doors<T> {
        Doors {
            named: BTreeMap::new(),
            anybody: Vec::new(),
        }
    }
}

impl<T: Copy> Doors<T> {
    /// Adds what has this policy. One that is not understood lets nobody in.
    pub(super) fn add(&mut self, policy: &str, what: T) {
        let policy: Value = serde_json::from_str(policy).unwrap_or_default();
        let mut accounts = BTreeSet::new();
        let statements = policy.get("Statement").map(each).unwrap_or_default();
        let allow = statements.iter().filter(|it| it["Effect"] == "Allow");
        for statement in allow {
            let Some(principal) = statement.get("Principal") else {
                self.anybody.push(what);
                return;
            };
            let arns = principal.get("AWS").unwrap_or(principal);
            for name in each(arns).iter().filter_map(Value::as_str) {
                if name == "*" {
                    self.anybody.push(what);
                    return;
                }
                let account = name.split(':').nth(4).unwrap_or(name);
                accounts.insert(account.to_owned());
            }
        }
        for account in accounts {
            self.named.entry(account).or_default().push(what);
        }
    }

    /// What may let somebody of this account in.
    pub(super) fn open_to(&self, account: &str) -> impl Iterator<Item = &T> {
        self.named
            .get(account)
            .into_iter()
            .flatten()
            .chain(&self.anybody)
    }
}

fn each(value: &Value) -> &[Value] {
    match value {
        Value::Array(list) => list,
        one => std::slice::from_ref(one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(statement: &str, account: &str) -> usize {
        let mut doors = Doors::default();
        doors.add(&format!(r#"{{"Statement":{statement}}}"#), 7);
        doors.open_to(account).count()
    }

    #[test]
    fn whom_a_policy_names_it_may_let_in() {
        let allow = |principal: &str| format!(r#"{{"Effect":"Allow","Principal":{principal}}}"#);
        for (principal, count) in [
            (r#"{"AWS":"111111111111"}"#, 1),
            (
                r#"{"AWS":["arn:aws:iam::111111111111:role/a","222222222222"]}"#,
                1,
            ),
            (r#"{"AWS":"arn:aws:sts::111111111111:assumed-role/a/b"}"#, 1),
            (r#""*""#, 1),
            (r#"{"AWS":"*"}"#, 1),
            (r#"{"AWS":"222222222222"}"#, 0),
            (r#"{"Service":"ec2.amazonaws.com"}"#, 0),
        ] {
            assert_eq!(
                open(&allow(principal), "111111111111"),
                count,
                "{principal}"
            );
        }
        let list = format!("[{}]", allow(r#"{"AWS":"111111111111"}"#));
        assert_eq!(open(&list, "111111111111"), 1);
        let but = r#"{"Effect":"Allow","NotPrincipal":{"AWS":"222222222222"}}"#;
        assert_eq!(open(but, "111111111111"), 1);
    }

    #[test]
    fn what_denies_and_what_is_no_policy_lets_nobody_in() {
        let deny = r#"{"Effect":"Deny","Principal":"*"}"#;
        assert_eq!(open(deny, "111111111111"), 0);
        let mut doors = Doors::default();
        for text in ["", "[]", "{", r#"{"Statement":3}"#] {
            doors.add(text, 7);
        }
        assert_eq!(doors.open_to("111111111111").count(), 0);
    }
}
