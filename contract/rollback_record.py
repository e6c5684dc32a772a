"""The record of a rollback."""

from __future__ import annotations

from typing import Literal

RollbackVerdict = Literal["rolled-back", "kept", "rollback-failed", "refused", "error", "interrupted", "unfinished"]
