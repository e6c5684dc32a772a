"""A database's endpoint and its limit of connections, and the document that takes them, through boto3."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from contract.experiments import Connections
from contract.fingerprint import fingerprint
from runners.aws.databases import described
from runners.aws.session import Clients, calling
from runners.chaos.before.looks import Looks
from runners.chaos.before.situation import DatabaseSituation
from runners.errors import AwsError

_ENGINES: Final = {"postgres": "postgresql", "mysql": "mysql", "mariadb": "mysql"}
# RDS's formulas count the memory that the engine gets: the class's own without what RDS and the system take of it.
_ENGINES_PART: Final = Decimal("0.75")
_FORMULA: Final = re.compile(r"(?:LEAST\()?\{DBInstanceClassMemory/(\d+)\}(?:,(\d+)\))?")
_MISSING: Final = "InvalidDocument"
# The server's own value, where the group has none.
# Source: https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_connect_errors
_MAX_CONNECT_ERRORS: Final = 100


@dataclass(frozen=True)
class AwsConnectionLimits:
    """One account and region."""

    clients: Clients

    def situation(self, wanted: Connections) -> DatabaseSituation:
        """The database as it is; parts that could not be read are None."""
        looks = Looks()
        found = looks.at("status", lambda: described(self.clients, wanted.database)) or {}
        endpoint, engine = found.get("Endpoint") or {}, _ENGINES.get(found.get("Engine", ""))
        settings = looks.at("limit", lambda: self._settings(found)) if found else None
        if settings is None and "limit" in looks.unread:
            looks.unread["unfinished_logins"] = looks.unread["limit"]
        return DatabaseSituation(
            status=found.get("DBInstanceStatus"),
            host=endpoint.get("Address"),
            port=endpoint.get("Port"),
            engine=engine,
            parameters=looks.at("parameters", lambda: _group(found)["ParameterApplyStatus"]) if found else None,
            limit=None if settings is None else looks.at("limit", lambda: self._limit(settings, found)),
            unfinished_logins=None if settings is None else _unfinished_logins(settings),
            document_sha256=looks.at("document_sha256", lambda: self._document(wanted.document)),
            unread=looks.unread,
        )

    def _settings(self, database: Mapping[str, Any]) -> Mapping[str, str]:
        """The values in the database's parameter group; those that it leaves to the server are not there."""
        group = _group(database)["DBParameterGroupName"]
        with calling("rds:DescribeDBParameters", group):
            pages = (
                self.clients.client("rds").get_paginator("describe_db_parameters").paginate(DBParameterGroupName=group)
            )
            return {
                held["ParameterName"]: held["ParameterValue"].replace(" ", "")
                for page in pages
                for held in page["Parameters"]
                if held.get("ParameterValue")
            }

    def _limit(self, settings: Mapping[str, str], database: Mapping[str, Any]) -> int | None:
        text = settings.get("max_connections", "")
        return int(text) if text.isdecimal() else limit_of(text, lambda: self._memory(database["DBInstanceClass"]))

    def _memory(self, size: str) -> int:
        """Bytes of the EC2 type of the same name."""
        type_: Any = size.removeprefix("db.")
        with calling("ec2:DescribeInstanceTypes", type_):
            answer = self.clients.client("ec2").describe_instance_types(InstanceTypes=[type_])
        return int(answer["InstanceTypes"][0]["MemoryInfo"]["SizeInMiB"]) * 1024 * 1024

    def _document(self, name: str) -> str:
        try:
            with calling("ssm:GetDocument", name):
                content = self.clients.client("ssm").get_document(Name=name, DocumentFormat="JSON")["Content"]
        except AwsError as error:
            if error.code == _MISSING:
                return ""
            raise
        return fingerprint(json.loads(content))


def limit_of(formula: str, memory: Callable[[], int]) -> int | None:
    """What a formula of RDS comes to for a class with this memory in bytes, rather too low; None if it is another.

    >>> limit_of("LEAST({DBInstanceClassMemory/9531392},5000)", lambda: 8 * 1024**3)
    675
    """
    found = _FORMULA.fullmatch(formula)
    if found is None or formula.startswith("LEAST(") != bool(found[2]):
        return None
    limit = int(memory() * _ENGINES_PART / int(found[1]))
    return min(limit, int(found[2])) if found[2] else limit


def _group(database: Mapping[str, Any]) -> Mapping[str, Any]:
    """The database's parameter group; RDS lets it have one."""
    groups: list[Mapping[str, Any]] = database["DBParameterGroups"]
    return groups[0]


def _unfinished_logins(settings: Mapping[str, str]) -> int | None:
    text = settings.get("max_connect_errors")
    if text is None:
        return _MAX_CONNECT_ERRORS
    return int(text) if text.isdecimal() else None
