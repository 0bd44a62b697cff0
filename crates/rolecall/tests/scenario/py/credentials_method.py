"""Prints how boto3 found its credentials."""

import boto3

print(boto3.Session().get_credentials().method)
