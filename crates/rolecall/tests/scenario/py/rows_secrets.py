"""Rows of Secrets Manager: versions, stages, tokens, deletion, limits, lists and policies."""

import datetime

from rows import *  # noqa: F403

manager = admin("secretsmanager")
MISSING = "ResourceNotFoundException"
REQUEST = "InvalidRequestException"
PARAMETER = "InvalidParameterException"
EXISTS = "ResourceExistsException"
TOKENS = [f"{number:032}" for number in range(10)]


def put(arn, value, token=None, **parameters):
    more = {"ClientRequestToken": token} if token else {}
    return manager.put_secret_value(SecretId=arn, SecretString=value, **more, **parameters)


def value(arn, **parameters):
    return manager.get_secret_value(SecretId=arn, **parameters)["SecretString"]


def stages(arn):
    return manager.describe_secret(SecretId=arn)["VersionIdsToStages"]


@check
def the_token_is_the_version():
    made = manager.create_secret(
        Name=fresh("secret"), SecretString=VALUE, ClientRequestToken=TOKENS[0]
    )
    same(made["VersionId"], TOKENS[0])
    same(put(made["ARN"], "two", TOKENS[1])["VersionId"], TOKENS[1])
    same(value(made["ARN"], VersionId=TOKENS[0]), VALUE)


@check
def a_creation_is_repeated_by_its_token():
    made = {"Name": fresh("secret"), "SecretString": VALUE, "ClientRequestToken": TOKENS[0]}
    one, two = manager.create_secret(**made), manager.create_secret(**made)
    same((one["ARN"], one["VersionId"]), (two["ARN"], two["VersionId"]))


@check
def a_name_is_taken_once():
    arn = secret(Name="taken")
    same(outcome(manager.create_secret, Name="taken", SecretString=VALUE), EXISTS)
    same(value(arn), VALUE)


@check
def the_suffix_is_six_characters():
    name = fresh("path/secret")
    tail = secret(Name=name).split(":secret:")[1]
    same(tail[: len(name) + 1], name + "-")
    suffix = tail[len(name) + 1 :]
    same((len(suffix), suffix.isalnum()), (6, True))


@check
def a_put_is_repeated_by_its_token():
    arn = secret()
    one, two = put(arn, "two", TOKENS[1]), put(arn, "two", TOKENS[1])
    same(one["VersionId"], two["VersionId"])
    same(len(stages(arn)), 2)


@check
def a_token_is_for_one_value():
    arn = secret()
    put(arn, "two", TOKENS[1])
    call = {"SecretId": arn, "ClientRequestToken": TOKENS[1]}
    same(outcome(manager.put_secret_value, **call, SecretString="three"), EXISTS)
    same(value(arn), "two")


@check
def previous_moves_behind_current():
    arn = secret(ClientRequestToken=TOKENS[0])
    put(arn, "two", TOKENS[1])
    same(stages(arn), {TOKENS[0]: ["AWSPREVIOUS"], TOKENS[1]: ["AWSCURRENT"]})
    put(arn, "three", TOKENS[2])
    same(stages(arn), {TOKENS[1]: ["AWSPREVIOUS"], TOKENS[2]: ["AWSCURRENT"]})
    same(value(arn, VersionStage="AWSPREVIOUS"), "two")


@check
def a_pending_version_is_not_current():
    arn = secret(ClientRequestToken=TOKENS[0])
    put(arn, "next", TOKENS[1], VersionStages=["AWSPENDING"])
    same((value(arn), value(arn, VersionStage="AWSPENDING")), (VALUE, "next"))
    manager.update_secret_version_stage(
        SecretId=arn,
        VersionStage="AWSCURRENT",
        MoveToVersionId=TOKENS[1],
        RemoveFromVersionId=TOKENS[0],
    )
    same(value(arn), "next")
    same(stages(arn)[TOKENS[0]], ["AWSPREVIOUS"])


@check
def current_is_moved_from_where_it_is():
    arn = secret(ClientRequestToken=TOKENS[0])
    put(arn, "next", TOKENS[1], VersionStages=["AWSPENDING"])
    call = {"SecretId": arn, "VersionStage": "AWSCURRENT"}
    same(outcome(manager.update_secret_version_stage, **call, MoveToVersionId=TOKENS[1]), PARAMETER)
    same(outcome(manager.update_secret_version_stage, **call, RemoveFromVersionId=TOKENS[0]),
         PARAMETER)
    same(value(arn), VALUE)


@check
def a_deleted_secret_waits_and_comes_back():
    name = fresh("secret")
    arn = secret(Name=name)
    date = manager.delete_secret(SecretId=arn, RecoveryWindowInDays=7)["DeletionDate"]
    left = date - datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta(days=6, hours=23) < left < datetime.timedelta(days=7, hours=1), left
    code, message = told(manager.get_secret_value, SecretId=arn)
    same(code, REQUEST)
    within("marked for deletion", message)
    same(outcome(manager.put_secret_value, SecretId=arn, SecretString="x"), REQUEST)
    assert "DeletedDate" in manager.describe_secret(SecretId=arn)
    manager.restore_secret(SecretId=arn)
    same(value(arn), VALUE)


@check
def a_name_in_its_recovery_window_is_an_invalid_request():
    name = fresh("secret")
    manager.delete_secret(SecretId=secret(Name=name))
    code, message = told(manager.create_secret, Name=name, SecretString=VALUE)
    same(code, REQUEST)
    within("already scheduled for deletion", message)


@check
def without_recovery_the_name_is_free():
    name = fresh("secret")
    one = secret(Name=name)
    manager.delete_secret(SecretId=one, ForceDeleteWithoutRecovery=True)
    same(reads(manager, one), MISSING)
    assert secret(Name=name) != one, "the same ARN twice"


@check
def the_window_is_seven_to_thirty_days():
    arn = secret()
    for days in (6, 31):
        same(outcome(manager.delete_secret, SecretId=arn, RecoveryWindowInDays=days), PARAMETER)
    both = {"RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": True}
    same(outcome(manager.delete_secret, SecretId=arn, **both), PARAMETER)


@check
def a_value_has_65536_bytes_at_most():
    name = fresh("secret")
    arn = secret(Name=name, SecretString="x" * 65_536)
    same(len(value(arn)), 65_536)
    long = "x" * 65_537
    code = outcome(manager.create_secret, Name=fresh("secret"), SecretString=long)
    same(code, "ValidationException")
    binary = {"SecretId": arn, "SecretBinary": b"\0" * 65_537}
    code = outcome(manager.put_secret_value, **binary)
    same(code, "ValidationException")


@check
def a_value_is_text_or_bytes():
    arn = secret()
    call = {"SecretId": arn, "SecretString": "x", "SecretBinary": b"x"}
    same(outcome(manager.put_secret_value, **call), PARAMETER)
    manager.put_secret_value(SecretId=arn, SecretBinary=b"\0\xff")
    answer = manager.get_secret_value(SecretId=arn)
    same((answer["SecretBinary"], "SecretString" in answer), (b"\0\xff", False))


@check
def a_secret_without_a_value_has_none():
    name = fresh("secret")
    answer = manager.create_secret(Name=name)
    same("VersionId" in answer, False)
    code, message = told(manager.get_secret_value, SecretId=name)
    same(code, MISSING)
    within("can't find the specified secret value for staging label: AWSCURRENT", message)


@check
def what_is_not_there_is_not_found():
    arn = secret()
    same(reads(manager, "nothing"), MISSING)
    same(reads(manager, arn, VersionStage="NONE"), MISSING)
    same(reads(manager, arn, VersionId=TOKENS[9]), MISSING)
    same(outcome(manager.describe_secret, SecretId="nothing"), MISSING)
    same(outcome(manager.delete_secret, SecretId="nothing"), MISSING)


@check
def a_version_and_a_stage_must_agree():
    arn = secret(ClientRequestToken=TOKENS[0])
    put(arn, "two", TOKENS[1])
    call = {"VersionId": TOKENS[0], "VersionStage": "AWSCURRENT"}
    same(reads(manager, arn, **call), REQUEST)
    same(value(arn, VersionId=TOKENS[1], VersionStage="AWSCURRENT"), "two")


@check
def a_partial_arn_names_the_secret():
    arn = secret(Name=fresh("a-b"))
    same((value(arn), value(arn[:-7]), value(arn[:-7].split(":secret:")[1])), (VALUE,) * 3)
    same(reads(manager, arn[:-1] + ("a" if arn[-1] != "a" else "b")), MISSING)


@check
def a_public_policy_is_blocked():
    arn = secret()
    public = document({"Effect": "Allow", "Principal": "*", "Action": GET, "Resource": "*"})
    call = {"SecretId": arn, "ResourcePolicy": public}
    same(outcome(manager.put_resource_policy, **call, BlockPublicPolicy=True),
         "PublicPolicyException")
    same("ResourcePolicy" in manager.get_resource_policy(SecretId=arn), False)


@check
def a_policy_is_validated():
    public = document({"Effect": "Allow", "Principal": "*", "Action": GET, "Resource": "*"})
    answer = manager.validate_resource_policy(ResourcePolicy=public)
    same(answer["PolicyValidationPassed"], False)
    assert answer["ValidationErrors"], answer
    own = document({"Effect": "Allow", "Principal": ROOT, "Action": GET, "Resource": "*"})
    same(manager.validate_resource_policy(ResourcePolicy=own)["PolicyValidationPassed"], True)
    code = outcome(manager.put_resource_policy, SecretId=secret(), ResourcePolicy="{")
    same(code, "MalformedPolicyDocumentException")


@check
def lists_are_filtered():
    mark = fresh("filter")
    red = secret(Name=f"{mark}-red", Tags=[{"Key": mark, "Value": "red"}])
    blue = secret(Name=f"{mark}-blue", Description=f"the other {mark}")

    def found(key, *values):
        filters = [{"Key": key, "Values": list(values)}]
        return sorted(one["ARN"] for one in manager.list_secrets(Filters=filters)["SecretList"])

    same(found("name", mark), sorted([red, blue]))
    same(found("name", f"{mark}-r"), [red])
    same(found("tag-key", mark), [red])
    same(found("tag-value", "red"), [red])
    same(found("description", mark), [blue])
    same(found("name", mark.upper()), [])


@check
def lists_have_pages():
    mark = fresh("page")
    arns = sorted(secret(Name=f"{mark}-{number}") for number in range(5))
    pages = manager.get_paginator("list_secrets").paginate(
        Filters=[{"Key": "name", "Values": [mark]}], PaginationConfig={"PageSize": 2}
    )
    lists = [[one["ARN"] for one in page["SecretList"]] for page in pages]
    same([len(page) for page in lists], [2, 2, 1])
    same(sorted(sum(lists, [])), arns)
    same(outcome(manager.list_secrets, NextToken="none"), "InvalidNextTokenException")


@check
def a_batch_tells_values_and_errors():
    one, two = secret(), secret(SecretString="two")
    answer = manager.batch_get_secret_value(SecretIdList=[one, two, "nothing"])
    held = {each["ARN"]: each["SecretString"] for each in answer["SecretValues"]}
    same(held, {one: VALUE, two: "two"})
    same([(error["SecretId"], error["ErrorCode"]) for error in answer["Errors"]],
         [("nothing", MISSING)])


@check
def a_random_password_is_as_asked():
    def password(**parameters):
        return manager.get_random_password(**parameters)["RandomPassword"]

    same(len(password()), 32)
    assert password() != password()
    plain = password(PasswordLength=100, ExcludePunctuation=True)
    same((len(plain), plain.isalnum()), (100, True))
    digits = password(ExcludeLowercase=True, ExcludeUppercase=True, ExcludePunctuation=True)
    assert digits.isdigit(), digits
    same(" " in password(PasswordLength=4096, IncludeSpace=True), True)
    same(outcome(manager.get_random_password, PasswordLength=4097), "ValidationException")
    same(outcome(manager.get_random_password, PasswordLength=3), PARAMETER)


@check
def members_without_a_value_are_left_out():
    bodies = []
    manager.meta.events.register(
        "before-parse.secretsmanager.DescribeSecret",
        lambda response_dict, **_: bodies.append(json.loads(response_dict["body"])),
    )
    manager.describe_secret(SecretId=secret())
    assert None not in bodies[0].values(), bodies[0]
    for member in ("DeletedDate", "Description", "KmsKeyId", "RotationRules"):
        assert member not in bodies[0], member
    assert isinstance(bodies[0]["CreatedDate"], (int, float)), bodies[0]


@check
def dates_are_of_now():
    answer = manager.get_secret_value(SecretId=secret())
    now = datetime.datetime.now(datetime.timezone.utc)
    assert abs(now - answer["CreatedDate"]) < datetime.timedelta(minutes=1), answer["CreatedDate"]


@check
def tags_are_put_replaced_and_taken_away():
    arn = secret(Tags=[{"Key": "a", "Value": "1"}])
    manager.tag_resource(SecretId=arn, Tags=[{"Key": "a", "Value": "2"}, {"Key": "b", "Value": ""}])
    manager.untag_resource(SecretId=arn, TagKeys=["b", "c"])
    same(manager.describe_secret(SecretId=arn)["Tags"], [{"Key": "a", "Value": "2"}])


@check
def the_exceptions_have_their_types():
    try:
        manager.get_secret_value(SecretId="nothing")
        raise AssertionError("a secret that is not there")
    except manager.exceptions.ResourceNotFoundException as error:
        same(error.response["ResponseMetadata"]["HTTPStatusCode"], 400)
        assert error.response["ResponseMetadata"]["RequestId"], "no request id"


main()
