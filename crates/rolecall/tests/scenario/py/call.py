"""Makes one call to a JSON and one to a Query service, and prints `ok` or the error code of each."""

import json

import boto3
from botocore.exceptions import ClientError


def outcome(call):
    try:
        call()
        return "ok"
    except ClientError as error:
        return error.response["Error"]["Code"]


print(
    json.dumps(
        {
            "secretsmanager": outcome(
                lambda: boto3.client("secretsmanager").get_secret_value(SecretId="my-secret")
            ),
            "sts": outcome(lambda: boto3.client("sts").get_caller_identity()),
        }
    )
)
