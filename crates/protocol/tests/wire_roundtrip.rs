//! What one side writes, the other reads: every operation of every table, both directions.
//!
//! Records are made by walking the shapes, so a new operation is tested without a new line here.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail anywhere"
)]

use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use proptest::prelude::*;
use protocol::shape::{Kind, Member, Operation, Protocol, SERVICES, Service, Shape, Text};
use protocol::{Fault, Record, Secret, Value, wire};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn inputs_come_back(seed in any::<u64>()) {
        for (service, operation) in operations() {
            let input = Dice(seed, service).record(operation.input);

            let request = wire::encode_input(service, operation, &input, "localhost:4566");

            for signed in [Some(service.name), None] {
                let routed = wire::route(&request, signed).map(|(_, it)| it.name);
                prop_assert_eq!(routed, Ok(operation.name));
            }
            let read = wire::decode_input(service, operation, &request);
            prop_assert_eq!(read, Ok(input), "{}: {:?}", operation.name, request.body());
        }
    }

    #[test]
    fn outputs_come_back(seed in any::<u64>()) {
        for (service, operation) in operations() {
            let output = Dice(seed, service).record(operation.output);

            let answer = wire::encode_output(service, operation, &output, "a-request");

            prop_assert_eq!(answer.headers().get("x-amzn-RequestId").unwrap(), "a-request");
            let read = wire::decode_output(service, operation, &answer);
            prop_assert_eq!(read, Ok(output), "{}: {:?}", operation.name, answer.body());
        }
    }

    #[test]
    fn faults_come_back(code in "[A-Z][A-Za-z.]{1,40}", message in TEXT, status in 400_u16..600) {
        let fault = Fault::new(code, message).status(status);
        let request = Request::new(Bytes::new());
        for (service, operation) in operations() {
            let answer = wire::encode_fault(Some(service), &request, &fault, "a-request");

            prop_assert_eq!(answer.status().as_u16(), status);
            let read = wire::decode_output(service, operation, &answer);
            prop_assert_eq!(read, Err(fault.clone()));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let request = Request::new(Bytes::from(body.clone()));
        let answer = Response::new(Bytes::from(body));
        for (service, operation) in operations() {
            prop_assert!(is_callers(&wire::decode_input(service, operation, &request)));
            let _ = wire::decode_output(service, operation, &answer);
        }
        prop_assert!(is_callers(&wire::route(&request, None)));
    }

    #[test]
    fn any_changed_byte_is_read_or_refused(
        seed in any::<u64>(),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        for (service, operation) in operations() {
            let input = Dice(seed, service).record(operation.input);
            let mut request = wire::encode_input(service, operation, &input, "localhost");
            let mut body = request.body().to_vec();
            let place = place.index(body.len());
            body[place] = byte;
            *request.body_mut() = body.into();

            prop_assert!(is_callers(&wire::decode_input(service, operation, &request)));

            let output = Dice(seed, service).record(operation.output);
            let mut answer = wire::encode_output(service, operation, &output, "a-request");
            let mut body = answer.body().to_vec();
            let place = place % body.len();
            body[place] = byte;
            *answer.body_mut() = body.into();

            let _ = wire::decode_output(service, operation, &answer);
        }
    }
}

fn operations() -> impl Iterator<Item = (&'static Service, &'static Operation)> {
    SERVICES.iter().flat_map(|service| {
        service
            .operations
            .iter()
            .map(move |operation| (*service, operation))
    })
}

fn is_callers<T>(result: &Result<T, Fault>) -> bool {
    result.as_ref().err().is_none_or(|fault| !fault.is_ours())
}

/// Text that XML can hold.
const TEXT: &str = "[ -~\\r\\n\\té-ﬁ😀-😿]{0,40}";

/// Throws values of a service's shapes.
struct Dice(u64, &'static Service);

impl Dice {
    /// A number below a bound (`SplitMix64`).
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % bound.max(1)
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    fn one_of<T: Clone>(&mut self, values: &[T]) -> T {
        let at = self.below(u64::try_from(values.len()).unwrap());
        values[usize::try_from(at).unwrap()].clone()
    }

    fn record(&mut self, shape: Option<&'static Shape>) -> Record {
        match shape.map(|shape| &shape.kind) {
            Some(Kind::Structure(members)) => self.structure(members, 0),
            _ => Record::new(),
        }
    }

    /// Required members and, more seldom the deeper it goes, the others.
    fn structure(&mut self, members: &'static [Member], depth: u64) -> Record {
        let mut record = Record::new();
        for member in members {
            if member.required || self.below(2 + depth * 2) == 0 {
                let value = self.value(member.shape, depth + 1);
                record.set(member.name, value);
            }
        }
        record
    }

    /// A form has no place for an empty structure, nor EC2's for an empty list.
    fn can_be_said(&self, value: &Value) -> bool {
        match (self.1.protocol, value) {
            (Protocol::Json { .. }, _) => true,
            (_, Value::Structure(record)) => !record.is_empty(),
            (Protocol::Ec2 { .. }, Value::List(values)) => !values.is_empty(),
            _ => true,
        }
    }

    fn value(&mut self, shape: &'static Shape, depth: u64) -> Value {
        loop {
            let value = self.any_value(shape, depth);
            if self.can_be_said(&value) {
                return value;
            }
        }
    }

    fn any_value(&mut self, shape: &'static Shape, depth: u64) -> Value {
        match &shape.kind {
            Kind::Boolean => Value::Boolean(self.coin()),
            Kind::Integer { bits, min, max } => {
                let most = max.unwrap_or((1 << (bits - 1).min(53)) - 1);
                let least = min.unwrap_or(-most);
                let steps = self.below(u64::try_from(most - least + 1).unwrap());
                Value::Integer(least + i64::try_from(steps).unwrap())
            }
            Kind::Float => Value::Float(f64::from(u16::try_from(self.below(1 << 16)).unwrap())),
            Kind::String(bounds) => {
                let text = match bounds.values {
                    [] => self.text(shape, bounds),
                    values => self.one_of(values).to_owned(),
                };
                if bounds.sensitive {
                    Secret::from_text(text).into()
                } else {
                    text.into()
                }
            }
            Kind::Blob { min, sensitive, .. } => {
                let length = min.unwrap_or(0) + self.below(20);
                let bytes: Vec<u8> = (0..length).map(|_| self.one_of(BYTES)).collect();
                if *sensitive {
                    Secret::new(bytes).into()
                } else {
                    Value::Blob(bytes)
                }
            }
            Kind::Timestamp => {
                let seconds = i64::try_from(self.below(4_000_000_000)).unwrap();
                Timestamp::from_second(seconds).unwrap().into()
            }
            Kind::List {
                member, min, max, ..
            } => {
                let least = min.unwrap_or(0);
                let length = (least + self.below(3)).min(max.unwrap_or(u64::MAX));
                (0..length).map(|_| self.value(member, depth)).collect()
            }
            Kind::Map { key, value } => {
                let Value::String(key) = self.value(key, depth) else {
                    return Value::Map(Vec::new());
                };
                Value::Map(vec![(key, self.value(value, depth))])
            }
            Kind::Structure(members) => Value::Structure(self.structure(members, depth)),
        }
    }

    fn text(&mut self, shape: &Shape, bounds: &Text) -> String {
        let least = usize::try_from(bounds.min.unwrap_or(0)).unwrap();
        let most = usize::try_from(bounds.max.unwrap_or(u64::MAX)).unwrap();
        let padded = |sample: &&str| {
            let letter = sample.chars().last().unwrap_or('x');
            let missing = least.saturating_sub(sample.chars().count());
            sample
                .chars()
                .chain(std::iter::repeat_n(letter, missing))
                .collect::<String>()
        };
        let fits = |text: &String| {
            text.chars().count() <= most && bounds.pattern.is_none_or(|it| it.matches(text))
        };
        let fitting: Vec<String> = SAMPLES.iter().map(padded).filter(fits).collect();
        assert!(!fitting.is_empty(), "no sample fits `{}`", shape.name);
        self.one_of(&fitting)
    }
}

const BYTES: &[u8] = &[0, 1, b'a', b'+', b'/', 0x7f, 0x80, 0xfe, 0xff];

/// For every pattern of the tables there is one that matches, padded with its last letter.
const SAMPLES: &[&str] = &[
    "",
    "x",
    "7",
    "/",
    "/team/",
    "v1",
    "3h",
    "us-east-1",
    "rate(10 days)",
    "arn:aws:iam::123456789012:role/reader",
    "{\"user\": \"a&b=c+d%\"}",
    "<tag attribute='1'>&amp;]]></tag>",
    " leading, trailing \r\n\t",
    "é ключ 鍵 😀 \u{fffd}",
    "!a.b=c",
    "cluster-7",
    "ami-1",
    "s3.amazonaws.com",
    "123456789012",
    "someone@example.org",
    "o-exampleorgid",
    "o-exampleorgid/r-examp/ou-examp-examplexx/",
    "r-examp",
    "ou-examp-examplexx",
    "p-examplepol",
    "h-examplehand",
    "car-examplereq",
    "arn:aws:organizations::123456789012:account/o-exampleorgid/123456789012",
    "arn:aws:organizations::123456789012:handshake/o-exampleorgid/invite/h-examplehand",
    "arn:aws:organizations::123456789012:organization/o-exampleorgid",
    "arn:aws:organizations::123456789012:ou/o-exampleorgid/ou-examp-examplexx",
    "arn:aws:organizations::123456789012:policy/o-exampleorgid/service_control_policy/p-examplepol",
    "arn:aws:organizations::123456789012:root/o-exampleorgid/r-examp",
];
