"""Rows of signatures: what is not signed, signed otherwise, or by a key that does not count."""

import datetime
import urllib.error
import urllib.request

import botocore.auth
from rows import *  # noqa: F403

JSON = "UnrecognizedClientException"
QUERY = "InvalidClientTokenId"


def calls(credentials):
    """The outcomes of a JSON and of a Query service."""
    return (
        outcome(client("secretsmanager", credentials).list_secrets),
        outcome(client("sts", credentials).get_caller_identity),
    )


def anybody():
    return User(statement("secretsmanager:*"))


def session():
    user = anybody()
    _, arn = role(trusting({"AWS": user.arn}), may=[statement("secretsmanager:*")])
    return assumed(user.client("sts"), arn)


def at(shift, call):
    """Runs a call with botocore's clock moved."""
    kept = botocore.auth.get_current_datetime

    def moved(*arguments, **parameters):
        return kept(*arguments, **parameters) + shift

    botocore.auth.get_current_datetime = moved
    try:
        return told(call)
    finally:
        botocore.auth.get_current_datetime = kept


@check
def a_right_signature_is_accepted():
    same(calls(anybody().credentials), ("ok", "ok"))


@check
def a_wrong_secret_is_refused():
    access_key, _ = anybody().credentials
    wrong = (access_key, "A" * 40)
    same(calls(wrong), ("InvalidSignatureException", "SignatureDoesNotMatch"))
    same(outcome(client("ec2", wrong).describe_instances), "AuthFailure")


@check
def an_unknown_key_is_refused():
    same(calls(("AKIAIOSFODNN7EXAMPLE", "A" * 40)), (JSON, QUERY))


@check
def a_tampered_body_is_refused():
    arn, other = secret(), secret()
    manager = anybody().client("secretsmanager")

    def tamper(request, **_):
        request.body = request.body.replace(arn.encode(), other.encode())

    same(reads(manager, arn), "ok")
    manager.meta.events.register("before-send.secretsmanager.GetSecretValue", tamper)
    same(len(arn), len(other))
    same(reads(manager, arn), "InvalidSignatureException")


@check
def a_tampered_header_is_refused():
    manager = anybody().client("secretsmanager")

    def tamper(request, **_):
        request.headers["X-Amz-Target"] = "secretsmanager.GetRandomPassword"

    manager.meta.events.register("before-send.secretsmanager.ListSecrets", tamper)
    same(outcome(manager.list_secrets), "InvalidSignatureException")


@check
def a_stale_date_is_refused():
    user = anybody()
    day = datetime.timedelta(days=1)
    code, message = at(-day, user.client("secretsmanager").list_secrets)
    same(code, "InvalidSignatureException")
    within("Signature expired", message)
    code, message = at(-day, user.client("sts").get_caller_identity)
    same(code, "SignatureDoesNotMatch")
    within("Signature expired", message)


@check
def a_date_to_come_is_refused():
    user = anybody()
    hour = datetime.timedelta(hours=1)
    code, message = at(hour, user.client("secretsmanager").list_secrets)
    same(code, "InvalidSignatureException")
    within("Signature not yet current", message)


@check
def a_date_within_the_window_is_accepted():
    user = anybody()
    minutes = datetime.timedelta(minutes=4)
    for shift in (-minutes, minutes):
        same(at(shift, user.client("sts").get_caller_identity)[0], "ok")


@check
def what_is_not_signed_is_refused():
    manager = unsigned("secretsmanager")
    same(reads(manager, secret()), "MissingAuthenticationTokenException")
    same(outcome(unsigned("sts").get_caller_identity), "MissingAuthenticationToken")
    same(outcome(unsigned("iam").list_users), "MissingAuthenticationToken")
    same(outcome(unsigned("kms").list_keys), "MissingAuthenticationTokenException")


@check
def an_inactive_key_is_refused():
    user = anybody()
    iam = admin("iam")
    key = {"UserName": user.name, "AccessKeyId": user.credentials[0]}
    iam.update_access_key(**key, Status="Inactive")
    same(calls(user.credentials), (JSON, QUERY))
    iam.update_access_key(**key, Status="Active")
    same(calls(user.credentials), ("ok", "ok"))
    iam.delete_access_key(**key)
    same(calls(user.credentials), (JSON, QUERY))


@check
def a_session_without_its_token_is_refused():
    access_key, key, token = session()
    same(calls((access_key, key, token)), ("ok", "ok"))
    same(calls((access_key, key)), (JSON, QUERY))


@check
def a_token_of_another_session_is_refused():
    (access_key, key, _), (_, _, token) = session(), session()
    same(calls((access_key, key, token)), (JSON, QUERY))


@check
def an_altered_token_is_refused():
    access_key, key, token = session()
    for at_byte in (0, len(token) // 2, len(token) - 5):
        other = "A" if token[at_byte] != "A" else "B"
        altered = token[:at_byte] + other + token[at_byte + 1 :]
        same(calls((access_key, key, altered)), (JSON, QUERY))


@check
def a_token_beside_a_long_term_key_is_refused():
    same(calls((*anybody().credentials, session()[2])), (JSON, QUERY))


@check
def no_key_is_above_the_check():
    for access_key in ("test", "TEST", "AKIATESTTESTTESTTEST", "123456789012", "root"):
        same((access_key, calls((access_key, "test"))), (access_key, (JSON, QUERY)))


def presigned(url):
    """The status of a URL that is fetched as it is."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@check
def a_presigned_url_is_a_signature():
    sts = anybody().client("sts")

    def url(seconds):
        return sts.generate_presigned_url(
            "get_caller_identity", ExpiresIn=seconds, HttpMethod="GET"
        )

    fresh_one = url(60)
    same(presigned(fresh_one), 200)
    for part, other in (("Expires=60", "Expires=90"), ("GetCallerIdentity", "GetSessionToken")):
        within(part, fresh_one)
        same((other, presigned(fresh_one.replace(part, other))), (other, 403))
    old = []
    hour = datetime.timedelta(hours=1)
    at(-hour, lambda: old.extend(url(seconds) for seconds in (3500, 7200)))
    same([presigned(one) for one in old], [403, 200])


@check
def who_may_nothing_may_ask_who_it_is():
    user = User()
    for statements in ([], [statement("*", effect="Deny")]):
        if statements:
            user.may(*statements)
        answer = user.client("sts").get_caller_identity()
        same((answer["Arn"], answer["UserId"]), (user.arn, user.id))
        same(answer["Account"], ACCOUNT)


@check
def a_session_is_named_after_its_role():
    user = User()
    name, arn = role(trusting({"AWS": user.arn}))
    answer = client("sts", assumed(user.client("sts"), arn)).get_caller_identity()
    same(answer["Arn"], f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/row")
    within(":row", answer["UserId"])


main()
