from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from preview.errors import PackError, ProgramError
from preview.gate import Status
from preview.offline import Request, preview_offline

UNKNOWN_READING = """
    def check(args, report):
        if args.resource_type == "aws:cloudwatch/metricAlarm:MetricAlarm" and args.props["alarmActions"][0] == "x":
            report("never reached")
"""
UNKNOWN_ALARM = """
    import pulumi_aws as aws
    topic = aws.cloudwatch.CompositeAlarm("all", alarm_name="all", alarm_rule="ALARM(x)")
    aws.cloudwatch.MetricAlarm(
        "cpu", comparison_operator="GreaterThanThreshold", evaluation_periods=2, alarm_actions=[topic.arn]
    )
"""

Make = Callable[..., Request]
Pack = Callable[..., Path]


def test_within_budget(request_for: Make, write_pack: Pack) -> None:
    preview = preview_offline(request_for(write_pack()))
    assert preview.verdict.doubts == ()
    assert preview.verdict.status is Status.WITHIN
    assert preview.verdict.exit_code == 0
    assert preview.verdict.pack is not None
    assert preview.verdict.pack.policies == {"check": "mandatory", "monthly-budget": "mandatory"}
    assert set(preview.verdict.pack.descriptions) == {"check", "monthly-budget"}
    assert preview.recording is not None


def test_a_stack_finding_refuses(request_for: Make, write_pack: Pack) -> None:
    verdict = preview_offline(request_for(write_pack("MOST = 0"))).verdict
    assert verdict.status is Status.REFUSED
    assert verdict.exit_code == 1
    assert verdict.refusals == ("too many resources",)


def test_a_resource_finding_names_its_resource(request_for: Make, write_pack: Pack) -> None:
    pack = write_pack("def check(args, report):\n    if 'Alarm' in args.resource_type: report('no alarms')")
    verdict = preview_offline(request_for(pack)).verdict
    assert verdict.refusals == ("no alarms",)
    assert verdict.findings[0].urn == "urn:pulumi:dev::small::aws:cloudwatch/metricAlarm:MetricAlarm::cpu"


def test_an_advisory_finding_does_not_refuse(request_for: Make, write_pack: Pack) -> None:
    pack = write_pack(
        """
        def remark(args, report):
            report("consider this")
        EXTRA = [StackValidationPolicy(name="remark", description="Remarks.", validate=remark)]
        """
    )
    verdict = preview_offline(request_for(pack)).verdict
    assert verdict.status is Status.WITHIN
    assert [(finding.level, finding.message) for finding in verdict.findings] == [("advisory", "consider this")]


def test_a_mandatory_policy_that_meets_an_unknown_is_not_passed_over(request_for: Make, write_pack: Pack) -> None:
    verdict = preview_offline(request_for(write_pack(UNKNOWN_READING + "\n    TOTAL = '0.60'"), UNKNOWN_ALARM)).verdict
    assert verdict.status is Status.COULD_NOT_JUDGE
    assert verdict.doubts[0].startswith("policy check could not judge: can't run policy 'check'")


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        ("TOTAL = '0.11'", "the policy pack's total is 0.11, this estimate's is 0.10 to 0.10: they must be equal"),
        ("TOTAL = None", "the policy pack's report has no total: None"),
        ("os.environ['IAL_RUN_ID'] = 'old'", "the policy pack's report is of another run ('old'"),
        ("os.environ['IAL_PACK_REPORT'] += '.other'", "the policy pack wrote no report"),
    ],
)
def test_a_report_that_does_not_fit_is_no_verdict(request_for: Make, write_pack: Pack, change: str, doubt: str) -> None:
    verdict = preview_offline(request_for(write_pack(change))).verdict
    assert verdict.exit_code == 2
    assert verdict.doubts[0].startswith(doubt)


def test_a_pack_in_which_the_budget_is_advisory_is_no_gate(request_for: Make, write_pack: Pack) -> None:
    request = request_for(write_pack(), policy_config={"monthly-budget": "advisory"})
    verdict = preview_offline(request).verdict
    assert verdict.exit_code == 2
    assert verdict.doubts == (
        "policy pack 'small' cannot refuse: policy monthly-budget is advisory there, and must be mandatory",
    )


_ONLY_A_COMPONENT = """
    import pulumi
    pulumi.ComponentResource("team:index:Box", "box")
"""
_ONLY_AN_ANSWERED_DATA_SOURCE = """
    import pulumi, pulumi_aws as aws
    pulumi.export("policy", aws.iam.get_policy_document_output(statements=[]).json)
"""
_ONLY_A_LOOK_UP = """
    import pulumi_aws as aws
    aws.s3.Bucket.get("theirs", "bucket-of-others")
"""
_ONLY_AN_UNANSWERED_DATA_SOURCE = """
    import pulumi, pulumi_aws as aws
    pulumi.export("vpc", aws.ec2.get_vpc_output(default=True).id)
"""
_ONLY_IN_AN_APPLY = """
    import pulumi, pulumi_aws as aws
    unknown = aws.ec2.Vpc.get("theirs", "vpc-1").arn
    unknown.apply(lambda arn: aws.sns.Topic("late", name=arn))
"""


@pytest.mark.parametrize(
    "main",
    [
        "import pulumi",
        "import pulumi\npulumi.export('a', 1)",
        _ONLY_A_COMPONENT,
        _ONLY_AN_ANSWERED_DATA_SOURCE,
        _ONLY_A_LOOK_UP,
    ],
)
def test_a_program_without_cloud_resources_costs_nothing(request_for: Make, write_pack: Pack, main: str) -> None:
    verdict = preview_offline(request_for(write_pack("TOTAL = 0"), main)).verdict
    assert (verdict.exit_code, verdict.doubts) == (0, ())
    assert verdict.estimate is not None
    assert verdict.estimate.total.maximum == 0


@pytest.mark.parametrize(
    ("main", "said"), [(_ONLY_AN_UNANSWERED_DATA_SOURCE, "getVpc"), (_ONLY_IN_AN_APPLY, "aws:Topic")]
)
def test_a_program_that_may_hold_more_than_nothing_is_not_judged(
    request_for: Make, write_pack: Pack, main: str, said: str
) -> None:
    verdict = preview_offline(request_for(write_pack("TOTAL = 0"), main)).verdict
    assert verdict.exit_code == 2
    assert "no cloud resource is registered, and that may not be all" in verdict.doubts[0]
    assert said in verdict.doubts[0]


@pytest.mark.parametrize(
    ("main", "message"),
    [
        ("print('hello')\nimport time; time.sleep(60)", "printed 'hello' where its port must be"),
        ("raise ValueError('no price book')", "did not start (exit code 1): ValueError: no price book"),
        ("import os; os._exit(7)", "did not start (exit code 7)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "did not start (signal 9)"),
        ("import time; time.sleep(60)", "did not start within 3 s"),
    ],
)
def test_a_pack_that_does_not_start(request_for: Make, write_pack: Pack, main: str, message: str) -> None:
    with pytest.raises(PackError) as caught:
        preview_offline(request_for(write_pack(main=main), pack_limit=3.0))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("def budget(args, report): os._exit(3)", "ended during AnalyzeStack (exit code 3)"),
        ("def budget(args, report): raise KeyError('usage')", "failed in AnalyzeStack: Exception calling application"),
        ("def check(args, report): raise KeyError('usage')", "failed in Analyze: Exception calling application"),
        ("LEVEL = EnforcementLevel.ADVISORY", "has no mandatory policy: it could never refuse"),
    ],
)
def test_a_pack_that_fails_later(request_for: Make, write_pack: Pack, change: str, message: str) -> None:
    with pytest.raises(PackError) as caught:
        preview_offline(request_for(write_pack(change)))
    assert message in str(caught.value)


def test_a_pack_that_hangs_is_given_up(request_for: Make, write_pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("preview.analyst.CALL_LIMIT_SECONDS", 2.0)
    pack = write_pack("def budget(args, report):\n    import time; time.sleep(60)")
    with pytest.raises(PackError, match="did not answer AnalyzeStack within 2 s"):
        preview_offline(request_for(pack))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "no such file; a policy pack needs one"),
        ("runtime: nodejs", "runtime: 'nodejs' is not supported; accepted: python"),
        ("{", "not YAML"),
    ],
)
def test_a_folder_that_is_no_pack(request_for: Make, write_pack: Pack, text: str | None, message: str) -> None:
    pack = write_pack()
    file = pack / "PulumiPolicy.yaml"
    file.unlink() if text is None else file.write_text(text)
    with pytest.raises(PackError, match=message):
        preview_offline(request_for(pack))


def test_policy_configuration_is_checked_and_filled_as_the_engine_does(request_for: Make, write_pack: Pack) -> None:
    pack = write_pack(
        """
        from pulumi_policy import PolicyConfigSchema
        def configured(args, report):
            report(json.dumps(args.get_config(), sort_keys=True))
        EXTRA = [StackValidationPolicy(
            name="configured", description="Shows.", validate=configured,
            config_schema=PolicyConfigSchema(
                properties={"limit": {"type": "number", "default": 5}, "who": {"type": "string"}}, required=["who"]
            ),
        )]
        """
    )
    with pytest.raises(PackError, match="configured: `who` is missing"):
        preview_offline(request_for(pack))
    with pytest.raises(PackError, match="'other' is not a policy of 'small'; accepted: check, monthly-budget"):
        preview_offline(request_for(pack, policy_config={"other": "mandatory"}))
    with pytest.raises(PackError, match="check: 'strict'; accepted: one of advisory, mandatory"):
        preview_offline(request_for(pack, policy_config={"check": "strict"}))
    request = request_for(pack, policy_config={"configured": {"who": "me", "enforcementLevel": "mandatory"}})
    assert preview_offline(request).verdict.refusals == ('{"limit": 5.0, "who": "me"}',)


def test_what_a_pack_sees_of_stack_and_resources(request_for: Make, write_pack: Pack) -> None:
    pack = write_pack(
        """
        import pulumi
        def seen(args, report):
            alarm = next(r for r in args.resources if r.resource_type.endswith("MetricAlarm"))
            report(json.dumps([
                os.getcwd().endswith("pack"), pulumi.get_stack(), pulumi.get_project(), pulumi.runtime.is_dry_run(),
                pulumi.Config("aws").get("region"), alarm.parent.resource_type, alarm.provider.resource_type,
                alarm.provider.props["region"], alarm.opts.protect, alarm.name, [d.name for d in alarm.dependencies],
            ]))
        EXTRA = [StackValidationPolicy(
            name="seen", description="Shows.", enforcement_level=EnforcementLevel.MANDATORY, validate=seen
        )]
        """
    )
    main = """
        import pulumi, pulumi_aws as aws
        group = aws.cloudwatch.LogGroup("group")
        aws.cloudwatch.MetricAlarm(
            "cpu", comparison_operator="LessThanThreshold", evaluation_periods=1,
            opts=pulumi.ResourceOptions(protect=True, depends_on=[group]),
        )
    """
    request = request_for(pack, main)
    request.project.config["aws:region"] = "us-east-1"  # type: ignore[index]
    verdict = preview_offline(request).verdict
    expected = '[true, "dev", "small", true, "us-east-1", "pulumi:pulumi:Stack", "pulumi:providers:aws", "us-east-1"'
    assert verdict.refusals[0] == expected + ', true, "cpu", ["group"]]'


def test_the_program_cannot_touch_the_verdict(request_for: Make, write_pack: Pack) -> None:
    main = """
        import pulumi_aws as aws
        aws.cloudwatch.MetricAlarm("cpu", comparison_operator="LessThanThreshold", evaluation_periods=1)
        import pricing.estimate, pricing.price_book
        pricing.estimate.estimate = lambda *_, **__: None
        print("exit code 0, within budget")
    """
    assert preview_offline(request_for(write_pack("MOST = 0"), main)).verdict.exit_code == 1


def test_a_failing_program_is_reported_although_the_pack_is_fine(request_for: Make, write_pack: Pack) -> None:
    with pytest.raises(ProgramError, match="ValueError: broken"):
        preview_offline(request_for(write_pack(), "raise ValueError('broken')"))
