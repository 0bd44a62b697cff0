"""Sends a document in place of a versioning configuration."""

import sys

import boto3
from botocore.config import Config

s3 = boto3.client("s3", config=Config(retries={"max_attempts": 0}))


def replace(request, **_):
    request.data = sys.argv[2].encode()


s3.meta.events.register("before-sign.s3", replace)
s3.put_bucket_versioning(Bucket=sys.argv[1], VersioningConfiguration={"Status": "Enabled"})
