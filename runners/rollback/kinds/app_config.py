"""A configuration of AppConfig: its deployment is reverted while it lasts; later the older version is deployed.

Source: https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-deploying-reverting.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Final

from contract.rollback import VersionKind
from runners.rollback.kind import ARRIVES_WITHIN, Change, Kind, Move, Progress, Stage
from runners.rollback.version import Version

_ONGOING: Final = ("VALIDATING", "DEPLOYING", "BAKING", "ROLLING_BACK")
_STOPPABLE: Final = ("DEPLOYING", "BAKING")
_BACK: Final = ("ROLLED_BACK", "REVERTED")

# How long AWS's own strategies take, with their bake: https://docs.aws.amazon.com/appconfig/latest/userguide/
# appconfig-creating-deployment-strategy-predefined.html
_MINUTES: Final = {
    "AppConfig.Linear20PercentEvery6Minutes": 60,
    "AppConfig.Canary10Percent20Minutes": 30,
    "AppConfig.AllAtOnce": 10,
    "AppConfig.Linear50PercentEvery30Seconds": 2,
}


class _AppConfig(Kind):
    """`name` is APPLICATION/ENVIRONMENT/PROFILE; a version is that of the configuration."""

    kind: ClassVar[VersionKind] = "app-config"
    overtaken = frozenset({"ConflictException"})

    def running(self) -> Version:
        newest = self._ongoing()
        if newest is not None:
            number = str(newest["DeploymentNumber"])
            if newest["State"] == "BAKING":
                # All have it already; AppConfig only watches the alarms for a while.
                return self.known(str(newest["ConfigurationVersion"]), deployment=number)
            why = f"deployment {number} is {newest['State']}"
            return Version(kind=self.kind, name=self.name, deployment=number, unread=why)
        # What was taken back does not run; what ran before it does.
        done = self._completed()
        if done is None:
            return self.unknown("nothing was deployed yet")
        return self.known(str(done["ConfigurationVersion"]))

    def move(self) -> Move | None:
        newest = self._ongoing()
        if newest is None:
            other = self._of_another_profile()
            return None if other is None else Move(id=str(other["DeploymentNumber"]), to=None)
        return Move(id=str(newest["DeploymentNumber"]), to=str(newest["ConfigurationVersion"]))

    def obstacles(self, change: Change, /) -> list[str]:
        # Whether the version is still stored AppConfig says when it is deployed: reading it would show what is in it.
        found = [] if self._strategy else ["no deployment strategy is named; set it in ial:chaos rollback.targets"]
        newest, before = self._ongoing(), self._completed()
        if newest is not None and str(newest["ConfigurationVersion"]) == change.bad.running and before is not None:
            back = str(before["ConfigurationVersion"])
            if back != change.good.running:
                number = newest["DeploymentNumber"]
                found.append(f"deployment {number}, which is under way, would go back to {back}")
        minutes = _MINUTES.get(str(self._strategy), 0)
        if newest is None and timedelta(minutes=minutes) >= ARRIVES_WITHIN:
            found.append(f"strategy {self._strategy} takes {minutes} min, longer than a rollback waits")
        return found

    def lost(self, _: Change, /) -> list[str]:
        return ["the configuration's content comes back; profile, validators and strategy stay as they are"]

    def begin(self, change: Change, /) -> Mapping[str, Any]:
        newest = self._ongoing()
        if newest is not None:
            return self._under_way_to(change, newest)
        other = self._of_another_profile()
        if other is not None:
            profile = other["ConfigurationProfileId"]
            raise self._of_another(f"deployment {other['DeploymentNumber']} of profile {profile} is under way")
        if self._is_back(change):
            return {"how": "it runs already", "number": None}
        application, environment, profile = self.name.split("/")
        answer = self._changed(
            "appconfig:StartDeployment",
            self.name,
            ApplicationId=application,
            EnvironmentId=environment,
            ConfigurationProfileId=profile,
            ConfigurationVersion=change.good.running,
            DeploymentStrategyId=self._strategy,
            Description=f"ial rollback {change.token}",
        )
        return {"how": "a deployment of it was started", "number": answer["DeploymentNumber"]}

    def _under_way_to(self, change: Change, newest: Mapping[str, Any]) -> Mapping[str, Any]:
        number, state, brings = newest["DeploymentNumber"], newest["State"], str(newest["ConfigurationVersion"])
        if brings == change.good.running and state != "ROLLING_BACK":
            return {"how": "a deployment of it is under way", "number": number}
        if brings == change.bad.running and state == "ROLLING_BACK":
            return {"how": "its deployment goes back already", "number": number}
        if brings == change.bad.running and state in _STOPPABLE:
            application, environment, _ = self.name.split("/")
            given = {"ApplicationId": application, "EnvironmentId": environment, "DeploymentNumber": number}
            self._changed("appconfig:StopDeployment", self.name, **given, AllowRevert=True)
            return {"how": "its deployment was reverted", "number": number}
        raise self._of_another(f"deployment {number} is {state} and brings {brings}")

    def progress(self, change: Change, begun: Mapping[str, Any], /) -> Progress:
        if begun["number"] is None:
            return self._arrived(change.good, str(begun["how"]))
        found = next(held for held in self._deployments() if held["DeploymentNumber"] == begun["number"])
        said = f"deployment {begun['number']}: {found['State']}"
        if found["State"] in _ONGOING:
            return Progress(Stage.WAITING, said)
        taken_back = found["State"] in _BACK and str(found["ConfigurationVersion"]) != change.good.running
        done = found["State"] == "COMPLETE" or taken_back
        return self._arrived(change.good, said) if done else Progress(Stage.FAILED, said)

    @property
    def _strategy(self) -> str | None:
        return self.part.rollback.strategy if self.part.rollback else None

    def _ongoing(self) -> Mapping[str, Any] | None:
        deployments = self._deployments()
        return deployments[0] if deployments and deployments[0]["State"] in _ONGOING else None

    def _of_another_profile(self) -> Mapping[str, Any] | None:
        """An environment has one deployment at a time, whatever it deploys: another one is somebody else's."""
        return next(
            (held for held in self._of_environment() if held["State"] in _ONGOING and not self._own(held)), None
        )

    def _completed(self) -> Mapping[str, Any] | None:
        return next((held for held in self._deployments() if held["State"] == "COMPLETE"), None)

    def _deployments(self) -> Sequence[Mapping[str, Any]]:
        """Those of the profile, newest first."""
        return [held for held in self._of_environment() if self._own(held)]

    def _own(self, deployment: Mapping[str, Any]) -> bool:
        return bool(deployment["ConfigurationProfileId"] == self.name.split("/")[2])

    def _of_environment(self) -> Sequence[Mapping[str, Any]]:
        application, environment, _ = self.name.split("/")
        given = {"ApplicationId": application, "EnvironmentId": environment}
        found = self._calls.all("appconfig:ListDeployments", self.name, "Items", **given)
        return sorted(found, key=lambda held: -int(held["DeploymentNumber"]))
