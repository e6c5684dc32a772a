"""A zone whose network is impaired while its traffic is shifted away, as AWS would do it when a zone fails."""

from typing import Any

from components.chaos.experiment_spec import ExperimentSpec
from components.chaos.fault import OPT_IN, UNDO_SECONDS, Fault, minutes
from components.place import Place
from components.roles import Statement, allow
from components.settings import Settings
from contract.experiments import Zone

_SUBNET = "aws:ec2:subnet"
# FIS marks the network ACLs that it puts in the place of the subnets' own.
_MARK = {"managedByFIS": "true"}


def az_impairment(spec: ExperimentSpec, settings: Settings) -> Fault:
    """Cuts one zone's subnets off and shifts the load balancer's traffic away from it, at the same time.

    `startAfters` would begin the one when the other has ended. The shift lasts a minute longer: traffic comes back to
    subnets that are whole again. FIS renews it each minute, so that it ends without FIS.
    """
    place, balancer = settings.place, _balancer(settings)
    lasting, shifted = minutes(spec.fault.seconds), minutes(spec.fault.seconds + UNDO_SECONDS)
    subnets = sorted(_subnet(place, subnet) for subnet in spec.fault.subnets)
    targets = {
        "balancer": _named("aws:arc:zonal-shift-managed-resource", [balancer]),
        "subnets": _named(_SUBNET, subnets),
    }
    return Fault(
        actions=_actions(spec, lasting, shifted),
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
            id=str(spec.fault.zone),
            subnets=tuple(subnets),
            load_balancer=str(settings.workload.load_balancer),
            target_group=str(settings.workload.target_group),
        ),
    )


def _actions(spec: ExperimentSpec, lasting: int, shifted: int) -> dict[str, dict[str, Any]]:
    return {
        "shift": {
            "actionId": "aws:arc:start-zonal-autoshift",
            "parameters": {
                "availabilityZoneIdentifier": str(spec.fault.zone),
                "duration": f"PT{shifted}M",
                "managedResourceTypes": "ALB",
                # A balancer that takes part in zonal shifts need not take part in AWS's own autoshifts.
                "zonalAutoshiftStatus": "ANY",
            },
            "targets": {"ManagedResources": "balancer"},
        },
        "network": {
            "actionId": "aws:network:disrupt-connectivity",
            "parameters": {"duration": f"PT{lasting}M", "scope": spec.fault.scope},
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
    return settings.place.arn("elasticloadbalancing", f"loadbalancer/{settings.workload.load_balancer}")


def _subnet(place: Place, subnet: str) -> str:
    return subnet if subnet.startswith("arn:") else place.arn("ec2", f"subnet/{subnet}")
