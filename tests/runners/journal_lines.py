"""Whether the lines of a journal are those that are published."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import jsonschema

from runners.publishing.journal_schema import FILE


@lru_cache(maxsize=1)
def _validators() -> dict[str, jsonschema.Draft202012Validator]:
    whole = json.loads(FILE.read_text(encoding="utf-8"))
    kinds = [part["$ref"].rpartition("/")[2] for part in whole["anyOf"]]
    return {kind: jsonschema.Draft202012Validator({**whole, "anyOf": [{"$ref": f"#/$defs/{kind}"}]}) for kind in kinds}


def assert_fits(journal: Path, kind: str) -> None:
    """Every line is one of the kind, such as `a drill of a table`, and there are some."""
    lines = journal.read_text(encoding="utf-8").splitlines()
    validator = _validators()[kind.replace(" ", "-")]
    assert lines
    assert [line for line in lines if not validator.is_valid(json.loads(line))] == []
