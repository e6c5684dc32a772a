from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from preview.errors import ProgramError
from preview.program import record
from preview.project import Project

Load = Callable[..., Project]
PROGRAM = """
    import grpc, pulumi
    from google.protobuf import struct_pb2
    from pulumi.runtime.proto import resource_pb2
    monitor = pulumi.runtime.settings.get_monitor()
    request = resource_pb2.RegisterResourceRequest(type="aws:x/y:Y", name="one", custom=True)
    monitor.RegisterResource(request)
    try:
        {call}
    except grpc.RpcError as error:
        print("swallowed", error.code())
"""


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        ("monitor.RegisterResource(request)", "Duplicate resource URN"),
        ("monitor.Call(resource_pb2.ResourceCallRequest(tok='aws:x:y'))", "aws:x:y is a method of a provider plugin"),
    ],
)
def test_a_refusal_that_the_program_swallows_is_remembered(load: Load, call: str, cause: str) -> None:
    with pytest.raises(ProgramError) as caught:
        record(load(textwrap.dedent(PROGRAM).format(call=call)))
    assert "the program went on after a refusal" in str(caught.value)
    assert cause in str(caught.value)
    assert "\n" not in str(caught.value)


REMOTE = """
    import pulumi
    class Vpc(pulumi.ComponentResource):
        def __init__(self, name):
            super().__init__("awsx:ec2:Vpc", name, {{"cidrBlock": "10.0.0.0/16"}}, remote={remote})
    Vpc("network")
"""


def test_a_component_that_a_plugin_builds_is_refused_by_name_with_what_to_do(load: Load) -> None:
    with pytest.raises(ProgramError) as caught:
        record(load(textwrap.dedent(REMOTE).format(remote=True)))
    said = str(caught.value)
    assert "network (awsx:ec2:Vpc) is a component that the plugin of its package builds" in said
    assert "use `--engine pulumi`, or price a preview: `pulumi preview --json --show-sames > preview.json`" in said
    assert "\n" not in said


def test_a_component_of_the_same_type_that_the_program_builds_is_not_refused(load: Load) -> None:
    kept = record(load(textwrap.dedent(REMOTE).format(remote=False))).registrations
    assert [entry.name for entry in kept if entry.type == "awsx:ec2:Vpc"] == ["network"]


def test_a_program_that_is_refused_nothing_is_recorded(load: Load) -> None:
    assert len(record(load(textwrap.dedent(PROGRAM).format(call="pass"))).registrations) > 1
