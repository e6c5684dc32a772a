"""The alias of a Lambda function: the version that it points to, and the share of another one.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from contract.rollback import VersionKind
from runners.errors import AwsError
from runners.rollback.kind import Change, Kind, Move, Progress
from runners.rollback.version import Version

_MOVING: Final = "$LATEST"


class _LambdaAlias(Kind):
    """`name` is FUNCTION:ALIAS; a version is `7`, or `7,8=0.1` while version 8 gets a tenth."""

    kind: ClassVar[VersionKind] = "lambda-alias"
    overtaken = frozenset({"PreconditionFailedException", "ResourceConflictException"})

    def running(self) -> Version:
        return self._version_of(self._alias())

    def _version_of(self, alias: Mapping[str, Any]) -> Version:
        if alias["FunctionVersion"] == _MOVING:
            return self.unknown(f"it points to {_MOVING}, which is no version")
        return self.known(_text(alias))

    def move(self) -> Move | None:
        """Two versions at once are a shift of somebody's, such as CodeDeploy's."""
        alias = self._alias()
        return Move(id=f"the shift of alias {self.name}", to=_text(alias)) if _shares(alias) else None

    def obstacles(self, change: Change, /) -> list[str]:
        number, *shares = str(change.good.running).split(",")
        if shares:
            return [f"{change.good.running} was two versions at once, and nobody can say which one passed"]
        function = self._place[0]
        try:
            found = self._calls.ask(
                "lambda:GetFunctionConfiguration", self.name, FunctionName=function, Qualifier=number
            )
        except AwsError as error:
            if error.code == "ResourceNotFoundException":
                return [f"version {number} of function {function} is gone"]
            raise
        state = found.get("State") or "Active"
        return [] if state in ("Active", "Inactive") else [f"version {number} of function {function} is {state}"]

    def lost(self, _: Change, /) -> list[str]:
        return [
            "code, settings and environment of the version come back; concurrency, triggers and permissions stay",
            "what newer versions have written stays",
        ]

    def begin(self, change: Change, /) -> Mapping[str, Any]:
        alias = self._alias()
        if self._goes_back(change, self._version_of(alias)):
            return {"how": "it points there already"}
        function, name = self._place
        self._changed(
            "lambda:UpdateAlias",
            self.name,
            FunctionName=function,
            Name=name,
            FunctionVersion=change.good.running,
            RoutingConfig={"AdditionalVersionWeights": {}},
            # Refused when somebody has changed it since it was looked at.
            RevisionId=alias["RevisionId"],
        )
        return {"how": "the alias was set back"}

    def progress(self, change: Change, begun: Mapping[str, Any], /) -> Progress:
        return self._arrived(change.good, str(begun["how"]))

    @property
    def _place(self) -> tuple[str, str]:
        function, _, alias = self.name.partition(":")
        return function, alias

    def _alias(self) -> Mapping[str, Any]:
        function, alias = self._place
        return self._calls.ask("lambda:GetAlias", self.name, FunctionName=function, Name=alias)


def _shares(alias: Mapping[str, Any]) -> dict[str, float]:
    return dict((alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {})


def _text(alias: Mapping[str, Any]) -> str:
    shares = (f"{version}={share:g}" for version, share in sorted(_shares(alias).items()))
    return ",".join((str(alias["FunctionVersion"]), *shares))
