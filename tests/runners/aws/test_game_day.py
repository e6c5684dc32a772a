"""Container Insights of a cluster, through boto3."""

from __future__ import annotations

import pytest

from runners.aws.game_day import ClusterInsights
from runners.aws.session import AwsClients
from runners.errors import AwsError

pytestmark = pytest.mark.cloud


def test_it_is_switched_only_when_it_is_not_so(clients: AwsClients) -> None:
    setting, asked = ClusterInsights(clients, "shop"), list[str]()
    events = clients.client("ecs").meta.events

    def note(**_: object) -> None:
        asked.append("update")

    events.register("before-call.ecs.UpdateCluster", note)
    before = setting.value()
    try:
        setting.switch(before)
        assert asked == []
        setting.switch("enhanced")
        assert (setting.value(), asked) == ("enhanced", ["update"])
    finally:
        setting.switch(before)
        events.unregister("before-call.ecs.UpdateCluster", note)
    assert setting.value() == before


def test_a_cluster_that_is_gone_is_named(clients: AwsClients) -> None:
    with pytest.raises(AwsError, match="gone: there is no such cluster"):
        ClusterInsights(clients, "gone").value()
