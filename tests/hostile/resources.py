"""Programs that hide what their resources cost."""

from __future__ import annotations

from typing import Final

from tests.hostile.program import Hostile

_DYNAMIC: Final = """
from pulumi import dynamic
class Mine(dynamic.ResourceProvider):
    def create(self, props):
        return dynamic.CreateResult("id", {})
cheap()
"""

RESOURCES: Final = (
    Hostile("in-an-apply-that-runs", "cheap().dashboard_name.apply(lambda _: dear())", (1, 2)),
    Hostile(
        "in-an-apply-that-does-not-run",
        "cheap().dashboard_arn.apply(lambda _: dear())",
        (1, 2),
        quick=True,
        engine=False,
    ),
    Hostile(
        "in-a-component-of-ours",
        """
class Free(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("ial:observability:Free", "free")
        dear(opts=pulumi.ResourceOptions(parent=self))
Free()
""",
        (1, 2),
    ),
    Hostile(
        "in-nested-components",
        """
class Box(pulumi.ComponentResource):
    def __init__(self, depth, opts=None):
        super().__init__("team:box:Box", f"box{depth}", None, opts)
        inside = pulumi.ResourceOptions(parent=self)
        Box(depth - 1, inside) if depth else dear(opts=inside)
Box(20)
""",
        (1,),
    ),
    Hostile("below-a-resource", "dear(opts=pulumi.ResourceOptions(parent=cheap()))", (1, 2)),
    Hostile(
        "a-type-that-looks-ours",
        'cheap()\npulumi.CustomResource("ial:free:Thing", "x", {})',
        (1, 2),
        quick=True,
        engine=False,
    ),
    Hostile(
        "a-type-in-capitals",
        'cheap()\npulumi.CustomResource("AWS:cloudwatch/dashboard:Dashboard", "x", {})',
        (1, 2),
        engine=False,
    ),
    Hostile(
        "a-type-of-a-package-unknown",
        'cheap()\npulumi.CustomResource("acme:index:Cluster", "x", {})',
        (1, 2),
        engine=False,
    ),
    Hostile("a-type-without-parts", 'cheap()\npulumi.CustomResource("thing", "x", {})', (1, 2), engine=False),
    Hostile("dynamic", _DYNAMIC + 'dynamic.Resource(Mine(), "x", {})', (1, 2), engine=False),
    Hostile(
        "dynamic-with-a-known-token",
        _DYNAMIC
        + """
class LogRetention(dynamic.Resource, module="observability", name="LogRetention"):
    def __init__(self):
        super().__init__(Mine(), "x", {"logGroupName": "a", "retentionInDays": 7})
LogRetention()
""",
        (1, 2),
        quick=True,
        engine=False,
    ),
    Hostile(
        "dynamic-with-a-known-name",
        _DYNAMIC
        + """
Mine.__module__ = "components.observability.log_retention"
class LogRetention(dynamic.Resource, module="observability", name="LogRetention"):
    def __init__(self):
        super().__init__(Mine(), "x", {})
LogRetention()
""",
        (1, 2),
        engine=False,
    ),
    Hostile(
        "dynamic-with-state",
        _DYNAMIC
        + """
provider = Mine()
provider.command = "anything"
class Free(dynamic.Resource, module="backup", name="Free"):
    def __init__(self):
        super().__init__(provider, "x", {})
Free()
""",
        (1, 2),
        engine=False,
    ),
    Hostile(
        "dynamic-without-code",
        """
cheap()
pulumi.CustomResource("pulumi-python:dynamic/observability:LogRetention", "x", {"__provider": ""})
""",
        (1, 2),
        engine=False,
    ),
    Hostile(
        "another-region",
        """
there = aws.Provider("there", region="ap-east-1")
cheap(opts=pulumi.ResourceOptions(provider=there))
aws.ec2.Instance("i", ami="ami-1", instance_type="t3.micro", opts=pulumi.ResourceOptions(provider=there))
""",
        (1, 2),
        quick=True,
        engine=False,
    ),
    Hostile(
        "another-region-by-property",
        'cheap(region="ap-east-1")\naws.ec2.Instance("i", region="ap-east-1", ami="ami-1", instance_type="t3.micro")',
        (1, 2),
        engine=False,
    ),
    Hostile(
        "a-secret-size",
        'aws.ec2.Instance("i", ami="ami-1", instance_type=pulumi.Output.secret("m5.24xlarge"))',
        (1, 2),
        engine=False,
    ),
    Hostile(
        "an-unknown-size",
        'aws.ec2.Instance("i", ami="ami-1", instance_type=cheap().dashboard_arn)',
        (1, 2),
        engine=False,
    ),
    Hostile(
        "a-size-from-a-data-source",
        """
cheap()
aws.ec2.Instance("i", ami="ami-1", instance_type=aws.ec2.get_instance_type_output(instance_type="t3.micro").id)
""",
        (1, 2),
        engine=False,
    ),
    Hostile(
        "an-ignored-size",
        'aws.ec2.Instance("i", ami="ami-1", instance_type="m5.24xlarge", '
        'opts=pulumi.ResourceOptions(ignore_changes=["instanceType"]))',
        (1, 2),
        engine=False,
    ),
    Hostile(
        "an-imported-size",
        'cheap()\naws.ec2.Instance("i", ami="ami-1", instance_type="t3.micro", '
        'opts=pulumi.ResourceOptions(import_="i-1"))',
        (1, 2),
        engine=False,
    ),
    Hostile(
        "a-size-with-space", 'aws.ec2.Instance("i", ami="ami-1", instance_type=" m5.24xlarge ")', (1, 2), engine=False
    ),
    Hostile(
        "a-size-in-capitals", 'aws.ec2.Instance("i", ami="ami-1", instance_type="M5.24XLARGE")', (1, 2), engine=False
    ),
    Hostile(
        "a-negative-disk",
        'dear()\naws.ebs.Volume("v", availability_zone="us-east-1a", size=-100000, type="gp3")',
        (1, 2),
        engine=False,
    ),
    Hostile(
        "an-infinite-disk",
        'cheap()\naws.ebs.Volume("v", availability_zone="us-east-1a", size=float("inf"))',
        (1, 2),
        engine=False,
    ),
    Hostile(
        "no-number-of-a-disk",
        'cheap()\naws.ebs.Volume("v", availability_zone="us-east-1a", size=float("nan"))',
        (1, 2),
        engine=False,
    ),
    Hostile(
        "a-disk-in-other-digits",
        'cheap()\naws.ebs.Volume("v", availability_zone="us-east-1a", size="١٠٠٠٠")',
        (1, 2),
        engine=False,
    ),
    Hostile("kept-when-removed", "dear(opts=pulumi.ResourceOptions(retain_on_delete=True, protect=True))", (1,)),
    Hostile(
        "aliases-of-each-other",
        "dear(opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name='cheap')]))",
        (1, 2),
        engine=False,
    ),
    Hostile("deleted-with-another", "one = cheap()\ndear(opts=pulumi.ResourceOptions(deleted_with=one))", (1,)),
    Hostile("looked-up-and-made", 'aws.cloudwatch.Dashboard.get("old", "d")\ndear()', (1,), engine=False),
    Hostile("only-looked-up", 'aws.cloudwatch.Dashboard.get("old", "d")\ncheap()', (0,), engine=False),
)
