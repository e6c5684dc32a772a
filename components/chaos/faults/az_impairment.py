"""A zone whose network is impaired while its traffic is shifted away, as AWS would do it when a zone fails."""

from dataclasses import dataclass
from typing import Any

from components.chaos.fault import OPT_IN, UNDO_SECONDS, Fault, minutes
from components.chaos.fault_kinds import FaultOrder, fault_kind
from components.chaos.fault_settings import FaultSettings, duration, needed, setting
from components.place import Place
from components.reading import Reader
from components.roles import Statement, allow
from components.settings import Settings
from contract.experiments import Zone

_SUBNET = "aws:ec2:subnet"
# FIS marks the network ACLs that it puts in the place of the subnets' own.
_MARK = {"managedByFIS": "true"}
_SCOPES = ("availability-zone", "all")
# FIS takes five names a target; the load balancer is hit beside the subnets, and an experiment hits five at most.
_MOST_SUBNETS = 4
_SUBNET_NAME = r"(arn:aws[a-z-]*:ec2:[a-z0-9-]+:\d{12}:subnet/)?subnet-[0-9a-f]{8,17}"


def _read_zone(reader: Reader) -> str | None:
    # A zone's id is the same in every account; its name (us-east-1a) is not.
    return reader.maybe_text("zone", r"[a-z]{2,5}\d(-[a-z]+\d)?-az\d{1,2}", "a zone's id such as use1-az1")


@dataclass(frozen=True, kw_only=True)
class AzImpairment(FaultSettings):
    """How long, which zone by its id, its subnets, and what they are cut off from."""

    seconds: int = duration()
    zone: str = needed("zone", _read_zone, "the id of the zone that is impaired, such as use1-az1")
    subnets: tuple[str, ...] = setting(
        "subnets", lambda reader: reader.texts("subnets", _SUBNET_NAME, "a list of subnets")
    )
    scope: str = setting(
        "scope", lambda reader: reader.choice("scope", {scope: scope for scope in _SCOPES}, _SCOPES[0])
    )

    def check(self, reader: Reader) -> None:
        """Refuses subnets that are none, too many, or there twice."""
        ids = {subnet.rsplit("/", 1)[-1] for subnet in self.subnets}
        if not 1 <= len(self.subnets) <= _MOST_SUBNETS or len(ids) < len(self.subnets):
            raise reader.refuse("subnets", f"1 to {_MOST_SUBNETS} subnets of that zone, each once")


@fault_kind(
    "az-impairment",
    AzImpairment,
    happens="one zone's subnets are cut off while the load balancer's traffic is shifted away",
    needs=("target_group",),
)
def az_impairment(order: FaultOrder[AzImpairment], settings: Settings) -> Fault:
    """Cuts one zone's subnets off and shifts the load balancer's traffic away from it, at the same time.

    `startAfters` would begin the one when the other has ended. The shift lasts a minute longer: traffic comes back to
    subnets that are whole again. FIS renews it each minute, so that it ends without FIS.
    """
    fault, place, balancer = order.fault, settings.place, _balancer(settings)
    lasting, shifted = minutes(fault.seconds), minutes(fault.seconds + UNDO_SECONDS)
    subnets = sorted(_subnet(place, subnet) for subnet in fault.subnets)
    targets = {
        "balancer": _named("aws:arc:zonal-shift-managed-resource", [balancer]),
        "subnets": _named(_SUBNET, subnets),
    }
    return Fault(
        actions=_actions(fault, lasting, shifted),
        targets=targets,
        statements=[*_shift_statements(balancer), *_network_statements(place, subnets)],
        resource_type=_SUBNET,
        tags=OPT_IN,
        group_kind=None,
        group=None,
        seconds=shifted * 60,
        action_minutes=lasting + shifted,
        perturbed_metrics=("AWS/ApplicationELB/UnHealthyHostCount", "AWS/ApplicationELB/HealthyHostCount"),
        undo="FIS gives the subnets their own network ACLs back, and the zonal shift runs out within a minute",
        wanted=len(subnets) + 1,
        zone=Zone(
            id=fault.zone,
            subnets=tuple(subnets),
            load_balancer=str(settings.workload.balancer.name),
            target_group=str(settings.workload.balancer.target_group),
        ),
    )


def _actions(fault: AzImpairment, lasting: int, shifted: int) -> dict[str, dict[str, Any]]:
    return {
        "shift": {
            "actionId": "aws:arc:start-zonal-autoshift",
            "parameters": {
                "availabilityZoneIdentifier": fault.zone,
                "duration": f"PT{shifted}M",
                "managedResourceTypes": "ALB",
                # A balancer that takes part in zonal shifts need not take part in AWS's own autoshifts.
                "zonalAutoshiftStatus": "ANY",
            },
            "targets": {"ManagedResources": "balancer"},
        },
        "network": {
            "actionId": "aws:network:disrupt-connectivity",
            "parameters": {"duration": f"PT{lasting}M", "scope": fault.scope},
            "targets": {"Subnets": "subnets"},
        },
    }


def _shift_statements(balancer: str) -> list[Statement]:
    shift = ("StartZonalShift", "UpdateZonalShift", "CancelZonalShift", "GetManagedResource")
    find = ["arc-zonal-shift:ListManagedResources", "tag:GetResources", "autoscaling:DescribeTags"]
    return [
        allow("Shift", [f"arc-zonal-shift:{call}" for call in shift], [balancer]),
        allow("FindManaged", find, ["*"]),
    ]


def _network_statements(place: Place, subnets: list[str]) -> list[Statement]:
    acls, networks = place.arn("ec2", "network-acl/*"), place.arn("ec2", "vpc/*")
    lists = f"arn:{place.partition}:ec2:{place.region}:*:prefix-list/*"
    requested = {f"aws:RequestTag/{key}": value for key, value in _MARK.items()}
    marked = {f"ec2:ResourceTag/{key}": value for key, value in _MARK.items()}
    find = ("DescribeNetworkAcls", "DescribeSubnets", "DescribeVpcs", "DescribeManagedPrefixLists")
    return [
        allow("CopyAcl", ["ec2:CreateNetworkAcl"], [acls], StringEquals=requested),
        allow("CopyAclInNetwork", ["ec2:CreateNetworkAcl"], [networks]),
        allow(
            "MarkCopy",
            ["ec2:CreateTags"],
            [acls],
            StringEquals={"ec2:CreateAction": "CreateNetworkAcl", **requested},
        ),
        allow("FillCopy", ["ec2:CreateNetworkAclEntry"], [acls, networks], StringEquals=marked),
        # What undoes the fault has no condition: the subnets' own ACLs do not carry FIS's mark.
        allow("SwapAndUndo", ["ec2:ReplaceNetworkAclAssociation"], [*subnets, acls]),
        allow("RemoveCopy", ["ec2:DeleteNetworkAcl"], [acls, networks]),
        allow("ReadLists", ["ec2:GetManagedPrefixListEntries"], [lists]),
        allow("FindNetwork", [f"ec2:{call}" for call in find], ["*"]),
    ]


def _named(resource_type: str, arns: list[str]) -> dict[str, Any]:
    return {"resourceType": resource_type, "resourceArns": arns, "selectionMode": "ALL"}


def _balancer(settings: Settings) -> str:
    return settings.place.arn("elasticloadbalancing", f"loadbalancer/{settings.workload.balancer.name}")


def _subnet(place: Place, subnet: str) -> str:
    return subnet if subnet.startswith("arn:") else place.arn("ec2", f"subnet/{subnet}")
