"""Saved queries of CloudWatch Logs Insights, which moto lacks: kept in memory, in front of moto."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any, Final

from local.web import Environ, Start, Wsgi, answer, read_document, refuse

_TARGET: Final = "Logs_20140328."


class LogsExtension:
    """A WSGI application that answers for saved queries, and passes everything else on."""

    def __init__(self, inner: Wsgi) -> None:
        self._inner = inner
        self._queries: dict[str, dict[str, Any]] = {}
        self._operations: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            f"{_TARGET}PutQueryDefinition": self._put,
            f"{_TARGET}DescribeQueryDefinitions": self._describe,
            f"{_TARGET}DeleteQueryDefinition": self._delete,
        }

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Serves one request."""
        operation = self._operations.get(environ.get("HTTP_X_AMZ_TARGET", ""))
        if operation is None:
            return self._inner(environ, start_response)
        try:
            return answer(start_response, operation(read_document(environ)))
        except KeyError as error:
            return refuse(start_response, "ResourceNotFoundException", f"no such saved query: {error}")

    def _put(self, asked: dict[str, Any]) -> dict[str, Any]:
        id_ = asked.get("queryDefinitionId") or str(uuid.uuid4())
        if "queryDefinitionId" in asked and id_ not in self._queries:
            raise KeyError(id_)
        kept: dict[str, Any] = {
            key: value for key, value in asked.items() if key in ("name", "queryString", "logGroupNames")
        }
        self._queries[id_] = {"queryDefinitionId": id_, "lastModified": int(time.time() * 1000), **kept}
        return {"queryDefinitionId": id_}

    def _describe(self, asked: dict[str, Any]) -> dict[str, Any]:
        prefix = asked.get("queryDefinitionNamePrefix", "")
        return {"queryDefinitions": [query for query in self._queries.values() if query["name"].startswith(prefix)]}

    def _delete(self, asked: dict[str, Any]) -> dict[str, Any]:
        del self._queries[asked["queryDefinitionId"]]
        return {"success": True}
