"""What the local cloud does wrong on purpose, for rehearsals and tests: one document at `/ial/knobs`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from local.web import Environ, Start, Wsgi, answer, read_document, refuse


class KnobError(ValueError):
    """A knob cannot be set so; the message names it and what is accepted."""


@dataclass(frozen=True, kw_only=True)
class Knobs:
    """Seconds are real ones: nothing here takes as long as at AWS."""

    # Tables: AWS is about five minutes behind.
    latest_restorable_lag_seconds: float = 1.0
    restore_seconds: float = 0.3
    restore_current_data: bool = False
    change_restored_item: bool = False
    drop_restored_index: bool = False
    restore_never_ends: bool = False
    # AWS Backup.
    backup_job_seconds: float = 0.3
    backup_jobs_fail: bool = False
    # Databases.
    database_restore_seconds: float = 0.3
    # Versions that are rolled out; in a rehearsal its seconds. What fails is taken back by AWS itself.
    deployment_seconds: float = 0.3
    deployments_fail: bool = False
    # The account's bill of this month in AWS Budgets; without a forecast where that is 0.
    billed_amount: float = 0.0
    billed_forecast: float = 0.0
    billed_unit: str = "USD"

    def changed(self, document: Mapping[str, Any]) -> Knobs:
        """These knobs with those of a document.

        Raises:
            KnobError: a knob is unknown, or its value has the wrong type.
        """
        known: dict[str, type] = {field.name: type(field.default) for field in fields(self)}
        for key, value in document.items():
            if key not in known:
                msg = f"unknown knob {key!r}; accepted: {', '.join(known)}"
                raise KnobError(msg)
            number = known[key] is float and type(value) in (int, float) and value >= 0
            if not number and type(value) is not known[key]:
                msg = f"knob {key} is {value!r}; accepted: a {known[key].__name__}"
                raise KnobError(msg)
        return replace(self, **document)


class KnobBoard:
    """The knobs as they are set now."""

    def __init__(self) -> None:
        self.now = Knobs()


class KnobExtension:
    """A WSGI application for `/ial/knobs`: GET shows them, PUT sets some, DELETE sets all back."""

    def __init__(self, inner: Wsgi, board: KnobBoard) -> None:
        self._inner, self._board = inner, board

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Serves one request."""
        if environ.get("PATH_INFO") != "/ial/knobs":
            return self._inner(environ, start_response)
        try:
            if environ["REQUEST_METHOD"] == "PUT":
                self._board.now = self._board.now.changed(read_document(environ))
            elif environ["REQUEST_METHOD"] == "DELETE":
                self._board.now = Knobs()
        except KnobError as error:
            return refuse(start_response, "ValidationException", str(error))
        return answer(start_response, asdict(self._board.now))
