"""Reads all objects of a bucket whole; prints the hash of each by its name."""

import hashlib
import json

import boto3

s3 = boto3.client("s3")
sums = {}
for page in s3.get_paginator("list_objects_v2").paginate(Bucket="crash"):
    for it in page.get("Contents", []):
        data = s3.get_object(Bucket="crash", Key=it["Key"])["Body"].read()
        assert len(data) == it["Size"], it
        sums[it["Key"]] = hashlib.md5(data).hexdigest()
print(json.dumps(sums))
