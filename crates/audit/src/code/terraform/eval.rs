//! What an expression is worth, as far as it is literal: variables with their defaults or what a
//! module is given, locals, conditions, and the few functions that texts are made with.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hcl_edit::expr::{
    BinaryOperator, Expression, ForExpr, FuncCall, ObjectKey, Traversal, TraversalOperator,
    UnaryOperator,
};
use hcl_edit::structure::{Block, BlockLabel, Body, Structure};
use hcl_edit::template::{Element, Template};

use super::functions::{self, text};
use super::{Module, Source, join, labels, local, object};
use crate::code::File;
use crate::code::policy::{document, joined_documents};
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
    /// All modules, by their folders.
    pub(super) modules: &'a BTreeMap<String, Module>,
    inputs: BTreeMap<String, Node>,
    /// Names that a part of an expression has: of `each`, of a loop, of a template. The last one
    /// counts.
    bound: RefCell<Vec<(String, Value)>>,
    /// Steps that are left; locals of locals could ask for any number.
    steps: Cell<usize>,
    /// Of the argument that is looked at; what stands in it is told there.
    line: Cell<usize>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(
        modules: &'a BTreeMap<String, Module>,
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
            modules,
            inputs: BTreeMap::new(),
            bound: RefCell::default(),
            steps: Cell::new(STEPS_MAX),
            line: Cell::new(1),
        }
    }

    pub(super) fn with(mut self, inputs: BTreeMap<String, Node>) -> Self {
        self.inputs = inputs;
        self
    }

    /// How often a block is there: what is behind its name, and what `each` and `count` are in it.
    /// Where only a run would tell, it is there once.
    pub(super) fn copies(&self, block: &Block) -> Vec<Copy> {
        let of = |name: &str| {
            block
                .body
                .get_attribute(name)
                .map(|it| self.value(&it.value))
        };
        if let Some(count) = of("count") {
            let counted = object(vec![("index".to_owned(), Node::new(1, Value::Unknown))]);
            return match count {
                Value::Number(0.0) => Vec::new(),
                _ => vec![(String::new(), vec![("count".to_owned(), counted)])],
            };
        }
        let each = |key: Value, value: Value| {
            let parts = [("key", key), ("value", value)];
            let parts = parts.map(|(name, value)| (name.to_owned(), Node::new(1, value)));
            vec![("each".to_owned(), object(parts.into()))]
        };
        let Some(all) = of("for_each") else {
            return vec![(String::new(), Vec::new())];
        };
        match entries(&all) {
            Some(entries) if entries.len() <= COPIES_MAX => {
                let copy = |(key, value)| {
                    let name = text(&key).unwrap_or_default();
                    (format!("[\"{name}\"]"), each(key, value))
                };
                entries.into_iter().map(copy).collect()
            }
            _ => vec![(String::new(), each(Value::Unknown, Value::Unknown))],
        }
    }

    /// Does something with more names.
    pub(super) fn with_names<T>(&self, names: Vec<(String, Value)>, what: impl FnOnce() -> T) -> T {
        let before = self.bound.borrow().len();
        self.bound.borrow_mut().extend(names);
        let done = what();
        self.bound.borrow_mut().truncate(before);
        done
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
                    self.line.set(line);
                    let value = self.eval(&attribute.value, 0);
                    members.push((attribute.key.to_string(), Node::new(line, value)));
                }
                Structure::Block(block) if depth < NESTING_MAX => {
                    let (name, nodes) = self.nested(source, block, depth);
                    let known = members.iter_mut().find(|(key, _)| key == name);
                    match known.map(|(_, node)| &mut node.value) {
                        Some(Value::List(items)) => items.extend(nodes),
                        _ if nodes.is_empty() => {}
                        _ => {
                            let list = Node::new(source.line(block), Value::List(nodes));
                            members.push((name.to_owned(), list));
                        }
                    }
                }
                Structure::Block(_) => {}
            }
        }
        Node::new(1, object(members))
    }

    /// A nested block, as often as it is there; what makes a dynamic one may not be known.
    fn nested<'b>(&self, source: &Source, block: &'b Block, depth: usize) -> (&'b str, Vec<Node>) {
        let line = source.line(block);
        let label = block.labels.first().map(BlockLabel::as_str);
        let (Some(name), "dynamic") = (label, block.ident.as_str()) else {
            let node = self.body_at(source, &block.body, depth + 1);
            return (block.ident.as_str(), vec![Node::new(line, node.value)]);
        };
        let of = |name: &str| block.body.get_attribute(name);
        let all = of("for_each").map_or(Value::Unknown, |it| self.value(&it.value));
        let content = block.body.get_blocks("content").next();
        let (Some(entries), Some(content)) = (entries(&all), content) else {
            return (name, vec![Node::new(line, Value::Unknown)]);
        };
        let iterator = of("iterator").map(|it| it.value.to_string().trim().to_owned());
        let iterator = iterator.unwrap_or_else(|| name.to_owned());
        let made = entries.into_iter().take(COPIES_MAX).map(|(key, value)| {
            let parts = [("key", key), ("value", value)];
            let parts = parts.map(|(name, value)| (name.to_owned(), Node::new(1, value)));
            let names = vec![(iterator.clone(), object(parts.into()))];
            let node = self.with_names(names, || self.body_at(source, &content.body, depth + 1));
            Node::new(line, node.value)
        });
        (name, made.collect())
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
                let items = items
                    .iter()
                    .map(|item| Node::new(self.line.get(), eval(item)));
                Value::List(items.collect())
            }
            Expression::Object(members) => {
                let members = members.iter().filter_map(|(key, value)| {
                    let key = match key {
                        ObjectKey::Ident(name) => name.to_string(),
                        ObjectKey::Expression(key) => text(&eval(key))?,
                    };
                    Some((key, Node::new(self.line.get(), eval(value.expr()))))
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
            Expression::Variable(name) => self.bound(name).unwrap_or(Value::Unknown),
            Expression::ForExpr(each) => self.looped(each, depth),
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
                    made.push_str(text(&value).as_deref().unwrap_or(value.hole()));
                }
                Element::Directive(_) => made.push_str(NOT_LITERAL),
            }
            if made.len() > TEXT_BYTES_MAX {
                return Value::Unknown;
            }
        }
        Value::Text(made)
    }

    fn bound(&self, name: &str) -> Option<Value> {
        let bound = self.bound.borrow();
        let found = bound.iter().rev().find(|(it, _)| it == name);
        found.map(|(_, value)| value.clone())
    }

    /// `[for ... in ... : ...]`, of what is literal.
    fn looped(&self, each: &ForExpr, depth: usize) -> Value {
        let all = entries(&self.eval(&each.intro.collection_expr, depth + 1));
        let Some(all) = all.filter(|it| it.len() <= COPIES_MAX && !each.grouping) else {
            return Value::Unknown;
        };
        let (mut items, mut members) = (Vec::new(), Vec::new());
        for (key, value) in all {
            let mut names = vec![(each.intro.value_var.to_string(), value)];
            names.extend(each.intro.key_var.as_ref().map(|it| (it.to_string(), key)));
            let made = self.with_names(names, || {
                let is_in = each.cond.as_ref().map(|it| self.eval(&it.expr, depth + 1));
                let key = each.key_expr.as_ref().map(|it| self.eval(it, depth + 1));
                (is_in, key, self.eval(&each.value_expr, depth + 1))
            });
            match made {
                (Some(Value::Bool(false)), ..) => {}
                (None | Some(Value::Bool(true)), None, value) => items.push(Node::new(1, value)),
                (None | Some(Value::Bool(true)), Some(key), value) => match text(&key) {
                    Some(key) => members.push((key, Node::new(1, value))),
                    None => return Value::Unknown,
                },
                _ => return Value::Unknown,
            }
        }
        if each.key_expr.is_some() {
            object(members)
        } else {
            Value::List(items)
        }
    }

    fn traversal(&self, traversal: &Traversal, depth: usize) -> Value {
        let mut steps: Vec<Option<Value>> = Vec::new();
        for operator in &traversal.operators {
            steps.push(match operator.value() {
                TraversalOperator::GetAttr(name) => Some(Value::Text(name.to_string())),
                TraversalOperator::Index(index) => Some(self.eval(index, depth + 1)),
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "a place in a list that people write"
                )]
                TraversalOperator::LegacyIndex(index) => Some(Value::Number(*index.value() as f64)),
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => None,
            });
        }
        let Expression::Variable(root) = &traversal.expr else {
            return walk(self.eval(&traversal.expr, depth + 1), &steps);
        };
        if let Some(value) = self.bound(root) {
            return walk(value, &steps);
        }
        let names: Vec<&str> = steps
            .iter()
            .map_while(|it| match it {
                Some(Value::Text(name)) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let after = |count: usize| steps.get(count..).unwrap_or_default();
        match (root.as_str(), names.as_slice()) {
            ("var", [name, ..]) => walk(self.variable(name, depth), after(1)),
            ("local", [name, ..]) => walk(self.local(name, depth), after(1)),
            ("path", ["module"]) => Value::Text(".".to_owned()),
            ("path", ["root" | "cwd"]) if self.prefix.is_empty() => Value::Text(".".to_owned()),
            ("data", ["aws_iam_policy_document", name, "json"]) => self.policy_document(name),
            ("data", ["aws_iam_policy", name, "arn"]) => self.managed_policy(name, depth),
            // What is looked up is there, or the run ends; and an ARN is no `*`.
            ("data", [sort, name, "arn"]) => {
                Value::Reference(format!("{}data.{sort}.{name}", self.prefix))
            }
            ("data", ["aws_iam_instance_profile", name, ..]) => Value::Reference(format!(
                "{}data.aws_iam_instance_profile.{name}",
                self.prefix
            )),
            ("module", [name, output]) => self.output(name, output, depth),
            ("each" | "count" | "self" | "terraform" | "data" | "path" | "module", _) => {
                Value::Unknown
            }
            (sort, [name, ..]) => Value::Reference(format!("{}{sort}.{name}", self.prefix)),
            _ => Value::Unknown,
        }
    }

    /// What a module of the same tree hands out.
    fn output(&self, module: &str, output: &str, depth: usize) -> Value {
        let is_named =
            |block: &Block, name: &str| block.labels.first().is_some_and(|it| it.as_str() == name);
        let mut calls = self.module.all("module");
        let Some((source, call)) = calls.find(|(_, it)| is_named(it, module)) else {
            return Value::Unknown;
        };
        let inner =
            local(&self.folder, call).and_then(|folder| Some((self.modules.get(&folder)?, folder)));
        let Some((inner, folder)) = inner.filter(|_| !call.body.has_attribute("for_each")) else {
            return Value::Unknown;
        };
        let mut outputs = inner.all("output");
        let found = outputs.find(|(_, it)| is_named(it, output));
        let Some(value) = found.and_then(|(_, it)| it.body.get_attribute("value")) else {
            return Value::Unknown;
        };
        let prefix = format!("{}module.{module}.", self.prefix);
        let scope = Scope::new(self.modules, inner, &folder, &prefix, self.texts);
        let scope = scope.with(self.inputs_of(source, call, depth));
        scope.steps.set(self.steps.get());
        let value = scope.eval(&value.value, depth + 1);
        self.steps.set(scope.steps.get());
        value
    }

    /// What a call gives to a module.
    pub(super) fn inputs_of(
        &self,
        source: &Source,
        call: &Block,
        depth: usize,
    ) -> BTreeMap<String, Node> {
        let given = call.body.attributes().map(|attribute| {
            let value = self.eval(&attribute.value, depth + 1);
            let node = Node::new(source.line(attribute), value);
            (attribute.key.to_string(), node)
        });
        given.collect()
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

    /// The ARN of a policy that is looked up by it, or by its name.
    fn managed_policy(&self, name: &str, depth: usize) -> Value {
        let mut all = self.module.all("data");
        let wanted = Some(("aws_iam_policy", name));
        let found = all.find(|(_, block)| labels(block) == wanted);
        let said = |argument: &str| {
            let argument = found.and_then(|(_, it)| it.body.get_attribute(argument))?;
            Some(self.eval(&argument.value, depth + 1))
        };
        match (said("arn"), said("name")) {
            (Some(arn), _) => arn,
            (None, Some(Value::Text(name))) => {
                Value::Text(format!("arn:aws:iam::aws:policy/{name}"))
            }
            _ => Value::Unknown,
        }
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
        let body = self.body(source, &block.body);
        Value::Text(joined_documents(&body, &document(&body)).to_string())
    }

    fn call(&self, call: &FuncCall, depth: usize) -> Value {
        let name = call.name.name.as_str();
        let arguments: Vec<Value> = call
            .args
            .iter()
            .map(|it| self.eval(it, depth + 1))
            .collect();
        let path = || arguments.first().and_then(text);
        match name {
            "file" => self.file(path()),
            "filebase64" => match self.file(path()) {
                Value::Text(text) => Value::Text(STANDARD.encode(text)),
                _ => Value::Unknown,
            },
            "templatefile" => self.filled(path(), arguments.get(1), depth),
            _ => functions::call(name, &arguments),
        }
    }

    /// A file of a template, with what it is given.
    fn filled(&self, path: Option<String>, names: Option<&Value>, depth: usize) -> Value {
        let (Value::Text(text), Some(Value::Object(names))) = (self.file(path), names) else {
            return Value::Unknown;
        };
        let Ok(template) = text.parse::<Template>() else {
            return Value::Unknown;
        };
        let names = names
            .iter()
            .map(|(name, node)| (name.clone(), node.value.clone()));
        self.with_names(names.collect(), || {
            self.template(template.iter(), depth + 1)
        })
    }

    fn file(&self, path: Option<String>) -> Value {
        let path = path.and_then(|path| join(&self.folder, &path));
        let found = path.and_then(|path| self.texts.0.get(path.as_str()));
        found.map_or(Value::Unknown, |text| Value::Text((*text).to_owned()))
    }
}

/// What a block or a loop goes through: keys and values. `None` where that is not known.
fn entries(all: &Value) -> Option<Vec<(Value, Value)>> {
    match all {
        Value::Object(members) => {
            let entry =
                |(key, node): &(String, Node)| (Value::Text(key.clone()), node.value.clone());
            Some(members.iter().map(entry).collect())
        }
        Value::List(items) => {
            let entry = |node: &Node| (node.value.clone(), node.value.clone());
            Some(items.iter().map(entry).collect())
        }
        _ => None,
    }
}

/// A part of a value; a step without a name goes through all items.
fn walk(value: Value, steps: &[Option<Value>]) -> Value {
    let Some((step, rest)) = steps.split_first() else {
        return value;
    };
    match (value, step) {
        (Value::Reference(address), _) => Value::Reference(address),
        (Value::List(items), None) => {
            let items = items.into_iter();
            let items = items.map(|it| Node::new(it.line, walk(it.value, rest)));
            Value::List(items.collect())
        }
        (Value::List(items), Some(Value::Number(_) | Value::Text(_)))
            if step
                .as_ref()
                .and_then(text)
                .is_some_and(|it| it.parse::<usize>().is_ok()) =>
        {
            let index = step
                .as_ref()
                .and_then(text)
                .and_then(|it| it.parse::<usize>().ok());
            let item = index.and_then(|index| items.into_iter().nth(index));
            item.map_or(Value::Unknown, |it| walk(it.value, rest))
        }
        (Value::Object(members), Some(name)) => {
            let name = text(name);
            let mut found = members.into_iter().rev();
            let found = found.find(|(key, _)| Some(key) == name.as_ref());
            found.map_or(Value::Unknown, |(_, it)| walk(it.value, rest))
        }
        _ => Value::Unknown,
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

/// What is behind the name of one of several blocks, and the names that are known in it.
pub(super) type Copy = (String, Vec<(String, Value)>);

const TEXT_BYTES_MAX: usize = 1 << 20;
// What one block makes many of.
const COPIES_MAX: usize = 256;
// Locals of locals, and what is nested in them.
const DEPTH_MAX: usize = 96;
const NESTING_MAX: usize = 16;
// Of one module; code that people write takes some thousand.
const STEPS_MAX: usize = 500_000;
const DOCUMENT_STEPS: usize = 100;
