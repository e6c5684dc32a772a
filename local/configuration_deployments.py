"""Deployments of AppConfig: moto stores configurations, and deploys none.

Source: https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_StopDeployment.html and
https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-deploying-reverting.html
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from local.endpoint import ACCOUNT, REGION
from local.knobs import KnobBoard
from local.rollout_time import RolloutTime, moment
from local.web import Environ, Start, Wsgi, answer, is_signed_for, read_document, refuse

_PATH: Final = re.compile(r"/applications/([^/]+)/environments/([^/]+)/deployments(?:/(\d+))?")
_REVERTED_WITHIN: Final = timedelta(hours=72).total_seconds()
_PAGE: Final = 50


class _RefusedError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class _Deployment:
    place: tuple[str, str]
    number: int
    profile: str
    version: str
    strategy: str
    since: float
    state: str = "DEPLOYING"

    def shown(self) -> dict[str, Any]:
        return {
            "ApplicationId": self.place[0],
            "EnvironmentId": self.place[1],
            "DeploymentNumber": self.number,
            "ConfigurationProfileId": self.profile,
            "ConfigurationVersion": self.version,
            "DeploymentStrategyId": self.strategy,
            "State": self.state,
            "PercentageComplete": 100.0 if self.state == "COMPLETE" else 0.0,
            "StartedAt": f"{moment(self.since).isoformat()}Z",
        }


class ConfigurationDeployments:
    """A WSGI application that answers for deployments, and passes everything else on."""

    def __init__(self, inner: Wsgi, time: RolloutTime, board: KnobBoard) -> None:
        self._inner, self._time, self._board = inner, time, board
        self._made: list[_Deployment] = []

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Serves one request."""
        path = urllib.parse.unquote(environ.get("PATH_INFO", ""))
        found = _PATH.fullmatch(path) if is_signed_for(environ, "appconfig") else None
        handler = None if found is None else self._handler(environ, (found[1], found[2]), found[3])
        if handler is None:
            return self._inner(environ, start_response)
        try:
            return answer(start_response, handler())
        except _RefusedError as error:
            return refuse(start_response, error.code, str(error))

    def _handler(
        self, environ: Environ, place: tuple[str, str], number: str | None
    ) -> Callable[[], dict[str, Any]] | None:
        method = environ["REQUEST_METHOD"]
        if number is None:
            if method == "POST":
                return lambda: self._start(place, read_document(environ))
            return (lambda: self._listed(place, environ)) if method == "GET" else None
        if method == "DELETE":
            revert = str(environ.get("HTTP_ALLOW_REVERT", "")).lower() == "true"
            return lambda: self._stop(place, int(number), revert=revert)
        return (lambda: self._found(place, int(number)).shown()) if method == "GET" else None

    def _of(self, place: tuple[str, str]) -> list[_Deployment]:
        own = [held for held in self._made if held.place == place]
        for held in own:
            if held.state == "DEPLOYING" and self._time.now() >= held.since + self._board.now.deployment_seconds:
                # Its alarms take back what fails.
                held.state = "ROLLED_BACK" if self._board.now.deployments_fail else "COMPLETE"
        return own

    def _found(self, place: tuple[str, str], number: int) -> _Deployment:
        found = next((held for held in self._of(place) if held.number == number), None)
        if found is None:
            raise _RefusedError("ResourceNotFoundException", f"Deployment {number} does not exist.")
        return found

    def _listed(self, place: tuple[str, str], environ: Environ) -> dict[str, Any]:
        asked = urllib.parse.parse_qs(environ.get("QUERY_STRING", ""))
        first = int(asked.get("next_token", ["0"])[0])
        newest_first = [held.shown() for held in reversed(self._of(place))]
        more = {"NextToken": str(first + _PAGE)} if first + _PAGE < len(newest_first) else {}
        return {"Items": newest_first[first : first + _PAGE], **more}

    def _start(self, place: tuple[str, str], asked: dict[str, Any]) -> dict[str, Any]:
        from moto.appconfig.models import appconfig_backends

        profile, version = str(asked["ConfigurationProfileId"]), str(asked["ConfigurationVersion"])
        application = appconfig_backends[ACCOUNT][REGION].applications.get(place[0])
        held = None if application is None else application.config_profiles.get(profile)
        if held is None or not version.isdigit() or int(version) not in held.config_versions:
            raise _RefusedError("ResourceNotFoundException", f"There is no version {version} of profile {profile}.")
        own = self._of(place)
        if any(other.state == "DEPLOYING" for other in own):
            raise _RefusedError("ConflictException", "Another deployment is in progress.")
        made = _Deployment(place, len(own) + 1, profile, version, str(asked["DeploymentStrategyId"]), self._time.now())
        self._made.append(made)
        return made.shown()

    def _stop(self, place: tuple[str, str], number: int, *, revert: bool) -> dict[str, Any]:
        found = self._found(place, number)
        if found.state == "DEPLOYING":
            found.state = "ROLLED_BACK"
        elif found.state == "COMPLETE" and revert and self._time.now() - found.since <= _REVERTED_WITHIN:
            found.state = "REVERTED"
        else:
            raise _RefusedError("BadRequestException", f"Deployment {number} is {found.state}.")
        return found.shown()
