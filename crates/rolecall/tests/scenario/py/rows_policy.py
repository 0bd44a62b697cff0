"""Rows of policies: of identities, boundaries, sessions, groups and secrets, and conditions."""

from rows import *  # noqa: F403


def manager(user):
    return user.client("secretsmanager")


@check
def an_identity_policy_decides():
    arn, user = secret(), User()
    code, message = told(manager(user).get_secret_value, SecretId=arn)
    same(code, DENIED)
    within(f"User: {user.arn} is not authorized to perform: {GET} on resource: {arn}", message)
    within(f"because no identity-based policy allows the {GET} action", message)
    user.may(statement(GET))
    same(reads(manager(user), arn), "ok")
    same(outcome(manager(user).describe_secret, SecretId=arn), DENIED)


@check
def actions_have_wildcards_and_no_case():
    arn, user = secret(), User()
    for action, wanted in (
        ("SECRETSMANAGER:getsecretvalue", "ok"),
        ("secretsmanager:Get*Value", "ok"),
        ("secretsmanager:GetSecretValu?", "ok"),
        ("secretsmanager:GetSecretValue?", DENIED),
        ("secretsmanager:GetSecret", DENIED),
    ):
        user.may(statement(action))
        same((action, reads(manager(user), arn)), (action, wanted))


@check
def an_allow_is_for_its_resource():
    one, other = secret(), secret()
    user = User(statement(GET, one))
    name = one.split(":")[-1][:-7]
    for named in (one, name, one[:-7]):
        same((named, reads(manager(user), named)), (named, "ok"))
    same(reads(manager(user), other), DENIED)
    user.may(statement(GET, f"{one[:-7]}-??????"))
    same((reads(manager(user), name), reads(manager(user), other)), ("ok", DENIED))
    user.may(statement(GET, f"{one[:-7]}-?????"))
    same(reads(manager(user), name), DENIED)


@check
def an_explicit_deny_wins():
    one, other = secret(), secret()
    user = User(statement("*"), statement(GET, one, effect="Deny"))
    code, message = told(manager(user).get_secret_value, SecretId=one)
    same(code, DENIED)
    within("with an explicit deny in an identity-based policy", message)
    same(reads(manager(user), one[:-7]), DENIED)
    same(reads(manager(user), other), "ok")


@check
def not_action_and_not_resource_are_what_is_left():
    one, other = secret(), secret()
    rest = {"Effect": "Deny", "Action": "*", "NotResource": one}
    user = User(statement("*"), rest)
    same((reads(manager(user), one), reads(manager(user), other)), ("ok", DENIED))
    user.may({"Effect": "Allow", "NotAction": "secretsmanager:Delete*", "Resource": "*"})
    same(reads(manager(user), one), "ok")
    same(outcome(manager(user).delete_secret, SecretId=one), DENIED)


@check
def a_policy_variable_is_the_callers():
    user = User()
    pattern = f"arn:aws:secretsmanager:*:{ACCOUNT}:secret:${{aws:username}}/*"
    user.may(statement(GET, pattern))
    own, foreign = secret(Name=f"{user.name}/one"), secret(Name=f"{user.name}-not/one")
    same((reads(manager(user), own), reads(manager(user), foreign)), ("ok", DENIED))


def condition(met, unmet, tags=(), action=GET):
    """A statement with `met` allows and with `unmet` does not; a deny with it does the opposite."""
    arn = secret(Tags=[{"Key": "team", "Value": "red"}])
    user = User(tags=tags)

    def filled(block):
        return json.loads(json.dumps(block).replace("%name", user.name))

    for block, wanted in ((met, "ok"), (unmet, DENIED)):
        user.may(statement(action, Condition=filled(block)))
        same((block, reads(manager(user), arn)), (block, wanted))
    for block, wanted in ((met, DENIED), (unmet, "ok")):
        user.may(statement("*"), statement(action, effect="Deny", Condition=filled(block)))
        same(("deny", block, reads(manager(user), arn)), ("deny", block, wanted))


TEAM = [("team", "red")]
checks(
    "condition",
    [
        ("StringEquals", {"StringEquals": {"aws:username": "%name"}},
         {"StringEquals": {"aws:username": "%name-not"}}),
        ("StringNotEquals", {"StringNotEquals": {"aws:username": "somebody"}},
         {"StringNotEquals": {"aws:username": "%name"}}),
        ("StringEqualsIgnoreCase", {"StringEqualsIgnoreCase": {"aws:PrincipalTag/team": "RED"}},
         {"StringEquals": {"aws:PrincipalTag/team": "RED"}}, TEAM),
        ("StringLike", {"StringLike": {"aws:userid": "AIDA*"}},
         {"StringLike": {"aws:userid": "AROA*"}}),
        ("Null", {"Null": {"aws:TokenIssueTime": "true"}},
         {"Null": {"aws:TokenIssueTime": "false"}}),
        ("Bool", {"Bool": {"aws:SecureTransport": "false"}},
         {"Bool": {"aws:SecureTransport": "true"}}),
        ("IpAddress", {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "127.0.0.0/8"]}},
         {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
        ("NotIpAddress", {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
         {"NotIpAddress": {"aws:SourceIp": "127.0.0.1/32"}}),
        ("DateLessThan", {"DateLessThan": {"aws:CurrentTime": "2099-01-01T00:00:00Z"}},
         {"DateLessThan": {"aws:CurrentTime": "2001-01-01T00:00:00Z"}}),
        ("DateGreaterThan", {"DateGreaterThan": {"aws:EpochTime": "978307200"}},
         {"DateGreaterThan": {"aws:EpochTime": "4070908800"}}),
        ("ArnLike", {"ArnLike": {"secretsmanager:SecretId": "arn:aws:secretsmanager:*:*:secret:*"}},
         {"ArnLike": {"secretsmanager:SecretId": "arn:aws:secretsmanager:eu-west-1:*:secret:*"}}),
        ("ArnEquals", {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:user/%name"}},
         {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/%name"}}),
        ("IfExists without the key", {"StringEqualsIfExists": {"aws:PrincipalTag/team": "red"}},
         {"StringEquals": {"aws:PrincipalTag/team": "red"}}),
        ("IfExists with the key", {"StringEqualsIfExists": {"aws:PrincipalTag/team": "red"}},
         {"StringEqualsIfExists": {"aws:PrincipalTag/team": "blue"}}, TEAM),
        ("a tag of the resource", {"StringEquals": {"aws:ResourceTag/team": "red"}},
         {"StringEquals": {"secretsmanager:ResourceTag/team": "blue"}}),
        ("a tag of the caller", {"StringEquals":
         {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
         {"StringEquals": {"aws:ResourceTag/team": "${aws:username}"}}, TEAM),
        ("all keys of a block", {"StringEquals": {"aws:ResourceTag/team": "red",
         "aws:username": "%name"}},
         {"StringEquals": {"aws:ResourceTag/team": "red", "aws:username": "other"}}),
    ],
    condition,
)


def numeric_less_than():
    user = User(
        statement("kms:ScheduleKeyDeletion", Condition={
            "NumericLessThan": {"kms:ScheduleKeyDeletionPendingWindowInDays": "8"}})
    )
    kms = user.client("kms")
    key = admin("kms").create_key()["KeyMetadata"]["KeyId"]
    days = "PendingWindowInDays"
    same(outcome(kms.schedule_key_deletion, KeyId=key, **{days: 8}), DENIED)
    same(outcome(kms.schedule_key_deletion, KeyId=key), DENIED)
    same(outcome(kms.schedule_key_deletion, KeyId=key, **{days: 7}), "ok")


def many_values(operator, outcomes):
    arn = secret()
    block = {f"{operator}:StringEquals": {"aws:TagKeys": ["team", "cost"]}}
    user = User(statement("secretsmanager:TagResource", Condition=block))
    held = []
    for keys in (["team"], ["team", "cost"], ["team", "other"], ["other"]):
        tags = [{"Key": key, "Value": "x"} for key in keys]
        held.append(outcome(manager(user).tag_resource, SecretId=arn, Tags=tags) == "ok")
    same(held, outcomes)


checks("condition", [("NumericLessThan",)], numeric_less_than)
checks(
    "condition",
    [
        ("ForAllValues", "ForAllValues", [True, True, False, False]),
        ("ForAnyValue", "ForAnyValue", [True, True, True, False]),
    ],
    many_values,
)


@check
def a_boundary_limits_and_does_not_allow():
    arn = secret()
    for actions, wanted in (("s3:*", DENIED), ([GET, "s3:*"], "ok")):
        user = User(statement("*"), boundary=policy(statement(actions)))
        code, message = told(manager(user).get_secret_value, SecretId=arn)
        same(code, wanted)
        if code == DENIED:
            within(f"because no permissions boundary allows the {GET} action", message)
    bounded = User(boundary=policy(statement("*")))
    same(reads(manager(bounded), arn), DENIED)


@check
def a_boundary_can_be_put_and_deleted():
    arn, user = secret(), User(statement("*"))
    limit = policy(statement("s3:*"))
    admin("iam").put_user_permissions_boundary(UserName=user.name, PermissionsBoundary=limit)
    same(reads(manager(user), arn), DENIED)
    admin("iam").delete_user_permissions_boundary(UserName=user.name)
    same(reads(manager(user), arn), "ok")


@check
def a_session_policy_limits_and_does_not_allow():
    arn, user = secret(), User()
    _, able = role(trusting({"AWS": user.arn}), may=[statement(GET)])
    _, unable = role(trusting({"AWS": user.arn}))
    sts = user.client("sts")

    def by(role_arn, **parameters):
        session = client("secretsmanager", assumed(sts, role_arn, **parameters))
        return told(session.get_secret_value, SecretId=arn)

    same(by(able)[0], "ok")
    code, message = by(able, Policy=document(statement("s3:*")))
    same(code, DENIED)
    within(f"because no session policy allows the {GET} action", message)
    same(by(able, Policy=document(statement(GET, arn)))[0], "ok")
    same(by(able, Policy=document(statement("*"), statement(GET, effect="Deny")))[0], DENIED)
    same(by(unable, Policy=document(statement("*")))[0], DENIED)
    same(by(able, PolicyArns=[{"arn": policy(statement("s3:*"))}])[0], DENIED)
    same(by(able, PolicyArns=[{"arn": policy(statement(GET))}])[0], "ok")


@check
def a_group_gives_what_it_has():
    arn, user, iam = secret(), User(), admin("iam")
    group = fresh("group")
    iam.create_group(GroupName=group)
    iam.put_group_policy(
        GroupName=group, PolicyName="row", PolicyDocument=document(statement(GET))
    )
    same(reads(manager(user), arn), DENIED)
    iam.add_user_to_group(GroupName=group, UserName=user.name)
    same(reads(manager(user), arn), "ok")
    iam.remove_user_from_group(GroupName=group, UserName=user.name)
    same(reads(manager(user), arn), DENIED)
    iam.attach_group_policy(GroupName=group, PolicyArn=policy(statement("*", effect="Deny")))
    user.may(statement(GET))
    iam.add_user_to_group(GroupName=group, UserName=user.name)
    same(reads(manager(user), arn), DENIED)


def own_policy(arn, principal, effect):
    text = document({"Effect": effect, "Principal": principal, "Action": GET, "Resource": "*"})
    admin("secretsmanager").put_resource_policy(SecretId=arn, ResourcePolicy=text)


@check
def a_secrets_policy_allows_by_itself():
    arn, user, other = secret(), User(), User()
    own_policy(arn, {"AWS": user.arn}, "Allow")
    same((reads(manager(user), arn), reads(manager(other), arn)), ("ok", DENIED))
    same(reads(manager(user), secret()), DENIED)
    admin("secretsmanager").delete_resource_policy(SecretId=arn)
    same(reads(manager(user), arn), DENIED)


@check
def a_secrets_policy_that_names_the_account_delegates():
    arn, user = secret(), User()
    own_policy(arn, ROOT, "Allow")
    same(reads(manager(user), arn), DENIED)


@check
def a_secrets_policy_denies():
    arn, user, other = secret(), User(statement("*")), User(statement("*"))
    own_policy(arn, {"AWS": user.arn}, "Deny")
    code, message = told(manager(user).get_secret_value, SecretId=arn)
    same(code, DENIED)
    within("with an explicit deny in a resource-based policy", message)
    same(reads(manager(other), arn), "ok")


@check
def a_simulation_says_what_would_be():
    arn, iam = secret(), admin("iam")
    user = User(statement(GET), statement("secretsmanager:DeleteSecret", effect="Deny"))
    names = [GET, "secretsmanager:DeleteSecret", "secretsmanager:ListSecrets"]
    answer = iam.simulate_principal_policy(
        PolicySourceArn=user.arn, ActionNames=names, ResourceArns=[arn]
    )
    held = [(one["EvalActionName"], one["EvalDecision"]) for one in answer["EvaluationResults"]]
    same(sorted(held), sorted(zip(names, ["allowed", "explicitDeny", "implicitDeny"])))
    code = outcome(
        iam.simulate_principal_policy,
        PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:user/nobody",
        ActionNames=names,
    )
    same(code, "NoSuchEntity")


@check
def a_policy_that_is_none_is_refused():
    for text in ("{", "{}", document({**statement("*"), "Principal": "*"}),
                 document(statement("secrets*:GetSecretValue")),
                 document({"Effect": "Perhaps", "Action": "*", "Resource": "*"})):
        code = outcome(
            admin("iam").create_policy, PolicyName=fresh("policy"), PolicyDocument=text
        )
        same((text, code), (text, "MalformedPolicyDocument"))


main()
