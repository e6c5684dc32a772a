"""What moto finds out once is what it found out for each request."""

from __future__ import annotations

import subprocess
import sys

import pytest
from botocore.exceptions import ClientError

from local.endpoint import Endpoint

pytestmark = pytest.mark.cloud
# In a process of its own: tests in this one may have moto as it comes.
COMPARED = """
from botocore.session import get_session
from moto.core.errors import ErrorLookupFactory
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.core import responses
from moto.dynamodb.responses import DynamoHandler
from moto.s3.responses import S3Response
from local.moto_pace import find_out_once

SERVICES = ("dynamodb", "s3", "ssm", "rds", "elb", "elbv2", "cloudwatch", "ecs")
HOSTS = ("moto_api", "s3", "s3.us-east-1.amazonaws.com", "elasticloadbalancing.us-east-1.amazonaws.com", "x.y", None)

def found():
    session, dispatcher = get_session(), DomainDispatcherApplication(create_backend_app)
    for _ in range(2):
        yield [dispatcher.get_backend_for_host(host) for host in HOSTS]
        yield [responses.method_names_from_class(kind) for kind in (DynamoHandler, S3Response)]
        for name in SERVICES:
            lookup = ErrorLookupFactory().for_service(session.get_service_model(name))
            yield {code: shape.name for code, shape in lookup._code_to_error.items()}

before = list(found())
find_out_once()
assert list(found()) == before
print(len(before))
"""


def test_it_is_the_same() -> None:
    told = subprocess.run([sys.executable, "-c", COMPARED], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, "20\n"), told.stderr


def test_no_page_of_another_site_may_read_an_answer(endpoint: Endpoint) -> None:
    answered = endpoint.client("s3").list_buckets()["ResponseMetadata"]["HTTPHeaders"]
    assert [name for name in answered if name.startswith("access-control-")] == []


def test_errors_of_services_that_are_alike_keep_their_names(endpoint: Endpoint) -> None:
    for _ in range(2):
        with pytest.raises(ClientError, match="TargetGroupNotFound"):
            endpoint.client("elbv2").describe_target_groups(Names=["none"])
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            endpoint.client("dynamodb").describe_table(TableName="none")
