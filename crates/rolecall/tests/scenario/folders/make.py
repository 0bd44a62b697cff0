"""Makes the data folder of an upgrade test: make.py ROLECALL FOLDER, with some of every kind in it.

What later versions must find there is what this puts in, and `expected.json` beside it.
"""

import base64
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

import boto3

program, folder = sys.argv[1], os.path.abspath(sys.argv[2])
data = os.path.join(folder, "data")
os.makedirs(data, mode=0o700)
# Obviously no key of anybody's.
with open(os.path.join(data, "root.key"), "wb") as key:
    key.write(base64.b64encode(b"a root key of a test, and no more"[:32]) + b"\n")
ready = os.path.join(tempfile.mkdtemp(), "ready.json")
command = [program, "up", "--data", data, "--ready-file", ready]
for port in ["--listen", "--imds", "--agent-tcp", "--agent-http"]:
    command += [port, "127.0.0.1:0"]
server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
while not os.path.exists(ready):
    assert server.poll() is None, "it ended"
    time.sleep(0.1)
with open(ready) as file:
    found = json.load(file)


def client(service):
    return boto3.client(
        service,
        endpoint_url=found["endpoint"],
        region_name=found["region"],
        aws_access_key_id=found["admin"]["access_key_id"],
        aws_secret_access_key=found["admin"]["secret_access_key"],
    )


iam, secrets, kms, ec2 = (client(name) for name in ["iam", "secretsmanager", "kms", "ec2"])
allow = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}],
    }
)
trust = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ec2.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
policy = iam.create_policy(PolicyName="kept-policy", PolicyDocument=allow)["Policy"]["Arn"]
iam.create_user(UserName="kept-user", Tags=[{"Key": "Team", "Value": "kept"}])
iam.create_group(GroupName="kept-group")
iam.attach_group_policy(GroupName="kept-group", PolicyArn=policy)
iam.add_user_to_group(GroupName="kept-group", UserName="kept-user")
iam.create_role(RoleName="kept-role", AssumeRolePolicyDocument=trust)
iam.put_role_policy(RoleName="kept-role", PolicyName="inline", PolicyDocument=allow)
iam.create_instance_profile(InstanceProfileName="kept-profile")
iam.add_role_to_instance_profile(InstanceProfileName="kept-profile", RoleName="kept-role")
key = kms.create_key(Description="kept key")["KeyMetadata"]["KeyId"]
kms.create_alias(AliasName="alias/kept", TargetKeyId=key)
ciphertext = kms.encrypt(KeyId="alias/kept", Plaintext=b"kept plaintext")["CiphertextBlob"]
secrets.create_secret(Name="kept-secret", SecretString="first value", KmsKeyId="alias/kept")
secrets.put_secret_value(SecretId="kept-secret", SecretString="second value")
instance = ec2.run_instances(
    ImageId="ami-0a1b2c3d4e5f60001",
    InstanceType="t3.micro",
    MinCount=1,
    MaxCount=1,
    ClientToken="kept-launch",
    IamInstanceProfile={"Name": "kept-profile"},
)["Instances"][0]["InstanceId"]
with open(os.path.join(folder, "expected.json"), "w") as file:
    json.dump({"instance": instance}, file)
    file.write("\n")
with open(os.path.join(folder, "ciphertext"), "wb") as file:
    file.write(ciphertext)
server.send_signal(signal.SIGTERM)
assert server.wait() == 0
