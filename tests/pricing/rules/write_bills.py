"""Writes what is billed into `bills/*.yaml` anew: `python -m tests.pricing.rules.write_bills`. Read the difference."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

from tests.pricing.rules.test_bills import FOLDER, bill, priced

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*(?: [A-Za-z0-9_.-]+)*")
_OTHER_THAN_TEXTS: Final = {"null", "true", "false", "on", "off", "yes", "no", "y", "n"}


def main() -> None:
    """Every file, with the cases that it has."""
    for path in sorted(FOLDER.glob("*.yaml")):
        groups = yaml.safe_load(path.read_text(encoding="utf-8"))
        written = "\n".join(line for group in groups for line in _group(group)) + "\n"
        path.write_text(written, encoding="utf-8")


def _group(group: Mapping[str, Any]) -> Iterator[str]:
    yield f"- it: {_flow(group['it'])}"
    if "near" in group:
        yield "  near:"
        yield from (f"    - {_flow(other)}" for other in group["near"])
    yield from (f"  {key}: {_flow(group[key])}" for key in ("has", "depends", "usage") if key in group)
    yield "  cases:"
    for case in group["cases"]:
        yield f"    - what: {_flow(case['what'])}"
        yield from (f"      {key}: {_flow(case[key])}" for key in ("has", "depends", "usage") if key in case)
        billed = bill(priced(group, case))
        yield "      bill:" if billed else "      bill: []"
        yield from (f"        - {json.dumps(line, ensure_ascii=False)}" for line in billed)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _OTHER_THAN_TEXTS:
        return value
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main()
