"""Weights of target groups in the forward action of a listener, or of a listener's rule.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ForwardActionConfig.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from contract.rollback import VersionKind
from runners.rollback.kind import Change, Kind, Progress
from runners.rollback.version import Version

_RULE: Final = ":listener-rule/"
_HEALTHY: Final = "healthy"
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AuthenticateOidcActionConfig.html
_LOGIN: Final = "authenticate-oidc"
_LOGIN_CONFIG: Final = "AuthenticateOidcConfig"


class _ListenerWeights(Kind):
    """A version is the weight of each target group that has one: `arn:...=90,arn:...=10`."""

    kind: ClassVar[VersionKind] = "listener-weights"

    def running(self) -> Version:
        return self._version_of(self._actions())

    def _version_of(self, actions: list[Mapping[str, Any]]) -> Version:
        text = _text(_weights(actions) or {})
        return self.known(text) if text else self.unknown("it forwards to no target group")

    def obstacles(self, change: Change, /) -> list[str]:
        now = _weights(self._actions()) or {}
        found = [f"{arn} is not a target group of it any more" for arn in _read(change.good).keys() - now.keys()]
        served = [arn for arn, weight in _read(change.good).items() if weight and arn in now]
        return found + [f"{arn} has no healthy target" for arn in served if not self._healthy(arn)]

    def lost(self, _: Change, /) -> list[str]:
        return ["the weights come back; conditions, other actions and stickiness stay as they are"]

    def begin(self, change: Change, /) -> Mapping[str, Any]:
        # What is looked at is what is given back: nothing of another moment is overwritten.
        actions = self._actions()
        if self._goes_back(change, self._version_of(actions)):
            return {"how": "they are so already"}
        # A target group that came later stays in it, and gets nothing.
        weights = {**dict.fromkeys(_weights(actions) or {}, 0), **_read(change.good)}
        wanted = [_wanted(action, weights) for action in actions]
        if _RULE in self.name:
            self._calls.ask("elbv2:ModifyRule", self.name, RuleArn=self.name, Actions=wanted)
        else:
            self._calls.ask("elbv2:ModifyListener", self.name, ListenerArn=self.name, DefaultActions=wanted)
        return {"how": "the weights were set"}

    def progress(self, change: Change, begun: Mapping[str, Any], /) -> Progress:
        return self._arrived(change.good, str(begun["how"]))

    def _actions(self) -> list[Mapping[str, Any]]:
        """All actions, as they are given back: what is left out of them would be gone."""
        if _RULE in self.name:
            [rule] = self._calls.ask("elbv2:DescribeRules", self.name, RuleArns=[self.name])["Rules"]
            return list(rule["Actions"])
        [listener] = self._calls.ask("elbv2:DescribeListeners", self.name, ListenerArns=[self.name])["Listeners"]
        return list(listener["DefaultActions"])

    def _healthy(self, arn: str) -> bool:
        answer = self._calls.ask("elbv2:DescribeTargetHealth", arn, TargetGroupArn=arn)
        return any(held["TargetHealth"]["State"] == _HEALTHY for held in answer["TargetHealthDescriptions"])


def _weights(actions: list[Mapping[str, Any]]) -> dict[str, int] | None:
    forward = next((action for action in actions if action["Type"] == "forward"), None)
    if forward is None:
        return None
    groups = forward.get("ForwardConfig", {}).get("TargetGroups") or [{"TargetGroupArn": forward["TargetGroupArn"]}]
    return {str(group["TargetGroupArn"]): int(group.get("Weight", 1)) for group in groups}


def _text(weights: Mapping[str, int]) -> str:
    return ",".join(f"{arn}={weight}" for arn, weight in sorted(weights.items()) if weight)


def _read(version: Version) -> dict[str, int]:
    pairs = (text.rsplit("=", 1) for text in str(version.running).split(","))
    return {arn: int(weight) for arn, weight in pairs}


def _wanted(action: Mapping[str, Any], weights: Mapping[str, int]) -> Mapping[str, Any]:
    """The action as it is given back. A secret that AWS does not show must be said to stay."""
    if action["Type"] == "forward":
        return _forwarding(action, weights)
    if action["Type"] == _LOGIN:
        return {**action, _LOGIN_CONFIG: {**action[_LOGIN_CONFIG], "UseExistingClientSecret": True}}
    return action


def _forwarding(action: Mapping[str, Any], weights: Mapping[str, int]) -> dict[str, Any]:
    """The same action with other weights. The short form of one target group contradicts the long one."""
    config = {key: value for key, value in action.get("ForwardConfig", {}).items() if key != "TargetGroups"}
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in sorted(weights.items())]
    kept = {key: value for key, value in action.items() if key not in ("TargetGroupArn", "ForwardConfig")}
    return {**kept, "ForwardConfig": {**config, "TargetGroups": groups}}
