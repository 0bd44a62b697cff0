//! The sections that are our own: roles, access, audit, sockets and certificates.

use super::*;

/// What `more` says beside the least that a file needs.
fn with(more: &str) -> Config {
    parse(&format!("{}{more}", minimal()), "f").unwrap()
}

/// The problems of `more`, which starts on line 3.
fn check_more(more: &str, expect: &[&str]) {
    check(&format!("{}{more}", minimal()), expect);
}

fn aws(keys: &str) -> Aws {
    let text = format!(
        "{SERVICE}secret-manager: {{aws: {{region: us-east-1, resources: {{a: b}}, {keys}}}}}"
    );
    parse(&text, "f").unwrap().secret_manager
}

fn rule(keys: &str) -> Rule {
    let access = with(&format!("access: {{rules: [{{{keys}}}]}}")).access;
    access.rules.unwrap().remove(0)
}

#[test]
fn roles_that_cannot_be_assumed() {
    let rest = "region: us-east-1, resources: {a: b}";
    let step = |keys: &str, expect: &str| {
        let role = "role-arn: arn:aws:iam::1:role/x";
        check_aws(
            &format!("{rest}, assume-role: {{{role}, {keys}}}"),
            &format!("f:2:{expect}"),
        );
    };
    let path = "secret-manager.aws.assume-role";
    step(
        "session-name: a b",
        &format!(
            "123: `{path}.session-name` is not what STS takes: `a b`; \
        2 to 64 letters, digits and `_+=,.@-`"
        ),
    );
    step(
        "duration: 899",
        &format!("119: `{path}.duration` must be a whole number from 900 to 43200"),
    );
    step(
        "session-policy: '{'",
        &format!(
            "125: `{path}.session-policy` is not JSON; a policy \
        document as AWS takes it"
        ),
    );
    step(
        "external: x",
        &format!("109: unknown key `{path}.external`; did you mean `external-id`?"),
    );
    check_aws(
        &format!("{rest}, assume-role: []"),
        &format!("f:2:75: `{path}` names no role"),
    );
    let six = ["arn:aws:iam::1:role/x"; 6].join(", ");
    check_aws(
        &format!("{rest}, assume-role: [{six}]"),
        &format!("f:2:75: `{path}` is longer than 5 roles"),
    );
}

#[test]
fn a_chained_role_lasts_an_hour_at_most() {
    let hop = "arn:aws:iam::1:role/hop";
    let last = "{role-arn: 'arn:aws:iam::1:role/last', duration: 3601}";
    let text = format!("region: us-east-1, resources: {{a: b}}, assume-role: [{hop}, {last}]");

    check_aws(
        &text,
        "f:2:150: `secret-manager.aws.assume-role.duration` must be a whole number from 900 to \
         3600",
    );
}

#[test]
fn a_role_is_an_arn_a_map_or_a_list_of_either() {
    let one = RoleStep::new("arn:aws:iam::1:role/x");
    assert_eq!(
        aws("assume-role: 'arn:aws:iam::1:role/x'").assume_role,
        std::slice::from_ref(&one)
    );

    let chain = "[{role-arn: 'arn:aws:iam::1:role/x'}, {role-arn: 'arn:aws:iam::2:role/y', \
                 external-id: id, session-name: me, duration: 900, source-identity: host}]";
    let chain = aws(&format!("assume-role: {chain}")).assume_role;
    assert_eq!(chain[0], one);
    assert_eq!(chain[1].external_id.as_deref(), Some("id"));
    assert_eq!(chain[1].source_identity.as_deref(), Some("host"));
    assert_eq!(chain[1].duration, std::time::Duration::from_mins(15));
}

#[test]
fn names_that_nothing_gives_are_refused() {
    let resource = "region: us-east-1, resources: {a: {secret: b, role: reader}}";
    check_aws(
        resource,
        "f:1:1: `secret-manager.aws.resources.a.role` names no role of `roles`: `reader`; give it \
         under `secret-manager.aws.roles`",
    );
    check_more(
        "access: {rules: [{who: {token: t}, secrets: s}]}",
        &[
            "f:1:1: rule `rule 1` names no token of `access.tokens`: `t`; give it and its file \
           under `access.tokens`",
        ],
    );
}

#[test]
fn a_resource_may_name_version_and_role() {
    let aws = aws("roles: {reader: 'arn:aws:iam::1:role/r'}");
    assert_eq!(
        aws.roles["reader"],
        [RoleStep::new("arn:aws:iam::1:role/r")]
    );

    let text = format!(
        "{SERVICE}secret-manager: {{aws: {{region: us-1, roles: {{r: 'arn:aws:iam::1:role/r'}}, \
         resources: {{a: {{secret: b, version-stage: AWSPREVIOUS, role: r}}}}}}}}"
    );
    let resources = parse(&text, "f").unwrap().secret_manager.resources;
    let ask = Ask::new("b", None, Some("AWSPREVIOUS".to_owned())).unwrap();
    assert_eq!(resources["a"], ask.clone().by_role("r"));
    assert_ne!(resources["a"], ask);
}

#[test]
fn rules_that_open_nothing_or_to_nobody() {
    check_more(
        "access: {rules: [{who: anyone}]}",
        &[
            "f:3:18: `access.rules[0]` opens nothing; name `resources` or `secrets`, or say \
           `credentials: true`",
        ],
    );
    check_more(
        "access: {rules: [{secrets: a}]}",
        &["f:3:18: `access.rules[0].who` is missing"],
    );
    check_more(
        "access: {rules: [{who: {}, secrets: a}]}",
        &[
            "f:3:24: `access.rules[0].who` names nobody; write `who: anyone` if that is what is \
             meant",
        ],
    );
    check_more(
        "access: {rules: [{who: everyone, secrets: a}]}",
        &[
            "f:3:24: `access.rules[0].who` must be `anyone`, or a map; keys of the map: uid, gid, \
           exe, unit, cgroup, certificate, token",
        ],
    );
    check_more(
        "access: {rules: [{who: {exe: nginx}, secrets: a}]}",
        &["f:3:30: `access.rules[0].who.exe` is not an absolute path: `nginx`; begin it with `/`"],
    );
    check_more(
        "access: {rules: [{who: {user: x}, secrets: a}]}",
        &[
            "f:3:24: `access.rules[0].who` names nobody; write `who: anyone` if that is what is \
             meant",
            "f:3:25: unknown key `access.rules[0].who.user`",
        ],
    );
}

#[test]
fn users_and_groups_are_numbers_or_names() {
    let Whom::Those(who) = rule("who: {uid: [0, www-data], gid: 33}, secrets: a").who else {
        panic!("not anyone");
    };

    assert_eq!(
        who.uid,
        [Principal::Id(0), Principal::Name("www-data".to_owned())]
    );
    assert_eq!(who.gid, [Principal::Id(33)]);
    assert_eq!(rule("who: anyone, secrets: a").who, Whom::Anyone);
}

#[test]
fn without_rules_is_not_the_same_as_with_none() {
    assert_eq!(with("").access.rules, None);
    assert_eq!(with("access: {rules: []}").access.rules, Some(Vec::new()));
}

#[test]
fn modes_labels_and_paths_that_are_none() {
    let uds = |mode: &str, expect: &str| {
        check_service(
            &format!("{{uds: {{socket-path: /s, socket-mode: {mode}}}}}"),
            expect,
        );
    };
    for mode in ["rw", "999", "1777", "-1"] {
        uds(
            mode,
            &format!(
                "f:1:47: `service.uds.socket-mode` is not a mode: `{mode}`; three octal digits, \
                 as for `chmod`: `660`"
            ),
        );
    }
    check_service(
        "{http: {endpoint: ':1', metrics: {prometheus: {labels: {'a-b': c}}}}}",
        "f:1:66: `a-b` is not the name of a label; letters, digits and `_`, a letter first",
    );
    for base in ["x", "/", "/a/", "/a b"] {
        check_service(
            &format!("{{http: {{endpoint: ':1', secrets: {{url-base-path: '{base}'}}}}}}"),
            &format!(
                "f:1:59: `service.http.secrets.url-base-path` is not a path: `{base}`; begin it \
                 with `/`, and do not end it with one: `/manage/rest`"
            ),
        );
    }
    check_service(
        "{https: {endpoint: ':1'}}",
        "f:1:18: `service.https.tls` is missing",
    );
    check_service(
        "{http: {endpoint: ':1', tls: {}}}",
        "f:1:34: unknown key `service.http.tls`",
    );
}

#[test]
fn a_socket_alone_needs_no_token() {
    let text = format!("service: {{aws-http: {{socket-path: /run/s}}}}\n{BACKEND}");
    let http = parse(&text, "f").unwrap().service.aws_http.unwrap();

    assert_eq!((http.endpoint, http.token_file), (None, None));
    assert_eq!(http.socket.unwrap().mode, 0o660);
}

#[test]
fn audit_goes_to_a_file_or_to_standard_error() {
    let audit = |keys: &str| with(&format!("audit: {{{keys}}}")).audit.unwrap();

    assert_eq!(audit("file: '-'").target, AuditTarget::Stderr);
    assert_eq!(audit("file: /a").target, AuditTarget::File("/a".to_owned()));
    assert!(!audit("file: /a").required && audit("file: /a, required: true").required);
    check_more(
        "audit: {file: a}",
        &["f:3:15: `audit.file` is not an absolute path: `a`; begin it with `/`"],
    );
    check_more("audit: {}", &["f:3:8: `audit.file` is missing"]);
}
