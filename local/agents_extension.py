"""What Systems Manager says of the example workload's instances: moto does not know it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from local.simulation.cloud_side import CloudSide
from local.web import Environ, Start, Wsgi, answer

_OPERATION = "AmazonSSM.DescribeInstanceInformation"


class AgentsExtension:
    """A WSGI application in front of moto: every running instance of the group has an agent that answers."""

    def __init__(self, inner: Wsgi) -> None:
        self._inner, self._cloud = inner, CloudSide()

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Serves one request."""
        if environ.get("HTTP_X_AMZ_TARGET") != _OPERATION:
            return self._inner(environ, start_response)
        asked = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"{}")
        named = {name for held in asked.get("Filters", []) if held["Key"] == "InstanceIds" for name in held["Values"]}
        online = [id_ for id_ in self._cloud.group_instances() if not named or id_ in named]
        listed = [{"InstanceId": id_, "PingStatus": "Online", "ResourceType": "EC2Instance"} for id_ in online]
        return answer(start_response, {"InstanceInformationList": listed})
