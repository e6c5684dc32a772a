"""Secrets that tests plant wherever a command may meet one, and the search for them in all that it leaves."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Iterable
from pathlib import Path
from typing import Final

TOKEN: Final = "pul-0123456789abcdef0123456789"
KEY: Final = "wJalrXUtnFEMIK7MDENGbPxRfiCYplanted"
ENVIRONMENT: Final = {"PULUMI_ACCESS_TOKEN": TOKEN, "AWS_SECRET_ACCESS_KEY": KEY, "AWS_ACCESS_KEY_ID": "AKIDPLANTED"}


def found_in(text: str, planted: Iterable[str]) -> list[str]:
    """The planted secrets that a text holds, in clear or coded."""
    found = []
    for secret in planted:
        forms = (secret, json.dumps(secret)[1:-1], urllib.parse.quote(secret, safe=""), urllib.parse.quote_plus(secret))
        coded = base64.b64encode(secret.encode()).decode()
        found += [form for form in (*forms, coded.rstrip("=")[:-1]) if form in text]
    return found


def left_in(*folders: Path) -> str:
    """All that lies in folders, as text."""
    files = (file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file())
    return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)
