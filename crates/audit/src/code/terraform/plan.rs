//! A plan as `terraform show -json` prints it: what the resources will be, with what only the run
//! would tell either left out, as nobody said it, or named by what it is taken from.
//!
//! Source: Terraform documentation, "JSON Output Format".

use crate::code::value::{Node, Value};
use crate::code::{File, Read, Resource, Spot, yaml};

/// Whether a file is a plan.
pub(super) fn is_plan(file: &File) -> bool {
    let has = |word: &str| memchr::memmem::find(&file.bytes, word.as_bytes()).is_some();
    file.path.rsplit('.').next() == Some("json")
        && has("\"format_version\"")
        && has("\"resource_changes\"")
}

/// The resources that a plan leaves behind.
pub(super) fn read_plan(file: &File, read: &mut Read) {
    let tree = match str::from_utf8(&file.bytes) {
        Ok(text) => yaml::parse(text),
        Err(_) => Err("not UTF-8".to_owned()),
    };
    let tree = match tree {
        Ok(tree) => tree,
        Err(why) => return read.miss(&file.path, &format!("no plan: {why}")),
    };
    read.files += 1;
    let changes = tree.get("resource_changes").map(Node::items);
    for change in changes.unwrap_or_default() {
        let text = |name: &str| change.get(name).and_then(Node::text);
        let (Some(sort), Some(name)) = (text("type"), text("name")) else {
            continue;
        };
        let Some(after) = change.at(&["change", "after"]) else {
            continue;
        };
        if text("mode") != Some("managed") || !matches!(after.value, Value::Object(_)) {
            continue;
        }
        let within = text("module_address").unwrap_or_default();
        let said = expressions(&tree, within, sort, name);
        let prefix = if within.is_empty() {
            String::new()
        } else {
            format!("{within}.")
        };
        let unknown = change.at(&["change", "after_unknown"]);
        read.resources.push(Resource {
            sort: sort.to_owned(),
            spot: Spot {
                address: text("address").unwrap_or(name).to_owned(),
                file: file.path.clone(),
                line: change.line,
            },
            body: merged(after, unknown, said, &prefix, change.line),
        });
    }
}

/// What the code said of a resource.
fn expressions<'a>(tree: &'a Node, within: &str, sort: &str, name: &str) -> Option<&'a Node> {
    let mut module = tree.at(&["configuration", "root_module"])?;
    let calls = within.split("module.").filter(|it| !it.is_empty());
    for call in calls {
        let call = call.trim_end_matches('.').split('[').next()?;
        module = module.get("module_calls")?.get(call)?.get("module")?;
    }
    let is = |it: &&Node, key: &str, wanted: &str| it.get(key).and_then(Node::text) == Some(wanted);
    let mut all = module.get("resources")?.items().iter();
    let found = all.find(|it| is(it, "type", sort) && is(it, "name", name));
    found?.get("expressions")
}

/// What will be, with what is not known yet.
fn merged(
    after: &Node,
    unknown: Option<&Node>,
    said: Option<&Node>,
    prefix: &str,
    line: usize,
) -> Node {
    let value = match (&after.value, unknown.map(|it| &it.value)) {
        (Value::Object(members), _) => {
            let known = members
                .iter()
                .filter(|(_, it)| !matches!(it.value, Value::Null));
            let mut all: Vec<(String, Node)> = known
                .map(|(name, node)| {
                    let of = |it: Option<&'_ Node>| it.and_then(|it| it.get(name)).cloned();
                    let (unknown, said) = (of(unknown), of(said));
                    let node = merged(node, unknown.as_ref(), said.as_ref(), prefix, line);
                    (name.clone(), node)
                })
                .collect();
            if let Some(Value::Object(open)) = unknown.map(|it| &it.value) {
                let open = open
                    .iter()
                    .filter(|(_, it)| matches!(it.value, Value::Bool(true)));
                // What nobody said is AWS's to say.
                let open = open.filter_map(|(name, _)| Some((name, said?.get(name)?)));
                let open = open.map(|(name, it)| (name.clone(), source(it, prefix, line)));
                all.extend(open);
            }
            Value::Object(all)
        }
        (Value::List(items), open) => {
            let at = |it: Option<&Value>, index: usize| match it {
                Some(Value::List(items)) => items.get(index).cloned(),
                _ => None,
            };
            let said = said.map(|it| &it.value);
            let items = items.iter().enumerate().map(|(index, item)| {
                let (unknown, said) = (at(open, index), at(said, index));
                merged(item, unknown.as_ref(), said.as_ref(), prefix, line)
            });
            Value::List(items.collect())
        }
        (other, _) => other.clone(),
    };
    Node::new(line, value)
}

/// What an expression takes its value from, where that is another resource.
fn source(said: &Node, prefix: &str, line: usize) -> Node {
    let references = said.get("references").map(Node::items).unwrap_or_default();
    let resource = references.iter().filter_map(Node::text).find_map(|it| {
        let mut parts = it.split('.');
        let (sort, name) = (parts.next()?, parts.next()?);
        let name = name.split('[').next()?;
        sort.starts_with("aws_")
            .then(|| format!("{prefix}{sort}.{name}"))
    });
    Node::new(line, resource.map_or(Value::Unknown, Value::Reference))
}
