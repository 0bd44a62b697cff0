"""boto3 against a bucket with lifecycle rules, while the clock of both goes on by days."""

import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

s3 = boto3.client("s3", config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}))
B = "ruled"
PART, SHIFT = sys.argv[1:]


def refused(code, call, **arguments):
    try:
        call(Bucket=B, **arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return
    raise AssertionError(f"{code} was not said")


def ahead(hours):
    with open(SHIFT, "w") as file:
        file.write(f"+{hours}h")


def versions():
    """By name the newest first: the version's id, whether it is the newest, and whether a marker."""
    told = s3.list_object_versions(Bucket=B)
    all = [(it, False) for it in told.get("Versions", [])] + [(it, True) for it in told.get("DeleteMarkers", [])]
    # A marker here is always the newest of its name.
    all.sort(key=lambda it: (it[0]["Key"], not it[0]["IsLatest"], -it[0]["LastModified"].timestamp()))
    return [(it["Key"], it["VersionId"], it["IsLatest"], is_marker) for it, is_marker in all]


def put(key):
    return s3.put_object(Bucket=B, Key=key, Body=key.encode())["VersionId"]


def days():
    s3.create_bucket(Bucket=B)
    s3.put_bucket_versioning(Bucket=B, VersioningConfiguration={"Status": "Enabled"})
    rules = [{"ID": "logs", "Status": "Enabled", "Filter": {"Prefix": "log/"}, "Expiration": {"Days": 10}},
             {"ID": "two", "Status": "Enabled", "Filter": {"Prefix": "k"},
              "NoncurrentVersionExpiration": {"NoncurrentDays": 1, "NewerNoncurrentVersions": 1}},
             {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "gone"},
              "NoncurrentVersionExpiration": {"NoncurrentDays": 1}, "Expiration": {"ExpiredObjectDeleteMarker": True}},
             {"ID": "a b", "Status": "Enabled", "Filter": {}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}}]
    s3.put_bucket_lifecycle_configuration(Bucket=B, LifecycleConfiguration={"Rules": rules})
    assert s3.get_bucket_lifecycle_configuration(Bucket=B)["Rules"] == rules
    refused("InvalidRequest", s3.put_bucket_lifecycle_configuration, LifecycleConfiguration={"Rules": [
        dict(rules[3], Filter={"ObjectSizeGreaterThan": 1})]})

    k = [put("k") for _ in range(3)]
    gone = put("gone")
    marker = s3.delete_object(Bucket=B, Key="gone")["VersionId"]
    log = put("log/a")
    begun = s3.create_multipart_upload(Bucket=B, Key="m")
    assert (begun["AbortDate"].hour, begun["AbortRuleId"]) == (0, "a b"), begun
    upload = {"Key": "m", "UploadId": begun["UploadId"]}
    s3.upload_part(Bucket=B, PartNumber=1, Body=b"part", **upload)
    told = s3.list_parts(Bucket=B, **upload)
    assert (told["AbortDate"], told["AbortRuleId"], len(told["Parts"])) == (begun["AbortDate"], "a b", 1), told
    assert len(s3.list_multipart_uploads(Bucket=B)["Uploads"]) == 1
    first = [("gone", marker, True, True), ("gone", gone, False, False)]
    logs = [("log/a", log, True, False)]
    assert {it[1] for it in versions()} == {*k, gone, marker, log}
    ahead(23)
    assert {it[1] for it in versions()} == {*k, gone, marker, log}
    assert versions()[:2] == first

    # A day is counted from the next midnight on.
    ahead(49)
    newest = [("k", k[2], True, False), ("k", k[1], False, False)]
    assert versions() == newest + logs, versions()
    refused("NoSuchVersion", s3.get_object, Key="k", VersionId=k[0])
    refused("404", s3.head_object, Key="k", VersionId=k[0])
    refused("NoSuchVersion", s3.get_object, Key="gone", VersionId=gone)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=B)
    refused("NoSuchUpload", s3.list_parts, **upload)
    refused("NoSuchUpload", s3.upload_part, PartNumber=2, Body=b"part", **upload)
    refused("NoSuchUpload", s3.abort_multipart_upload, **upload)
    s3.get_object(Bucket=B, Key="log/a")

    # Behind a delete marker, which is stored by nobody yet.
    ahead(24 * 12)
    refused("NoSuchKey", s3.get_object, Key="log/a")
    assert s3.get_object(Bucket=B, Key="log/a", VersionId=log)["Body"].read() == b"log/a"
    assert [it["Key"] for it in s3.list_objects_v2(Bucket=B)["Contents"]] == ["k"]
    all = versions()
    assert all == newest + [("log/a", all[2][1], True, True), ("log/a", log, False, False)], all
    s3.put_object_tagging(Bucket=B, Key="log/a", VersionId=log, Tagging={"TagSet": [{"Key": "m", "Value": all[2][1]}]})
    assert versions() == all


def after():
    """What was stored and swept is what was seen before."""
    all = versions()
    assert [(key, latest, marker) for key, _, latest, marker in all] == [
        ("k", True, False), ("k", False, False), ("log/a", True, True), ("log/a", False, False)], all
    told = s3.get_object_tagging(Bucket=B, Key="log/a", VersionId=all[3][1])["TagSet"]
    assert told == [{"Key": "m", "Value": all[2][1]}], told
    refused("BucketNotEmpty", s3.delete_bucket)
    for key, version, _, _ in all:
        s3.delete_object(Bucket=B, Key=key, VersionId=version)
    s3.delete_bucket(Bucket=B)


{"days": days, "after": after}[PART]()
