"""An SDK that does not know it speaks to an agent: three reads, and what the agent does not do."""

import sys

import boto3
import botocore.exceptions

password = sys.argv[1]
client = boto3.client("secretsmanager")

found = client.get_secret_value(SecretId="my-secret")
assert password in found["SecretString"]
assert found["CreatedDate"].year >= 2024
assert found["VersionStages"] == ["AWSCURRENT"]
cache = found["ResponseMetadata"]["HTTPHeaders"]["x-rolecall-cache"]
assert cache in ("hit", "miss"), cache

again = client.get_secret_value(SecretId=found["ARN"], VersionStage="AWSCURRENT")
assert again["ResponseMetadata"]["HTTPHeaders"]["x-rolecall-cache"] == "hit"
assert again["SecretString"] == found["SecretString"]

described = client.describe_secret(SecretId="my-secret")
assert described["VersionIdsToStages"] == {found["VersionId"]: ["AWSCURRENT"]}, described

batch = client.batch_get_secret_value(SecretIdList=["my-secret", "nowhere"])
assert [value["Name"] for value in batch["SecretValues"]] == ["my-secret"]
assert [error["SecretId"] for error in batch["Errors"]] == ["nowhere"]


def code(call, **arguments):
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]
    raise AssertionError("it was answered")


unknown = code(client.put_secret_value, SecretId="my-secret", SecretString="x")
assert unknown == "UnknownOperationException", unknown
denied = code(client.get_secret_value, SecretId="nowhere")
assert denied in ("AccessDeniedException", "ResourceNotFoundException"), denied
filters = code(client.batch_get_secret_value, Filters=[{"Key": "name", "Values": ["my"]}])
assert filters == "InvalidParameterException", filters
print("done")
