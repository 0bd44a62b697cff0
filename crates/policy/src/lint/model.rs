//! A policy as far as it can be made out: what stands where, of a text that may well be refused.
//! Whatever has not the shape of its element is left out; that it is wrong is said elsewhere.

use crate::error::Place;
use crate::json::{Member, Node, Text, Value};

#[derive(Debug)]
pub(super) struct Document {
    pub(super) place: Place,
    pub(super) version: Option<Text>,
    pub(super) statements: Vec<Statement>,
}

#[derive(Debug)]
pub(super) struct Statement {
    pub(super) place: Place,
    pub(super) sid: Option<Text>,
    pub(super) effect: Option<Text>,
    pub(super) principal: Option<PrincipalBlock>,
    pub(super) action: Option<Element>,
    pub(super) resource: Option<Element>,
    pub(super) conditions: Vec<Condition>,
    /// A `Condition` or an operator in it with nothing inside.
    pub(super) empty_conditions: Vec<Place>,
}

/// An element or its `Not...` twin.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) place: Place,
    pub(super) negated: bool,
    pub(super) values: Vec<Text>,
}

#[derive(Debug)]
pub(super) struct PrincipalBlock {
    pub(super) key: Text,
    /// Type and name; `*` in place of a map is `AWS` and `*`.
    pub(super) names: Vec<(String, Text)>,
}

/// One operator applied to one key.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) operator: Text,
    pub(super) key: Text,
    pub(super) values: Vec<Text>,
}

impl Document {
    pub(super) fn read(node: Node) -> Document {
        let mut document = Document {
            place: node.place,
            version: None,
            statements: Vec::new(),
        };
        for Member { key, value } in members(node) {
            match key.value.as_str() {
                "Version" => document.version = text(value),
                "Statement" => {
                    let statements = nodes(value).into_iter();
                    document.statements = statements.map(Statement::read).collect();
                }
                _ => {}
            }
        }
        document
    }
}

impl Statement {
    fn read(node: Node) -> Statement {
        let mut statement = Statement {
            place: node.place,
            sid: None,
            effect: None,
            principal: None,
            action: None,
            resource: None,
            conditions: Vec::new(),
            empty_conditions: Vec::new(),
        };
        for Member { key, value } in members(node) {
            let element = |value| Element {
                place: key.place,
                negated: key.value.starts_with("Not"),
                values: texts(value),
            };
            match key.value.as_str() {
                "Sid" => statement.sid = text(value),
                "Effect" => statement.effect = text(value),
                "Action" | "NotAction" => statement.action = Some(element(value)),
                "Resource" | "NotResource" => statement.resource = Some(element(value)),
                "Principal" | "NotPrincipal" => {
                    let names = names(value);
                    statement.principal = Some(PrincipalBlock { key, names });
                }
                "Condition" => statement.read_conditions(value),
                _ => {}
            }
        }
        statement
    }

    fn read_conditions(&mut self, node: Node) {
        let whole = node.place;
        let operators = members(node);
        if operators.is_empty() {
            self.empty_conditions.push(whole);
        }
        for Member { key, value } in operators {
            let keys = members(value);
            if keys.is_empty() {
                self.empty_conditions.push(key.place);
            }
            self.conditions.extend(keys.into_iter().map(|it| Condition {
                operator: key.clone(),
                key: it.key,
                values: texts(it.value),
            }));
        }
    }

    pub(super) fn allows(&self) -> bool {
        self.effect.as_ref().is_some_and(|it| it.value == "Allow")
    }

    /// The actions, unless it is those that are not meant.
    pub(super) fn actions(&self) -> &[Text] {
        positive(self.action.as_ref())
    }

    /// The resources, unless it is those that are not meant.
    pub(super) fn resources(&self) -> &[Text] {
        positive(self.resource.as_ref())
    }

    /// Whether any of these condition keys is asked about, by its beginning.
    pub(super) fn asks_about(&self, keys: &[&str]) -> bool {
        self.conditions.iter().any(|condition| {
            let key = &condition.key.value;
            keys.iter().any(|begin| super::glob::has_prefix(key, begin))
        })
    }
}

fn positive(element: Option<&Element>) -> &[Text] {
    match element {
        Some(element) if !element.negated => &element.values,
        _ => &[],
    }
}

fn names(node: Node) -> Vec<(String, Text)> {
    if let Value::String(_) = node.value {
        return text(node)
            .map(|it| ("AWS".to_owned(), it))
            .into_iter()
            .collect();
    }
    let of_member = |Member { key, value }: Member| {
        let names = texts(value).into_iter();
        names.map(move |name| (key.value.clone(), name))
    };
    members(node).into_iter().flat_map(of_member).collect()
}

fn members(node: Node) -> Vec<Member> {
    match node.value {
        Value::Object(members) => members,
        _ => Vec::new(),
    }
}

fn nodes(node: Node) -> Vec<Node> {
    match node.value {
        Value::Array(nodes) => nodes,
        _ => vec![node],
    }
}

fn texts(node: Node) -> Vec<Text> {
    nodes(node).into_iter().filter_map(text).collect()
}

fn text(node: Node) -> Option<Text> {
    let value = match node.value {
        Value::String(text) | Value::Number(text) => text,
        Value::Bool(truth) => truth.to_string(),
        _ => return None,
    };
    Some(Text {
        place: node.place,
        value,
    })
}
