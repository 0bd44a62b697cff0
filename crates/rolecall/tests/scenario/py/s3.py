"""boto3 against S3: what it puts it gets, and what is wrong is refused with S3's codes."""

import base64
import hashlib
import http.client
import io
import os
import sys
import urllib.parse
import zlib

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

PATH = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0})
s3 = boto3.client("s3", config=PATH)
B = "py-bucket"
MB = 1024 * 1024


def refused(code, status, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        said = error.response["Error"]["Code"]
        got = error.response["ResponseMetadata"]["HTTPStatusCode"]
        assert (said, got) == (code, status), (said, got, error)
        return error
    raise AssertionError(f"{code} was not said")


def body(**arguments):
    return s3.get_object(Bucket=B, **arguments)["Body"].read()


def objects():
    s3.put_object(Bucket=B, Key="k", Body=b"0123456789", ContentType="text/x", Metadata={"a": "b"},
                  CacheControl="no-store")
    got = s3.get_object(Bucket=B, Key="k")
    assert got["Body"].read() == b"0123456789"
    assert (got["ContentType"], got["Metadata"], got["CacheControl"]) == \
        ("text/x", {"a": "b"}, "no-store"), got
    assert got["ServerSideEncryption"] == "AES256" and got["ContentLength"] == 10, got
    assert got["ETag"] == '"%s"' % hashlib.md5(b"0123456789").hexdigest(), got
    for asked, said, of in [("bytes=2-4", b"234", "2-4"), ("bytes=8-", b"89", "8-9"),
                            ("bytes=-3", b"789", "7-9"), ("bytes=5-99", b"56789", "5-9")]:
        part = s3.get_object(Bucket=B, Key="k", Range=asked)
        assert part["Body"].read() == said
        assert part["ContentRange"] == f"bytes {of}/10", part
        assert part["ResponseMetadata"]["HTTPStatusCode"] == 206
    refused("InvalidRange", 416, s3.get_object, Bucket=B, Key="k", Range="bytes=10-")
    refused("PreconditionFailed", 412, s3.get_object, Bucket=B, Key="k", IfMatch='"x"')
    refused("304", 304, s3.get_object, Bucket=B, Key="k", IfNoneMatch=got["ETag"])
    refused("304", 304, s3.get_object, Bucket=B, Key="k", IfModifiedSince=got["LastModified"])
    refused("PreconditionFailed", 412, s3.put_object, Bucket=B, Key="k", Body=b"", IfNoneMatch="*")
    refused("NoSuchKey", 404, s3.get_object, Bucket=B, Key="missing")
    refused("404", 404, s3.head_object, Bucket=B, Key="missing")
    refused("NoSuchBucket", 404, s3.get_object, Bucket="not-a-bucket-of-ours", Key="k")
    s3.put_object(Bucket=B, Key="empty", Body=b"")
    assert body(Key="empty") == b""
    told = s3.get_object(Bucket=B, Key="k", ResponseContentType="text/other")
    assert told["ContentType"] == "text/other", told
    large = os.urandom(3 * MB + 17)
    s3.put_object(Bucket=B, Key="large", Body=large)
    assert body(Key="large") == large
    assert body(Key="large", Range=f"bytes={MB - 1}-{2 * MB + 5}") == large[MB - 1:2 * MB + 6]
    s3.copy_object(Bucket=B, Key="copy", CopySource={"Bucket": B, "Key": "k"})
    assert s3.head_object(Bucket=B, Key="copy")["Metadata"] == {"a": "b"}
    s3.copy_object(Bucket=B, Key="copy", CopySource={"Bucket": B, "Key": "k"},
                   MetadataDirective="REPLACE", Metadata={"c": "d"})
    assert s3.head_object(Bucket=B, Key="copy")["Metadata"] == {"c": "d"}
    refused("InvalidRequest", 400, s3.copy_object, Bucket=B, Key="k",
            CopySource={"Bucket": B, "Key": "k"})
    s3.put_object_tagging(Bucket=B, Key="k", Tagging={"TagSet": [{"Key": "t", "Value": "v"}]})
    assert s3.get_object_tagging(Bucket=B, Key="k")["TagSet"] == [{"Key": "t", "Value": "v"}]
    s3.delete_object_tagging(Bucket=B, Key="k")
    assert s3.get_object_tagging(Bucket=B, Key="k")["TagSet"] == []
    gone = s3.delete_objects(Bucket=B, Delete={"Objects": [{"Key": "k"}, {"Key": "none"}]})
    assert sorted(it["Key"] for it in gone["Deleted"]) == ["k", "none"], gone
    refused("NoSuchKey", 404, s3.get_object, Bucket=B, Key="k")


def names():
    for key in ["..", "../up", "a/../b", "./x", "a//b", "ü/ñ 雪+%25&?#", "x" * 1024, " lead", "nl\n"]:
        data = key.encode()
        s3.put_object(Bucket=B, Key=key, Body=data)
        assert body(Key=key) == data, key
    listed = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=B, PaginationConfig={"PageSize": 3}):
        listed += [it["Key"] for it in page.get("Contents", [])]
    assert listed == sorted(listed, key=lambda key: key.encode()), listed
    assert "../up" in listed and "ü/ñ 雪+%25&?#" in listed and "nl\n" in listed, listed
    s3.put_object(Bucket=B, Key="nul\0byte", Body=b"nul")
    assert body(Key="nul\0byte") == b"nul"
    refused("KeyTooLongError", 400, s3.put_object, Bucket=B, Key="x" * 1025, Body=b"")
    cut = s3.list_objects_v2(Bucket=B, Delimiter="/", Prefix="a/")
    assert [it["Prefix"] for it in cut["CommonPrefixes"]] == ["a/../", "a//"], cut
    first = s3.list_objects(Bucket=B, MaxKeys=1, Delimiter="/")
    assert first["IsTruncated"] and first["NextMarker"], first


def sums():
    data = b"checksums"
    for name, value in [
        ("CRC32", base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()),
        ("SHA1", base64.b64encode(hashlib.sha1(data).digest()).decode()),
        ("SHA256", base64.b64encode(hashlib.sha256(data).digest()).decode()),
    ]:
        member = f"Checksum{name}"
        put = s3.put_object(Bucket=B, Key="sum", Body=data, ChecksumAlgorithm=name)
        assert put[member] == value, put
        got = s3.get_object(Bucket=B, Key="sum", ChecksumMode="ENABLED")
        assert got["Body"].read() == data and got[member] == value, got
        wrong = base64.b64encode(bytes(len(base64.b64decode(value)))).decode()
        refused("BadDigest", 400, s3.put_object, Bucket=B, Key="wrong", Body=data, **{member: wrong})
        refused("InvalidRequest", 400, s3.put_object, Bucket=B, Key="wrong", Body=data, **{member: "AA=="})
    refused("BadDigest", 400, s3.put_object, Bucket=B, Key="wrong", Body=data,
            ContentMD5=base64.b64encode(bytes(16)).decode())
    refused("InvalidDigest", 400, s3.put_object, Bucket=B, Key="wrong", Body=data, ContentMD5="AAAA")
    refused("404", 404, s3.head_object, Bucket=B, Key="wrong")
    facts = s3.get_object_attributes(Bucket=B, Key="sum", ObjectAttributes=["ETag", "Checksum", "ObjectSize"])
    assert facts["ObjectSize"] == len(data) and facts["Checksum"]["ChecksumSHA256"], facts


def streams():
    """A body of unknown hash goes in signed chunks or unsigned ones with a trailer."""
    data = os.urandom(700_000)

    class Unseekable(io.RawIOBase):
        def __init__(self):
            self.rest = io.BytesIO(data)

        def read(self, size=-1):
            return self.rest.read(size)

        def readable(self):
            return True

    s3.upload_fileobj(Unseekable(), B, "stream")
    assert body(Key="stream") == data


def parts():
    data = os.urandom(11 * MB)
    for algorithm, kind in [("CRC32", "COMPOSITE"), ("CRC32", "FULL_OBJECT"),
                            ("CRC64NVME", None), ("SHA256", None)]:
        if algorithm == "CRC64NVME":
            more = {}
        else:
            more = {"ChecksumAlgorithm": algorithm}
        start = dict(more, **({"ChecksumType": kind} if kind else {}))
        upload = s3.create_multipart_upload(Bucket=B, Key="parts", Metadata={"m": "n"}, **start)["UploadId"]
        of = dict(Bucket=B, Key="parts", UploadId=upload)
        done = []
        for number in (1, 2, 3):
            part = s3.upload_part(PartNumber=number, Body=data[(number - 1) * 5 * MB:number * 5 * MB], **of, **more)
            named = {"PartNumber": number, "ETag": part["ETag"]}
            if algorithm != "CRC64NVME":
                named[f"Checksum{algorithm}"] = part[f"Checksum{algorithm}"]
            done.append(named)
        listed = s3.list_parts(**of, MaxParts=2)
        assert [it["PartNumber"] for it in listed["Parts"]] == [1, 2] and listed["IsTruncated"], listed
        assert [it["UploadId"] for it in s3.list_multipart_uploads(Bucket=B)["Uploads"]] == [upload]
        refused("InvalidPart", 400, s3.complete_multipart_upload, **of,
                MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": '"0"'}]})
        refused("InvalidPartOrder", 400, s3.complete_multipart_upload, **of,
                MultipartUpload={"Parts": done[::-1]})
        whole = s3.complete_multipart_upload(**of, MultipartUpload={"Parts": done})
        each = b"".join(hashlib.md5(data[at:at + 5 * MB]).digest() for at in range(0, len(data), 5 * MB))
        assert whole["ETag"] == '"%s-3"' % hashlib.md5(each).hexdigest(), whole
        if kind == "FULL_OBJECT":
            crc = base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
            assert whole["ChecksumCRC32"] == crc, whole
        got = s3.get_object(Bucket=B, Key="parts")
        assert got["Body"].read() == data and got["Metadata"] == {"m": "n"}
        assert body(Key="parts", PartNumber=2) == data[5 * MB:10 * MB]
        assert body(Key="parts", Range=f"bytes={5 * MB - 3}-{5 * MB + 3}") == data[5 * MB - 3:5 * MB + 4]
    upload = s3.create_multipart_upload(Bucket=B, Key="small")["UploadId"]
    of = dict(Bucket=B, Key="small", UploadId=upload)
    tags = [s3.upload_part(PartNumber=number, Body=b"x", **of)["ETag"] for number in (1, 2)]
    refused("EntityTooSmall", 400, s3.complete_multipart_upload, **of, MultipartUpload={
        "Parts": [{"PartNumber": at + 1, "ETag": tag} for at, tag in enumerate(tags)]})
    copied = s3.upload_part_copy(PartNumber=3, CopySource={"Bucket": B, "Key": "parts"},
                                 CopySourceRange="bytes=1-9", **of)
    s3.complete_multipart_upload(**of, MultipartUpload={
        "Parts": [{"PartNumber": 3, "ETag": copied["CopyPartResult"]["ETag"]}]})
    assert body(Key="small") == data[1:10]
    refused("NoSuchUpload", 404, s3.upload_part, PartNumber=1, Body=b"", **of)
    upload = s3.create_multipart_upload(Bucket=B, Key="never")["UploadId"]
    s3.upload_part(Bucket=B, Key="never", UploadId=upload, PartNumber=1, Body=b"x")
    s3.abort_multipart_upload(Bucket=B, Key="never", UploadId=upload)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=B)


def versions():
    s3.put_bucket_versioning(Bucket=B, VersioningConfiguration={"Status": "Enabled"})
    one = s3.put_object(Bucket=B, Key="v", Body=b"1")["VersionId"]
    two = s3.put_object(Bucket=B, Key="v", Body=b"2")["VersionId"]
    assert body(Key="v") == b"2" and body(Key="v", VersionId=one) == b"1"
    gone = s3.delete_object(Bucket=B, Key="v")
    assert gone["DeleteMarker"], gone
    refused("NoSuchKey", 404, s3.get_object, Bucket=B, Key="v")
    all = s3.list_object_versions(Bucket=B, Prefix="v")
    assert [it["VersionId"] for it in all["Versions"]] == [two, one], all
    assert [it["VersionId"] for it in all["DeleteMarkers"]] == [gone["VersionId"]], all
    s3.delete_object(Bucket=B, Key="v", VersionId=gone["VersionId"])
    assert body(Key="v") == b"2"
    refused("MethodNotAllowed", 405, s3.get_object, Bucket=B, Key="v",
            VersionId=s3.delete_object(Bucket=B, Key="v")["VersionId"])


def encryption():
    kms = boto3.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    put = s3.put_object(Bucket=B, Key="kms", Body=b"sealed", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    assert (put["ServerSideEncryption"], put["SSEKMSKeyId"]) == ("aws:kms", key), put
    # Of these S3 does not tell the MD5.
    tag = put["ETag"].strip('"')
    assert len(tag) == 32 and tag != hashlib.md5(b"sealed").hexdigest(), put
    assert s3.head_object(Bucket=B, Key="kms")["ETag"] == put["ETag"]
    assert body(Key="kms") == b"sealed"
    kms.disable_key(KeyId=key)
    refused("KMS.DisabledException", 400, s3.get_object, Bucket=B, Key="kms")
    kms.enable_key(KeyId=key)
    s3.put_bucket_encryption(Bucket=B, ServerSideEncryptionConfiguration={"Rules": [{
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key},
        "BucketKeyEnabled": True}]})
    put = s3.put_object(Bucket=B, Key="default", Body=b"x")
    assert put["SSEKMSKeyId"] == key and put["BucketKeyEnabled"], put
    s3.delete_bucket_encryption(Bucket=B)
    own = dict(SSECustomerAlgorithm="AES256", SSECustomerKey=b"k" * 32)
    s3.put_object(Bucket=B, Key="own", Body=b"mine", **own)
    assert body(Key="own", **own) == b"mine"
    refused("InvalidRequest", 400, s3.get_object, Bucket=B, Key="own")
    refused("400", 400, s3.head_object, Bucket=B, Key="own")
    refused("AccessDenied", 403, s3.get_object, Bucket=B, Key="own",
            SSECustomerAlgorithm="AES256", SSECustomerKey=b"x" * 32)


def settings():
    for call, code in [(s3.get_bucket_policy, "NoSuchBucketPolicy"), (s3.get_bucket_cors, "NoSuchCORSConfiguration"),
                       (s3.get_bucket_website, "NoSuchWebsiteConfiguration"),
                       (s3.get_bucket_lifecycle_configuration, "NoSuchLifecycleConfiguration"),
                       (s3.get_bucket_replication, "ReplicationConfigurationNotFoundError"),
                       (s3.get_object_lock_configuration, "ObjectLockConfigurationNotFoundError"),
                       (s3.get_bucket_tagging, "NoSuchTagSet")]:
        refused(code, 404, call, Bucket=B)
    assert s3.get_bucket_request_payment(Bucket=B)["Payer"] == "BucketOwner"
    for call in [s3.get_bucket_logging, s3.get_bucket_accelerate_configuration, s3.get_bucket_acl]:
        call(Bucket=B)
    rules = s3.get_bucket_encryption(Bucket=B)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256", rules
    block = s3.get_public_access_block(Bucket=B)["PublicAccessBlockConfiguration"]
    assert all(block.values()), block
    owned = s3.get_bucket_ownership_controls(Bucket=B)["OwnershipControls"]["Rules"]
    assert owned == [{"ObjectOwnership": "BucketOwnerEnforced"}], owned
    s3.put_bucket_tagging(Bucket=B, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    assert s3.get_bucket_tagging(Bucket=B)["TagSet"] == [{"Key": "a", "Value": "b"}]
    s3.delete_bucket_tagging(Bucket=B)
    refused("AccessControlListNotSupported", 400, s3.put_object, Bucket=B, Key="acl", Body=b"", ACL="public-read")
    refused("AccessControlListNotSupported", 400, s3.put_bucket_acl, Bucket=B, ACL="private")
    refused("AccessDenied", 403, s3.put_bucket_replication, Bucket=B, ReplicationConfiguration={
        "Role": "arn:aws:iam::123456789012:role/r", "Rules": [{"Status": "Enabled", "Destination": {
            "Bucket": "arn:aws:s3:::other"}}]})
    assert [it["Name"] for it in s3.list_buckets()["Buckets"]] == [B]


def rules():
    """What is written is told again, and what is wrong is refused."""
    cors = [{"ID": "one", "AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["https://*.example.com"],
             "AllowedHeaders": ["x-amz-*"], "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 60}]
    s3.put_bucket_cors(Bucket=B, CORSConfiguration={"CORSRules": cors})
    assert s3.get_bucket_cors(Bucket=B)["CORSRules"] == cors
    refused("InvalidRequest", 400, s3.put_bucket_cors, Bucket=B, CORSConfiguration={
        "CORSRules": [{"AllowedMethods": ["PATCH"], "AllowedOrigins": ["*"]}]})
    origin = {"Origin": "https://www.example.com"}
    asked = dict(origin, **{"Access-Control-Request-Method": "PUT"})
    url = f"{s3.meta.endpoint_url}/{B}/k"
    answer = browser("OPTIONS", url, asked)
    assert answer.status == 200 and answer.headers["Access-Control-Allow-Origin"] == origin["Origin"]
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, PUT"
    assert browser("OPTIONS", url, dict(asked, Origin="https://example.org")).status == 403
    assert browser("OPTIONS", url, {"Origin": "x"}).status == 400
    other = dict(asked, **{"Access-Control-Request-Headers": "x-other"})
    assert browser("OPTIONS", url, other).status == 403
    # Who asks is not let in, and may read why.
    answer = browser("GET", url, origin)
    assert answer.status == 403 and answer.headers["Access-Control-Expose-Headers"] == "ETag"
    assert "Access-Control-Allow-Origin" not in browser("GET", url, {"Origin": "https://example.org"}).headers
    s3.delete_bucket_cors(Bucket=B)
    assert browser("OPTIONS", url, asked).status == 403
    going = [{"ID": "a b", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 3}},
             {"ID": "and", "Status": "Disabled", "Expiration": {"Days": 1}, "Filter": {"And": {
                 "Prefix": "p", "Tags": [{"Key": "t", "Value": "v"}], "ObjectSizeGreaterThan": 5}}},
             {"ID": "more", "Status": "Enabled", "Filter": {}, "NoncurrentVersionExpiration": {"NoncurrentDays": 9},
              "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2}}]
    s3.put_bucket_lifecycle_configuration(Bucket=B, LifecycleConfiguration={"Rules": going})
    assert s3.get_bucket_lifecycle_configuration(Bucket=B)["Rules"] == going
    s3.put_object(Bucket=B, Key="tmp/k", Body=b"")
    told = s3.head_object(Bucket=B, Key="tmp/k")["Expiration"]
    assert told.endswith('00:00:00 GMT", rule-id="a%20b"'), told
    old = [{"ID": "old", "Status": "Enabled", "Filter": {}, "Expiration": {"Date": "2020-01-01T00:00:00Z"}}]
    s3.put_bucket_lifecycle_configuration(Bucket=B, LifecycleConfiguration={"Rules": old})
    refused("NoSuchKey", 404, s3.get_object, Bucket=B, Key="tmp/k")
    assert s3.list_objects_v2(Bucket=B)["KeyCount"] == 0
    refused("NotImplemented", 501, s3.put_bucket_lifecycle_configuration, Bucket=B, LifecycleConfiguration={
        "Rules": [{"Status": "Enabled", "Filter": {}, "Transitions": [{"Days": 1, "StorageClass": "GLACIER"}]}]})
    s3.delete_bucket_lifecycle(Bucket=B)
    assert s3.list_objects_v2(Bucket=B)["KeyCount"] > 0
    s3.put_bucket_logging(Bucket=B, BucketLoggingStatus={})
    refused("NotImplemented", 501, s3.put_bucket_logging, Bucket=B, BucketLoggingStatus={
        "LoggingEnabled": {"TargetBucket": B, "TargetPrefix": "log/"}})
    s3.put_bucket_notification_configuration(Bucket=B, NotificationConfiguration={})
    refused("InvalidArgument", 400, s3.put_bucket_notification_configuration, Bucket=B, NotificationConfiguration={
        "QueueConfigurations": [{"QueueArn": "arn:aws:sqs:us-east-1:123456789012:q", "Events": ["s3:ObjectCreated:*"]}]})
    s3.delete_bucket_website(Bucket=B)
    s3.delete_bucket_replication(Bucket=B)


def browser(method, url, headers):
    """What a browser asks by itself, unsigned."""
    place = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc, timeout=30)
    connection.request(method, place.path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    return answer


def many_parts():
    """10,000 parts are completed as far as their least size is asked about, and no more are taken."""
    upload = s3.create_multipart_upload(Bucket=B, Key="many")["UploadId"]
    of = dict(Bucket=B, Key="many", UploadId=upload)
    last = s3.upload_part(PartNumber=10_000, Body=b"last", **of)["ETag"]
    refused("InvalidArgument", 400, s3.upload_part, PartNumber=10_001, Body=b"x", **of)
    refused("InvalidArgument", 400, s3.upload_part, PartNumber=0, Body=b"x", **of)
    every = [{"PartNumber": at, "ETag": last} for at in range(1, 10_001)]
    refused("InvalidPart", 400, s3.complete_multipart_upload, **of, MultipartUpload={"Parts": every})
    more = every + [{"PartNumber": 10_001, "ETag": last}]
    refused("MalformedXML", 400, s3.complete_multipart_upload, **of, MultipartUpload={"Parts": more})
    s3.complete_multipart_upload(**of, MultipartUpload={"Parts": every[-1:]})
    assert body(Key="many") == b"last"


def empty():
    everything = s3.get_paginator("list_object_versions").paginate(Bucket=B)
    for page in everything:
        every = page.get("Versions", []) + page.get("DeleteMarkers", [])
        for it in every:
            s3.delete_object(Bucket=B, Key=it["Key"], VersionId=it["VersionId"])
    s3.delete_bucket(Bucket=B)
    assert s3.list_buckets()["Buckets"] == []


s3.create_bucket(Bucket=B)
for step in (objects, names, sums, streams, parts, many_parts, settings, rules, encryption, versions, empty):
    step()
    print(step.__name__, file=sys.stderr)
