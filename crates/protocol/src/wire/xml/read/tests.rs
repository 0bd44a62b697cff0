//! Answers as AWS writes them, and documents that are none.

use super::*;
use crate::shape::{Service, Text};

fn operation(service: &str, name: &str) -> &'static Operation {
    Service::find(service)
        .and_then(|service| service.operation(name))
        .unwrap()
}

fn identity(xml: &str) -> Option<Record> {
    output(
        Dialect::Query,
        operation("sts", "GetCallerIdentity"),
        xml.as_bytes(),
    )
}

fn framed(result: &str) -> String {
    format!(
        "<GetCallerIdentityResponse><GetCallerIdentityResult>{result}</GetCallerIdentityResult>\
         </GetCallerIdentityResponse>"
    )
}

#[track_caller]
fn arn(content: &str, expect: Option<&str>) {
    let read = identity(&framed(&format!("<Arn>{content}</Arn>")));

    assert_eq!(
        read,
        expect.map(|arn| Record::new().with("Arn", arn)),
        "{content}"
    );
}

#[test]
fn layout_and_what_nobody_asked_for_are_passed_over() {
    let xml = "<?xml version=\"1.0\"?>\n<!-- hello -->\n\
               <GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n\
               <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>\n\
               <GetCallerIdentityResult>\n  <Arn>a</Arn>\n <New><Arn>b</Arn></New>\n  <UserId/>\n\
               </GetCallerIdentityResult>\n</GetCallerIdentityResponse>";

    assert_eq!(
        identity(xml),
        Some(Record::new().with("Arn", "a").with("UserId", ""))
    );
}

#[test]
fn the_five_entities_and_characters_by_number_are_known() {
    arn("&lt;&gt;&amp;&quot;&apos;", Some("<>&\"'"));
    arn("a&#13;&#x41;b", Some("a\rAb"));
    arn("<![CDATA[<a>&amp;]]>", Some("<a>&amp;"));
    arn(" kept ", Some(" kept "));
}

#[test]
fn other_entities_are_refused() {
    arn("&nbsp;", None);
    arn("&e;", None);
    arn("&#xD800;", None);
    arn("&", None);
    let xml = format!("<!DOCTYPE a [<!ENTITY e \"x\">]>{}", framed("<Arn>a</Arn>"));
    assert_eq!(identity(&xml), None);
}

#[test]
fn what_is_not_the_answer_is_refused() {
    for xml in [
        "",
        "x",
        "<a/>",
        "<GetCallerIdentityResponse>",
        "<GetCallerIdentityResponse/>",
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>a</UserId>",
        "<AssumeRoleResponse><GetCallerIdentityResult/></AssumeRoleResponse>",
    ] {
        assert_eq!(identity(xml), None, "{xml}");
    }
    assert_eq!(
        output(
            Dialect::Query,
            operation("sts", "GetCallerIdentity"),
            b"\xff"
        ),
        None
    );
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    let xml = "<AssumeRoleResponse><AssumeRoleResult><PackedPolicySize>much</PackedPolicySize>\
               </AssumeRoleResult></AssumeRoleResponse>";

    assert_eq!(
        output(
            Dialect::Query,
            operation("sts", "AssumeRole"),
            xml.as_bytes()
        ),
        None
    );
}

#[test]
fn depth_is_bounded() {
    let nested = |levels: usize| {
        framed(&format!(
            "{}{}",
            "<a>".repeat(levels),
            "</a>".repeat(levels)
        ))
    };

    assert!(identity(&nested(DEPTH_MAX - 2)).is_some());
    assert!(identity(&nested(DEPTH_MAX - 1)).is_none());
}

#[test]
fn a_secret_stays_one() {
    let xml = "<AssumeRoleResponse><AssumeRoleResult><Credentials>\
               <SecretAccessKey>a&amp;b</SecretAccessKey></Credentials></AssumeRoleResult>\
               </AssumeRoleResponse>";

    let read = output(
        Dialect::Query,
        operation("sts", "AssumeRole"),
        xml.as_bytes(),
    )
    .unwrap();

    let key = read
        .record("Credentials")
        .and_then(|it| it.secret("SecretAccessKey"));
    assert_eq!(key.map(crate::Secret::expose), Some(&b"a&b"[..]));
}

#[test]
fn faults_are_read_in_either_frame() {
    let expect = Fault::new("NoSuchEntity", "no `r&d`").status(404);
    for xml in [
        "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code>\
         <Message>no `r&amp;d`</Message></Error><RequestId>r</RequestId></ErrorResponse>",
        "<Response><Errors><Error><Code>NoSuchEntity</Code><Message>no `r&amp;d`</Message></Error>\
         </Errors><RequestID>r</RequestID></Response>",
    ] {
        assert_eq!(fault(xml.as_bytes(), 404), Some(expect.clone()));
    }
    for xml in [
        "",
        "<html/>",
        "<Error></Error>",
        "<Error><Message>m</Message></Error>",
        "<Error>",
    ] {
        assert_eq!(fault(xml.as_bytes(), 404), None, "{xml}");
    }
}

#[test]
fn maps_are_entries() {
    const TEXT: Text = Text {
        min: None,
        max: None,
        pattern: None,
        values: &[],
        sensitive: false,
    };
    static KEY: Shape = Shape {
        name: "Key",
        kind: Kind::String(TEXT),
    };
    static MAP: Shape = Shape {
        name: "Map",
        kind: Kind::Map {
            key: &KEY,
            value: &KEY,
        },
    };
    let read = |xml: &str| {
        let mut reader = Reader::new(Dialect::Query, xml.as_bytes())?;
        reader.next_tag()?;
        reader.value(&MAP)
    };

    let map = read("<m><entry><key>a</key><value>1</value><other/></entry> </m>");

    assert_eq!(map, Some(Value::Map(vec![("a".to_owned(), "1".into())])));
    assert_eq!(read("<m><entry><key>a</key></entry></m>"), None);
    assert_eq!(read("<m><entry><value>a</value></entry></m>"), None);
}
