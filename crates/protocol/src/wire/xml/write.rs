//! Outputs and faults written as XML.

use super::super::dialect::Dialect;
use super::super::{members, scalar};
use crate::shape::{Kind, Member, Operation, Shape};
use crate::{Fault, Record, Value};

/// The answer of a call that went well.
pub(in super::super) fn output(
    dialect: Dialect,
    namespace: &str,
    operation: &Operation,
    output: &Record,
    request_id: &str,
) -> String {
    let mut xml = Writer::new(dialect, output.bytes_hint());
    let root = format!("{}Response", operation.name);
    xml.open_root(&root, namespace);
    match dialect {
        Dialect::Query => {
            if let (Some(shape), Some(wrapper)) = (operation.output, operation.result_wrapper) {
                xml.element(wrapper, |xml| xml.structure(members(shape), output));
            }
            xml.element("ResponseMetadata", |xml| xml.leaf("RequestId", request_id));
        }
        Dialect::Ec2 => {
            xml.leaf("requestId", request_id);
            match operation.output {
                Some(shape) => xml.structure(members(shape), output),
                // What the model leaves out, EC2 says: that it is done.
                None => xml.leaf("return", "true"),
            }
        }
    }
    xml.close(&root);
    xml.text
}

/// The answer of a call that failed.
pub(in super::super) fn fault(
    dialect: Dialect,
    namespace: &str,
    fault: &Fault,
    request_id: &str,
) -> String {
    let mut xml = Writer::new(dialect, fault.message.len());
    let code_and_message = |xml: &mut Writer| {
        xml.leaf("Code", &fault.code);
        xml.leaf("Message", &fault.message);
    };
    match dialect {
        Dialect::Query => {
            xml.open_root("ErrorResponse", namespace);
            xml.element("Error", |xml| {
                xml.leaf(
                    "Type",
                    if fault.is_ours() {
                        "Receiver"
                    } else {
                        "Sender"
                    },
                );
                code_and_message(xml);
            });
            xml.leaf("RequestId", request_id);
            xml.close("ErrorResponse");
        }
        Dialect::Ec2 => {
            xml.open_root("Response", "");
            xml.element("Errors", |xml| xml.element("Error", code_and_message));
            xml.leaf("RequestID", request_id);
            xml.close("Response");
        }
    }
    xml.text
}

struct Writer {
    dialect: Dialect,
    text: String,
}

impl Writer {
    fn new(dialect: Dialect, bytes_hint: usize) -> Self {
        let mut text = String::with_capacity(bytes_hint + FRAME_BYTES);
        text.push_str(r#"<?xml version="1.0" encoding="UTF-8"?>"#);
        text.push('\n');
        Self { dialect, text }
    }

    fn structure(&mut self, members: &'static [Member], record: &Record) {
        for (member, value) in record.in_shape(members) {
            let name = self.dialect.element(member);
            self.element(name, |xml| xml.value(member.shape, value));
        }
    }

    fn value(&mut self, shape: &'static Shape, value: &Value) {
        match (&shape.kind, value) {
            (Kind::Structure(members), Value::Structure(record)) => self.structure(members, record),
            (
                Kind::List {
                    member,
                    member_name,
                    ..
                },
                Value::List(values),
            ) => {
                let item = self.dialect.item(*member_name);
                for value in values.iter().filter(|value| value.is_of(member)) {
                    self.element(item, |xml| xml.value(member, value));
                }
            }
            (Kind::Map { value: shape, .. }, Value::Map(entries)) => {
                for (key, value) in entries.iter().filter(|(_, value)| value.is_of(shape)) {
                    self.element("entry", |xml| {
                        xml.leaf("key", key);
                        xml.element("value", |xml| xml.value(shape, value));
                    });
                }
            }
            (kind, value) => {
                let dialect = self.dialect;
                self.escape(&scalar::write(kind, value, |moment| dialect.moment(moment)));
            }
        }
    }

    fn leaf(&mut self, name: &str, text: &str) {
        self.element(name, |xml| xml.escape(text));
    }

    fn element(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        self.text.extend(["<", name, ">"]);
        content(self);
        self.close(name);
    }

    fn open_root(&mut self, name: &str, namespace: &str) {
        self.text.extend(["<", name]);
        if !namespace.is_empty() {
            self.text.extend([" xmlns=\"", namespace, "\""]);
        }
        self.text.push('>');
    }

    fn close(&mut self, name: &str) {
        self.text.extend(["</", name, ">"]);
    }

    /// Text as content. A carriage return is kept from a reader's normalisation; a character that
    /// XML 1.0 cannot hold in any form becomes U+FFFD, so that the document stays one.
    fn escape(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                '\r' => self.text.push_str("&#13;"),
                '\t' | '\n' | ' '..='\u{FFFD}' | '\u{10000}'.. => self.text.push(letter),
                _ => self.text.push('\u{FFFD}'),
            }
        }
    }
}

/// What stands around an output: declaration, root, request identifier.
const FRAME_BYTES: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Service;

    fn check(text: &str, expect: &str) {
        let mut xml = Writer {
            dialect: Dialect::Query,
            text: String::new(),
        };
        xml.escape(text);

        assert_eq!(xml.text, expect);
    }

    #[test]
    fn markup_is_escaped() {
        check("a<b>&\"'\n\t", "a&lt;b&gt;&amp;&quot;'\n\t");
        check("]]>", "]]&gt;");
        check("\r\n", "&#13;\n");
        check("é😀", "é😀");
    }

    #[test]
    fn what_xml_cannot_hold_is_replaced() {
        check(
            "\0a\u{1f}\u{fffe}\u{ffff}\u{b}",
            "\u{fffd}a\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
        );
    }

    fn operation(service: &str, name: &str) -> &'static Operation {
        Service::find(service)
            .and_then(|service| service.operation(name))
            .unwrap()
    }

    #[test]
    fn a_query_answer_has_a_result_and_metadata() {
        let identity = Record::new()
            .with("Account", "1")
            .with("UserId", "U")
            .with("Arn", "a<b");

        let xml = output(
            Dialect::Query,
            "ns",
            operation("sts", "GetCallerIdentity"),
            &identity,
            "r",
        );

        assert_eq!(
            xml,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <GetCallerIdentityResponse xmlns=\"ns\"><GetCallerIdentityResult><UserId>U</UserId>\
             <Account>1</Account><Arn>a&lt;b</Arn></GetCallerIdentityResult><ResponseMetadata>\
             <RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
        );
    }

    #[test]
    fn a_query_answer_without_output_has_no_result() {
        let xml = output(
            Dialect::Query,
            "ns",
            operation("iam", "DeleteRole"),
            &Record::new(),
            "r",
        );

        assert_eq!(
            xml,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <DeleteRoleResponse xmlns=\"ns\"><ResponseMetadata><RequestId>r</RequestId>\
             </ResponseMetadata></DeleteRoleResponse>"
        );
    }

    #[test]
    fn an_ec2_answer_has_sets_of_items() {
        let instance = Record::new().with("InstanceId", "i-1");
        let reservation = Record::new().with("Instances", vec![instance]);
        let answer = Record::new().with("Reservations", vec![reservation]);

        let xml = output(
            Dialect::Ec2,
            "ns",
            operation("ec2", "DescribeInstances"),
            &answer,
            "r",
        );

        assert_eq!(
            xml,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <DescribeInstancesResponse xmlns=\"ns\"><requestId>r</requestId><reservationSet><item>\
             <instancesSet><item><instanceId>i-1</instanceId></item></instancesSet></item>\
             </reservationSet></DescribeInstancesResponse>"
        );
    }

    #[test]
    fn an_ec2_answer_without_output_says_so() {
        let operation = Operation {
            name: "DeleteTags",
            input: None,
            output: None,
            result_wrapper: None,
            errors: &[],
        };

        let xml = output(Dialect::Ec2, "ns", &operation, &Record::new(), "r");

        assert!(
            xml.ends_with("<requestId>r</requestId><return>true</return></DeleteTagsResponse>")
        );
    }

    #[test]
    fn faults_say_whose_they_are() {
        let theirs = Fault::new("NoSuchEntity", "no `r&d`").status(404);
        let ours = Fault::new("ServiceFailure", "").status(500);

        assert!(fault(Dialect::Query, "ns", &theirs, "r").ends_with(
            "<ErrorResponse xmlns=\"ns\"><Error><Type>Sender</Type><Code>NoSuchEntity</Code>\
             <Message>no `r&amp;d`</Message></Error><RequestId>r</RequestId></ErrorResponse>"
        ));
        assert!(fault(Dialect::Query, "ns", &ours, "r").contains("<Type>Receiver</Type>"));
        assert!(fault(Dialect::Ec2, "ns", &theirs, "r").ends_with(
            "<Response><Errors><Error><Code>NoSuchEntity</Code><Message>no `r&amp;d`</Message>\
             </Error></Errors><RequestID>r</RequestID></Response>"
        ));
    }
}
