"""What people are told to do about a refusal: it fits what was asked, and names no role that is no help."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from runners.aws.hints import hint_for
from runners.aws.session import calling
from runners.errors import AwsError


@pytest.mark.parametrize(
    ("operation", "code", "hint"),
    [
        ("fis:UpdateSafetyLeverState", "AccessDeniedException", "the stack's halt role has it (--as-halter)"),
        ("fis:StartExperiment", "AccessDeniedException", "the stack's chaos runner role has what runs need"),
        ("fis:StartExperiment", "AccessDeniedException", "to make FIS's service-linked role at first use"),
        ("dynamodb:Scan", "AccessDeniedException", "whoever asks lacks the permission dynamodb:Scan"),
        ("ec2:DescribeInstances", "UnauthorizedOperation", "whoever asks lacks the permission ec2:DescribeInstances"),
        ("sts:AssumeRole", "AccessDenied", "whoever asks must be allowed to take this role on"),
        ("fis:GetSafetyLever", "ExpiredTokenException", "log in again"),
        ("ec2:DescribeInstances", "RequestExpired", "log in again"),
        ("cloudwatch:DescribeAlarms", "InvalidClientTokenId", "log in again"),
        ("s3:GetObject", "RequestTimeTooSkewed", "clock is off"),
        ("fis:GetSafetyLever", "ThrottlingException", ""),
    ],
)
def test_the_hint_fits_what_was_asked(operation: str, code: str, hint: str) -> None:
    found = hint_for(operation, code)
    assert hint in found
    assert bool(hint) == bool(found)


@pytest.mark.parametrize("operation", ["dynamodb:Scan", "ec2:DescribeInstances", "rds:DescribeDBInstances"])
def test_no_role_is_named_where_several_may_ask(operation: str) -> None:
    assert "role" not in hint_for(operation, "AccessDenied")


def test_the_hint_is_the_end_of_the_message() -> None:
    refused = ClientError({"Error": {"Code": "ExpiredToken", "Message": "it is over"}}, "GetSafetyLever")
    told = r"^fis:GetSafetyLever on default: ExpiredToken: it is over; .* log in again"
    with pytest.raises(AwsError, match=told), calling("fis:GetSafetyLever", "default"):
        raise refused
    with pytest.raises(AwsError, match="there are no credentials: log in"), calling("fis:GetSafetyLever", "default"):
        raise NoCredentialsError
