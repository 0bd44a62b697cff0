//! Smaller versions of a case, each with one thing left out. Knows nothing of what they decide.

use serde_json::Value as Json;

use crate::case::{Case, OfResource};

pub(crate) fn smaller(case: &Case) -> Vec<Case> {
    let mut found = Vec::new();
    let mut add = |edit: &dyn Fn(&mut Case)| {
        let mut copy = case.clone();
        edit(&mut copy);
        found.push(copy);
    };
    if case.boundary.is_some() {
        add(&|case| case.boundary = None);
    }
    if case.session.is_some() {
        add(&|case| case.session = None);
    }
    for at in 0..case.service_control.len() {
        add(&|case| drop(case.service_control.remove(at)));
    }
    for at in 0..case.resource_control.len() {
        add(&|case| drop(case.resource_control.remove(at)));
    }
    for at in 0..case.identity.len() {
        add(&|case| drop(case.identity.remove(at)));
    }
    if let Some(OfResource::Sufficient(_)) = case.of_resource {
        add(&|case| case.of_resource = None);
    }
    for at in 0..case.context.len() {
        add(&|case| drop(case.context.remove(at)));
    }
    for at in 0..policies(&mut case.clone()).len() {
        for edited in edits(policies(&mut case.clone())[at]) {
            add(&|case| policies(case)[at].clone_from(&edited));
        }
    }
    found
}

fn policies(case: &mut Case) -> Vec<&mut Json> {
    let of_resource = match &mut case.of_resource {
        Some(OfResource::Sufficient(policy)) => Some(policy),
        Some(OfResource::Key(policy) | OfResource::Role(policy)) => policy.as_mut(),
        None => None,
    };
    let levels = case.service_control.iter_mut();
    let levels = levels.chain(&mut case.resource_control);
    let limits = case.boundary.iter_mut().chain(&mut case.session);
    let grants = case.identity.iter_mut().chain(of_resource);
    grants.chain(limits).chain(levels).collect()
}

/// `value` with one entry of a list or one condition less, the lists not emptied.
fn edits(value: &Json) -> Vec<Json> {
    let mut found = Vec::new();
    match value {
        Json::Array(list) => {
            for at in 0..list.len() {
                if list.len() > 1 {
                    let mut copy = list.clone();
                    copy.remove(at);
                    found.push(copy.into());
                }
                for edited in edits(&list[at]) {
                    let mut copy = list.clone();
                    copy[at] = edited;
                    found.push(copy.into());
                }
            }
        }
        Json::Object(map) => {
            for (name, member) in map {
                if name == "Condition" {
                    let mut copy = map.clone();
                    copy.remove(name);
                    found.push(copy.into());
                }
                for edited in edits(member) {
                    let mut copy = map.clone();
                    copy[name] = edited;
                    found.push(copy.into());
                }
            }
            let is_conditions = map.keys().all(|key| key.chars().all(char::is_alphanumeric));
            if map.len() > 1 && is_conditions && map.values().all(Json::is_object) {
                for name in map.keys() {
                    let mut copy = map.clone();
                    copy.remove(name);
                    found.push(copy.into());
                }
            }
        }
        _ => {}
    }
    found
}
