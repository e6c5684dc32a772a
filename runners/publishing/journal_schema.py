"""schemas/journal.schema.json: a line of a journal as a union with the step as its tag, by kind of run."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any, Final

from msgspec.json import schema_components

from runners.publishing.rooms import modules_called
from runners.runs.journal import VERSION
from runners.runs.lines import ANY, Line, Lines
from runners.runs.steps import DONE

FILE: Final = Path(__file__).parents[2] / "schemas" / "journal.schema.json"
_REF: Final = "#/$defs/{name}"


def all_lines() -> list[Lines]:
    """The lines of each kind of journal, by its name."""
    modules = list(modules_called("lines"))
    found = [held for module in modules for held in vars(module).values() if isinstance(held, Lines)]
    return sorted(dict.fromkeys(found), key=lambda held: held.kind)


def text() -> str:
    """The schema as its file has it."""
    return json.dumps(schema(), indent=2) + "\n"


def schema() -> dict[str, Any]:
    """The schema of one line. `$defs` has a union for each kind of journal, and a part for each type of line."""
    kinds = all_lines()
    types = list(dict.fromkeys(held for lines in kinds for held in lines.types))
    _, definitions = schema_components(types, ref_template=_REF)
    ours = {held.__name__: held for held in types}
    made = {name: _line(ours[name], part) if name in ours else _plain(part) for name, part in definitions.items()}
    unions = {lines.kind.replace(" ", "-"): _union(lines) for lines in kinds}
    properties = {
        "version": {"const": VERSION},
        "number": {"type": "integer", "minimum": 1},
        "at": {"type": "string"},
        "step": {"type": "string"},
        "data": {"type": "object"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of a run's journal",
        "description": "`.ial/STACK/runs/RUN.jsonl` has one a line; what the first one says tells the kind of run.",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        "anyOf": [{"$ref": _REF.format(name=name)} for name in unions],
        "$defs": unions | dict(sorted(made.items())),
    }


def _union(lines: Lines) -> dict[str, Any]:
    """A line of any type; the first line of a step that has a result has no data, unless it has a type of its own."""
    typed = {held.step for held in lines.types}
    firsts = [held.step.removesuffix(DONE) for held in lines.types if held.step.endswith(DONE)]
    begun = [_step(step) for step in firsts if step not in typed]
    before = [{"properties": {"step": {"anyOf": begun}, "data": {"maxProperties": 0}}}] if begun else []
    types = [{"$ref": _REF.format(name=held.__name__)} for held in lines.types]
    return {"description": f"Lines of {lines.kind}.", "anyOf": [*types, *before]}


def _step(step: str) -> dict[str, Any]:
    first, mark, last = step.partition(ANY)
    return {"pattern": f"^{re.escape(first)}.+{re.escape(last)}$"} if mark else {"const": step}


def _line(held: type[Line], part: dict[str, Any]) -> dict[str, Any]:
    data = _plain({**part, "additionalProperties": False})
    said = data.pop("description", "")
    return {"description": said, "properties": {"step": _step(held.step), "data": data}}


def _plain(node: Any) -> Any:
    """A node without what is Python's: titles and defaults, and a text's end as others write it."""
    if isinstance(node, list):
        return [_plain(part) for part in node]
    if not isinstance(node, dict):
        return node
    kept = {key: held for key, held in node.items() if key != "default" and not (key == "title" and _is_text(held))}
    told = {"pattern": re.sub(r"\\Z$", "$", kept["pattern"])} if _is_text(kept.get("pattern")) else {}
    said = {"description": inspect.cleandoc(kept["description"])} if _is_text(kept.get("description")) else {}
    return {key: _plain(held) for key, held in kept.items()} | told | said


def _is_text(held: object) -> bool:
    return isinstance(held, str)
