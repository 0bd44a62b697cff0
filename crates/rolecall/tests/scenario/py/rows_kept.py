"""Rows of what outlives a kill: `write` makes it and keeps what it was told, `read` asks for it.

Arguments: `write` or `read`, and a file for what the first tells the second.
"""

from rows import *  # noqa: F403

STEP, FILE = sys.argv[1:]
TOKEN = "0" * 31 + "1"


def write():
    key = admin("kms").create_key()["KeyMetadata"]["Arn"]
    arn = secret(KmsKeyId=key)
    put = admin("secretsmanager").put_secret_value
    put(SecretId=arn, SecretString="two", ClientRequestToken=TOKEN)
    user = User(statement(GET, arn), statement("kms:Decrypt", key))
    name, role_arn = role(trusting({"AWS": user.arn}), may=[statement(GET), statement("kms:*")])
    launched = admin("ec2").run_instances(
        ImageId=IMAGE, MinCount=1, MaxCount=1, ClientToken="kept",
        IamInstanceProfile={"Name": profile(name)[0]},
    )
    blob = admin("kms").encrypt(KeyId=key, Plaintext=b"plain")["CiphertextBlob"]
    told = {
        "secret": arn,
        "user": user.credentials,
        "session": assumed(user.client("sts"), role_arn),
        "instance": launched["Instances"][0]["InstanceId"],
        "blob": blob.hex(),
    }
    with open(FILE, "w", encoding="utf-8") as file:
        json.dump(told, file)


def read_back():
    with open(FILE, encoding="utf-8") as file:
        return json.load(file)


if STEP == "write":
    check(write)
else:
    held = read_back()

    @check
    def both_versions_are_kept():
        manager = admin("secretsmanager")
        same(manager.get_secret_value(SecretId=held["secret"])["VersionId"], TOKEN)
        before = {"SecretId": held["secret"], "VersionStage": "AWSPREVIOUS"}
        same(manager.get_secret_value(**before)["SecretString"], VALUE)

    @check
    def a_users_key_is_kept():
        same(reads(client("secretsmanager", held["user"]), held["secret"]), "ok")

    @check
    def a_denial_is_kept():
        same(reads(client("secretsmanager", held["user"]), "my-secret"), DENIED)

    @check
    def a_session_is_kept():
        same(reads(client("secretsmanager", held["session"]), held["secret"]), "ok")

    @check
    def a_ciphertext_is_kept():
        blob = bytes.fromhex(held["blob"])
        same(admin("kms").decrypt(CiphertextBlob=blob)["Plaintext"], b"plain")

    @check
    def an_instance_and_its_token_are_kept():
        described = admin("ec2").describe_instances(InstanceIds=[held["instance"]])
        found = described["Reservations"][0]["Instances"][0]
        same((found["State"]["Name"], found["ClientToken"]), ("running", "kept"))


main()
