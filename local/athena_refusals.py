"""What Athena has or refuses and moto does not: changes of workgroups, deletion of queries, limits, names.

https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html and the pages of the calls.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn

# "BytesScannedCutoffPerQuery: Valid Range: Minimum value of 10000000."
_LEAST_BYTES: Final = 10_000_000
_NAME: Final = re.compile(r"[a-zA-Z0-9._-]{1,128}")
_LONGEST_QUERY: Final = 262_144
_CUTOFF: Final = "BytesScannedCutoffPerQuery"


def answer_as_athena_does() -> None:
    """Teaches moto these operations and refusals."""
    from moto.athena.responses import AthenaResponse

    responses: Any = AthenaResponse
    create, delete, save = responses.create_work_group, responses.delete_work_group, responses.create_named_query

    def created(response: Any) -> Any:
        _check_workgroup(response._get_param("Name"), response._get_param("Configuration") or {})
        return create(response)

    def deleted(response: Any) -> Any:
        name = response._get_param("WorkGroup")
        saved = _in(response.athena_backend.named_queries, name)
        if (saved or _in(response.athena_backend.executions, name)) and not _is_recursive(response):
            _refuse(f"WorkGroup {name} is not empty")
        for query in saved:
            del response.athena_backend.named_queries[query]
        return delete(response)

    def saved(response: Any) -> Any:
        if response._get_param("WorkGroup") not in response.athena_backend.work_groups:
            _refuse("WorkGroup is not found")
        if not 1 <= len(response._get_param("QueryString") or "") <= _LONGEST_QUERY:
            _refuse("QueryString must be 1 to 262144 bytes long")
        return save(response)

    responses.create_work_group, responses.delete_work_group, responses.create_named_query = created, deleted, saved
    responses.update_work_group, responses.update_named_query = _update, _update_query
    responses.delete_named_query = _delete_query


def _update(response: Any) -> str:
    name, changes = response._get_param("WorkGroup"), response._get_param("ConfigurationUpdates") or {}
    held = response.athena_backend.work_groups.get(name)
    if held is None:
        _refuse("WorkGroup is not found")
    _check_workgroup(name, changes)
    results = changes.pop("ResultConfigurationUpdates", None)
    if changes.pop("RemoveBytesScannedCutoffPerQuery", False):
        held.configuration.pop(_CUTOFF, None)
    held.configuration.update(changes)
    if results is not None:
        kept = {key: value for key, value in results.items() if not key.startswith("Remove")}
        held.configuration["ResultConfiguration"] = {**held.configuration.get("ResultConfiguration", {}), **kept}
    if response._get_param("Description") is not None:
        held.description = response._get_param("Description")
    return "{}"


def _update_query(response: Any) -> str:
    held = response.athena_backend.get_named_query(response._get_param("NamedQueryId"))
    if held is None:
        _refuse("NamedQuery does not exist")
    held.name, held.query_string = response._get_param("Name"), response._get_param("QueryString")
    held.description = response._get_param("Description") or held.description
    return "{}"


def _delete_query(response: Any) -> str:
    if response.athena_backend.named_queries.pop(response._get_param("NamedQueryId"), None) is None:
        _refuse("NamedQuery does not exist")
    return "{}"


def _in(held: Mapping[str, Any], workgroup: str) -> list[str]:
    """The ids of what is in a workgroup."""
    return [id_ for id_, one in held.items() if one.workgroup is not None and one.workgroup.name == workgroup]


def _is_recursive(response: Any) -> bool:
    return bool(response._get_param("RecursiveDeleteOption"))


def _check_workgroup(name: str, configuration: dict[str, Any]) -> None:
    if not _NAME.fullmatch(name):
        _refuse(f"WorkGroup name {name!r} is not valid")
    cutoff = configuration.get(_CUTOFF)
    if cutoff is not None and cutoff < _LEAST_BYTES:
        _refuse(f"{_CUTOFF} must be at least {_LEAST_BYTES}")


def _refuse(said: str) -> NoReturn:
    from moto.core.exceptions import JsonRESTError

    code = "InvalidRequestException"
    raise JsonRESTError(code, said)
