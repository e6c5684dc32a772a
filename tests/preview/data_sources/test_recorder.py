"""Answers are recorded through the protocol of a provider plugin; the plugin here is one of our own."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from preview.data_sources.recorder import record_answers
from preview.errors import ProgramError
from preview.program import record
from preview.project import Project
from preview.provider_plugin import plugin_path

DAY = date(2026, 11, 28)
PLUGIN = """\
#!{python}
import sys
from concurrent import futures
import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2 as pb, provider_pb2_grpc

class Provider(provider_pb2_grpc.ResourceProviderServicer):
    def Configure(self, request, context):
        self.region = request.args["region"]
        return pb.ConfigureResponse(acceptSecrets=True)

    def Invoke(self, request, context):
        if "Secret" in request.tok:
            secret = {{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "s"}}
            result = {{"secretString": secret}}
        elif request.args["owners"][0] == "nobody":
            return pb.InvokeResponse(failures=[pb.CheckFailure(property="owners", reason="no image")])
        else:
            result = {{"id": "ami-" + self.region, "architecture": "arm64"}}
        struct = struct_pb2.Struct()
        struct.update(result)
        return pb.InvokeResponse(**{{"return": struct}})

server = grpc.server(futures.ThreadPoolExecutor(2))
provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(), server)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
server.wait_for_termination()
"""
MAIN = """
    import pulumi
    import pulumi_aws as aws
    ami = aws.ec2.get_ami(owners=["amazon"])
    if ami.architecture == "arm64":
        aws.ec2.Instance("i", ami=ami.id, instance_type="t4g.micro")
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plugin where `pulumi plugin install` puts it, beside an older one."""
    for version in ("9.1.0", "10.0.0"):
        folder = tmp_path / "home" / "plugins" / f"resource-aws-v{version}"
        folder.mkdir(parents=True)
        file = folder / "pulumi-resource-aws"
        file.write_text(PLUGIN.format(python=sys.executable))
        file.chmod(0o755)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    return file


def load_east(load: Callable[..., Project], main: str) -> Project:
    return load(textwrap.dedent(main), config="config: {aws:region: us-east-1}")


def test_the_newest_plugin_is_taken(plugin: Path) -> None:
    assert plugin_path("aws") == plugin
    assert plugin_path("gcp") is None


def test_what_was_recorded_answers_the_next_preview(load: Callable[..., Project], plugin: Path) -> None:
    project, said = load_east(load, MAIN), list[str]()
    with pytest.raises(ProgramError, match="aws:ec2/getAmi:getAmi"):
        record(project)
    assert record_answers(project, DAY, said.append) == 1
    [instance] = [resource for resource in record(project).graph if resource.name == "i"]
    assert instance.properties["ami"] == "ami-us-east-1"
    assert "recorded 1 answers" in said[0]
    assert record_answers(project, DAY, said.append) == 0


def test_a_call_that_fails_is_told(load: Callable[..., Project], plugin: Path) -> None:
    with pytest.raises(ProgramError, match="aws:ec2/getAmi:getAmi: owners: no image"):
        record_answers(load_east(load, MAIN.replace("amazon", "nobody")), DAY, print)


def test_a_secret_is_never_recorded(load: Callable[..., Project], plugin: Path) -> None:
    main = """
    import pulumi_aws as aws
    secret = aws.secretsmanager.get_secret_version(secret_id="s")
    aws.sns.Topic("t", display_name=secret.secret_string)
    """
    project, said = load_east(load, main), list[str]()
    assert record_answers(project, DAY, said.append) == 0
    assert "not recorded" in said[0]
    assert not (project.directory / "Pulumi.dev.answers.json").exists()


def test_without_the_plugin_it_says_how_to_get_it(
    load: Callable[..., Project], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "nothing"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    with pytest.raises(ProgramError, match="run `pulumi plugin install resource aws`"):
        record_answers(load_east(load, MAIN), DAY, print)
