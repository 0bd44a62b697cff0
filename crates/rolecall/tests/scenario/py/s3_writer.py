"""Puts objects until the server is gone; each that was answered is told in a file of its own."""

import hashlib
import os
import pathlib
import sys

import boto3
from botocore.config import Config

writer, told = sys.argv[1], pathlib.Path(sys.argv[2])
s3 = boto3.client("s3", config=Config(retries={"max_attempts": 0}))
number = 0
while True:
    number += 1
    data = os.urandom([100, 70_000, 3_000_000][number % 3])
    key = f"{writer}-{number}"
    try:
        if number % 4 == 3:
            key += "-parts"
            data = os.urandom((5 << 20) + 10)
            of = dict(Bucket="crash", Key=key)
            of["UploadId"] = s3.create_multipart_upload(**of)["UploadId"]
            parts = [data[:5 << 20], data[5 << 20:]]
            tags = [s3.upload_part(PartNumber=at + 1, Body=part, **of)["ETag"] for at, part in enumerate(parts)]
            named = [{"PartNumber": at + 1, "ETag": tag} for at, tag in enumerate(tags)]
            s3.complete_multipart_upload(MultipartUpload={"Parts": named}, **of)
        else:
            s3.put_object(Bucket="crash", Key=key, Body=data)
    except Exception:
        sys.exit(0)
    (told / key).write_text(hashlib.md5(data).hexdigest())
