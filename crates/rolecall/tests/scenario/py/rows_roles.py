"""Rows of roles: who may assume one, for how long, and what it then is."""

from rows import *  # noqa: F403

QUERY_DENIED = "AccessDenied"
ASSUME = statement("sts:AssumeRole")


def assumes(identity, arn, **parameters):
    sts = identity.client("sts")
    return outcome(sts.assume_role, RoleArn=arn, RoleSessionName="row", **parameters)


@check
def a_trusted_account_delegates():
    _, arn = role(trusting(ROOT))
    same(assumes(User(ASSUME), arn), "ok")
    same(assumes(User(), arn), QUERY_DENIED)
    same(assumes(User(statement("sts:AssumeRole", f"{arn}-other")), arn), QUERY_DENIED)


@check
def a_trusted_user_needs_no_policy():
    user, other = User(), User()
    _, arn = role(trusting({"AWS": user.arn}))
    same((assumes(user, arn), assumes(other, arn)), ("ok", QUERY_DENIED))
    user.may(statement("sts:AssumeRole", effect="Deny"))
    same(assumes(user, arn), QUERY_DENIED)


@check
def a_trusted_service_is_no_user():
    _, arn = role(trusting(SERVICE))
    code, message = told(
        User(statement("*")).client("sts").assume_role, RoleArn=arn, RoleSessionName="row"
    )
    same(code, QUERY_DENIED)
    within(f"is not authorized to perform: sts:AssumeRole on resource: {arn}", message)


@check
def an_external_id_is_asked_for():
    _, arn = role(trusting(ROOT, Condition={"StringEquals": {"sts:ExternalId": "agreed"}}))
    user = User(ASSUME)
    same(assumes(user, arn), QUERY_DENIED)
    same(assumes(user, arn, ExternalId="guessed"), QUERY_DENIED)
    same(assumes(user, arn, ExternalId="agreed"), "ok")


@check
def a_trust_policy_denies():
    user, other = User(ASSUME), User(ASSUME)
    _, arn = role(trusting(ROOT), trusting({"AWS": user.arn}, effect="Deny"))
    same((assumes(user, arn), assumes(other, arn)), (QUERY_DENIED, "ok"))


@check
def another_principal_is_not_trusted():
    _, between = role(trusting(ROOT), may=[ASSUME])
    _, arn = role(trusting({"AWS": between}))
    user = User(ASSUME)
    same(assumes(user, arn), QUERY_DENIED)
    session = assumed(user.client("sts"), between)
    same(outcome(client("sts", session).assume_role, RoleArn=arn, RoleSessionName="row"), "ok")


@check
def a_role_that_is_not_there_is_denied():
    missing = f"arn:aws:iam::{ACCOUNT}:role/nobody"
    same(assumes(User(ASSUME), missing), QUERY_DENIED)


@check
def a_session_is_not_longer_than_the_role_says():
    name, arn = role(trusting(ROOT))
    user = User(ASSUME)
    code, message = told(
        user.client("sts").assume_role, RoleArn=arn, RoleSessionName="row", DurationSeconds=3601
    )
    same(code, "ValidationError")
    within("MaxSessionDuration", message)
    admin("iam").update_role(RoleName=name, MaxSessionDuration=7200)
    same(assumes(user, arn, DurationSeconds=7200), "ok")


@check
def a_chained_session_lasts_an_hour_at_most():
    name, arn = role(trusting(ROOT), may=[ASSUME])
    admin("iam").update_role(RoleName=name, MaxSessionDuration=7200)
    session = client("sts", assumed(User(ASSUME).client("sts"), arn))
    call = {"RoleArn": arn, "RoleSessionName": "row"}
    same(outcome(session.assume_role, **call, DurationSeconds=3601), "ValidationError")
    same(outcome(session.assume_role, **call, DurationSeconds=3600), "ok")


@check
def a_change_of_trust_counts_at_once():
    user = User(ASSUME)
    name, arn = role(trusting(ROOT))
    same(assumes(user, arn), "ok")
    admin("iam").update_assume_role_policy(
        RoleName=name, PolicyDocument=document(trusting(SERVICE))
    )
    same(assumes(user, arn), QUERY_DENIED)


@check
def a_session_ends_with_its_role():
    iam, (name, arn) = admin("iam"), role(trusting(ROOT), may=[statement(GET)])
    held = secret()
    session = client("secretsmanager", assumed(User(ASSUME).client("sts"), arn))
    same(reads(session, held), "ok")
    iam.delete_role_policy(RoleName=name, PolicyName="row")
    same(reads(session, held), DENIED)
    iam.delete_role(RoleName=name)
    assert reads(session, held) != "ok", "a session of a role that is gone"


@check
def session_tags_need_a_permission_and_count():
    arn, user = secret(), User()
    block = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    allow = trusting({"AWS": user.arn})
    _, untagged = role(allow)
    tags = [{"Key": "team", "Value": "red"}]
    same(assumes(user, untagged, Tags=tags), QUERY_DENIED)
    both = {**allow, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    _, tagged = role(both, may=[statement(GET, Condition=block)])
    sts = user.client("sts")
    same(reads(client("secretsmanager", assumed(sts, tagged, Tags=tags)), arn), "ok")
    same(reads(client("secretsmanager", assumed(sts, tagged)), arn), DENIED)


@check
def the_waiters_of_iam_find_what_is_there():
    iam, quick = admin("iam"), {"Delay": 1, "MaxAttempts": 2}
    name, _ = role(trusting(SERVICE))
    waits = [
        ("role_exists", {"RoleName": name}),
        ("user_exists", {"UserName": User().name}),
        ("policy_exists", {"PolicyArn": policy(statement("*"))}),
        ("instance_profile_exists", {"InstanceProfileName": profile(name)[0]}),
    ]
    for waiter, parameters in waits:
        iam.get_waiter(waiter).wait(**parameters, WaiterConfig=quick)


@check
def what_is_not_there_is_no_such_entity():
    iam = admin("iam")
    missing = f"arn:aws:iam::{ACCOUNT}:policy/nothing"
    for call, parameters in (
        (iam.get_role, {"RoleName": "nobody"}),
        (iam.get_user, {"UserName": "nobody"}),
        (iam.get_policy, {"PolicyArn": missing}),
        (iam.get_instance_profile, {"InstanceProfileName": "nothing"}),
        (iam.attach_role_policy, {"RoleName": "nobody", "PolicyArn": missing}),
    ):
        same(outcome(call, **parameters), "NoSuchEntity")


@check
def iam_itself_is_authorised():
    user = User(statement(GET))
    iam = user.client("iam")
    everything = document(statement("*"))
    for call, parameters in (
        (iam.put_user_policy,
         {"UserName": user.name, "PolicyName": "all", "PolicyDocument": everything}),
        (iam.create_access_key, {"UserName": "administrator"}),
        (iam.create_role, {"RoleName": "mine", "AssumeRolePolicyDocument": "{}"}),
        (iam.list_users, {}),
    ):
        same(outcome(call, **parameters), QUERY_DENIED)


main()
