//! What an expression is worth, as far as it is literal: variables with their defaults or what a
//! module is given, locals, conditions, and the few functions that texts are made with.

use std::cell::Cell;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hcl_edit::expr::{
    BinaryOperator, Expression, FuncCall, ObjectKey, Traversal, TraversalOperator, UnaryOperator,
};
use hcl_edit::structure::{Block, Body, Structure};
use hcl_edit::template::{Element, Template};

use super::{Module, Source, join, labels, object};
use crate::code::File;
use crate::code::policy::document;
use crate::code::value::{NOT_LITERAL, Node, Value};

/// Small texts that code may read with `file`.
pub(super) struct Texts<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Texts<'a> {
    pub(super) fn new(files: &'a [File]) -> Self {
        let small = files
            .iter()
            .filter(|file| file.bytes.len() <= TEXT_BYTES_MAX);
        let text = |file: &'a File| Some((file.path.as_str(), str::from_utf8(&file.bytes).ok()?));
        Self(small.filter_map(text).collect())
    }
}

/// A module as it is entered.
pub(super) struct Scope<'a> {
    pub(super) module: &'a Module,
    pub(super) folder: String,
    /// Before the addresses of its resources: empty, or `module.web.`.
    pub(super) prefix: String,
    pub(super) texts: &'a Texts<'a>,
    inputs: BTreeMap<String, Node>,
    /// Steps that are left; locals of locals could ask for any number.
    steps: Cell<usize>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(
        module: &'a Module,
        folder: &str,
        prefix: &str,
        texts: &'a Texts<'a>,
    ) -> Scope<'a> {
        Scope {
            module,
            folder: folder.to_owned(),
            prefix: prefix.to_owned(),
            texts,
            inputs: BTreeMap::new(),
            steps: Cell::new(STEPS_MAX),
        }
    }

    pub(super) fn with(mut self, inputs: BTreeMap<String, Node>) -> Self {
        self.inputs = inputs;
        self
    }

    /// Whether a resource is made at all.
    pub(super) fn is_left_out(&self, block: &Block) -> bool {
        let count = block.body.get_attribute("count");
        let count = count.map(|it| self.value(&it.value));
        matches!(count, Some(Value::Number(number)) if number == 0.0)
    }

    /// A body as an object, nested blocks as lists of objects.
    pub(super) fn body(&self, source: &Source, body: &Body) -> Node {
        self.body_at(source, body, 0)
    }

    fn body_at(&self, source: &Source, body: &Body, depth: usize) -> Node {
        let mut members: Vec<(String, Node)> = Vec::new();
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    let line = source.line(attribute);
                    let value = self.eval(&attribute.value, 0);
                    members.push((attribute.key.to_string(), Node::new(line, value)));
                }
                Structure::Block(block) if depth < NESTING_MAX => {
                    // What a dynamic block makes, it makes at least as one.
                    let is_dynamic = block.ident.as_str() == "dynamic";
                    let name = match (is_dynamic, block.labels.first()) {
                        (true, Some(label)) => label.as_str(),
                        _ => block.ident.as_str(),
                    };
                    let content = block.body.get_blocks("content").next();
                    let inner = content
                        .filter(|_| is_dynamic)
                        .map_or(&block.body, |it| &it.body);
                    let node = self.body_at(source, inner, depth + 1);
                    let line = source.line(block);
                    let node = Node::new(line, node.value);
                    let known = members.iter_mut().find(|(key, _)| key == name);
                    if let Some((
                        _,
                        Node {
                            value: Value::List(items),
                            ..
                        },
                    )) = known
                    {
                        items.push(node);
                    } else {
                        let list = Node::new(line, Value::List(vec![node]));
                        members.push((name.to_owned(), list));
                    }
                }
                Structure::Block(_) => {}
            }
        }
        Node::new(1, object(members))
    }

    /// What an expression is worth.
    pub(super) fn value(&self, expression: &Expression) -> Value {
        self.eval(expression, 0)
    }

    fn eval(&self, expression: &Expression, depth: usize) -> Value {
        let steps = self.steps.get();
        if steps == 0 || depth > DEPTH_MAX {
            return Value::Unknown;
        }
        self.steps.set(steps - 1);
        let eval = |inner: &Expression| self.eval(inner, depth + 1);
        match expression {
            Expression::Null(_) => Value::Null,
            Expression::Bool(value) => Value::Bool(*value.value()),
            Expression::Number(number) => number
                .value()
                .as_f64()
                .map_or(Value::Unknown, Value::Number),
            Expression::String(text) => Value::Text(text.to_string()),
            Expression::Array(items) => {
                let items = items.iter().map(|item| Node::new(1, eval(item)));
                Value::List(items.collect())
            }
            Expression::Object(members) => {
                let members = members.iter().filter_map(|(key, value)| {
                    let key = match key {
                        ObjectKey::Ident(name) => name.to_string(),
                        ObjectKey::Expression(key) => text(&eval(key))?,
                    };
                    Some((key, Node::new(1, eval(value.expr()))))
                });
                object(members.collect())
            }
            Expression::StringTemplate(parts) => self.template(parts.iter(), depth),
            Expression::HeredocTemplate(heredoc) => self.heredoc(&heredoc.template, depth),
            Expression::Parenthesis(inner) => eval(inner.inner()),
            Expression::Conditional(choice) => match eval(&choice.cond_expr) {
                Value::Bool(true) => eval(&choice.true_expr),
                Value::Bool(false) => eval(&choice.false_expr),
                _ => Value::Unknown,
            },
            Expression::FuncCall(call) => self.call(call, depth),
            Expression::Traversal(traversal) => self.traversal(traversal, depth),
            Expression::UnaryOp(operation) => {
                match (*operation.operator.value(), eval(&operation.expr)) {
                    (UnaryOperator::Not, Value::Bool(value)) => Value::Bool(!value),
                    (UnaryOperator::Neg, Value::Number(number)) => Value::Number(-number),
                    _ => Value::Unknown,
                }
            }
            Expression::BinaryOp(operation) => {
                let (one, other) = (eval(&operation.lhs_expr), eval(&operation.rhs_expr));
                binary(*operation.operator.value(), &one, &other)
            }
            Expression::Variable(_) | Expression::ForExpr(_) => Value::Unknown,
        }
    }

    fn heredoc(&self, template: &Template, depth: usize) -> Value {
        self.template(template.iter(), depth)
    }

    fn template<'e>(&self, parts: impl Iterator<Item = &'e Element>, depth: usize) -> Value {
        let parts: Vec<&Element> = parts.collect();
        // `"${x}"` is x itself.
        if let [Element::Interpolation(only)] = parts.as_slice() {
            return self.eval(&only.expr, depth + 1);
        }
        let mut made = String::new();
        for part in parts {
            match part {
                Element::Literal(literal) => made.push_str(literal),
                Element::Interpolation(inner) => {
                    let value = self.eval(&inner.expr, depth + 1);
                    made.push_str(text(&value).as_deref().unwrap_or(NOT_LITERAL));
                }
                Element::Directive(_) => made.push_str(NOT_LITERAL),
            }
            if made.len() > TEXT_BYTES_MAX {
                return Value::Unknown;
            }
        }
        Value::Text(made)
    }

    fn traversal(&self, traversal: &Traversal, depth: usize) -> Value {
        let Expression::Variable(root) = &traversal.expr else {
            return Value::Unknown;
        };
        let names: Vec<&str> = traversal
            .operators
            .iter()
            .filter_map(|operator| match operator.value() {
                TraversalOperator::GetAttr(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        match (root.as_str(), names.as_slice()) {
            ("var", [name, rest @ ..]) => member(self.variable(name, depth), rest),
            ("local", [name, rest @ ..]) => member(self.local(name, depth), rest),
            ("path", ["module" | "root" | "cwd"]) => Value::Text(".".to_owned()),
            ("data", ["aws_iam_policy_document", name, "json"]) => self.policy_document(name),
            ("data", ["aws_iam_policy" | "aws_iam_instance_profile", ..])
            | ("each" | "count" | "self" | "terraform" | "data", _) => Value::Unknown,
            ("module", [name, ..]) => Value::Reference(format!("{}module.{name}", self.prefix)),
            (sort, [name, ..]) => Value::Reference(format!("{}{sort}.{name}", self.prefix)),
            _ => Value::Unknown,
        }
    }

    fn variable(&self, name: &str, depth: usize) -> Value {
        if let Some(given) = self.inputs.get(name) {
            return given.value.clone();
        }
        let mut all = self.module.all("variable").map(|(_, block)| block);
        let declared = all.find(|block| {
            let label = block.labels.first();
            label.is_some_and(|label| label.as_str() == name)
        });
        let default = declared.and_then(|block| block.body.get_attribute("default"));
        default.map_or(Value::Unknown, |it| self.eval(&it.value, depth + 1))
    }

    fn local(&self, name: &str, depth: usize) -> Value {
        let mut all = self.module.all("locals");
        let found = all.find_map(|(_, block)| block.body.get_attribute(name));
        found.map_or(Value::Unknown, |it| self.eval(&it.value, depth + 1))
    }

    fn policy_document(&self, name: &str) -> Value {
        let mut all = self.module.all("data");
        let wanted = Some(("aws_iam_policy_document", name));
        let Some((source, block)) = all.find(|(_, block)| labels(block) == wanted) else {
            return Value::Unknown;
        };
        let steps = self.steps.get().saturating_sub(DOCUMENT_STEPS);
        self.steps.set(steps);
        if steps == 0 {
            return Value::Unknown;
        }
        Value::Text(document(&self.body(source, &block.body)).to_string())
    }

    fn call(&self, call: &FuncCall, depth: usize) -> Value {
        let arguments: Vec<Value> = call
            .args
            .iter()
            .map(|it| self.eval(it, depth + 1))
            .collect();
        let first = arguments.first();
        let first_text = || first.and_then(text);
        let is_empty =
            |it: &&Value| matches!(it, Value::Null) || text(it).is_some_and(|it| it.is_empty());
        match call.name.name.as_str() {
            "jsonencode" => first.map_or(Value::Unknown, |value| {
                Value::Text(Node::new(1, value.clone()).json().to_string())
            }),
            "base64encode" => {
                first_text().map_or(Value::Unknown, |it| Value::Text(STANDARD.encode(it)))
            }
            "file" | "templatefile" => self.file(first_text()),
            "filebase64" => match self.file(first_text()) {
                Value::Text(text) => Value::Text(STANDARD.encode(text)),
                _ => Value::Unknown,
            },
            "tostring" | "trimspace" | "sensitive" | "nonsensitive" | "tolist" | "toset"
            | "one" | "try" => first.cloned().unwrap_or(Value::Unknown),
            "coalesce" => match arguments.iter().find(|it| !is_empty(it)) {
                Some(value) => value.clone(),
                None => Value::Null,
            },
            _ => Value::Unknown,
        }
    }

    fn file(&self, path: Option<String>) -> Value {
        let path = path.and_then(|path| join(&self.folder, &path));
        let found = path.and_then(|path| self.texts.0.get(path.as_str()));
        found.map_or(Value::Unknown, |text| Value::Text((*text).to_owned()))
    }
}

fn member(value: Value, names: &[&str]) -> Value {
    names.iter().fold(value, |value, name| match value {
        Value::Reference(address) => Value::Reference(address),
        other => Node::new(1, other)
            .get(name)
            .map_or(Value::Unknown, |it| it.value.clone()),
    })
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn binary(operator: BinaryOperator, one: &Value, other: &Value) -> Value {
    let same = match (one, other) {
        (Value::Null, Value::Null) => true,
        (Value::Null, Value::Text(_) | Value::Bool(_) | Value::Number(_))
        | (Value::Text(_) | Value::Bool(_) | Value::Number(_), Value::Null) => false,
        (Value::Bool(one), Value::Bool(other)) => match operator {
            BinaryOperator::And => return Value::Bool(*one && *other),
            BinaryOperator::Or => return Value::Bool(*one || *other),
            _ => one == other,
        },
        _ => match (text(one), text(other)) {
            (Some(one), Some(other)) => one == other,
            _ => return Value::Unknown,
        },
    };
    match operator {
        BinaryOperator::Eq => Value::Bool(same),
        BinaryOperator::NotEq => Value::Bool(!same),
        _ => Value::Unknown,
    }
}

const TEXT_BYTES_MAX: usize = 1 << 20;
// Locals of locals, and what is nested in them.
const DEPTH_MAX: usize = 96;
const NESTING_MAX: usize = 16;
// Of one module; code that people write takes some thousand.
const STEPS_MAX: usize = 500_000;
const DOCUMENT_STEPS: usize = 100;
