"""Rows between two accounts: what is another's has to be allowed on both sides.

Argument: the other account's credentials file. The environment has those of the account itself.
"""

import configparser

from rows import *  # noqa: F403

THIS, OTHER = "111111111111", "222222222222"
DEFAULT_KEY = "You can't access a secret from a different AWS account"


def other_admin():
    file = configparser.ConfigParser()
    file.read(sys.argv[1])
    held = file[file.sections()[0]]
    return held["aws_access_key_id"], held["aws_secret_access_key"]


FOREIGN = other_admin()
theirs = {name: client(name, FOREIGN) for name in ("iam", "sts", "secretsmanager", "kms")}


class Foreigner:
    """A user of the other account."""

    def __init__(self, *statements):
        self.name = fresh("foreigner")
        self.arn = theirs["iam"].create_user(UserName=self.name)["User"]["Arn"]
        if statements:
            self.may(*statements)
        key = theirs["iam"].create_access_key(UserName=self.name)["AccessKey"]
        self.credentials = (key["AccessKeyId"], key["SecretAccessKey"])

    def may(self, *statements):
        text = document(*statements)
        theirs["iam"].put_user_policy(
            UserName=self.name, PolicyName="row", PolicyDocument=text
        )

    def client(self, service):
        return client(service, self.credentials)


def root(account):
    return {"AWS": f"arn:aws:iam::{account}:root"}


def shared_key(*principals):
    own = {"Effect": "Allow", "Principal": root(THIS), "Action": "kms:*", "Resource": "*"}
    more = [{**own, "Principal": one, "Action": "kms:Decrypt"} for one in principals]
    return admin("kms").create_key(Policy=document(own, *more))["KeyMetadata"]["Arn"]


def share(arn, principal):
    text = document({"Effect": "Allow", "Principal": principal, "Action": GET, "Resource": "*"})
    admin("secretsmanager").put_resource_policy(SecretId=arn, ResourcePolicy=text)


def assumes(identity, arn, **parameters):
    sts = identity.client("sts")
    return outcome(sts.assume_role, RoleArn=arn, RoleSessionName="row", **parameters)


@check
def each_key_is_of_its_account():
    same(admin("sts").get_caller_identity()["Account"], THIS)
    same(theirs["sts"].get_caller_identity()["Account"], OTHER)


@check
def accounts_do_not_see_each_other():
    name = fresh("secret")
    arn = secret(Name=name)
    missing = outcome(theirs["secretsmanager"].describe_secret, SecretId=name)
    same(missing, "ResourceNotFoundException")
    same(theirs["secretsmanager"].list_secrets()["SecretList"], [])
    same(reads(theirs["secretsmanager"], arn), DENIED)
    made = theirs["secretsmanager"].create_secret(Name=name, SecretString="theirs")
    same(theirs["secretsmanager"].get_secret_value(SecretId=name)["SecretString"], "theirs")
    theirs["secretsmanager"].delete_secret(SecretId=made["ARN"], ForceDeleteWithoutRecovery=True)


@check
def a_role_wants_both_sides():
    user = Foreigner()
    _, named = role(trusting({"AWS": user.arn}))
    _, delegated = role(trusting(root(OTHER)))
    _, own = role(trusting(root(THIS)))
    same([assumes(user, arn) for arn in (named, delegated, own)], ["AccessDenied"] * 3)
    user.may(statement("sts:AssumeRole"))
    same([assumes(user, arn) for arn in (named, delegated, own)], ["ok", "ok", "AccessDenied"])


@check
def an_external_id_keeps_the_deputy_honest():
    keys = {"StringEquals": {"sts:ExternalId": "agreed"}}
    _, arn = role(trusting(root(OTHER), Condition=keys))
    user = Foreigner(statement("sts:AssumeRole", arn))
    same((assumes(user, arn), assumes(user, arn, ExternalId="agreed")), ("AccessDenied", "ok"))


@check
def a_secret_wants_both_sides():
    user = Foreigner()
    arn = secret(KmsKeyId=shared_key(root(OTHER)))
    manager = user.client("secretsmanager")
    both = [statement(GET, arn), statement("kms:Decrypt")]
    user.may(*both)
    same(reads(manager, arn), DENIED)
    share(arn, {"AWS": user.arn})
    same(reads(manager, arn), "ok")
    user.may(statement("kms:Decrypt"))
    same(reads(manager, arn), DENIED)
    user.may(*both, statement(GET, effect="Deny"))
    same(reads(manager, arn), DENIED)


@check
def a_secret_wants_its_key_from_both_sides():
    user = Foreigner(statement(GET), statement("kms:Decrypt"))
    manager = user.client("secretsmanager")
    kept, given = secret(KmsKeyId=shared_key()), secret(KmsKeyId=shared_key({"AWS": user.arn}))
    for arn, wanted in ((kept, DENIED), (given, "ok")):
        share(arn, {"AWS": user.arn})
        same(reads(manager, arn), wanted)
    user.may(statement(GET))
    code, message = told(manager.get_secret_value, SecretId=given)
    same((code, message), (DENIED, "Access to KMS is not allowed"))


@check
def the_default_key_stays_in_its_account():
    user = Foreigner(statement("*"))
    arn = secret()
    share(arn, {"AWS": user.arn})
    code, message = told(user.client("secretsmanager").get_secret_value, SecretId=arn)
    same(code, "InvalidRequestException")
    within(DEFAULT_KEY, message)


@check
def a_key_wants_both_sides():
    user = Foreigner()
    key = shared_key(root(OTHER))
    blob = admin("kms").encrypt(KeyId=key, Plaintext=b"plain")["CiphertextBlob"]
    decrypt = user.client("kms").decrypt
    same(outcome(decrypt, CiphertextBlob=blob), DENIED)
    user.may(statement("kms:Decrypt", key))
    same(outcome(decrypt, CiphertextBlob=blob), "ok")
    same(outcome(user.client("kms").encrypt, KeyId=key, Plaintext=b"x"), DENIED)
    other = admin("kms").create_key()["KeyMetadata"]["Arn"]
    blob = admin("kms").encrypt(KeyId=other, Plaintext=b"plain")["CiphertextBlob"]
    user.may(statement("kms:*"))
    same(outcome(decrypt, CiphertextBlob=blob), DENIED)


main()
