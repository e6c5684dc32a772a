"""Selections of AWS Backup plans, which moto lacks: kept in memory, in front of moto, under AWS's own paths."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any, Final

from local.xray_extension import Wsgi

_SELECTIONS: Final = re.compile(r"/backup/plans/(?P<plan>[^/]+)/selections/(?P<selection>[^/]*)/?")


class BackupExtension:
    """A WSGI application that answers for backup selections, and passes everything else on."""

    def __init__(self, inner: Wsgi) -> None:
        self._inner = inner
        self._selections: dict[tuple[str, str], dict[str, Any]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Serves one request."""
        found = _SELECTIONS.fullmatch(environ.get("PATH_INFO", ""))
        if found is None or "/backup/" not in environ.get("HTTP_AUTHORIZATION", ""):
            return self._inner(environ, start_response)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        try:
            answer = self._answer(environ["REQUEST_METHOD"], found["plan"], found["selection"], body)
        except KeyError:
            headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", "ResourceNotFoundException")]
            start_response("400 Bad Request", headers)
            return [json.dumps({"Message": "no such backup selection"}).encode()]
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    def _answer(self, method: str, plan: str, selection: str, body: bytes) -> dict[str, Any]:
        if method == "PUT":
            made = {"SelectionId": str(uuid.uuid4()), "BackupPlanId": plan, "CreationDate": time.time()}
            self._selections[plan, made["SelectionId"]] = made | {
                "BackupSelection": json.loads(body)["BackupSelection"]
            }
            return made
        if method == "DELETE":
            del self._selections[plan, selection]
            return {}
        if selection:
            return self._selections[plan, selection]
        return {"BackupSelectionsList": [_listed(held) for (of, _), held in self._selections.items() if of == plan]}


def _listed(held: dict[str, Any]) -> dict[str, Any]:
    chosen = {key: held["BackupSelection"][key] for key in ("SelectionName", "IamRoleArn")}
    return {key: held[key] for key in ("SelectionId", "BackupPlanId", "CreationDate")} | chosen


def release_names_of_deleted_plans() -> None:
    """Moto keeps deleted plans and refuses their names for ever; AWS lets a name be used again."""
    from moto.backup.models import BackupBackend

    delete = BackupBackend.delete_backup_plan

    def delete_wholly(backend: BackupBackend, backup_plan_id: str) -> tuple[str, str, float, str]:
        answer = delete(backend, backup_plan_id)
        del backend.plans[backup_plan_id]
        return answer

    BackupBackend.delete_backup_plan = delete_wholly  # type: ignore[method-assign]
