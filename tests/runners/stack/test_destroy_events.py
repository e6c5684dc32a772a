"""A destroy that fails says which resource, why, and how many are gone."""

from __future__ import annotations

from pulumi.automation.events import EngineEvent

from preview.errors import EngineError
from runners.stack.destroy_events import DestroyEvents

URN = "urn:pulumi:dev::ial::ial:backup:Backup$aws:dynamodb/table:Table::records"
DYNAMIC = "urn:pulumi:dev::ial::pulumi-python:dynamic/backup:ContinuousBackups::recovery"
FAILURE = EngineError("the Pulumi engine failed: update failed", "the whole output")


def metadata(urn: str, type_: str = "aws:a:B", *, retain: bool = False, custom: bool = True) -> dict[str, object]:
    old = {"urn": urn, "type": type_, "custom": custom, "retainOnDelete": retain}
    return {"op": "delete", "urn": urn, "type": type_, "old": old}


def taken(*events: dict[str, object]) -> DestroyEvents:
    found = DestroyEvents()
    for event in events:
        found.take(EngineEvent.from_json({"sequence": 1, "timestamp": 1, **event}))
    return found


def said(urn: str, message: str, severity: str = "error") -> dict[str, object]:
    return {"diagnosticEvent": {"urn": urn, "message": message, "severity": severity, "color": "never"}}


def failed(urn: str) -> dict[str, object]:
    return {"resOpFailedEvent": {"metadata": metadata(urn), "status": 0, "steps": 1}}


def test_what_is_deleted_is_counted_and_what_is_kept_is_not() -> None:
    found = taken(
        {"resOutputsEvent": {"metadata": metadata("urn:a::p::aws:a:B::one")}},
        {"resOutputsEvent": {"metadata": metadata("urn:a::p::aws:a:B::two", retain=True)}},
        {"resOutputsEvent": {"metadata": metadata("urn:a::p::ial:a:B::three", custom=False)}},
        {"resOutputsEvent": {"metadata": metadata("urn:a::p::x::four", "pulumi:providers:aws")}},
    )
    assert (len(found.deleted), len(found.kept)) == (1, 1)


def test_a_failure_names_resource_reason_and_counts() -> None:
    found = taken(
        {"resOutputsEvent": {"metadata": metadata("urn:a::p::aws:a:B::one")}},
        said(URN, "<{%reset%}>deleting urn:x: 1 error occurred:\n\t* ValidationException: protected\n"),
        failed(URN),
        failed(DYNAMIC),
        said(
            DYNAMIC, "Exception calling application: boom\nTraceback (most recent call last):\n  x\nLookupError: gone"
        ),
    )
    error = found.not_destroyed("dev", FAILURE)
    assert str(error) == (
        "stack dev: 1 resources were deleted, 2 could not be: records (aws:dynamodb/table:Table): deleting urn:x: "
        "1 error occurred: * ValidationException: protected; recovery "
        "(pulumi-python:dynamic/backup:ContinuousBackups): LookupError: gone; mend that, and run the same command again"
    )
    assert error.detail.endswith("the whole output")


def test_many_failures_are_shortened_and_none_is_left_to_the_engine() -> None:
    urns = [f"urn:a::p::aws:a:B::r{number}" for number in range(7)]
    found = taken(*[event for urn in urns for event in (said(urn, "no"), failed(urn))])
    error = found.not_destroyed("dev", FAILURE)
    assert "; and 2 more; mend that" in str(error)
    assert "r6 (aws:a:B): no" in error.detail
    assert taken(said("", "locked")).not_destroyed("dev", FAILURE) is FAILURE
    assert "no reason given" in str(taken(failed(URN), said(URN, "hm", "warning")).not_destroyed("dev", FAILURE))
