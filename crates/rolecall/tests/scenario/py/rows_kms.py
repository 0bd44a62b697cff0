"""Rows of keys: a secret under a key of one's own is read by who may use both."""

from rows import *  # noqa: F403

REFUSED = "Access to KMS is not allowed"


def key(**parameters):
    return admin("kms").create_key(**parameters)["KeyMetadata"]["Arn"]


def under(arn):
    return secret(KmsKeyId=arn)


@check
def reading_needs_the_key():
    arn = key()
    held, user = under(arn), User(statement(GET))
    manager = user.client("secretsmanager")
    code, message = told(manager.get_secret_value, SecretId=held)
    same((code, message), (DENIED, REFUSED))
    user.may(statement(GET), statement("kms:Decrypt", arn))
    same(reads(manager, held), "ok")
    user.may(statement(GET), statement("kms:Decrypt", key()))
    same(reads(manager, held), DENIED)


@check
def the_default_key_needs_nothing():
    user = User(statement(GET))
    same(reads(user.client("secretsmanager"), secret()), "ok")


@check
def writing_needs_the_key():
    arn, user = key(), User(statement("secretsmanager:*"))
    manager = user.client("secretsmanager")
    made = {"Name": fresh("secret"), "SecretString": VALUE, "KmsKeyId": arn}
    code, message = told(manager.create_secret, **made)
    same((code, message), (DENIED, REFUSED))
    user.may(statement("secretsmanager:*"), statement(["kms:GenerateDataKey", "kms:Decrypt"]))
    same(outcome(manager.create_secret, **made), "ok")


@check
def the_service_names_itself_and_the_secret():
    arn = key()
    held, user = under(arn), User()
    manager = user.client("secretsmanager")
    for keys, wanted in (
        ({"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}, "ok"),
        ({"kms:ViaService": "ec2.us-east-1.amazonaws.com"}, DENIED),
        ({"kms:EncryptionContext:SecretARN": held}, "ok"),
        ({"kms:EncryptionContext:SecretARN": secret()}, DENIED),
    ):
        user.may(statement(GET), statement("kms:Decrypt", Condition={"StringEquals": keys}))
        same((keys, reads(manager, held)), (keys, wanted))


@check
def a_key_by_way_of_secrets_manager_only_is_no_key_for_oneself():
    arn, user = key(), User()
    via = {"StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}}
    user.may(statement("kms:*", Condition=via))
    same(outcome(user.client("kms").encrypt, KeyId=arn, Plaintext=b"x"), DENIED)


@check
def a_disabled_key_reads_nothing():
    arn = key()
    held, kms, manager = under(arn), admin("kms"), admin("secretsmanager")
    kms.disable_key(KeyId=arn)
    same(reads(manager, held), "DecryptionFailure")
    code = outcome(manager.put_secret_value, SecretId=held, SecretString="another")
    same(code, "EncryptionFailure")
    same(outcome(kms.encrypt, KeyId=arn, Plaintext=b"x"), "DisabledException")
    kms.enable_key(KeyId=arn)
    same(reads(manager, held), "ok")


@check
def a_key_that_will_be_deleted_reads_nothing():
    arn = key()
    held, kms = under(arn), admin("kms")
    kms.schedule_key_deletion(KeyId=arn, PendingWindowInDays=7)
    same(reads(admin("secretsmanager"), held), "DecryptionFailure")
    same(outcome(kms.encrypt, KeyId=arn, Plaintext=b"x"), "KMSInvalidStateException")
    kms.cancel_key_deletion(KeyId=arn)
    same(reads(admin("secretsmanager"), held), "DecryptionFailure")
    kms.enable_key(KeyId=arn)
    same(reads(admin("secretsmanager"), held), "ok")


@check
def a_key_that_is_not_there_keeps_nothing():
    missing = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/00000000-1111-2222-3333-444444444444"
    manager, name = admin("secretsmanager"), fresh("secret")
    for named in (missing, "alias/nothing"):
        code, message = told(
            manager.create_secret, Name=name, SecretString=VALUE, KmsKeyId=named
        )
        same((named, code), (named, "InvalidParameterException"))
        within("The operation failed because of an invalid KMS key", message)
    same(outcome(manager.describe_secret, SecretId=name), "ResourceNotFoundException")
    same(outcome(admin("kms").describe_key, KeyId=missing), "NotFoundException")


@check
def a_key_policy_without_the_account_ignores_identity_policies():
    caller = admin("sts").get_caller_identity()["Arn"]
    own = {"Effect": "Allow", "Principal": {"AWS": caller}, "Action": "kms:*", "Resource": "*"}
    arn = key(Policy=document(own))
    held, user = under(arn), User(statement([GET, "kms:*"]))
    code, message = told(user.client("secretsmanager").get_secret_value, SecretId=held)
    same((code, message), (DENIED, REFUSED))
    same(outcome(user.client("kms").describe_key, KeyId=arn), DENIED)
    same(reads(admin("secretsmanager"), held), "ok")
    shared = {**own, "Principal": {"AWS": [caller, user.arn]}, "Action": "kms:Decrypt"}
    admin("kms").put_key_policy(KeyId=arn, Policy=document(own, shared))
    same(reads(user.client("secretsmanager"), held), "ok")


@check
def a_key_policy_that_locks_its_maker_out_is_refused():
    user = User()
    only = {"Effect": "Allow", "Principal": {"AWS": user.arn}, "Action": "kms:*", "Resource": "*"}
    code = outcome(admin("kms").create_key, Policy=document(only))
    same(code, "MalformedPolicyDocumentException")


@check
def what_is_encrypted_is_bound_to_its_context():
    kms, arn = admin("kms"), key()
    context = {"of": "row"}
    made = kms.encrypt(KeyId=arn, Plaintext=b"plain", EncryptionContext=context)
    blob = {"CiphertextBlob": made["CiphertextBlob"]}
    same(kms.decrypt(**blob, EncryptionContext=context)["Plaintext"], b"plain")
    same(outcome(kms.decrypt, **blob), "InvalidCiphertextException")
    altered = made["CiphertextBlob"][:-1] + bytes([made["CiphertextBlob"][-1] ^ 1])
    code = outcome(kms.decrypt, CiphertextBlob=altered, EncryptionContext=context)
    same(code, "InvalidCiphertextException")


@check
def a_grant_allows_until_it_is_revoked():
    arn, user, kms = key(), User(), admin("kms")
    call = {"KeyId": arn, "Plaintext": b"x"}
    same(outcome(user.client("kms").encrypt, **call), DENIED)
    grant = kms.create_grant(KeyId=arn, GranteePrincipal=user.arn, Operations=["Encrypt"])
    same(outcome(user.client("kms").encrypt, **call), "ok")
    kms.revoke_grant(KeyId=arn, GrantId=grant["GrantId"])
    same(outcome(user.client("kms").encrypt, **call), DENIED)


main()
