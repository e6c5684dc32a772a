"""Programs that ask what nobody can answer here: what they hand on is unknown, what they need is named."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from preview.errors import ProgramError
from preview.program import record
from preview.project import Project
from pricing.resource import UNKNOWN

EAST = "config: {aws:region: us-east-1}"
ASK = """
    import json
    import pulumi
    import pulumi_aws as aws
    ami = aws.ec2.get_ami(most_recent=True, owners=["amazon"])
    vpc = aws.ec2.get_vpc(default=True)
    subnets = aws.ec2.get_subnets(filters=[{"name": "vpc-id", "values": [vpc.id]}])
"""


def test_values_that_are_handed_on_are_unknown(load: Callable[..., Project]) -> None:
    main = f"""{ASK}
    role = aws.iam.Role("r", name=f"of-{{vpc.id}}", assume_role_policy=json.dumps({{"in": vpc.arn}}), path="/x/")
    aws.ec2.Instance("i", ami=ami.id, instance_type="t3.micro", subnet_id=subnets.ids[0], tags={{"in": "a-" + vpc.id}})
    aws.lb.LoadBalancer("lb", subnets=subnets.ids, internal=ami.ena_support)
    """
    recording = record(load(main, config=EAST))
    seen = {resource.name: resource.properties for resource in recording.graph}
    assert [seen["r"][key] for key in ("name", "assumeRolePolicy", "path")] == [UNKNOWN, UNKNOWN, "/x/"]
    assert [seen["i"][key] for key in ("ami", "instanceType", "subnetId")] == [UNKNOWN, "t3.micro", UNKNOWN]
    assert seen["i"]["tags"] == {"in": UNKNOWN}
    assert [seen["lb"][key] for key in ("subnets", "internal")] == [UNKNOWN, UNKNOWN]
    told = [line for line in recording.diagnostics if line.startswith("warning: data source")]
    assert [line.split(" has ")[0].removeprefix("warning: data source ") for line in told] == [
        "aws:ec2/getAmi:getAmi (__main__.py:5)",
        "aws:ec2/getSubnets:getSubnets (__main__.py:7)",
        "aws:ec2/getVpc:getVpc (__main__.py:6)",
    ]


@pytest.mark.parametrize(
    ("need", "call"),
    [
        ("for subnet in subnets.ids: print(subnet)", "aws:ec2/getSubnets:getSubnets (__main__.py:7)"),
        ("len(subnets.ids)", "aws:ec2/getSubnets:getSubnets (__main__.py:7)"),
        ("if ami.architecture == 'arm64': print()", "aws:ec2/getAmi:getAmi (__main__.py:5)"),
        ("if ami.architecture != 'arm64': print()", "aws:ec2/getAmi:getAmi (__main__.py:5)"),
        ("if ami.ena_support: print()", "aws:ec2/getAmi:getAmi (__main__.py:5)"),
        ("if not ami.id: print()", "aws:ec2/getAmi:getAmi (__main__.py:5)"),
        ("ami.id.startswith('ami-')", "aws:ec2/getAmi:getAmi (__main__.py:5)"),
        ("'x86' in ami.name", "aws:ec2/getAmi:getAmi (__main__.py:5)"),
        ("vpc.cidr_block.split('/')", "aws:ec2/getVpc:getVpc (__main__.py:6)"),
        ("pulumi.Output.from_input(1).apply(lambda _: vpc.cidr_block[0])", "aws:ec2/getVpc:getVpc (__main__.py:6)"),
    ],
)
def test_a_value_that_is_needed_is_named_with_its_place(load: Callable[..., Project], need: str, call: str) -> None:
    with pytest.raises(ProgramError) as caught:
        record(load(f"{ASK}\n    {need}", config=EAST))
    said = str(caught.value)
    assert said.startswith(f"data source {call}: its value is not known here, and the program needs it")
    assert "ial preview --record-answers" in said
    assert "\n" not in said


def test_an_answer_from_the_stacks_file_is_an_answer(load: Callable[..., Project]) -> None:
    main = """
    import pulumi
    import pulumi_aws as aws
    ami = aws.ec2.get_ami(owners=["amazon"])
    assert ami.id.startswith("ami-")
    pulumi.export("id", ami.id)
    """
    project = load(main, config=EAST)
    known = {"dataSource": "aws:ec2/getAmi:getAmi", "args": {"owners": ["amazon"]}, "region": "us-east-1"}
    entry = {**known, "recorded": "2026-11-28", "result": {"id": "ami-1"}}
    (project.directory / "Pulumi.dev.answers.json").write_text(json.dumps({"version": 1, "answers": [entry]}))
    recording = record(project)
    assert recording.outputs == {"id": "ami-1"}
    assert not [line for line in recording.diagnostics if "data source" in line]


def test_what_can_be_computed_is_known_and_its_other_values_are_not(load: Callable[..., Project]) -> None:
    main = """
    import pulumi
    import pulumi_aws as aws
    me, soon = aws.get_caller_identity(), aws.get_caller_identity_output()
    zones = aws.get_availability_zones(state="available")
    pulumi.export("plain", [me.account_id, me.arn])
    pulumi.export("soon", [soon.account_id, soon.arn])
    pulumi.export("zones", len(zones.names))
    document = aws.iam.get_policy_document(statements=[{"actions": ["s3:GetObject"], "resources": [me.arn]}])
    aws.iam.Policy("p", policy=document.json)
    """
    config = "config: {aws:region: us-east-1, ial:accountId: '123456789012'}"
    recording = record(load(main, config=config))
    assert recording.outputs["plain"] == ["123456789012", UNKNOWN]
    assert recording.outputs["soon"] == ["123456789012", UNKNOWN]
    assert recording.outputs["zones"] == 6
    [policy] = [resource for resource in recording.graph if resource.name == "p"]
    assert policy.properties["policy"] is UNKNOWN


def test_arguments_that_a_data_source_does_not_accept_are_an_error(load: Callable[..., Project]) -> None:
    with pytest.raises(ProgramError, match="'nothing' is not an ARN"):
        record(load("import pulumi_aws as aws\naws.get_arn(arn='nothing')", config=EAST))
