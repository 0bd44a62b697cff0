//! CloudFormation: templates in YAML and JSON, with the functions that are literal and parameters
//! with their defaults. Makes no stack.
//!
//! Source: AWS CloudFormation User Guide, "Template anatomy", "Intrinsic function reference".

use super::value::{NOT_LITERAL, Node, Value};
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
        let argument = self.literal(argument, depth + 1);
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
            ("Fn::Sub", Value::Text(text)) => self.filled(text),
            ("Fn::Sub", Value::List(parts)) => match parts.first().map(|it| &it.value) {
                Some(Value::Text(text)) => self.filled(text),
                _ => Value::Unknown,
            },
            ("Fn::Join", Value::List(parts)) => joined(parts),
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

    /// `${Name}` in a text.
    fn filled(&self, text: &str) -> Value {
        let mut made = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            made.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                rest = after;
                break;
            };
            match self.reference(name) {
                Value::Text(text) => made.push_str(&text),
                // `"${x}"` is x itself.
                Value::Reference(address) if made.is_empty() && after.is_empty() => {
                    return Value::Reference(address);
                }
                _ => made.push_str(NOT_LITERAL),
            }
            rest = after;
        }
        made.push_str(rest);
        Value::Text(made)
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
        _ => NOT_LITERAL.to_owned(),
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
