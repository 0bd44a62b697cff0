//! Policies and requests out of a seed. The texts are few, so that they meet; each condition key
//! has values of one type, and a word that is of none.

use std::collections::BTreeMap;
use std::slice;

use policy::{Context, Principal, Request, Value};
use serde_json::{Map, Value as Json, json};

use super::conditions::{BYTES, MOMENTS, Values};

/// Requests asked of the same policies.
pub(crate) const REQUESTS: u64 = 16;

const OWN: &str = "111111111111";
const OTHER: &str = "222222222222";
const USER: &str = "arn:aws:iam::111111111111:user/ann";
const USER_ID: &str = "AIDAEXAMPLEEXAMPLE01";
const ROLE: &str = "arn:aws:iam::222222222222:role/app";
const ROLE_ID: &str = "AROAEXAMPLEEXAMPLE02";
const SESSION: &str = "arn:aws:sts::222222222222:assumed-role/app/one";
const LINKED_ROLE: &str = "arn:aws:iam::111111111111:role/aws-service-role/x.amazonaws.com/x";
const LINKED_SESSION: &str = "arn:aws:sts::111111111111:assumed-role/x/one";
const SERVICE: &str = "ec2.amazonaws.com";
const FEDERATED: &str = "arn:aws:sts::111111111111:federated-user/guest";
const PROVIDER: &str = "arn:aws:iam::111111111111:oidc-provider/issuer.example";
const CANONICAL: &str = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";

const ACTIONS: &[&str] = &[
    "*",
    "s3:*",
    "S3:get?bject",
    "s3:GetObject",
    "KMS:Decrypt",
    "kms:*c*t",
    "*:Get*",
    "iam:GetUser",
];
const ASKED_ACTIONS: &[&str] = &["s3:GetObject", "kms:Decrypt", "iam:getuser"];
const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/k?y",
    "arn:aws:s3:*:*:b/key",
    "arn:aws:s3:::b/${aws:Text}",
    "arn:aws:s3:::b/${aws:Text, 'key'}",
    "arn:aws:s3:::b/${*}*",
    "arn:aws:kms:*:111111111111:key/*",
    "arn:*:kms:us-*-1:1?1111111111:key/a",
    "arn:aws:kms:us-east-1:1*1:key/a",
    "arn:aws:kms:us-*:*:key/${aws:text}",
];
const ASKED_RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::b/key",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::c/d:b/key",
    "arn:aws:kms:us-east-1:111111111111:key/a",
];
const NAMES: &[(&str, &str)] = &[
    ("AWS", "*"),
    ("AWS", OWN),
    ("AWS", "arn:aws:iam::222222222222:root"),
    ("AWS", "arn:aws-cn:iam::222222222222:root"),
    ("AWS", USER),
    ("AWS", USER_ID),
    ("AWS", ROLE),
    ("AWS", ROLE_ID),
    ("AWS", SESSION),
    ("AWS", LINKED_ROLE),
    ("Service", SERVICE),
    ("AWS", FEDERATED),
    ("Federated", PROVIDER),
    ("CanonicalUser", CANONICAL),
];
const TEXTS: &[&str] = &[
    "a",
    "A",
    "ab",
    "b",
    "*",
    "key",
    "a*",
    "?",
    "${aws:Text}",
    "${aws:Other, 'ab'}",
    "${*}",
    "é${$}",
];
const ASKED_TEXTS: &[&str] = &["a", "A", "ab", "b", "*", "key", "", "É$"];
const NUMBERS: &[&str] = &["5", "5.0", "-1", "0.25", "100"];
const TRUTHS: &[&str] = &["true", "False"];
const ADDRESSES: &[&str] = &[
    "10.1.2.3",
    "10.0.0.0/8",
    "10.1.2.0/31",
    "0.0.0.0/0",
    "2001:db8::/32",
    "2001:DB8::1",
    "::/0",
];
const ASKED_ADDRESSES: &[&str] = &["10.1.2.3", "10.1.2.1", "192.0.2.1", "2001:db8::1", "::1"];
const ARNS: &[&str] = &[
    ROLE,
    "arn:aws:iam::*:user/*",
    "arn:aws:*:*:*:*",
    "arn:aws:iam:::*",
    "${aws:Arn}",
    "arn:aws:iam::${aws:Account}:*",
];
const ORDERS: [&str; 6] = [
    "Equals",
    "NotEquals",
    "LessThan",
    "LessThanEquals",
    "GreaterThan",
    "GreaterThanEquals",
];
const STRINGS: [&str; 6] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
];

/// Chooses: by the bytes given, and when they are used up by xorshift64*, which is the same
/// everywhere, and of which a state of zero chooses nothing but the first.
struct Dice<'b> {
    bytes: slice::Iter<'b, u8>,
    state: u64,
}

impl Dice<'_> {
    fn roll(&mut self, sides: usize) -> usize {
        if let Some(byte) = self.bytes.next() {
            return usize::from(*byte) % sides;
        }
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let rolled = self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(rolled).expect("31 bits") % sides
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())]
    }

    fn some<T: Copy>(&mut self, of: &[T], max: usize) -> Vec<T> {
        (0..=self.roll(max)).map(|_| self.pick(of)).collect()
    }
}

/// The policies of one seed, and what is asked of them.
pub(crate) struct Case {
    pub(crate) identity: Vec<Json>,
    pub(crate) resource: Option<Json>,
    pub(crate) boundary: Option<Json>,
    pub(crate) session: Option<Vec<Json>>,
    pub(crate) service_control: Vec<Vec<Json>>,
    pub(crate) resource_control: Vec<Vec<Json>>,
    pub(crate) required: bool,
    pub(crate) requests: Vec<Asked>,
}

impl Case {
    pub(crate) fn generate(seed: u64) -> Case {
        Case::chosen(&mut Dice {
            bytes: [].iter(),
            state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
        })
    }

    /// The case that the bytes choose.
    pub(crate) fn read(bytes: &[u8]) -> Case {
        let bytes = bytes.iter();
        Case::chosen(&mut Dice { bytes, state: 0 })
    }

    fn chosen(dice: &mut Dice<'_>) -> Case {
        Case {
            identity: documents(dice, 3, false),
            resource: (!dice.one_in(3)).then(|| document(dice, true)),
            boundary: dice.one_in(5).then(|| document(dice, false)),
            session: dice.one_in(5).then(|| documents(dice, 3, false)),
            service_control: levels(dice, of_principals),
            resource_control: levels(dice, of_resources),
            required: dice.one_in(3),
            requests: (0..REQUESTS).map(|_| Asked::generate(dice)).collect(),
        }
    }
}

fn levels(dice: &mut Dice<'_>, level: impl Fn(&mut Dice<'_>) -> Vec<Json>) -> Vec<Vec<Json>> {
    if !dice.one_in(8) {
        return Vec::new();
    }
    (0..=dice.roll(2)).map(|_| level(dice)).collect()
}

/// Service control policies are of the newer version.
fn of_principals(dice: &mut Dice<'_>) -> Vec<Json> {
    let mut level = documents(dice, 3, false);
    for document in &mut level {
        document["Version"] = json!("2012-10-17");
    }
    level
}

/// Resource control policies deny to everyone, and name the services; AWS attaches the one that
/// allows, mostly.
fn of_resources(dice: &mut Dice<'_>) -> Vec<Json> {
    let mut level = of_principals(dice);
    for statement in level
        .iter_mut()
        .flat_map(|document| document["Statement"].as_array_mut().expect("a list"))
    {
        let actions = dice.some(&["s3:*", "S3:get?bject", "kms:*c*t", "iam:GetUser"], 2);
        let statement = statement.as_object_mut().expect("a map");
        statement.remove("NotAction");
        statement.insert("Action".to_owned(), json!(actions));
        statement.insert("Effect".to_owned(), json!("Deny"));
        statement.insert("Principal".to_owned(), json!("*"));
    }
    if !dice.one_in(4) {
        level.push(json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
             "Condition": {}},
        ]}));
    }
    level
}

fn documents(dice: &mut Dice<'_>, below: usize, has_principal: bool) -> Vec<Json> {
    (0..dice.roll(below))
        .map(|_| document(dice, has_principal))
        .collect()
}

fn document(dice: &mut Dice<'_>, has_principal: bool) -> Json {
    let statements: Vec<Json> = (0..=dice.roll(3))
        .map(|_| statement(dice, has_principal))
        .collect();
    let mut document = json!({"Version": "2012-10-17", "Statement": statements});
    // Without variables this is no ARN, and refused.
    if dice.one_in(6) && !document.to_string().contains("\"${aws:Arn}\"") {
        document["Version"] = json!("2008-10-17");
    }
    document
}

fn statement(dice: &mut Dice<'_>, has_principal: bool) -> Json {
    let allow = !dice.one_in(5);
    let element = |dice: &mut Dice<'_>, name: &str, of: &[&str]| {
        let not = if dice.one_in(6) { "Not" } else { "" };
        let negated = not == "Not";
        let entries = if dice.one_in(3) && !negated {
            vec!["*"]
        } else {
            dice.some(of, 3)
        };
        (format!("{not}{name}"), json!(entries))
    };
    let (action, actions) = element(dice, "Action", ACTIONS);
    let (resource, resources) = element(dice, "Resource", RESOURCES);
    let mut statement = json!({
        "Effect": if allow { "Allow" } else { "Deny" },
        action: actions,
        resource: resources,
        "Condition": condition(dice),
    });
    if has_principal {
        let not = if !allow && dice.one_in(3) { "Not" } else { "" };
        let mut map = Map::new();
        for (kind, name) in dice.some(NAMES, 5) {
            let names = map.entry(kind).or_insert_with(|| json!([]));
            names.as_array_mut().expect("a list").push(json!(name));
        }
        let block = if dice.one_in(5) {
            json!("*")
        } else {
            json!(map)
        };
        statement[format!("{not}Principal")] = block;
    }
    statement
}

fn condition(dice: &mut Dice<'_>) -> Json {
    let mut operators = Map::new();
    let how_many = [0, 0, 0, 1, 1, 2, 3][dice.roll(7)];
    for _ in 0..how_many {
        let (operator, key, values) = typed(dice);
        if dice.one_in(9) {
            operators.insert(
                "Null".to_owned(),
                json!({key: dice.pick(TRUTHS).to_lowercase()}),
            );
            continue;
        }
        let set = ["", "", "", "ForAllValues:", "ForAnyValue:"][dice.roll(5)];
        let if_exists = if dice.one_in(4) { "IfExists" } else { "" };
        operators.insert(format!("{set}{operator}{if_exists}"), json!({key: values}));
    }
    Json::Object(operators)
}

/// An operator, a key of its type and values to compare with.
fn typed(dice: &mut Dice<'_>) -> (String, &'static str, Vec<&'static str>) {
    let moments = MOMENTS.map(|(text, _)| text);
    match dice.roll(9) {
        0..3 => (
            dice.pick(&STRINGS).to_owned(),
            "aws:text",
            dice.some(TEXTS, 3),
        ),
        3 => (
            format!("Numeric{}", dice.pick(&ORDERS)),
            "AWS:Number",
            dice.some(NUMBERS, 2),
        ),
        4 => (
            format!("Date{}", dice.pick(&ORDERS)),
            "aws:Moment",
            dice.some(&moments, 2),
        ),
        5 => ("Bool".to_owned(), "aws:Truth", dice.some(TRUTHS, 1)),
        6 => ("BinaryEquals".to_owned(), "aws:Bytes", dice.some(&BYTES, 2)),
        7 => {
            let operator = dice.pick(&["IpAddress", "NotIpAddress"]);
            (operator.to_owned(), "aws:Address", dice.some(ADDRESSES, 2))
        }
        _ => {
            let operator = dice.pick(&["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"]);
            (operator.to_owned(), "aws:Arn", dice.some(ARNS, 2))
        }
    }
}

/// One request.
pub(crate) struct Asked {
    pub(crate) principal: Principal<'static>,
    pub(crate) action: &'static str,
    pub(crate) resource: &'static str,
    pub(crate) resource_account: &'static str,
    pub(crate) values: Values,
}

impl Asked {
    fn generate(dice: &mut Dice<'_>) -> Asked {
        let moments = MOMENTS.map(|(text, _)| text);
        let mut values = BTreeMap::new();
        let mut key = |dice: &mut Dice<'_>, name: &str, of: &[&str], junk: &str| {
            let one = |dice: &mut Dice| {
                let text = if dice.one_in(8) { junk } else { dice.pick(of) };
                text.to_owned()
            };
            let several = match dice.roll(8) {
                0 | 1 => return,
                2 => (0..dice.roll(4)).map(|_| one(dice)).collect(),
                _ => vec![one(dice)],
            };
            values.insert(name.to_owned(), several);
        };
        key(dice, "aws:text", ASKED_TEXTS, "word");
        key(dice, "aws:number", NUMBERS, "word");
        key(dice, "aws:moment", &moments, "word");
        key(dice, "aws:truth", TRUTHS, "word");
        key(dice, "aws:bytes", &BYTES, "word!");
        key(dice, "aws:address", ASKED_ADDRESSES, "word");
        key(
            dice,
            "aws:arn",
            &[USER, ROLE, SESSION, "arn:aws:s3:::b/key"],
            "word",
        );
        key(dice, "aws:account", &[OWN, OTHER], "1:1");
        let id = |id| (id, None);
        let (user, role) = (id(Some(USER_ID)), id(Some(ROLE_ID)));
        let known = |dice: &mut Dice<'_>, (id, none)| if dice.one_in(3) { none } else { id };
        let principal = match dice.roll(11) {
            0..3 => Principal::User {
                account: OWN,
                arn: USER,
                unique_id: known(dice, user),
            },
            3..5 => Principal::Session {
                account: OTHER,
                role_arn: ROLE,
                session_arn: SESSION,
                unique_id: known(dice, role),
            },
            5 => Principal::Session {
                account: OWN,
                role_arn: LINKED_ROLE,
                session_arn: LINKED_SESSION,
                unique_id: None,
            },
            6 | 7 => Principal::FederatedUser {
                account: OWN,
                user_arn: USER,
                arn: FEDERATED,
                unique_id: known(dice, user),
            },
            8 => Principal::Federated(PROVIDER),
            9 => dice.pick(&[Principal::CanonicalUser(CANONICAL), Principal::Anonymous]),
            _ => Principal::Service(SERVICE),
        };
        Asked {
            principal,
            action: dice.pick(ASKED_ACTIONS),
            resource: dice.pick(ASKED_RESOURCES),
            resource_account: dice.pick(&[OWN, OTHER]),
            values,
        }
    }

    pub(crate) fn context(&self) -> Context {
        self.values
            .iter()
            .fold(Context::new(), |context, (key, values)| {
                match values.as_slice() {
                    [one] => context.with(key, one.as_str()),
                    several => context.with(key, Value::List(several.to_vec())),
                }
            })
    }

    pub(crate) fn request<'a>(&'a self, context: &'a Context) -> Request<'a> {
        Request {
            principal: self.principal,
            action: self.action,
            resource: self.resource,
            resource_account: self.resource_account,
            context,
        }
    }
}
