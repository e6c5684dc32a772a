from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

MODULES = ["lb", "alb", "elasticloadbalancingv2", "applicationloadbalancing"]
# infracost's lb golden (us-east-1): 730 h = 16.43, 1.3698 LCU = 8.00, NLCU-month = 4.38; elb golden: 18.25 and 80.00.
CASES = [
    ("730 x 0.0225 + 1 LCU x 730 x 0.008", {}, {"lcu": 1}, "22.265"),
    ("network: 730 x 0.0225 + 1 NLCU x 730 x 0.006", {"loadBalancerType": "network"}, {"lcu": 1}, "20.805"),
    ("gateway: 730 x 0.0125 + 1 GLCU x 730 x 0.004", {"loadBalancerType": "gateway"}, {"lcu": 1}, "12.045"),
    ("and 2 public addresses x 730 x 0.005", {}, {"lcu": 0, "public_ipv4_addresses": 2}, "23.725"),
]


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize(("arithmetic", "properties", "usage", "usd"), CASES, ids=[case[0] for case in CASES])
def test_a_load_balancer_costs_the_list_price(
    arithmetic: str,
    properties: dict[str, Any],
    usage: dict[str, Any],
    usd: str,
    module: str,
    make: Any,
    charge: Any,
) -> None:
    bill = charge(make(f"aws:{module}/loadBalancer:LoadBalancer", **properties), usage=usage)

    assert bill.codes == []
    assert bill.total == Decimal(usd)


@pytest.mark.parametrize("module", ["elb", "elasticloadbalancing"])
def test_a_classic_load_balancer_bills_data(module: str, make: Any, charge: Any) -> None:
    # 730 x 0.025 + 10000 GB x 0.008
    bill = charge(make(f"aws:{module}/loadBalancer:LoadBalancer"), usage={"processed_gb": 10_000})

    assert bill.total == Decimal("98.25")


def test_capacity_units_must_be_declared(make: Any, charge: Any) -> None:
    bill = charge(make("aws:lb/loadBalancer:LoadBalancer"))

    assert bill.codes == ["undeclared-usage"]
    assert bill.total == Decimal("16.425")


def test_an_unknown_kind_is_refused(make: Any, charge: Any) -> None:
    bill = charge(make("aws:lb/loadBalancer:LoadBalancer", loadBalancerType="classic"))

    assert bill.codes == ["unpriceable"]


@pytest.mark.parametrize("module", MODULES)
def test_listeners_bill_with_the_load_balancer(module: str, make: Any, charge: Any) -> None:
    assert charge(make(f"aws:{module}/listener:Listener")).priced.classification == "billed-by-parent"
