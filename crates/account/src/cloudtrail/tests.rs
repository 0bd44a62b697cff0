//! Questions about the record of calls, and the pages of their answers.

use jiff::Timestamp;
use protocol::Fault;
use protocol::shape::Service;

use super::*;
use crate::home::Home;
use crate::testing::{World, fails, policy, seconds, texts};

fn asked(world: &mut World, input: &Record) -> Result<Asked, Fault> {
    let service = Service::find("cloudtrail").unwrap();
    let operation = service.operation("LookupEvents").unwrap();
    let admin = world.admin.clone();
    let request = world.signed(&admin, service, operation, input);
    let outcome = world.outcome(&request);
    match outcome.asked {
        Some(asked) => Ok(asked),
        None => Err(wire::decode_output(service, operation, &outcome.response).unwrap_err()),
    }
}

fn attribute(key: &str, value: &str) -> Record {
    let attribute = texts(&[("AttributeKey", key), ("AttributeValue", value)]);
    Record::new().with("LookupAttributes", vec![attribute])
}

/// Records of as many calls, by their numbers from 1, the oldest first.
fn events(world: &mut World, calls: u64) -> Vec<(u64, Event)> {
    let place = Home::new("123456789012", "us-east-1");
    let service = Service::find("secretsmanager").unwrap();
    let operation = service.operation("GetSecretValue").unwrap();
    let admin = world.admin.clone();
    let mut events = Vec::new();
    for number in 1..=calls {
        let input = texts(&[("SecretId", "my-secret")]);
        let request = world.signed(&admin, service, operation, &input);
        let text = world.outcome(&request).trail.record(&place);
        events.push((number, Event::read(&text).unwrap()));
    }
    events
}

/// What a world does: the newest that are asked for, no more than are needed.
fn answered(asked: &Asked, events: &[(u64, Event)]) -> Record {
    let newest: Vec<(u64, Event)> = events
        .iter()
        .rev()
        .filter(|(number, _)| asked.before().is_none_or(|before| *number < before))
        .filter(|(_, event)| asked.takes(event))
        .take(asked.records_max())
        .cloned()
        .collect();
    wire::decode_output(asked.service, asked.operation, &asked.answer(&newest)).unwrap()
}

#[test]
fn questions_that_make_no_sense_are_refused() {
    let mut world = World::new();
    let two = vec![
        texts(&[("AttributeKey", "EventName"), ("AttributeValue", "a")]),
        texts(&[("AttributeKey", "EventName"), ("AttributeValue", "b")]),
    ];
    let backwards = Record::new()
        .with("StartTime", seconds(1))
        .with("EndTime", seconds(0));
    for (input, code) in [
        (
            texts(&[("EventCategory", "insight")]),
            "UnsupportedOperationException",
        ),
        (backwards, "InvalidTimeRangeException"),
        (
            Record::new().with("LookupAttributes", two),
            "InvalidLookupAttributesException",
        ),
        (texts(&[("NextToken", "!")]), "InvalidNextTokenException"),
        (texts(&[("NextToken", "AAAA")]), "InvalidNextTokenException"),
        (
            texts(&[("NextToken", &"A".repeat(1_000))]),
            "InvalidNextTokenException",
        ),
    ] {
        fails(asked(&mut world, &input), (code, 400), "");
    }
    for (input, words) in [
        (Record::new().with("MaxResults", 51), "maxResults"),
        (attribute("Colour", "red"), "attributeKey"),
    ] {
        fails(
            asked(&mut world, &input),
            ("ValidationException", 400),
            words,
        );
    }
}

#[test]
fn who_may_read_secrets_may_not_look_up_calls() {
    let mut world = World::new();
    let user = world.user("u", &policy("Allow", "secretsmanager:*", "*"));
    let answer = world.call(&user, "cloudtrail", "LookupEvents", &Record::new());
    fails(
        answer,
        ("AccessDeniedException", 400),
        "cloudtrail:LookupEvents",
    );
}

#[test]
fn an_answer_that_nobody_gave_is_a_fault() {
    let world = World::new();
    let service = Service::find("cloudtrail").unwrap();
    let operation = service.operation("LookupEvents").unwrap();
    let admin = world.admin.clone();
    let request = world.signed(&admin, service, operation, &Record::new());
    let outcome = crate::handle(&world.partition, &request, None, world.now, [0; 32]);
    assert!(outcome.response.status().is_server_error());
    assert!(outcome.asked.is_some());
    assert_eq!(outcome.trail.error, None);
}

#[test]
fn an_attribute_takes_its_own_records_alone() {
    let mut world = World::new();
    let (_, event) = events(&mut world, 1).remove(0);
    let key = world.admin.access_key_id.clone();
    for (attribute_key, value, other) in [
        ("EventId", event.id.as_str(), "0"),
        ("EventName", "GetSecretValue", "PutSecretValue"),
        ("ReadOnly", "true", "false"),
        ("Username", "administrator", "admin"),
        (
            "ResourceType",
            "AWS::SecretsManager::Secret",
            "AWS::IAM::Role",
        ),
        ("ResourceName", "my-secret", "my-secre"),
        (
            "EventSource",
            "secretsmanager.amazonaws.com",
            "secretsmanager",
        ),
        ("AccessKeyId", key.as_str(), "AKIA"),
    ] {
        let asks = asked(&mut world, &attribute(attribute_key, other)).unwrap();
        assert!(!asks.takes(&event), "{attribute_key} {other}");
        let asks = asked(&mut world, &attribute(attribute_key, value)).unwrap();
        assert!(asks.takes(&event), "{attribute_key} {value}");
    }
    let later = Record::new().with("StartTime", seconds(1));
    assert!(!asked(&mut world, &later).unwrap().takes(&event));
}

#[test]
fn pages_go_from_the_newest_to_the_oldest_once() {
    let mut world = World::new();
    let events = events(&mut world, 7);
    let mut input = attribute("EventName", "GetSecretValue").with("MaxResults", 3);
    let mut ids = Vec::new();
    loop {
        let asks = asked(&mut world, &input).unwrap();
        let page = answered(&asks, &events);
        let shown = page
            .records("Events")
            .map(|event| event.text("EventId").unwrap().to_owned());
        ids.extend(shown);
        match page.text("NextToken") {
            Some(token) => input.set("NextToken", token),
            None => break,
        }
    }
    let newest: Vec<String> = events
        .iter()
        .rev()
        .map(|(_, event)| event.id.clone())
        .collect();
    assert_eq!(ids, newest);
}

#[test]
fn a_token_counts_for_its_own_question() {
    let mut world = World::new();
    let events = events(&mut world, 2);
    let first = Record::new().with("MaxResults", 1);
    let page = answered(&asked(&mut world, &first).unwrap(), &events);
    let token = page.text("NextToken").unwrap();
    let other = attribute("EventName", "GetSecretValue").with("NextToken", token);
    fails(
        asked(&mut world, &other),
        ("InvalidNextTokenException", 400),
        "",
    );
}

#[test]
fn an_event_is_shown_whole() {
    let mut world = World::new();
    let events = events(&mut world, 1);
    let arn = world.secret_arn();
    let page = answered(&asked(&mut world, &Record::new()).unwrap(), &events);
    let shown = page.records("Events").next().unwrap();

    assert_eq!(
        shown.text("CloudTrailEvent"),
        Some(events[0].1.record.as_str())
    );
    assert_eq!(shown.text("Username"), Some("administrator"));
    let moment: Timestamp = seconds(0);
    assert_eq!(shown.get("EventTime"), Some(&Value::Timestamp(moment)));
    let resource = shown.records("Resources").next().unwrap();
    assert_eq!(resource.text("ResourceName"), Some(arn.as_str()));
    assert_eq!(page.text("NextToken"), None);
}
