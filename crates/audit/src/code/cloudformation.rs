//! CloudFormation: templates in YAML and JSON, with the functions that are literal and parameters
//! with their defaults. Makes no stack.
//!
//! Source: AWS CloudFormation User Guide, "Template anatomy", "Intrinsic function reference".

use super::value::{Node, Value};
use super::{File, Read, Resource, Spot, yaml};

/// Reads all templates among the files.
pub(super) fn read(files: &[File], read: &mut Read) {
    for file in files {
        let ending = file.path.rsplit('.').next().unwrap_or_default();
        if !ENDINGS.contains(&ending) || !may_be_template(&file.bytes) {
            continue;
        }
        let tree = match str::from_utf8(&file.bytes) {
            Ok(text) if text.len() <= TEXT_BYTES_MAX => yaml::parse(text),
            Ok(_) => Err(format!("more than {TEXT_BYTES_MAX} bytes are not read")),
            Err(_) => Err("not UTF-8".to_owned()),
        };
        match tree {
            Ok(tree) => template(&file.path, &tree, read),
            Err(why) => read.miss(&file.path, &format!("not YAML or JSON: {why}")),
        }
    }
}

fn may_be_template(bytes: &[u8]) -> bool {
    let has = |word: &str| memchr::memmem::find(bytes, word.as_bytes()).is_some();
    has("AWSTemplateFormatVersion") || has("Resources") && has("AWS::")
}

fn template(file: &str, tree: &Node, read: &mut Read) {
    let Some(Node {
        value: Value::Object(resources),
        ..
    }) = tree.get("Resources")
    else {
        return;
    };
    read.files += 1;
    let scope = Scope {
        parameters: tree.get("Parameters"),
        mappings: tree.get("Mappings"),
        conditions: tree.get("Conditions"),
    };
    let lines: Vec<usize> = resources.iter().map(|(_, node)| node.line).collect();
    for (index, (name, resource)) in resources.iter().enumerate() {
        let sort = resource.get("Type").map(|it| scope.literal(it, 0));
        let Some(Node {
            value: Value::Text(sort),
            ..
        }) = sort
        else {
            continue;
        };
        let empty = || Node::new(resource.line, Value::Object(Vec::new()));
        let body = resource
            .get("Properties")
            .map_or_else(empty, |it| scope.literal(it, 0));
        if matches!(body.value, Value::Unknown) {
            let place = format!("{file}:{}", resource.line);
            read.miss(
                &place,
                &format!("the properties of `{name}` are not literal"),
            );
            continue;
        }
        let last = lines.get(index + 1).map_or(usize::MAX, |next| next - 1);
        let block = (
            file.to_owned(),
            resource.line,
            last,
            format!("{sort} {name}"),
        );
        read.blocks.push(block);
        read.resources.push(Resource {
            sort,
            spot: Spot {
                address: name.clone(),
                file: file.to_owned(),
                line: resource.line,
            },
            body,
        });
    }
}

struct Scope<'a> {
    parameters: Option<&'a Node>,
    mappings: Option<&'a Node>,
    conditions: Option<&'a Node>,
}

impl Scope<'_> {
    /// A tree in which functions stand for what they give, as far as that is literal.
    fn literal(&self, node: &Node, depth: usize) -> Node {
        let value = match &node.value {
            _ if depth > DEPTH_MAX => Value::Unknown,
            Value::List(items) => {
                let items = items.iter().map(|item| self.literal(item, depth + 1));
                Value::List(items.filter(|it| !is_no_value(it)).collect())
            }
            Value::Object(members) => match members.as_slice() {
                [(name, argument)] if name == "Ref" || name.starts_with("Fn::") => {
                    self.function(name, argument, depth)
                }
                _ => {
                    let members = members.iter();
                    let members =
                        members.map(|(key, it)| (key.clone(), self.literal(it, depth + 1)));
                    Value::Object(members.filter(|(_, it)| !is_no_value(it)).collect())
                }
            },
            other => other.clone(),
        };
        Node::new(node.line, value)
    }

    fn function(&self, name: &str, argument: &Node, depth: usize) -> Value {
        // What is no value to a list is one of two to a choice.
        let choices = match (name, &argument.value) {
            ("Fn::If", Value::List(items)) => {
                let items = items.iter().map(|item| self.literal(item, depth + 1));
                Some(Node::new(argument.line, Value::List(items.collect())))
            }
            _ => None,
        };
        let argument = choices.unwrap_or_else(|| self.literal(argument, depth + 1));
        match (name, &argument.value) {
            ("Ref", Value::Text(name)) => self.reference(name),
            ("Fn::GetAtt", Value::Text(path)) => {
                let name = path.split('.').next().unwrap_or_default();
                Value::Reference(name.to_owned())
            }
            ("Fn::GetAtt", Value::List(path)) => match path.first().map(|it| &it.value) {
                Some(Value::Text(name)) => Value::Reference(name.clone()),
                _ => Value::Unknown,
            },
            // What is encoded is what counts.
            ("Fn::Base64", inner) => inner.clone(),
            ("Fn::Sub", Value::Text(text)) => self.filled(text, None),
            ("Fn::Sub", Value::List(parts)) => match parts.as_slice() {
                [text, names] => match &text.value {
                    Value::Text(text) => self.filled(text, Some(names)),
                    _ => Value::Unknown,
                },
                _ => Value::Unknown,
            },
            ("Fn::Join", Value::List(parts)) => joined(parts),
            ("Fn::FindInMap", Value::List(path)) => self.mapped(path),
            ("Fn::Select", Value::List(parts)) => selected(parts),
            ("Fn::Split", Value::List(parts)) => split(parts),
            ("Fn::If", Value::List(parts)) => self.chosen(parts, depth),
            _ => Value::Unknown,
        }
    }

    /// A parameter's default, or another resource.
    fn reference(&self, name: &str) -> Value {
        if name.starts_with("AWS::") {
            return match name {
                NO_VALUE => Value::Reference(NO_VALUE.to_owned()),
                _ => Value::Unknown,
            };
        }
        let parameter = self.parameters.and_then(|it| it.get(name));
        match parameter {
            Some(parameter) => {
                let default = parameter.get("Default");
                default.map_or(Value::Unknown, |it| it.value.clone())
            }
            None => Value::Reference(name.to_owned()),
        }
    }

    /// What a mapping of the template holds.
    fn mapped(&self, path: &[Node]) -> Value {
        let name = |it: &Node| match &it.value {
            Value::Text(name) => Some(name.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let names = path
            .iter()
            .take(3)
            .map(name)
            .collect::<Option<Vec<String>>>();
        let found = names.filter(|it| it.len() == 3).and_then(|names| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            self.mappings?.at(&names)
        });
        found.map_or(Value::Unknown, |it| it.value.clone())
    }

    /// One of two, or what both have in common where the condition is not literal.
    fn chosen(&self, parts: &[Node], depth: usize) -> Value {
        let [condition, yes, no] = parts else {
            return Value::Unknown;
        };
        let holds = match &condition.value {
            Value::Text(name) => self.holds(name, depth),
            _ => None,
        };
        match holds {
            Some(true) => yes.value.clone(),
            Some(false) => no.value.clone(),
            None => common(yes, no, depth),
        }
    }

    /// Whether a condition holds, where that is literal. Parameters are no literals here: a
    /// condition is there to be decided by them.
    fn holds(&self, name: &str, depth: usize) -> Option<bool> {
        let condition = self.conditions?.get(name)?;
        self.is_true(condition, depth + 1)
    }

    fn is_true(&self, node: &Node, depth: usize) -> Option<bool> {
        let Value::Object(members) = &node.value else {
            return None;
        };
        let [(name, argument)] = members.as_slice() else {
            return None;
        };
        let all = || {
            argument
                .items()
                .iter()
                .map(|it| self.is_true(it, depth + 1))
        };
        match name.as_str() {
            _ if depth > DEPTH_MAX => None,
            "Condition" => match &argument.value {
                Value::Text(name) => self.holds(name, depth + 1),
                _ => None,
            },
            "Fn::Not" => Some(!self.is_true(argument.items().first()?, depth + 1)?),
            "Fn::And" if all().any(|it| it == Some(false)) => Some(false),
            "Fn::And" => all().collect::<Option<Vec<bool>>>().map(|_| true),
            "Fn::Or" if all().any(|it| it == Some(true)) => Some(true),
            "Fn::Or" => all().collect::<Option<Vec<bool>>>().map(|_| false),
            "Fn::Equals" => match argument.items() {
                [one, other] => match (&one.value, &other.value) {
                    (Value::Text(one), Value::Text(other)) => Some(one == other),
                    (Value::Number(_) | Value::Bool(_), Value::Number(_) | Value::Bool(_)) => {
                        Some(one.json() == other.json())
                    }
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// `${Name}` in a text, of these names first.
    fn filled(&self, text: &str, names: Option<&Node>) -> Value {
        let mut made = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            made.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                rest = after;
                break;
            };
            let own = names.and_then(|it| it.get(name)).map(|it| it.value.clone());
            let name = name.split('.').next().unwrap_or_default();
            match own.unwrap_or_else(|| self.reference(name)) {
                Value::Text(text) => made.push_str(&text),
                // `"${x}"` is x itself.
                Value::Reference(address) if made.is_empty() && after.is_empty() => {
                    return Value::Reference(address);
                }
                other => made.push_str(other.hole()),
            }
            rest = after;
        }
        made.push_str(rest);
        Value::Text(made)
    }
}

/// What two values have in common; members that only one has are not known.
fn common(one: &Node, other: &Node, depth: usize) -> Value {
    match (&one.value, &other.value) {
        _ if depth > DEPTH_MAX => Value::Unknown,
        (Value::Object(left), Value::Object(right)) => {
            let merged = left.iter().map(|(name, node)| {
                let value = match other.get(name) {
                    Some(twin) => common(node, twin, depth + 1),
                    None => Value::Unknown,
                };
                (name.clone(), Node::new(node.line, value))
            });
            let mut merged: Vec<(String, Node)> = merged.collect();
            let missing = right.iter().filter(|(name, _)| one.get(name).is_none());
            merged.extend(
                missing.map(|(name, node)| (name.clone(), Node::new(node.line, Value::Unknown))),
            );
            Value::Object(merged)
        }
        (Value::Reference(left), Value::Reference(right)) if left == right => {
            Value::Reference(left.clone())
        }
        (Value::Reference(_) | Value::Unknown, _) | (_, Value::Reference(_) | Value::Unknown) => {
            Value::Unknown
        }
        _ if one.json() == other.json() => one.value.clone(),
        _ => Value::Unknown,
    }
}

fn selected(parts: &[Node]) -> Value {
    let [index, from] = parts else {
        return Value::Unknown;
    };
    let index = index.number().and_then(|it| usize::try_from(it).ok());
    let found = index.and_then(|index| match &from.value {
        Value::List(items) => items.get(index),
        _ => None,
    });
    found.map_or(Value::Unknown, |it| it.value.clone())
}

fn split(parts: &[Node]) -> Value {
    let [between, text] = parts else {
        return Value::Unknown;
    };
    match (&between.value, &text.value) {
        (Value::Text(between), Value::Text(text)) if !between.is_empty() => {
            let parts = text.split(between.as_str());
            let part = |it: &str| Node::new(1, Value::Text(it.to_owned()));
            Value::List(parts.map(part).collect())
        }
        _ => Value::Unknown,
    }
}

fn joined(parts: &[Node]) -> Value {
    let [between, parts] = parts else {
        return Value::Unknown;
    };
    let Value::Text(between) = &between.value else {
        return Value::Unknown;
    };
    let texts = parts.items().iter().map(|part| match &part.value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => other.hole().to_owned(),
    });
    Value::Text(texts.collect::<Vec<_>>().join(between))
}

fn is_no_value(node: &Node) -> bool {
    matches!(&node.value, Value::Reference(name) if name == NO_VALUE)
}

const NO_VALUE: &str = "AWS::NoValue";
const ENDINGS: [&str; 5] = ["yaml", "yml", "json", "template", "cfn"];
// CloudFormation takes 1 MB.
const TEXT_BYTES_MAX: usize = 4 << 20;
const DEPTH_MAX: usize = 64;
