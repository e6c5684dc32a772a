"""EC2: instances, launch templates, Auto Scaling groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced, through_parent
from pricing.resource import UNKNOWN, Plain, Resource
from pricing.rules.addresses import public_address
from pricing.rules.ebs import DISK_USAGE, disk
from pricing.rules.instances import (
    INSTANCE_USAGE,
    compute,
    detailed_monitoring,
    refuse_unlisted,
    settings_of,
)
from pricing.rules.public_addresses import in_public_subnet
from pricing.rules.references import referred, refers_to

_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration"
_GROUP = "aws:autoscaling/group:Group"
_SCHEDULE = "aws:autoscaling/schedule:Schedule"
_SIZES = ("minSize", "maxSize", "desiredCapacity")
_PAGE = "https://aws.amazon.com/ec2/pricing/on-demand/"
_ONE = Quantity.exact(1)
_ALL = 100  # per cent


@priced("aws:ec2/instance:Instance", usage=[*INSTANCE_USAGE, *DISK_USAGE])
def instance(b: Billing) -> Iterator[LineItem]:
    """An instance bills its hours, its disks, one-minute metrics and a public address."""
    settings = settings_of(b, _template(b, "launchTemplate")) if b.items_of("launchTemplate") else b
    yield from _instances(settings, _ONE, settings.text("instanceType"))


@priced(
    _GROUP,
    usage=[
        UsageKey(name="instances", unit="instances", meaning="instances in service when the sizes are unknown"),
        *INSTANCE_USAGE,
        *DISK_USAGE,
    ],
)
def group(b: Billing) -> Iterator[LineItem]:
    """A group bills its instances: as many as desired, between its minimum and its maximum."""
    if b.items_of("warmPool"):
        msg = "property `warmPool` is set; the number and state of its instances is not derived, so leave it out"
        raise Unpriceable(msg)
    count = _group_size(b)
    path = _mixed(b)
    template = _source(b, path)
    settings = settings_of(b, template)
    kinds = [b.text(f"{path}.overrides.{i}.instanceType") for i, _ in enumerate(b.items_of(f"{path}.overrides"))]
    kind = max(kinds, key=lambda name: b.price(f"ec2.linux.{name}").unit_price) if kinds else None
    yield from _instances(settings, count, kind or settings.text("instanceType"))


def _mixed(b: Billing) -> str:
    """The path of the template's reference; a group that mixes in spot instances has no list price."""
    if not b.items_of("mixedInstancesPolicy"):
        return "launchTemplate"
    base = "mixedInstancesPolicy.instancesDistribution.onDemandPercentageAboveBaseCapacity"
    share = b.number(base, default=_ALL)
    if share.minimum < _ALL:
        msg = f"property `{base}` is {share.minimum:f}; accepted is {_ALL}, because spot has no list price"
        raise Unpriceable(msg)
    return "mixedInstancesPolicy.launchTemplate"


def _source(b: Billing, path: str) -> Resource:
    old = b.resource.get("launchConfiguration")
    if old is not None:
        return _in_stack(referred(b, old, _CONFIGURATION), "launchConfiguration")
    return _template(b, f"{path}.launchTemplateSpecification" if path.startswith("mixed") else path)


def _template(b: Billing, path: str) -> Resource:
    return _in_stack(referred(b, _template_reference(b, path), _TEMPLATE), path)


def _in_stack(found: Resource | None, path: str) -> Resource:
    if found is None:
        msg = f"what `{path}` names is not in the stack, so neither type nor disks of its instances are known"
        raise Unpriceable(msg)
    return found


def _template_reference(b: Billing, path: str) -> Plain:
    for key in ("name", "launchTemplateName", "id", "launchTemplateId"):
        value = b.resource.get(f"{path}.{key}")
        if value is not None:
            return value
    return UNKNOWN


def _group_size(b: Billing) -> Quantity:
    minimum = b.number("minSize", unknown="instances", default=0)
    maximum = b.number("maxSize", unknown="instances", default=0)
    desired = b.resource.get("desiredCapacity")
    planned = [_scheduled(b, action, size) for action in _actions(b) for size in _SIZES]
    most = max([maximum.maximum, *planned])
    if desired is UNKNOWN and b.use("instances") is None:
        return Quantity(minimum.minimum, most, most)
    wanted = minimum if desired is None else b.number("desiredCapacity", unknown="instances")
    low = min(minimum.minimum, wanted.minimum)
    return Quantity(low, wanted.expected, max(most, wanted.maximum))


def _actions(b: Billing) -> list[Resource]:
    return [a for a in b.graph.of_type(_SCHEDULE) if refers_to(a, b.resource, "autoscalingGroupName")]


def _scheduled(b: Billing, action: Resource, size: str) -> Decimal:
    """What a scheduled action sets the size to; -1 is AWS's word for leaving it as it is."""
    value = action.get(size)
    if value in (None, Decimal(-1)):
        return Decimal(0)
    return replace(b, resource=action).number(size).maximum


def _instances(b: Billing, count: Quantity, kind: str) -> Iterator[LineItem]:
    refuse_unlisted(b)
    yield from compute(b, kind, count)
    yield from _disks(b, count)
    if _monitored(b):
        yield detailed_monitoring(b, count)
    places = ["", *(f"networkInterfaces.{i}." for i, _ in enumerate(b.items_of("networkInterfaces")))]
    said = [f"{place}associatePublicIpAddress" for place in places]
    if any(b.flag(path, unknown=True) for path in said) or (
        all(b.resource.get(path) is None for path in said) and in_public_subnet(b)
    ):
        yield public_address(b, count)


def _monitored(b: Billing) -> bool:
    """One-minute metrics: a flag of instances, a block of templates, and on by default in launch configurations."""
    value = b.resource.get("monitoring")
    if isinstance(value, dict):
        return b.flag("monitoring.enabled", unknown=True)
    configured = b.resource.get("launchConfiguration") is not None
    return b.flag("monitoring", unknown=True) or b.flag("enableMonitoring", default=configured, unknown=True)


def _disks(b: Billing, count: Quantity) -> Iterator[LineItem]:
    mappings = b.items_of("blockDeviceMappings")
    if not mappings:
        yield from disk(b, "rootBlockDevice.", "Root disk", count, size="volumeSize", kind="volumeType")
    for index, _ in enumerate(b.items_of("ebsBlockDevices")):
        path, label = f"ebsBlockDevices.{index}.", f"Disk {index + 1}"
        yield from disk(b, path, label, count, size="volumeSize", kind="volumeType")
    for index, _ in enumerate(mappings):
        path, label = f"blockDeviceMappings.{index}.ebs", f"Disk {index + 1}"
        if b.resource.get(path) is not None:
            yield from disk(b, f"{path}.", label, count, size="volumeSize", kind="volumeType")


through_parent(
    _TEMPLATE,
    _CONFIGURATION,
    why="a description; the instances made from it are billed with the instance or group that uses it",
    source=_PAGE,
)
free(
    "aws:autoscaling/attachment:Attachment",
    "aws:autoscaling/lifecycleHook:LifecycleHook",
    "aws:autoscaling/notification:Notification",
    _SCHEDULE,
    "aws:autoscaling/tag:Tag",
    "aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment",
    why="Auto Scaling is free of charge; the instances are priced with the group, up to its maximum",
    source="https://aws.amazon.com/ec2/autoscaling/pricing/",
)
free(
    "aws:ec2/keyPair:KeyPair",
    "aws:ec2/placementGroup:PlacementGroup",
    "aws:ec2/amiLaunchPermission:AmiLaunchPermission",
    "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
    "aws:ec2/defaultCreditSpecification:DefaultCreditSpecification",
    "aws:ec2/serialConsoleAccess:SerialConsoleAccess",
    "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess",
    "aws:ec2/tag:Tag",
    "aws:ec2transitgateway/instanceState:InstanceState",
    why="a setting or a name; only running instances and their disks bill",
    source=_PAGE,
)
