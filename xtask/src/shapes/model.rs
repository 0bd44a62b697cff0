//! A service model of botocore, opened: `data/SERVICE/VERSION/service-2.json.gz`.
//!
//! Knows the file's layout, not what the tables look like.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use flate2::read::GzDecoder;
use serde_json::{Map, Value};

/// An object of the model.
pub(super) type Object = Map<String, Value>;

/// The parts of a model that matter here.
pub(super) struct Model {
    /// Protocol, version, namespace.
    pub(super) metadata: Object,
    operations: Object,
    shapes: Object,
}

impl Model {
    /// Reads the newest version of a service's model.
    pub(super) fn read(botocore: &Path, service: &str) -> Result<Self> {
        let folder = botocore.join("data").join(service);
        let newest = std::fs::read_dir(&folder)
            .with_context(|| format!("no models at `{}`", folder.display()))?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.is_dir())
            .max()
            .with_context(|| format!("no version in `{}`", folder.display()))?;
        let path = newest.join("service-2.json.gz");
        let packed =
            std::fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let mut text = String::new();
        GzDecoder::new(packed.as_slice()).read_to_string(&mut text)?;
        Self::parse(&text).with_context(|| format!("cannot use `{}`", path.display()))
    }

    /// Takes a model apart.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut model: Object = serde_json::from_str(text)?;
        let mut part = |name: &str| match model.remove(name) {
            Some(Value::Object(part)) => Ok(part),
            _ => Err(anyhow::anyhow!("the model has no `{name}`")),
        };
        Ok(Self {
            metadata: part("metadata")?,
            operations: part("operations")?,
            shapes: part("shapes")?,
        })
    }

    pub(super) fn operation(&self, name: &str) -> Result<&Object> {
        object(&self.operations, name).with_context(|| format!("there is no operation `{name}`"))
    }

    pub(super) fn shape(&self, name: &str) -> Result<&Object> {
        object(&self.shapes, name).with_context(|| format!("there is no shape `{name}`"))
    }

    /// The shapes that these can hold, themselves included, by name; recursion ends where a shape
    /// was seen before.
    pub(super) fn reachable(&self, roots: &[String]) -> Result<BTreeMap<String, &Object>> {
        let mut found = BTreeMap::new();
        let mut waiting = roots.to_vec();
        while let Some(name) = waiting.pop() {
            if found.contains_key(&name) {
                continue;
            }
            let shape = self.shape(&name)?;
            waiting.extend(parts(shape)?);
            found.insert(name, shape);
        }
        Ok(found)
    }
}

/// The names of the shapes that a shape is made of.
fn parts(shape: &Object) -> Result<Vec<String>> {
    let members = object(shape, "members").into_iter().flat_map(Map::values);
    let single = ["member", "key", "value"]
        .iter()
        .filter_map(|part| shape.get(*part));
    members.chain(single).map(shape_of).collect()
}

/// What a reference, such as a member, an input or an error, refers to.
pub(super) fn shape_of(reference: &Value) -> Result<String> {
    reference
        .get("shape")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .with_context(|| format!("`{reference}` refers to no shape"))
}

/// A member that is an object.
pub(super) fn object<'m>(of: &'m Object, name: &str) -> Option<&'m Object> {
    of.get(name).and_then(Value::as_object)
}

/// A member that is text.
pub(super) fn text<'m>(of: &'m Object, name: &str) -> Option<&'m str> {
    of.get(name).and_then(Value::as_str)
}

/// Whether a member is `true`.
pub(super) fn flag(of: &Object, name: &str) -> bool {
    of.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// Refuses a model that says something which the tables have no room for: a wrong table is worse
/// than none.
pub(super) fn known(of: &Object, what: &str, keys: &[&str]) -> Result<()> {
    for key in of.keys() {
        ensure!(
            keys.contains(&key.as_str()) || IGNORED.contains(&key.as_str()),
            "{what} says `{key}`, which the tables cannot hold"
        );
    }
    Ok(())
}

// True of the model, of no matter to a codec.
const IGNORED: &[&str] = &[
    "box",
    "deprecated",
    "deprecatedMessage",
    "deprecatedSince",
    "documentation",
    "exception",
    "idempotencyToken",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn model(shapes: &str) -> Model {
        Model::parse(&format!(
            r#"{{"metadata": {{}}, "operations": {{}}, "shapes": {shapes}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn recursive_shapes_end() {
        let model = model(
            r#"{"Tree": {"type": "structure", "members": {"Leaves": {"shape": "Trees"}}},
                "Trees": {"type": "list", "member": {"shape": "Tree"}},
                "Other": {"type": "string"}}"#,
        );

        let found = model.reachable(&["Tree".to_owned()]).unwrap();

        assert_eq!(found.keys().collect::<Vec<_>>(), ["Tree", "Trees"]);
    }

    #[test]
    fn a_reference_to_nothing_is_refused() {
        let model = model(r#"{"List": {"type": "list", "member": {"shape": "Gone"}}}"#);

        assert!(model.reachable(&["List".to_owned()]).is_err());
    }

    #[test]
    fn a_fact_without_room_is_refused() {
        let shape: Object = serde_json::from_str(r#"{"type": "list", "flattened": true}"#).unwrap();

        assert!(known(&shape, "`List`", &["type"]).is_err());
        assert!(known(&shape, "`List`", &["type", "flattened"]).is_ok());
    }

    #[test]
    fn a_model_without_shapes_is_refused() {
        assert!(Model::parse(r#"{"metadata": {}, "operations": {}}"#).is_err());
        assert!(Model::parse("[]").is_err());
    }
}
