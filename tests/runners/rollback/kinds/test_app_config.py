"""A configuration of AppConfig: reverted while its deployment lasts, and never fought for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from runners.aws.session import AwsClients
from runners.rollback.kind import Change, ForeignDeploymentError, Stage
from runners.rollback.version import Version
from tests.runners.rollback.conftest import Configuration
from tests.runners.rollback.kinds.test_every_kind import change_of

pytestmark = pytest.mark.cloud


@pytest.fixture
def configuration(clients: AwsClients, knobs: Callable[..., None]) -> Iterator[Configuration]:
    made = Configuration(clients)
    yield made
    made.remove()


def test_a_deployment_that_lasts_is_reverted(configuration: Configuration, knobs: Callable[..., None]) -> None:
    good = configuration.kind.version()
    knobs(deployment_seconds=3600)
    configuration.deploy("2")
    assert "DEPLOYING" in str(configuration.kind.version().unread)
    change = Change(good=good, bad=Version(kind="app-config", name=configuration.kind.name, running="2"))
    begun = configuration.kind.begin(change)
    assert begun["how"] == "its deployment was reverted"
    found = configuration.settled(change, begun)
    assert (found.stage, "ROLLED_BACK" in found.said) == (Stage.DONE, True)


def test_a_deployment_of_something_else_is_not_fought(configuration: Configuration, knobs: Callable[..., None]) -> None:
    change = change_of(configuration)
    configuration.config.create_hosted_configuration_version(
        ApplicationId=configuration.application,
        ConfigurationProfileId=configuration.profile,
        Content=b"3",
        ContentType="text/plain",
    )
    knobs(deployment_seconds=3600)
    configuration.deploy("3")
    with pytest.raises(ForeignDeploymentError, match="is DEPLOYING and brings 3"):
        configuration.kind.begin(change)


def test_a_deployment_that_alarms_took_back_is_no_success(
    configuration: Configuration, knobs: Callable[..., None]
) -> None:
    change = change_of(configuration)
    knobs(deployments_fail=True)
    found = configuration.settled(change, configuration.kind.begin(change))
    assert found.stage is Stage.FAILED
