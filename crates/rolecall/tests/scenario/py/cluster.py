"""Three servers, any of which is the account: what is done at one is so at the others."""

import os
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINTS = os.environ["ENDPOINTS"].split(",")
BOUND_SECONDS = 2


def client(service, at, newest=True, **keys):
    """Of one server; reads see all that any server has answered before."""
    made = boto3.client(
        service,
        endpoint_url=ENDPOINTS[at],
        config=Config(retries={"total_max_attempts": 1}),
        **keys,
    )
    if newest:
        header = lambda request, **_: request.headers.add_header("x-rolecall-read-newest", "1")
        made.meta.events.register("before-sign.*", header)
    return made


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return
    raise AssertionError(f"{code} was expected")


def writes_are_seen_at_once_by_who_asks_for_the_newest():
    for number in range(30):
        name = f"s{number}"
        client("secretsmanager", number % 3).create_secret(Name=name, SecretString=str(number))
        for at in range(3):
            found = client("secretsmanager", at).get_secret_value(SecretId=name)
            assert found["SecretString"] == str(number)


def what_is_made_at_one_is_there_at_the_next():
    servers = [client("secretsmanager", at, newest=False) for at in range(3)]
    for number in range(30):
        name = f"next{number}"
        servers[number % 3].create_secret(Name=name, SecretString="0")
        servers[(number + 1) % 3].put_secret_value(SecretId=name, SecretString="1")
        servers[(number + 2) % 3].get_secret_value(SecretId=name)


def others_see_changes_soon():
    servers = [client("secretsmanager", at, newest=False) for at in range(3)]
    servers[0].create_secret(Name="soon", SecretString="canary of the cluster 0")
    for number in range(1, 30):
        servers[number % 3].put_secret_value(
            SecretId="soon", SecretString=f"canary of the cluster {number}"
        )
        begun = time.monotonic()
        other = servers[(number + 1) % 3]
        while True:
            found = other.get_secret_value(SecretId="soon")["SecretString"]
            if found == f"canary of the cluster {number}":
                break
            assert time.monotonic() - begun < BOUND_SECONDS, found


def a_token_is_one_on_all_servers():
    token = "t" * 32
    made = [
        client("secretsmanager", at).create_secret(
            Name="once", SecretString="1", ClientRequestToken=token
        )
        for at in range(3)
    ]
    assert len({(it["ARN"], it["VersionId"]) for it in made}) == 1, made
    refused(
        "ResourceExistsException",
        client("secretsmanager", 2).create_secret,
        Name="once",
        SecretString="2",
    )
    image = client("ec2", 0).describe_images()["Images"][0]["ImageId"]
    runs = [
        client("ec2", at).run_instances(
            ImageId=image,
            InstanceType="t3.micro",
            MinCount=1,
            MaxCount=1,
            ClientToken="i" * 32,
        )
        for at in range(3)
    ]
    assert len({it["ReservationId"] for it in runs}) == 1


def a_key_of_one_server_is_good_at_all_until_it_is_deleted():
    iam = client("iam", 0)
    iam.create_user(UserName="u")
    key = iam.create_access_key(UserName="u")["AccessKey"]
    keys = {
        "aws_access_key_id": key["AccessKeyId"],
        "aws_secret_access_key": key["SecretAccessKey"],
    }
    for at in range(3):
        client("sts", at, **keys).get_caller_identity()
    client("iam", 1).delete_access_key(UserName="u", AccessKeyId=key["AccessKeyId"])
    for at in range(3):
        refused("InvalidClientTokenId", client("sts", at, **keys).get_caller_identity)


def a_session_of_one_server_is_good_at_all():
    trust = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
        '"Principal":{"AWS":"arn:aws:iam::123456789012:user/administrator"}}]}'
    )
    role = client("iam", 1).create_role(RoleName="r", AssumeRolePolicyDocument=trust)["Role"]
    session = client("sts", 2).assume_role(RoleArn=role["Arn"], RoleSessionName="name")
    keys = {
        "aws_access_key_id": session["Credentials"]["AccessKeyId"],
        "aws_secret_access_key": session["Credentials"]["SecretAccessKey"],
        "aws_session_token": session["Credentials"]["SessionToken"],
    }
    for at in range(3):
        arn = client("sts", at, **keys).get_caller_identity()["Arn"]
        assert arn.endswith("assumed-role/r/name"), arn


writes_are_seen_at_once_by_who_asks_for_the_newest()
what_is_made_at_one_is_there_at_the_next()
others_see_changes_soon()
a_token_is_one_on_all_servers()
a_key_of_one_server_is_good_at_all_until_it_is_deleted()
a_session_of_one_server_is_good_at_all()
