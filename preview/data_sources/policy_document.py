"""`aws.iam.get_policy_document`: a policy document from its statements, as the provider composes it.

Source: data source `aws_iam_policy_document` of the AWS provider, which asks AWS nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pricing.resource import Plain

VERSION: Final = "2012-10-17"
_LISTS: Final = {
    "actions": "Action",
    "notActions": "NotAction",
    "resources": "Resource",
    "notResources": "NotResource",
}


def policy_document(args: Mapping[str, Any]) -> Mapping[str, Plain]:
    """The data source's answer: the arguments, and the document as `json` and `minifiedJson`.

    Raises:
        ValueError: a source document is not JSON, or two statements have one Sid.
    """
    document: dict[str, Any] = {"Version": args.get("version") or VERSION}
    if args.get("policyId"):
        document["Id"] = args["policyId"]
    statements = _sources(args, "sourceJson", "sourcePolicyDocuments")
    _unique(statements)
    own = [_statement(entry) for entry in args.get("statements") or ()]
    _unique(own)
    for entry in (*own, *_sources(args, "overrideJson", "overridePolicyDocuments")):
        _put(statements, entry)
    document["Statement"] = statements
    return {
        **args,
        "id": "policy-document",
        "version": document["Version"],
        "json": json.dumps(document, indent=2),
        "minifiedJson": json.dumps(document, separators=(",", ":")),
    }


def _sources(args: Mapping[str, Any], single: str, several: str) -> list[dict[str, Any]]:
    texts = [*([args[single]] if args.get(single) else []), *(args.get(several) or ())]
    return [entry for text in texts for entry in _as_list(json.loads(text).get("Statement"))]


def _put(statements: list[dict[str, Any]], entry: dict[str, Any]) -> None:
    """Takes the place of the statement of that Sid, else comes last."""
    sid = entry.get("Sid")
    place = next((index for index, held in enumerate(statements) if sid and held.get("Sid") == sid), None)
    if place is None:
        statements.append(entry)
    else:
        statements[place] = entry


def _unique(statements: Sequence[Mapping[str, Any]]) -> None:
    sids = [entry["Sid"] for entry in statements if entry.get("Sid")]
    for sid in sids:
        if sids.count(sid) > 1:
            msg = f"two statements of a policy document have the Sid {sid!r}"
            raise ValueError(msg)


def _statement(entry: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"Sid": entry["sid"]} if entry.get("sid") else {}
    made["Effect"] = entry.get("effect") or "Allow"
    for key, name in _LISTS.items():
        if entry.get(key):
            made[name] = _one_or_list(entry[key])
    for key, name in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        if entry.get(key):
            made[name] = _principals(entry[key])
    if entry.get("conditions"):
        made["Condition"] = _conditions(entry["conditions"])
    return made


def _principals(entries: Sequence[Mapping[str, Any]]) -> object:
    if any(entry["type"] == "*" for entry in entries):
        return "*"
    kinds: dict[str, list[Any]] = {}
    for entry in entries:
        kinds.setdefault(entry["type"], []).extend(entry["identifiers"])
    return {kind: _one_or_list(names) for kind, names in kinds.items()}


def _conditions(entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    tests: dict[str, dict[str, list[Any]]] = {}
    for entry in entries:
        tests.setdefault(entry["test"], {}).setdefault(entry["variable"], []).extend(entry["values"])
    return {test: {key: _one_or_list(values) for key, values in asked.items()} for test, asked in tests.items()}


def _one_or_list(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else list(values)


def _as_list(value: object) -> Iterator[dict[str, Any]]:
    yield from value if isinstance(value, list) else [value] if isinstance(value, dict) else []
