"""Restore testing of AWS Backup, which moto lacks: kept in memory, in front of moto, under AWS's own paths."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from typing import Any, Final

from local.endpoint import ACCOUNT, REGION
from local.web import Environ, Start, Wsgi, answer, is_signed_for, read_document, refuse

_PATHS: Final = re.compile(r"/restore-testing/plans(?:/([^/]+))?(?:/(selections)(?:/([^/]+))?)?/?")
_PLAN: Final = "RestoreTestingPlan"
_SELECTION: Final = "RestoreTestingSelection"


class RestoreTestingExtension:
    """A WSGI application that answers for restore testing, and passes everything else on."""

    def __init__(self, inner: Wsgi) -> None:
        self._inner = inner
        self._plans: dict[str, dict[str, Any]] = {}
        self._selections: dict[str, dict[str, dict[str, Any]]] = {}

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Serves one request."""
        found = _PATHS.fullmatch(environ.get("PATH_INFO", ""))
        if found is None or not is_signed_for(environ, "backup"):
            return self._inner(environ, start_response)
        plan, below, selection = found.groups()
        try:
            if environ["REQUEST_METHOD"] == "DELETE" and not below and self._selections.get(plan):
                return refuse(start_response, "InvalidRequestException", f"{plan} still has selections")
            store = self._selections[plan] if below else self._plans
            kind, name = (_SELECTION, selection) if below else (_PLAN, plan)
            held = _serve(environ, kind, name, store, {f"{_PLAN}Name": plan} if below else {})
        except KeyError as error:
            return refuse(start_response, "ResourceNotFoundException", f"no such restore testing: {error}")
        except FileExistsError as error:
            return refuse(start_response, "AlreadyExistsException", f"it exists: {error}")
        if not below:
            self._selections = {name: self._selections.get(name, {}) for name in self._plans}
        return answer(start_response, held)


def _serve(
    environ: Environ, kind: str, name: str | None, store: dict[str, dict[str, Any]], of: dict[str, str]
) -> dict[str, Any]:
    method = environ["REQUEST_METHOD"]
    if method == "PUT":
        asked = read_document(environ)[kind]
        return _put(kind, name, asked, store, of)
    if name is None:
        return {f"{kind}s": list(store.values())}
    if method == "DELETE":
        del store[name]
        return {}
    return {kind: store[name]}


def _put(
    kind: str, name: str | None, asked: dict[str, Any], store: dict[str, dict[str, Any]], of: dict[str, str]
) -> dict[str, Any]:
    if name is None:
        name = str(asked[f"{kind}Name"])
        if name in store:
            raise FileExistsError(name)
        plan = of.get(f"{_PLAN}Name", name)
        arn = f"arn:aws:backup:{REGION}:{ACCOUNT}:restore-testing-plan:{plan}"
        store[name] = {f"{kind}Name": name, f"{_PLAN}Arn": arn, "CreationTime": time.time(), **of}
    store[name] = {**store[name], **asked}
    return {key: store[name][key] for key in (f"{kind}Name", f"{_PLAN}Arn", "CreationTime")} | of
