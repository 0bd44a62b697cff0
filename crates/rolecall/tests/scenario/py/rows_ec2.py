"""Rows of EC2: who may hand a role to an instance, what is refused, and what an instance gets.

Arguments: the URL of an instance's metadata service, and its instance id.
"""

import urllib.error
import urllib.request

from botocore.utils import InstanceMetadataFetcher
from rows import *  # noqa: F403

IMDS, INSTANCE = sys.argv[1:]
UNAUTHORIZED = "UnauthorizedOperation"
ec2 = admin("ec2")
NO_PASS = statement(["ec2:*", "autoscaling:*"])
QUICK = {"Delay": 1, "MaxAttempts": 3}
MISSING_ID = "i-0123456789abcdef0"


def launch(caller=ec2, count=1, **parameters):
    call = {"ImageId": IMAGE, "InstanceType": "t3.micro", **parameters}
    return caller.run_instances(MinCount=count, MaxCount=count, **call)


def instance(**parameters):
    return launch(**parameters)["Instances"][0]["InstanceId"]


def held(instance_id):
    answer = ec2.describe_instances(InstanceIds=[instance_id])
    return answer["Reservations"][0]["Instances"][0]


def for_instances():
    """A profile, and the ARN of the role in it."""
    name, arn = role(trusting(SERVICE))
    return profile(name)[0], arn


def by(name):
    return {"IamInstanceProfile": {"Name": name}}


def passing(arn, effect="Allow", service=None):
    keys = {"StringEquals": {"iam:PassedToService": service}}
    more = {"Condition": keys} if service else {}
    return statement("iam:PassRole", arn, effect, **more)


def needs_pass_role(call, refused=UNAUTHORIZED):
    """Holds a call of a caller and a profile to iam:PassRole on the profile's role."""
    name, arn = for_instances()
    user = User(NO_PASS)
    for more, wanted in (
        ([], refused),
        ([passing(f"{arn}-other")], refused),
        ([passing("*"), passing(arn, effect="Deny")], refused),
        ([passing(arn, service="lambda.amazonaws.com")], refused),
        ([passing(arn)], "ok"),
    ):
        user.may(NO_PASS, *more)
        code, message = told(call, user, name)
        same((more, code), (more, wanted))
        if code == UNAUTHORIZED:
            within(f"is not authorized to perform: iam:PassRole on resource: {arn}", message)


@check
def run_instances_needs_pass_role():
    needs_pass_role(lambda user, name: launch(user.client("ec2"), **by(name)))


@check
def associate_needs_pass_role():
    target = instance()
    needs_pass_role(
        lambda user, name: user.client("ec2").associate_iam_instance_profile(
            InstanceId=target, **by(name)
        )
    )


@check
def replace_needs_pass_role():
    target = instance(**by(for_instances()[0]))
    filters = [{"Name": "instance-id", "Values": [target]}]
    found = ec2.describe_iam_instance_profile_associations(Filters=filters)
    association = found["IamInstanceProfileAssociations"][0]["AssociationId"]
    needs_pass_role(
        lambda user, name: user.client("ec2").replace_iam_instance_profile_association(
            AssociationId=association, **by(name)
        )
    )


def template(name):
    data = {"ImageId": IMAGE, "InstanceType": "t3.micro", **by(name)}
    made = ec2.create_launch_template(LaunchTemplateName=fresh("template"), LaunchTemplateData=data)
    return {"LaunchTemplateId": made["LaunchTemplate"]["LaunchTemplateId"]}


@check
def a_launch_template_needs_pass_role():
    def call(user, name):
        user.client("ec2").run_instances(LaunchTemplate=template(name), MinCount=1, MaxCount=1)

    needs_pass_role(call)


@check
def a_group_needs_pass_role():
    def call(user, name):
        user.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=fresh("group"),
            LaunchTemplate=template(name),
            MinSize=0,
            MaxSize=0,
            AvailabilityZones=["us-east-1a"],
        )

    needs_pass_role(call, refused="AccessDenied")


@check
def a_launch_configuration_needs_pass_role():
    def call(user, name):
        user.client("autoscaling").create_launch_configuration(
            LaunchConfigurationName=fresh("configuration"),
            ImageId=IMAGE,
            InstanceType="t3.micro",
            IamInstanceProfile=name,
        )

    needs_pass_role(call, refused="AccessDenied")


@check
def pass_role_knows_the_service():
    name, arn = for_instances()
    user = User(NO_PASS, passing(arn, service="ec2.amazonaws.com"))
    same(outcome(launch, user.client("ec2"), **by(name)), "ok")


@check
def a_denial_of_ec2_has_its_own_code():
    user = User()
    code, message = told(user.client("ec2").describe_instances)
    same(code, UNAUTHORIZED)
    within("You are not authorized to perform this operation.", message)
    within(f"User: {user.arn} is not authorized to perform: ec2:DescribeInstances", message)
    same(outcome(launch, user.client("ec2")), UNAUTHORIZED)


@check
def a_denial_can_be_decoded():
    user = User()
    _, message = told(user.client("ec2").terminate_instances, InstanceIds=[INSTANCE])
    encoded = message.split("Encoded authorization failure message: ")[1]
    answer = admin("sts").decode_authorization_message(EncodedMessage=encoded)
    decoded = json.loads(answer["DecodedMessage"])
    same(decoded["allowed"], False)
    same(decoded["context"]["action"], "ec2:TerminateInstances")
    same(outcome(user.client("sts").decode_authorization_message, EncodedMessage=encoded),
         "AccessDenied")


@check
def a_dry_run_says_what_would_be():
    count = len(ec2.describe_instances()["Reservations"])
    for call, parameters in (
        ("run_instances", {"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1}),
        ("terminate_instances", {"InstanceIds": [INSTANCE]}),
        ("describe_instances", {}),
    ):
        same((call, outcome(getattr(ec2, call), **parameters, DryRun=True)),
             (call, "DryRunOperation"))
        stranger = getattr(User().client("ec2"), call)
        same((call, outcome(stranger, **parameters, DryRun=True)), (call, UNAUTHORIZED))
    same(len(ec2.describe_instances()["Reservations"]), count)
    same(held(INSTANCE)["State"]["Name"], "running")


@check
def an_allow_is_for_instances_with_a_tag():
    keys = {"StringEquals": {"aws:ResourceTag/team": "red"}}
    user = User(statement("ec2:StopInstances", Condition=keys))
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "team", "Value": "red"}]}]
    red, other = instance(TagSpecifications=tags), instance()
    stop = user.client("ec2").stop_instances
    same((outcome(stop, InstanceIds=[red]), outcome(stop, InstanceIds=[other])),
         ("ok", UNAUTHORIZED))
    same(outcome(stop, InstanceIds=[red, other]), UNAUTHORIZED)


@check
def imds_v2_can_be_demanded_by_policy():
    keys = {"StringNotEquals": {"ec2:MetadataHttpTokens": "required"}}
    deny = statement("ec2:RunInstances", "arn:aws:ec2:*:*:instance/*", "Deny", Condition=keys)
    caller = User(statement("ec2:*"), deny).client("ec2")
    same(outcome(launch, caller, MetadataOptions={"HttpTokens": "optional"}), UNAUTHORIZED)
    same(outcome(launch, caller, MetadataOptions={"HttpTokens": "required"}), "ok")


@check
def an_unknown_image_is_not_found():
    code, message = told(launch, ImageId="ami-0123456789abcdef0")
    same(code, "InvalidAMIID.NotFound")
    within("'[ami-0123456789abcdef0]'", message)
    same(outcome(launch, ImageId="image"), "InvalidAMIID.Malformed")


@check
def an_unknown_profile_is_an_invalid_value():
    code, message = told(launch, **by("nobody"))
    same(code, "InvalidParameterValue")
    within("Invalid IAM Instance Profile name", message)
    arn = f"arn:aws:iam::{ACCOUNT}:instance-profile/nobody"
    code, message = told(launch, IamInstanceProfile={"Arn": arn})
    same(code, "InvalidParameterValue")
    within("Invalid IAM Instance Profile ARN", message)


@check
def a_launch_is_repeated_by_its_token():
    token = fresh("token")
    one, two = launch(count=2, ClientToken=token), launch(count=2, ClientToken=token)
    same(one["ReservationId"], two["ReservationId"])
    ids = [[each["InstanceId"] for each in answer["Instances"]] for answer in (one, two)]
    same(sorted(ids[0]), sorted(ids[1]))
    code = outcome(launch, count=1, ClientToken=token)
    same(code, "IdempotentParameterMismatch")


@check
def a_second_association_is_an_incorrect_state():
    target = instance(**by(for_instances()[0]))
    code = outcome(
        ec2.associate_iam_instance_profile, InstanceId=target, **by(for_instances()[0])
    )
    same(code, "IncorrectState")


@check
def a_profile_keeps_its_path_and_its_id():
    iam, name = admin("iam"), fresh("profile")
    made = iam.create_instance_profile(InstanceProfileName=name, Path="/team/one/")
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role(trusting(SERVICE))[0])
    made = made["InstanceProfile"]
    shown = held(instance(**by(name)))["IamInstanceProfile"]
    same(shown, {"Arn": made["Arn"], "Id": made["InstanceProfileId"]})
    within(":instance-profile/team/one/", shown["Arn"])
    within("AIPA", shown["Id"])


@check
def the_waiters_see_an_instance_come_and_go():
    one = instance()
    ids = {"InstanceIds": [one], "WaiterConfig": QUICK}
    ec2.get_waiter("instance_exists").wait(**ids)
    ec2.get_waiter("instance_running").wait(**ids)
    ec2.get_waiter("instance_status_ok").wait(**ids)
    ec2.stop_instances(InstanceIds=[one])
    ec2.get_waiter("instance_stopped").wait(**ids)
    ec2.terminate_instances(InstanceIds=[one])
    ec2.get_waiter("instance_terminated").wait(**ids)


@check
def an_unknown_instance_is_not_found():
    ids = {"InstanceIds": [MISSING_ID]}
    for call in ("describe_instances", "stop_instances", "terminate_instances"):
        same((call, outcome(getattr(ec2, call), **ids)), (call, "InvalidInstanceID.NotFound"))
    same(outcome(ec2.describe_instances, InstanceIds=["web"]), "InvalidInstanceID.Malformed")


def metadata(path, **headers):
    """The status and the body of a plain GET of the metadata service."""
    request = urllib.request.Request(f"{IMDS}/latest/meta-data/{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def role_credentials():
    """What botocore takes from the metadata service."""
    # Without the environment, which turns the metadata service off for all else here.
    found = InstanceMetadataFetcher(timeout=5, num_attempts=1, base_url=IMDS, env={})
    found = found.retrieve_iam_role_credentials()
    return found["role_name"], (found["access_key"], found["secret_key"], found["token"])


@check
def the_credentials_of_an_instance_are_its_roles():
    name, credentials = role_credentials()
    within("ASIA", credentials[0])
    arn = client("sts", credentials).get_caller_identity()["Arn"]
    same(arn, f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{INSTANCE}")
    manager = client("secretsmanager", credentials)
    same((reads(manager, "my-secret"), reads(manager, secret())), ("ok", DENIED))


@check
def another_profile_is_seen_at_once():
    name, arn = role(trusting(SERVICE), may=[statement(GET)])
    filters = [{"Name": "instance-id", "Values": [INSTANCE]}]
    found = ec2.describe_iam_instance_profile_associations(Filters=filters)
    kept = found["IamInstanceProfileAssociations"][0]

    def replace(association, wanted):
        answer = ec2.replace_iam_instance_profile_association(
            AssociationId=association, IamInstanceProfile=wanted
        )
        return answer["IamInstanceProfileAssociation"]["AssociationId"]

    changed = replace(kept["AssociationId"], {"Name": profile(name)[0]})
    role_name, credentials = role_credentials()
    same(role_name, name)
    same(reads(client("secretsmanager", credentials), secret()), "ok")
    replace(changed, {"Arn": kept["IamInstanceProfile"]["Arn"]})
    assert role_credentials()[0] != name, "the profile before"


@check
def the_instances_options_are_obeyed():
    same(held(INSTANCE)["MetadataOptions"]["HttpTokens"], "required")
    modify = ec2.modify_instance_metadata_options
    forged = {"X-aws-ec2-metadata-token": "forged"}
    try:
        for options, plain, with_forged in (
            ({}, 401, 401),
            ({"HttpTokens": "optional"}, 200, 401),
            ({"HttpEndpoint": "disabled"}, 403, 403),
            ({"HttpEndpoint": "enabled", "HttpTokens": "required"}, 401, 401),
        ):
            if options:
                modify(InstanceId=INSTANCE, **options)
            same((options, metadata("instance-id")[0]), (options, plain))
            same((options, metadata("instance-id", **forged)[0]), (options, with_forged))
    finally:
        modify(InstanceId=INSTANCE, HttpEndpoint="enabled", HttpTokens="required")
    same(role_credentials()[1][0][:4], "ASIA")


main()
