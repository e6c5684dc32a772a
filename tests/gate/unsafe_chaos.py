"""Programs with unsafe experiments, each with the policy that must refuse it, and with the safe ones beside them."""

from __future__ import annotations

from typing import Final

# What a template is made of in the program under test; each case changes one thing.
MAKER: Final = """
import json

# Rarely, so that what an unsafe one would cost is refused by no budget.
TAGS = {"owner": "team", "environment": "dev", "stage": "3", "managed-by": "ial", "chaos:schedule": "rate:3650 days"}
ROLE_TAGS = {key: value for key, value in TAGS.items() if key != "chaos:schedule"}
ALARM = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:ial-dev-errors"
DOCUMENT = "arn:aws:ssm:us-east-1::document/AWSFIS-Run-Network-Latency-Sources"
INSIDE = {"DurationSeconds": "240", "DelayMilliseconds": "200", "Sources": "10.0.0.0/16",
          "TrafficType": "egress", "Interface": "DEFAULT"}


def pairs(**values):
    return [{"key": key, "value": value} for key, value in values.items()]


def inside(**changes):
    return json.dumps({key: value for key, value in (INSIDE | changes).items() if value is not None})


def targeted(name, selection):
    return {
        "name": name,
        "resource_type": "aws:ec2:instance",
        "selection_mode": selection,
        "resource_tags": [{"key": "chaos:enabled", "value": "true"}],
        "filters": [{"path": "State.Name", "values": ["running"]}],
    }


def template(name, *, action="aws:ssm:send-command", key="Instances", target=None, **changes):
    given = dict(documentArn=DOCUMENT, documentParameters=inside(), duration="PT5M") | changes.pop("parameters", {})
    found = targeted("app", "COUNT(2)") | (target or {})
    what = {
        "description": name,
        "role_arn": FIS.arn,
        "actions": [{
            "name": "fault",
            "action_id": action,
            "parameters": pairs(**{key: value for key, value in given.items() if value is not None}),
            "target": {"key": key, "value": "app"},
        }],
        "targets": [found],
        "stop_conditions": [{"source": "aws:cloudwatch:alarm", "value": ALARM}],
        "log_configuration": {
            "log_schema_version": 2,
            "cloudwatch_logs_configuration": {"log_group_arn": "arn:aws:logs:us-east-1:123456789012:log-group:/x:*"},
        },
        "experiment_options": {"account_targeting": "single-account", "empty_target_resolution_mode": "fail"},
        "tags": TAGS,
    }
    aws.fis.ExperimentTemplate(name, **(what | changes))


OF_STACK = "arn:aws:ssm:us-east-1:123456789012:document/"
BOUND = {"allowedPattern": "^([1-9][0-9]{1,2}|3540)$"}


def document(name, physical, duration=BOUND):
    step = {"action": "aws:runShellScript", "name": "fault", "inputs": {"runCommand": ["sleep 60"]}}
    ends = step["inputs"] | {"timeoutSeconds": "60", "finallyStep": True}
    content = {
        "schemaVersion": "2.2",
        "parameters": {"DurationSeconds": {"type": "String", **duration}},
        "mainSteps": [step | {"inputs": ends}],
    }
    return aws.ssm.Document(
        name, name=physical, document_type="Command", content=json.dumps(content), tags=ROLE_TAGS
    )


def running(name, arn, held='{"DurationSeconds": "240"}', **parameters):
    template(name, parameters={"documentArn": arn, "documentParameters": held} | parameters)


document("shared", "own")


INSTANCES = "arn:aws:ec2:us-east-1:123456789012:instance/*"
OFFERED = {"StringEquals": {"aws:ResourceTag/chaos:enabled": "true"}}


def role(name, trusted, action="ec2:TerminateInstances", resource=INSTANCES, condition=OFFERED, others=()):
    trust = {"Effect": "Allow", "Principal": {"Service": "fis.amazonaws.com"}, "Action": "sts:AssumeRole"}
    allowed = {"Effect": "Allow", "Action": [action], "Resource": [resource], "Condition": condition}
    if condition is None:
        del allowed["Condition"]
    made = aws.iam.Role(
        name,
        name=name,
        tags=ROLE_TAGS,
        assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust | trusted, *others]}),
    )
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    aws.iam.RolePolicy(f"{name}-policy", role=made.name, policy=policy)
    return made


def own(account={"StringEquals": {"aws:SourceAccount": "123456789012"}}, source="123456789012:experiment/*"):
    return {"Condition": account | {"ArnLike": {"aws:SourceArn": f"arn:aws:fis:us-east-1:{source}"}}}


OWN = own()
FIS = role("good-fis-role", OWN)
"""
GOOD: Final = """
template("good")
running("good-running", OF_STACK + "own", documentVersion="$LATEST")
running("good-by-output", document("good-second", "second", BOUND | {"default": "180"}).arn, "{}")
more = [targeted(name, "COUNT(2)") for name in ("app", "web")] + [targeted("jobs", "COUNT(1)")]
template("good-in-all", targets=more)
role("good-role", OWN)
role("good-named-role", OWN, resource=INSTANCES.replace("*", "i-0a0a0a0a0a0a0a0a0"), condition=None)
role("good-undoing-role", OWN, "ec2:StartInstances", condition=None)
"""
GOODS: Final = ("good", "good-running", "good-by-output", "good-in-all", "good-second")
GOOD_ROLES: Final = ("good-fis-role", "good-role", "good-named-role", "good-undoing-role")
# The resource that is unsafe, how it is made, and the one policy that must say so.
UNSAFE: Final[dict[str, tuple[str, str]]] = {
    "wrong-action": ('template("wrong-action", action="aws:ec2:end-instances")', "chaos-actions-valid"),
    "missing-parameter": (
        'template("missing-parameter", parameters={"documentArn": None})',
        "chaos-actions-valid",
    ),
    "misspelt-parameter": (
        'template("misspelt-parameter", parameters={"documentparameters": "{}"})',
        "chaos-actions-valid",
    ),
    "no-direction": (
        'template("no-direction", parameters={"documentParameters": inside(TrafficType=None)})',
        "chaos-actions-valid",
    ),
    "wrong-direction": (
        'template("wrong-direction", parameters={"documentParameters": inside(TrafficType="outgress")})',
        "chaos-actions-valid",
    ),
    "too-long": ('template("too-long", parameters={"duration": "PT3H"})', "chaos-bounded"),
    "never-restarted": (
        'template("never-restarted", action="aws:ec2:stop-instances",'
        ' parameters={"documentArn": None, "documentParameters": None, "duration": None})',
        "chaos-bounded",
    ),
    "cut-short": (
        'template("cut-short", parameters={"documentParameters": inside(DurationSeconds="300")})',
        "chaos-bounded",
    ),
    "list-inside": (
        """running("list-inside", OF_STACK + "own", '{"DurationSeconds": ["3540"]}')""",
        "chaos-actions-valid",
    ),
    "endless-document": (
        'document("endless-document", "endless", {"allowedPattern": "^[0-9]+$"});'
        ' running("runs-endless", OF_STACK + "endless")',
        "chaos-documents",
    ),
    "one-long-value": (
        'document("one-long-value", "long", {"allowedValues": ["240", "7200"]});'
        ' running("runs-long", OF_STACK + "long")',
        "chaos-documents",
    ),
    "long-by-default": (
        'document("defaults", "defaults", BOUND | {"default": "3540"});'
        ' running("long-by-default", OF_STACK + "defaults", "{}")',
        "chaos-documents",
    ),
    "misspelt-inside": (
        """running("misspelt-inside", OF_STACK + "defaults", '{"Durationseconds": "60", "DurationSeconds": "60"}')""",
        "chaos-documents",
    ),
    "old-version": ('running("old-version", OF_STACK + "own", documentVersion="1")', "chaos-documents"),
    "unlisted-document": ('running("unlisted-document", OF_STACK + "elsewhere")', "chaos-documents"),
    "others-document": (
        'running("others-document", OF_STACK.replace("123456789012", "999999999999") + "own")',
        "chaos-documents",
    ),
    "of-another-region": (
        'running("of-another-region", OF_STACK.replace("us-east-1", "eu-west-1") + "own")',
        "chaos-documents",
    ),
    "landslide": (
        'template("landslide", targets=[targeted(name, "COUNT(5)") for name in ("app", *"abcdefghi")])',
        "chaos-blast-radius",
    ),
    "every-zone": (
        'template("every-zone", action="aws:network:disrupt-connectivity", key="Subnets",'
        ' parameters={"documentArn": None, "documentParameters": None, "scope": "all"},'
        ' target={"resource_type": "aws:ec2:subnet", "filters": None})',
        "chaos-blast-radius",
    ),
    "unstopped": (
        'template("unstopped", stop_conditions=[{"source": "none"}])',
        "chaos-stop-condition",
    ),
    "not-offered": ('template("not-offered", target={"resource_tags": pairs(Name="web")})', "chaos-opt-in"),
    "all-of-them": ('template("all-of-them", target={"selection_mode": "ALL"})', "chaos-blast-radius"),
    "stopped-ones-too": ('template("stopped-ones-too", target={"filters": None})', "chaos-blast-radius"),
    "silent": ('template("silent", log_configuration=None)', "chaos-logged"),
    "lever": (
        'pulumi.CustomResource("aws:fis/safetyLeverState:SafetyLeverState", "lever", {"state": {}})',
        "chaos-safety-lever",
    ),
    "anybodys-role": ('role("anybodys-role", {})', "chaos-role-trust"),
    "anybodys-experiments": (
        'role("anybodys-experiments", own({"StringNotEquals": {"aws:SourceAccount": "123456789012"}}))',
        "chaos-role-trust",
    ),
    "anybodys-source": ('role("anybodys-source", own(source="*:experiment/*"))', "chaos-role-trust"),
    "others-role": (
        'role("others-role", OWN, others=[{"Effect": "Allow", "Action": "sts:AssumeRole",'
        ' "Principal": {"AWS": "arn:aws:iam::999999999999:root"}}])',
        "chaos-role-trust",
    ),
    "functions-role": (
        'role("functions-role", OWN | {"Principal": {"Service": ["fis.amazonaws.com", "lambda.amazonaws.com"]}})',
        "chaos-role-trust",
    ),
    "mighty-role": ('role("mighty-role", OWN, "ec2:*")', "chaos-role-permissions"),
    "role-of-many-verbs": ('role("role-of-many-verbs", OWN, "ec2:*Instances")', "chaos-role-permissions"),
    "role-over-all": ('role("role-over-all", OWN, condition=None)', "chaos-role-permissions"),
    "role-over-everything": (
        'role("role-over-everything", OWN, resource="arn:aws:*", condition=None)',
        "chaos-role-permissions",
    ),
    "held-undoing": ('role("held-undoing", OWN, "ec2:StartInstances")', "chaos-role-permissions"),
    "administrator": (
        'aws.iam.PolicyAttachment("attachment", roles=[role("administrator", OWN).name],'
        ' policy_arn="arn:aws:iam::aws:policy/AdministratorAccess")',
        "chaos-role-permissions",
    ),
    "customer-managed": (
        'aws.iam.RolePolicyAttachment("attached", role=role("customer-managed", OWN).name,'
        ' policy_arn="arn:aws:iam::123456789012:policy/wide")',
        "chaos-role-permissions",
    ),
    "strange-role": (
        'template("strange-role", role_arn="arn:aws:iam::123456789012:role/Admin")',
        "chaos-role-permissions",
    ),
}
