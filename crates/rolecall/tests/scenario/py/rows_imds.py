"""Rows of the metadata service: tokens by the letter, and a tree that follows the instance.

Arguments: the URL of an instance's metadata service, and its instance id.
"""

import base64
import urllib.error
import urllib.request

from rows import *  # noqa: F403

IMDS, INSTANCE = sys.argv[1:]
TOKEN = "X-aws-ec2-metadata-token"
TTL = f"{TOKEN}-ttl-seconds"
ec2 = admin("ec2")


def ask(path, method="GET", **headers):
    """The status, the body and the headers of the answer."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{IMDS}/{path}", method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, "", error.headers


def token(seconds="60"):
    return ask("latest/api/token", "PUT", **{TTL: seconds})[1]


def get(path):
    """The body with a token, or the status of what is not there."""
    status, body, _ = ask(f"latest/{path}", **{TOKEN: token()})
    return body if status == 200 else status


@check
def a_token_lives_as_long_as_it_is_asked_to():
    for seconds, wanted in (("1", 200), ("21600", 200), ("0", 400), ("21601", 400), ("x", 400)):
        status, _, headers = ask("latest/api/token", "PUT", **{TTL: seconds})
        same((seconds, status), (seconds, wanted))
        if status == 200:
            same(headers[TTL], seconds)


@check
def a_token_without_a_lifetime_is_refused():
    same(ask("latest/api/token", "PUT")[0], 400)


@check
def a_token_is_put_and_not_forwarded():
    forwarded = {"X-Forwarded-For": "10.0.0.1"}
    same(ask("latest/api/token", "PUT", **{TTL: "60"}, **forwarded)[0], 403)
    same(ask("latest/api/token", **{TTL: "60"})[0], 405)


@check
def a_read_without_a_token_is_refused():
    same(ask("latest/meta-data/instance-id")[0], 401)
    same(ask("latest/meta-data/instance-id", **{TOKEN: "AAAA"})[0], 401)
    same(get("meta-data/instance-id"), INSTANCE)


@check
def folders_are_listed():
    top = get("meta-data/").split("\n")
    for name in ("ami-id", "hostname", "iam/", "instance-id", "placement/"):
        assert name in top, (name, top)
    roles = get("meta-data/iam/security-credentials/").split("\n")
    same(len(roles), 1)
    held = json.loads(get(f"meta-data/iam/security-credentials/{roles[0]}"))
    same((held["Code"], held["Type"]), ("Success", "AWS-HMAC"))
    same(get("meta-data/iam/security-credentials/another"), 404)
    same(get("meta-data/nothing"), 404)


@check
def it_tells_what_describe_instances_tells():
    shown = ec2.describe_instances(InstanceIds=[INSTANCE])["Reservations"][0]["Instances"][0]
    for path, member in (
        ("ami-id", shown["ImageId"]),
        ("instance-type", shown["InstanceType"]),
        ("local-ipv4", shown["PrivateIpAddress"]),
        ("placement/availability-zone", shown["Placement"]["AvailabilityZone"]),
    ):
        same((path, get(f"meta-data/{path}")), (path, member))
    profile_arn = json.loads(get("meta-data/iam/info"))["InstanceProfileArn"]
    same(profile_arn, shown["IamInstanceProfile"]["Arn"])


@check
def tags_are_there_where_they_are_enabled():
    ec2.create_tags(Resources=[INSTANCE], Tags=[{"Key": "team", "Value": "red"}])
    same(get("meta-data/tags/instance/"), 404)
    modify = ec2.modify_instance_metadata_options
    modify(InstanceId=INSTANCE, InstanceMetadataTags="enabled")
    within("team", get("meta-data/tags/instance/"))
    same(get("meta-data/tags/instance/team"), "red")
    modify(InstanceId=INSTANCE, InstanceMetadataTags="disabled")
    same(get("meta-data/tags/instance/team"), 404)


@check
def user_data_is_what_was_given():
    same(get("user-data"), 404)
    text = "#!/bin/sh\necho hello\n"
    change = {"InstanceId": INSTANCE, "UserData": {"Value": text.encode()}}
    same(outcome(ec2.modify_instance_attribute, **change), "IncorrectInstanceState")
    ec2.stop_instances(InstanceIds=[INSTANCE])
    ec2.modify_instance_attribute(**change)
    ec2.start_instances(InstanceIds=[INSTANCE])
    same(get("user-data"), text)
    held = ec2.describe_instance_attribute(InstanceId=INSTANCE, Attribute="userData")
    same(base64.b64decode(held["UserData"]["Value"]).decode(), text)


@check
def an_instance_without_a_profile_has_no_credentials():
    filters = [{"Name": "instance-id", "Values": [INSTANCE]}]
    found = ec2.describe_iam_instance_profile_associations(Filters=filters)
    held = found["IamInstanceProfileAssociations"][0]
    ec2.disassociate_iam_instance_profile(AssociationId=held["AssociationId"])
    same(get("meta-data/iam/info"), 404)
    same(get("meta-data/iam/security-credentials/"), 404)
    back = {"Arn": held["IamInstanceProfile"]["Arn"]}
    ec2.associate_iam_instance_profile(InstanceId=INSTANCE, IamInstanceProfile=back)
    same(json.loads(get("meta-data/iam/info"))["Code"], "Success")


main()
