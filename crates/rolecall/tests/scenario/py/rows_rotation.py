"""Rows of the states of a rotation, with a function that succeeds and does nothing.

Argument: the function's ARN.
"""

from rows import *  # noqa: F403

(FUNCTION,) = sys.argv[1:]
manager = admin("secretsmanager")
REQUEST = "InvalidRequestException"
MISSING = "ResourceNotFoundException"
FIRST, SECOND = (f"{number:032}" for number in (1, 2))


def stages(arn):
    return manager.describe_secret(SecretId=arn)["VersionIdsToStages"]


def rotating(token=SECOND):
    """A secret whose rotation has begun."""
    arn = secret(ClientRequestToken=FIRST)
    rules = {"AutomaticallyAfterDays": 30}
    answer = manager.rotate_secret(
        SecretId=arn, ClientRequestToken=token, RotationLambdaARN=FUNCTION, RotationRules=rules
    )
    same(answer["VersionId"], token)
    return arn


@check
def a_rotation_has_a_version_without_a_value():
    arn = rotating()
    same(stages(arn), {FIRST: ["AWSCURRENT"], SECOND: ["AWSPENDING"]})
    same(reads(manager, arn, VersionStage="AWSPENDING"), MISSING)
    same(manager.get_secret_value(SecretId=arn)["SecretString"], VALUE)


@check
def the_value_is_put_under_the_token():
    arn = rotating()
    put = {"SecretId": arn, "SecretString": "next", "VersionStages": ["AWSPENDING"]}
    manager.put_secret_value(**put, ClientRequestToken=SECOND)
    pending = manager.get_secret_value(SecretId=arn, VersionStage="AWSPENDING")
    same((pending["VersionId"], pending["SecretString"]), (SECOND, "next"))
    same(manager.get_secret_value(SecretId=arn)["SecretString"], VALUE)


@check
def what_was_pending_becomes_current():
    arn = rotating()
    put = {"SecretId": arn, "SecretString": "next", "VersionStages": ["AWSPENDING"]}
    manager.put_secret_value(**put, ClientRequestToken=SECOND)
    move = {"SecretId": arn, "VersionStage": "AWSCURRENT"}
    manager.update_secret_version_stage(**move, MoveToVersionId=SECOND, RemoveFromVersionId=FIRST)
    same(manager.get_secret_value(SecretId=arn)["SecretString"], "next")
    same(stages(arn)[FIRST], ["AWSPREVIOUS"])
    within("AWSCURRENT", stages(arn)[SECOND])


@check
def a_second_rotation_waits_for_the_first():
    arn = rotating()
    code, message = told(manager.rotate_secret, SecretId=arn, ClientRequestToken="3" * 32)
    same(code, REQUEST)
    within("A previous rotation isn't complete", message)


@check
def a_rotation_can_be_cancelled():
    arn = rotating()
    same(manager.describe_secret(SecretId=arn)["RotationEnabled"], True)
    manager.cancel_rotate_secret(SecretId=arn)
    held = manager.describe_secret(SecretId=arn)
    same(held.get("RotationEnabled", False), False)
    code = outcome(manager.rotate_secret, SecretId=secret())
    same(code, REQUEST)


@check
def current_moves_to_where_there_was_none():
    arn = manager.create_secret(Name=fresh("secret"))["ARN"]
    put = {"SecretId": arn, "SecretString": "next", "VersionStages": ["AWSPENDING"]}
    manager.put_secret_value(**put, ClientRequestToken=SECOND)
    manager.update_secret_version_stage(
        SecretId=arn, VersionStage="AWSCURRENT", MoveToVersionId=SECOND
    )
    same(manager.get_secret_value(SecretId=arn)["SecretString"], "next")


main()
