//! Which operations differ between two generations of a table.
//!
//! Works on the text alone, so a table that no longer compiles can still be compared.

use std::collections::{BTreeMap, BTreeSet};

/// One line for each operation that is new, gone, or changed in any shape it reaches.
pub(super) fn operations(held: &str, wanted: &str) -> Vec<String> {
    let (held, wanted) = (closures(held), closures(wanted));
    let names: BTreeSet<&str> = held.keys().chain(wanted.keys()).copied().collect();
    names
        .into_iter()
        .filter_map(|name| match (held.get(name), wanted.get(name)) {
            (None, _) => Some(format!("{name}: new")),
            (_, None) => Some(format!("{name}: gone")),
            (Some(held), Some(wanted)) if held != wanted => Some(format!("{name}: changed")),
            _ => None,
        })
        .collect()
}

/// The texts of an operation: its own row and every static that it reaches.
fn closures(table: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let statics = statics(table);
    let service = statics.get("SERVICE").copied().unwrap_or_default();
    service
        .split("operation(\"")
        .skip(1)
        .filter_map(|row| row.split_once('"'))
        .map(|(name, row)| (name, reached(row, &statics)))
        .collect()
}

fn reached<'t>(row: &'t str, statics: &BTreeMap<&str, &'t str>) -> BTreeSet<&'t str> {
    // The last row ends with the array that holds it, so only what it refers to counts.
    let row = row.split_once("\n    ],").map_or(row, |(row, _)| row);
    let mut texts = BTreeSet::from([row.trim()]);
    let mut waiting: Vec<&str> = references(row).collect();
    while let Some(name) = waiting.pop() {
        if let Some(text) = statics.get(name)
            && texts.insert(text)
        {
            waiting.extend(references(text));
        }
    }
    texts
}

/// The statics of a table by name.
fn statics(table: &str) -> BTreeMap<&str, &str> {
    table
        .split("\n\n")
        .filter_map(|item| {
            let (_, rest) = item.split_once("static ")?;
            let (name, _) = rest.split_once(':')?;
            Some((name, item))
        })
        .collect()
}

fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split('&').skip(1).filter_map(|rest| {
        rest.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
            .next()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "\
pub(super) static SERVICE: Service = Service {
    operations: &[
        operation(\"Get\").takes(&A),
        operation(\"Put\").takes(&C),
    ],
};

static A: Shape = list(\"A\", &B, None, None, None);

static B: Shape = list(\"B\", &A, None, None, None);

static C: Shape = boolean(\"C\");
";

    fn check(from: &str, to: &str, expect: &[&str]) {
        assert_eq!(operations(OLD, &OLD.replace(from, to)), expect);
    }

    #[test]
    fn the_same_table_has_no_difference() {
        check("", "", &[]);
    }

    #[test]
    fn a_shape_that_is_reached_changes_the_operation() {
        check("\"B\", &A, None", "\"B\", &A, Some(1)", &["Get: changed"]);
        check("boolean(\"C\")", "float(\"C\")", &["Put: changed"]);
    }

    #[test]
    fn operations_come_and_go() {
        check("\"Put\"", "\"Push\"", &["Push: new", "Put: gone"]);
    }
}
