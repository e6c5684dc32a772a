"""Selections of AWS Backup plans, which moto lacks: kept in memory, in front of moto, under AWS's own paths."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterable
from typing import Any, Final

from local.web import Environ, Start, Wsgi, answer, is_signed_for, read_document, refuse

_PLAN: Final = re.compile(r"/backup/plans/([^/]+)/?")
_SELECTIONS: Final = re.compile(r"/backup/plans/(?P<plan>[^/]+)/selections/(?P<selection>[^/]*)/?")


class BackupExtension:
    """A WSGI application that answers for backup selections, and passes everything else on."""

    def __init__(self, inner: Wsgi) -> None:
        self._inner = inner
        self._selections: dict[tuple[str, str], dict[str, Any]] = {}

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Serves one request."""
        found = _SELECTIONS.fullmatch(environ.get("PATH_INFO", ""))
        if not is_signed_for(environ, "backup"):
            return self._inner(environ, start_response)
        if found is None:
            return self._pass_on(environ, start_response)
        try:
            return answer(start_response, self._answer(environ, str(found["plan"]), str(found["selection"])))
        except KeyError:
            return refuse(start_response, "ResourceNotFoundException", "no such backup selection")

    def _pass_on(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """AWS keeps a plan that has selections: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupPlan.html."""
        plan = _PLAN.fullmatch(environ.get("PATH_INFO", ""))
        if plan and environ["REQUEST_METHOD"] == "DELETE" and any(of == plan[1] for of, _ in self._selections):
            text = "Related backup plan selections must be deleted prior to backup plan deletion"
            return refuse(start_response, "InvalidRequestException", text)
        return self._inner(environ, start_response)

    def _answer(self, environ: Environ, plan: str, selection: str) -> dict[str, Any]:
        method = environ["REQUEST_METHOD"]
        if method == "PUT":
            asked = read_document(environ)["BackupSelection"]
            id_ = str(uuid.uuid4())
            made = {"SelectionId": id_, "BackupPlanId": plan, "CreationDate": time.time()}
            self._selections[plan, id_] = made | {"BackupSelection": asked}
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

    BackupBackend.delete_backup_plan = delete_wholly  # type: ignore[method-assign,assignment]
