from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from preview import program
from preview.bounded_output import BoundedOutput
from preview.errors import ProgramError, ProvisionError
from preview.program import record
from preview.project import Project
from preview.recording import Recording
from preview.registration import Provisioned, Registration
from pricing.resource import UNKNOWN, Plain, Resource

URN = "urn:pulumi:dev::small::"
SHAPES = """
    import pulumi
    import pulumi_aws as aws

    class Inner(pulumi.ComponentResource):
        def __init__(self, name, opts=None):
            super().__init__("ial:observability:Dashboard", name, None, opts)
            self.topic = aws.sns.Topic(f"{name}-topic", opts=pulumi.ResourceOptions(parent=self, protect=True))
            self.register_outputs({"topic": self.topic.arn})

    class Outer(pulumi.ComponentResource):
        def __init__(self, name, opts=None):
            super().__init__("ial:observability:Observability", name, None, opts)
            self.inner = Inner(f"{name}-inner", pulumi.ResourceOptions(parent=self))
            self.register_outputs({})

    print("a program may print")
    provider = aws.Provider("elsewhere", region="eu-west-1")
    outer = Outer("outer")
    alarm = aws.cloudwatch.MetricAlarm(
        "cpu",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=2,
        threshold=2.5,
        alarm_actions=[outer.inner.topic.arn],
        opts=pulumi.ResourceOptions(
            provider=provider,
            depends_on=[outer],
            ignore_changes=["threshold"],
            aliases=[pulumi.Alias(name="old")],
            custom_timeouts=pulumi.CustomTimeouts(create="1h30m"),
            delete_before_replace=True,
            additional_secret_outputs=["arn"],
        ),
    )
    aws.ssm.Parameter("password", type="SecureString", value=pulumi.Output.secret("hunter2"))
    pulumi.export("arn", alarm.arn)
    pulumi.export("token", pulumi.Output.secret("t"))
    pulumi.export("stack", pulumi.get_stack() + pulumi.get_project() + pulumi.Config().require("greeting"))
"""


@pytest.fixture
def shapes(load: Callable[..., Project]) -> Recording:
    return record(load(SHAPES, config="config: {small:greeting: hello, aws:region: us-east-1}"))


def by_name(recording: Recording, name: str) -> Resource:
    return next(resource for resource in recording.graph if resource.name == name)


def registered(recording: Recording, name: str) -> Registration:
    return next(record for record in recording.registrations if record.name == name)


def test_urns_hold_the_whole_chain_of_component_types(shapes: Recording) -> None:
    topic = by_name(shapes, "outer-inner-topic")
    chain = "ial:observability:Observability$ial:observability:Dashboard"
    assert topic.urn == f"{URN}{chain}$aws:sns/topic:Topic::outer-inner-topic"
    assert topic.components == ("ial:observability:Observability", "ial:observability:Dashboard")
    assert topic.parent == f"{URN}{chain}::outer-inner"
    assert topic.protect
    assert by_name(shapes, "cpu").urn == f"{URN}aws:cloudwatch/metricAlarm:MetricAlarm::cpu"
    assert by_name(shapes, "small-dev").urn == f"{URN}pulumi:pulumi:Stack::small-dev"


def test_inputs_are_plain_and_unknowns_are_kept(shapes: Recording) -> None:
    assert by_name(shapes, "cpu").properties == {
        "alarmActions": [UNKNOWN],
        "comparisonOperator": "GreaterThanThreshold",
        "evaluationPeriods": Decimal(2),
        "threshold": Decimal("2.5"),
    }
    topic = f"{URN}ial:observability:Observability$ial:observability:Dashboard$aws:sns/topic:Topic::outer-inner-topic"
    assert topic in by_name(shapes, "cpu").dependencies


def test_secrets_are_unwrapped_and_named(shapes: Recording) -> None:
    password = by_name(shapes, "password")
    assert password.get("value") == "hunter2"
    assert password.secrets == {"value"}


def test_options_are_recorded(shapes: Recording) -> None:
    alarm = registered(shapes, "cpu")
    assert alarm.ignore_changes == ("threshold",)
    assert alarm.aliases == (f"{URN}aws:cloudwatch/metricAlarm:MetricAlarm::old",)
    assert alarm.timeouts is not None
    assert alarm.timeouts.create == 5400
    assert alarm.delete_before_replace is True
    assert alarm.additional_secret_outputs == ("arn",)
    assert alarm.provider.startswith(f"{URN}pulumi:providers:aws::elsewhere::")
    assert alarm.source.endswith("program/__main__.py:20")


def test_default_providers_are_registered_with_the_stacks_settings(shapes: Recording) -> None:
    default = by_name(shapes, "default_7_51_1")
    assert default.urn == f"{URN}pulumi:providers:aws::default_7_51_1"
    assert default.properties == {"region": "us-east-1", "version": "7.51.1"}
    assert registered(shapes, "password").provider.startswith(default.urn)


def test_outputs_and_what_was_printed(shapes: Recording) -> None:
    assert shapes.outputs == {"arn": UNKNOWN, "token": "t", "stack": "devsmallhello"}
    assert shapes.secret_outputs == {"token"}
    assert shapes.stdout == "a program may print\n"


def test_the_order_is_the_same_in_every_run(load: Callable[..., Project], shapes: Recording) -> None:
    again = record(load(SHAPES, config="config: {small:greeting: hello, aws:region: us-east-1}"))
    assert [entry.urn for entry in again.registrations] == [entry.urn for entry in shapes.registrations]
    assert list(again.graph) == list(shapes.graph)
    assert shapes.registrations[0].type == "pulumi:pulumi:Stack"


def test_the_programs_own_packages_win_over_installed_ones(load: Callable[..., Project], tmp_path: Path) -> None:
    project = load("import pulumi, components, preview\npulumi.export('who', components.WHO + preview.WHO)")
    for package in ("components", "preview"):
        (project.directory / package).mkdir()
        (project.directory / package / "__init__.py").write_text(f"WHO = 'head {package};'")
    assert record(project).outputs == {"who": "head components;head preview;"}


def test_transforms_of_resource_component_and_stack_run_in_this_order(load: Callable[..., Project]) -> None:
    recording = record(
        load(
            """
            import pulumi
            import pulumi_aws as aws

            def adding(word):
                def transform(args):
                    if args.type_ != "aws:sns/topic:Topic":
                        return None
                    props = {**args.props, "displayName": args.props.get("displayName", "") + word}
                    opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
                    return pulumi.ResourceTransformResult(props, opts)
                return transform

            class Group(pulumi.ComponentResource):
                def __init__(self, name, opts=None):
                    super().__init__("ial:a:Group", name, None, opts)
                    opts = pulumi.ResourceOptions(parent=self, transforms=[adding("own ")])
                    aws.sns.Topic("topic", opts=opts)

            pulumi.runtime.register_resource_transform(adding("stack"))
            Group("group", pulumi.ResourceOptions(transforms=[adding("group ")]))
            """
        )
    )
    topic = by_name(recording, "topic")
    assert topic.properties["displayName"] == "own group stack"
    assert topic.protect


def test_data_sources_answer_from_settings_or_stay_unknown(load: Callable[..., Project]) -> None:
    recording = record(
        load(
            """
            import pulumi
            import pulumi_aws as aws
            pulumi.export("region", aws.get_region_output().region)
            pulumi.export("partition", aws.get_partition_output().partition)
            pulumi.export("account", aws.get_caller_identity_output().account_id)
            """,
            config="config: {aws:region: cn-north-1}",
        )
    )
    assert recording.outputs == {"region": "cn-north-1", "partition": "aws-cn", "account": UNKNOWN}
    [told] = [line for line in recording.diagnostics if line.startswith("warning: ")]
    assert "data source aws:index/getCallerIdentity:getCallerIdentity (__main__.py:6) has no answer here" in told


def test_resources_that_are_only_looked_up_are_not_in_the_graph(load: Callable[..., Project]) -> None:
    recording = record(load("import pulumi_aws as aws\naws.sns.Topic.get('theirs', 'arn:aws:sns:x')"))
    assert registered(recording, "theirs").external
    assert all(resource.name != "theirs" for resource in recording.graph)


@pytest.mark.parametrize(
    ("main", "message"),
    [
        ("raise ValueError('no such table')", "ValueError: no such table"),
        ("import pulumi\nraise pulumi.RunError('ial:stage: 9 is not a stage')", "ial:stage: 9 is not a stage"),
        ("import sys\nsys.exit(0)", "must not call sys.exit()"),
        ("import sys\nsys.exit(3)", "the program ended with exit code 3"),
        ("import os\nos._exit(0)", "the program ended before Pulumi had finished"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "was ended by signal 9"),
        ("import missing_module", "ModuleNotFoundError: No module named 'missing_module'"),
        ("def (", "SyntaxError"),
        ("import pulumi\npulumi.log.error('this is wrong')", "this is wrong"),
        (
            "import pulumi_aws as aws\nfor _ in range(2): aws.sns.Topic('same')",
            "Duplicate resource URN 'urn:pulumi:dev::small::aws:sns/topic:Topic::same'",
        ),
    ],
)
def test_a_program_that_fails_says_so_in_one_line(load: Callable[..., Project], main: str, message: str) -> None:
    with pytest.raises(ProgramError) as caught:
        record(load(main))
    assert message in str(caught.value)
    assert "__main__.py: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_program_that_hangs_is_ended(load: Callable[..., Project]) -> None:
    with pytest.raises(
        ProgramError, match=r"still running after 2 s with 0 resources, and was stopped; IAL_PROGRAM_LIMIT="
    ):
        record(load("import time\ntime.sleep(600)"), time_limit=2)


def test_each_registration_gives_the_program_its_time_limit_anew(
    load: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a clock of the test's own, on which each look at the program takes 90 of its 100 seconds."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monitor = SimpleNamespace(last_heard=0.0, registrations={})
    looks: list[float] = []

    def wait(seconds: float) -> int:
        looks.append(seconds)
        now[0] += 90
        if len(looks) <= heard_until:
            monitor.last_heard = now[0]
        if len(looks) == 6:
            return 0
        raise subprocess.TimeoutExpired("program", seconds)

    run = program.Program(load(), time_limit=100)
    run._process = SimpleNamespace(wait=wait)  # type: ignore[assignment]
    run._kept = SimpleNamespace(end=lambda: None)  # type: ignore[assignment]
    heard_until = 6
    with BoundedOutput() as run._stdout, BoundedOutput() as run._stderr:
        assert run._end(monitor) == 0  # type: ignore[arg-type]
        looks.clear()
        heard_until = 3
        with pytest.raises(ProgramError, match=r"still running after 450 s .* more than 100 s between two"):
            run._end(monitor)  # type: ignore[arg-type]


def test_a_program_finds_its_input_empty_and_no_report_to_write(
    load: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IAL_PACK_REPORT", "/somewhere")
    main = "import os, sys, pulumi\npulumi.export('in', sys.stdin.read() + os.environ.get('IAL_PACK_REPORT', 'none'))"
    assert record(load(main)).outputs == {"in": "none"}


class Cloud:
    """A provisioner that remembers what it was asked for."""

    def __init__(self) -> None:
        self.created: list[Registration] = []

    def create(self, request: Registration) -> Provisioned:
        self.created.append(request)
        return Provisioned(f"id-of-{request.name}", {**request.properties, "arn": f"arn:{request.name}"})

    def read(self, request: Registration, resource_id: str) -> Provisioned:
        return Provisioned(resource_id, {"arn": f"arn:{request.name}"})

    def invoke(self, token: str, args: Mapping[str, Plain]) -> Mapping[str, Plain]:
        return {"accountId": "123456789012"}


def test_a_provisioner_creates_and_its_outputs_reach_the_program(load: Callable[..., Project]) -> None:
    cloud = Cloud()
    main = """
        import pulumi
        import pulumi_aws as aws
        topic = aws.sns.Topic("topic")
        alarm = aws.cloudwatch.MetricAlarm(
            "cpu", comparison_operator="LessThanThreshold", evaluation_periods=1, alarm_actions=[topic.arn]
        )
        pulumi.export("id", alarm.id)
        pulumi.export("theirs", aws.sns.Topic.get("theirs", "arn:x").arn)
        pulumi.export("account", aws.get_caller_identity_output().account_id)
    """
    recording = record(load(main), dry_run=False, provisioner=cloud)
    assert [request.name for request in cloud.created] == ["topic", "cpu"]
    assert cloud.created[1].properties["alarmActions"] == ["arn:topic"]
    assert recording.outputs == {"id": "id-of-cpu", "theirs": "arn:theirs", "account": "123456789012"}


def test_a_provisioner_that_fails_fails_the_run(load: Callable[..., Project]) -> None:
    class Broken(Cloud):
        def create(self, request: Registration) -> Provisioned:
            msg = f"{request.name}: AccessDenied"
            raise ProvisionError(msg)

    with pytest.raises(ProgramError, match=r"__main__.py: Exception: cpu: AccessDenied$"):
        record(load(), dry_run=False, provisioner=Broken())
