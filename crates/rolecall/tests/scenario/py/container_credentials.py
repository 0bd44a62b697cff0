"""boto3 with nothing but a container's variables: who it is, and the sample secret."""

import json

import boto3

who = boto3.client("sts").get_caller_identity()["Arn"]
secret = boto3.client("secretsmanager").get_secret_value(SecretId="my-secret")
method = boto3.Session().get_credentials().method
print(json.dumps({"arn": who, "name": secret["Name"], "method": method}))
