//! Templates: what they say, what they refuse and where, and that no message tells a secret.

use super::*;

fn known() -> Known {
    let text = |text: &str| Value::Text(Secret::from_text(text.to_owned()));
    let db = r#"{"user":"app","password":"p<&\"w","ports":[1,2],"nested":{"a":{"b":"c"}}}"#;
    [
        ("db", text(db)),
        ("plain", text("hunter2-hunter2")),
        ("binary", Value::Binary(Secret::new([0, 0xff]))),
        ("db#AWSPREVIOUS", text(r#"{"password":"before"}"#)),
    ]
    .map(|(name, value)| (name.parse::<Reference>().unwrap().ask().clone(), value))
    .into()
}

fn render(source: &str) -> Result<Rendered, TemplateError> {
    Template::parse("app.conf.j2", source.to_owned())?.render(&known())
}

fn check(source: &str, expect: &str) {
    let expect = Rendered::Text(Secret::from_text(expect.to_owned()));
    let found = render(source).unwrap();
    assert!(found == expect, "{source}: {}", exposed(&found));
}

fn exposed(rendered: &Rendered) -> String {
    match rendered {
        Rendered::Text(text) => text.expose_text().unwrap().to_owned(),
        Rendered::Wants(ask) => format!("{ask:?}"),
    }
}

fn refused(source: &str, expect: &str) {
    let told = match render(source) {
        Err(error) => error.to_string(),
        Ok(rendered) => panic!("{source}: {}", exposed(&rendered)),
    };
    assert_eq!(told, format!("app.conf.j2:{expect}"), "{source}");
}

fn wants(source: &str, expect: &str) {
    let ask = expect.parse::<Reference>().unwrap().ask().clone();
    assert_eq!(render(source), Ok(Rendered::Wants(ask)), "{source}");
}

#[test]
fn what_is_undefined_is_told_with_its_line() {
    let nope = "an undefined value in `{{ nope }}`";
    refused("a\n  {{ nope }}\n\n", &format!("2: {nope}"));
    refused(
        "\n\nx = {{ secret_json('db').nope }} # y",
        "3: an undefined value in `x = {{ secret_json('db').nope }} # y`",
    );
    for source in [
        "{{ secret_json('db').a.b }}",
        "{% if nope %}{% endif %}",
        "{% for a in nope %}{% endfor %}",
        "{{ nope ~ 'x' }}",
        "{{ secret('plain').user }}",
    ] {
        refused(source, &format!("1: an undefined value in `{source}`"));
    }
    let error = render(&format!("{{{{ nope }}}}{}", "\u{1b}é".repeat(200))).unwrap_err();
    assert!(error.message.chars().count() < 200, "{error}");
    assert!(!error.message.contains('\u{1b}'), "{error}");
}

#[test]
fn what_is_no_template_is_told_with_its_line() {
    refused(
        "\n{{ secret('db' }}",
        "2: syntax error: unexpected `}`, expected `,`",
    );
    let error = render("a\nb\n{% if %}").unwrap_err();
    assert_eq!(error.line, 3, "{error}");
    refused(
        "{{ 1 | nope }}",
        "1: unknown filter: filter nope is unknown",
    );
    for source in [
        "{% include '/etc/passwd' %}",
        "{% import 'a' as b %}",
        "{% extends 'a' %}",
    ] {
        assert!(render(source).is_err(), "{source}");
    }
    refused(
        "{{ nope('x') }}",
        "1: unknown function in `{{ nope('x') }}`",
    );
    refused("{{ debug() }}", "1: unknown function in `{{ debug() }}`");
}

#[test]
fn keys_that_are_not_there_are_told_without_those_that_are() {
    refused(
        "{{ secret('db', 'nope') }}",
        "1: `nope` is not in `db`: it is not among the 4 keys of the secret",
    );
    refused(
        "\n{{ secret('plain', 'k') }}",
        "2: `k` is not in `plain`: the secret is not a JSON object",
    );
    refused("{{ secret_json('plain') }}", "1: `plain` is not JSON");
    refused("{{ secret_json('binary') }}", "1: `binary` is not JSON");
    refused("{{ secret('') }}", "1: ``: the secret's name is empty");
    refused(
        "{{ secret('db:user', 'password') }}",
        "1: `db:user` names a key, and another is given",
    );
    refused(
        "{{ secret('binary') }}",
        "1: binary is no text; write it with `| b64encode`",
    );
}

#[test]
fn no_message_holds_a_secret() {
    for source in [
        "{{ secret('plain') | int }}",
        "{{ secret('plain') + 1 }}",
        "{{ 1 < secret('plain') }}{{ nope }}",
        "{{ secret('plain') | b64decode }}",
        "{{ secret_json('db')[secret('plain')] }}",
        "{{ secret_json('db')[secret('plain')].x }}",
        "{% for a, b in secret('plain') %}{% endfor %}",
        "{{ secret('plain').upper() }}",
        "{{ range(secret('plain')) }}",
        "{{ secret('plain')() }}",
        "{{ [1] | join(secret('plain')) | batch(secret('plain')) }}",
        "{{ secret(secret('plain'), secret('db')) | attr(1) }}",
        "{{ {} | items | first }}",
    ] {
        let Err(error) = render(source) else {
            continue;
        };
        let told = format!("{error} {error:?}");
        assert!(!told.contains("hunter2"), "{told}");
    }
    assert!(!format!("{:?}", render("{{ secret('plain') }}")).contains("hunter2"));
}

#[test]
fn work_and_length_are_bounded() {
    let forever = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
    refused(forever, "1: the template takes too much work");
    let long = "{% for a in range(999) %}{{ 'x' * 99999 }}{% endfor %}";
    refused(long, "1: the text is longer than 16777216 bytes");
    let deep = "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}";
    assert!(render(deep).is_err());
    let source = "x".repeat(SOURCE_BYTES_MAX + 1);
    let error = Template::parse("t", source).unwrap_err();
    assert_eq!(
        error.to_string(),
        "t:1: the template is longer than 1048576 bytes"
    );
}

#[test]
fn secrets_stand_where_they_are_named() {
    check("plain\n", "plain\n");
    check("", "");
    check("p={{ secret('plain') }}\n", "p=hunter2-hunter2\n");
    check("{{ secret('db', 'password') }}", "p<&\"w");
    check("{{ secret('db:password') }}", "p<&\"w");
    check("{{ secret('db#AWSPREVIOUS', 'password') }}", "before");
    check("{{ secret('db', '/nested/a/b') }}", "c");
    check("{{ secret('db', 'ports') }}", "[1,2]");
    check("{{ secret_json('db').ports[1] }}", "2");
    check(
        "{{ secret_json('db').nested | tojson }}",
        r#"{"a": {"b": "c"}}"#,
    );
    check("{{ secret('binary') | b64encode }}", "AP8=");
    check("{{ 'aGk=' | b64decode }}", "hi");
    check("{{ secret('plain') | urlencode }}", "hunter2-hunter2");
    check("{{ nope is defined }}", "false");
    check("{{ secret_json('db').nested }}", r#"{"a":{"b":"c"}}"#);
    check("{{ secret_json('db').ports }} {{ none }}", "[1,2] null");
    check("{{ secret_json('db').password }}", "p<&\"w");
    let list = "{% for k, v in secret_json('db').nested | items %}{{ k }}{% endfor %}";
    check(list, "a");
}

#[test]
fn what_is_needed_is_found_as_it_is_reached() {
    wants(
        "{{ secret('plain') }}{{ secret('x', 'k') }}{{ secret('y') }}",
        "x",
    );
    wants("{{ secret_json('x').a }}", "x");
    wants("{{ secret('x') | default('y') }}", "x");
    wants(
        "{% if secret('db', 'user') == 'app' %}{{ secret('x') }}{% endif %}",
        "x",
    );
    wants("{{ secret('x#AWSPREVIOUS') }}", "x#AWSPREVIOUS");
    check("{% if false %}{{ secret('x') }}{% endif %}", "");
}
