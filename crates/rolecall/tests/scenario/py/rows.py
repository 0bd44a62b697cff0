"""What the scripts `rows_*.py` share: checks with a name each, clients, and identities for a check.

A script defines checks with `@check` and ends with `main()`. Every check prints one line of JSON:
`name`, `ok` and `detail`. One that is not ok makes the script exit with 1.
"""

import itertools
import json
import sys
import traceback

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

SESSION = boto3.Session()
ACCOUNT = "123456789012"
IMAGE = "ami-0a1b2c3d4e5f60001"
VALUE = "the-value-of-a-row"
CHECKS = []
NUMBERS = itertools.count(1)
CLIENTS = {}


def check(function):
    """Makes a function a check of its name."""
    CHECKS.append((function.__name__, function))
    return function


def checks(prefix, table, function):
    """Makes every row of a table a check: `function` with the row's parts."""
    for name, *parts in table:
        CHECKS.append((f"{prefix}: {name}", lambda parts=parts: function(*parts)))


def main():
    failed = False
    for name, function in CHECKS:
        try:
            function()
            line = {"name": name, "ok": True, "detail": ""}
        except Exception:
            failed = True
            line = {"name": name, "ok": False, "detail": traceback.format_exc(limit=-3)}
        print(json.dumps(line), flush=True)
    sys.exit(1 if failed else 0)


def client(service, credentials=None, **config):
    """A client that never calls twice, with the environment's credentials or those of a check."""
    names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    settings = Config(retries={"total_max_attempts": 1}, **config)
    return SESSION.client(service, config=settings, **dict(zip(names, credentials or ())))


def admin(service):
    if service not in CLIENTS:
        CLIENTS[service] = client(service)
    return CLIENTS[service]


def unsigned(service):
    return client(service, signature_version=UNSIGNED)


def fresh(word):
    """A name that no other check has; each script has its own account."""
    return f"{word}-{next(NUMBERS)}"


def outcome(call, *arguments, **parameters):
    """`ok`, or the error code."""
    return told(call, *arguments, **parameters)[0]


def told(call, *arguments, **parameters):
    """`ok` or the error code, and the message."""
    try:
        call(*arguments, **parameters)
        return "ok", ""
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]


def same(held, wanted):
    assert held == wanted, f"{held!r}, wanted {wanted!r}"


def within(part, text):
    assert part in text, f"no {part!r} in {text!r}"


def statement(action, resource="*", effect="Allow", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


class User:
    """A user with one access key, and inline policies of what it is made with."""

    def __init__(self, *statements, boundary=None, tags=()):
        iam = admin("iam")
        self.name = fresh("user")
        limits = {"PermissionsBoundary": boundary} if boundary else {}
        tags = [{"Key": key, "Value": value} for key, value in tags]
        made = iam.create_user(UserName=self.name, Tags=tags, **limits)
        self.arn = made["User"]["Arn"]
        self.id = made["User"]["UserId"]
        if statements:
            self.may(*statements)
        key = iam.create_access_key(UserName=self.name)["AccessKey"]
        self.credentials = (key["AccessKeyId"], key["SecretAccessKey"])

    def may(self, *statements):
        """Replaces the inline policy."""
        text = document(*statements)
        admin("iam").put_user_policy(UserName=self.name, PolicyName="row", PolicyDocument=text)

    def client(self, service):
        return client(service, self.credentials)


def secret(**parameters):
    """A new secret's ARN."""
    made = {"Name": fresh("secret"), "SecretString": VALUE, **parameters}
    return admin("secretsmanager").create_secret(**made)["ARN"]


def policy(*statements):
    """A new managed policy's ARN."""
    text = document(*statements)
    made = admin("iam").create_policy(PolicyName=fresh("policy"), PolicyDocument=text)
    return made["Policy"]["Arn"]


def trusting(principal, effect="Allow", **more):
    return {"Effect": effect, "Principal": principal, "Action": "sts:AssumeRole", **more}


def role(*trust, may=()):
    """A new role's name and ARN."""
    name = fresh("role")
    iam = admin("iam")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(*trust))
    if may:
        iam.put_role_policy(RoleName=name, PolicyName="row", PolicyDocument=document(*may))
    return name, made["Role"]["Arn"]


def assumed(identity, arn, **parameters):
    """The credentials of a session of the role."""
    made = identity.assume_role(RoleArn=arn, RoleSessionName="row", **parameters)["Credentials"]
    return made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"]


def profile(*roles):
    """A new instance profile's name and ARN."""
    name = fresh("profile")
    iam = admin("iam")
    made = iam.create_instance_profile(InstanceProfileName=name)
    for one in roles:
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=one)
    return name, made["InstanceProfile"]["Arn"]


def reads(identity, name, **parameters):
    """What GetSecretValue answers: `ok` or the code."""
    return outcome(identity.get_secret_value, SecretId=name, **parameters)


SERVICE = {"Service": "ec2.amazonaws.com"}
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
GET = "secretsmanager:GetSecretValue"
DENIED = "AccessDeniedException"
