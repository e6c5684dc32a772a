"""What the real engine says when it fails, told in one line. The samples are what Pulumi's CLI 3.260 said and sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from pulumi.automation import CommandError, CommandResult
from pulumi.automation.events import EngineEvent

from contract.targets import Targets
from preview.engine_events import EngineEvents
from preview.engine_failures import Diagnostic, cause_of, engine_error
from preview.step_events import StepEvents, read_events

SAMPLES: Final = Path(__file__).parent / "engine_samples"


def command(stderr: str, stdout: str = "") -> CommandError:
    return CommandError(CommandResult(stdout=stdout, stderr=stderr, code=1))


def previewed(name: str, targets: Targets | None = None) -> EngineEvents:
    """What a preview collects of a recorded stream."""
    events = EngineEvents(targets=targets or Targets())
    read_events(SAMPLES / f"{name}.jsonl", events.take)
    return events


def updated(name: str) -> StepEvents:
    events = StepEvents()
    read_events(SAMPLES / f"{name}.jsonl", events.take, done=True)
    return events


WHOLE: Final = {
    "passphrase-missing": (
        "this stack's secrets need a passphrase: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE"
    ),
    "passphrase-wrong": (
        "the passphrase is not this stack's: correct PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE"
    ),
    "not-logged-in": "Pulumi is not logged in: run `pulumi login`, or set PULUMI_BACKEND_URL",
    "stack-not-found": "the backend has no stack 'nope': run `pulumi stack init nope`",
    "locked": (
        "another run holds this stack's lock (root@ci (pid 1), since 2026-11-28T15:00:00Z): wait for it, or run "
        "`pulumi cancel` if it has ended"
    ),
    "backend-not-there": (
        'Pulumi\'s backend is out of reach: unable to open state directory "file:///srv/nothere": stat /srv/nothere: '
        "no such file or directory; check the network, PULUMI_BACKEND_URL and `pulumi whoami`"
    ),
    "backend-unreachable": (
        'Pulumi\'s backend is out of reach: performing HTTP request: Get "https://127.0.0.1:1/api/user": dial tcp '
        "127.0.0.1:1: connect: connection refused; check the network, PULUMI_BACKEND_URL and `pulumi whoami`"
    ),
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_a_command_prints(name: str) -> None:
    error = engine_error(command((SAMPLES / f"{name}.txt").read_text(encoding="utf-8")))
    assert str(error) == WHOLE[name]
    assert "code: 1" in error.detail


def test_a_bucket_out_of_reach() -> None:
    error = engine_error(command((SAMPLES / "bucket-unreachable.txt").read_text(encoding="utf-8")))
    assert str(error).startswith("Pulumi's backend is out of reach: ")
    assert "\n" not in str(error)


OF_A_PREVIEW: Final = {
    "plugin-missing": (
        "the provider plugin of package aws is not installed: run `pulumi plugin install resource aws v7.51.1`"
    ),
    "plugin-broken": (
        "the provider plugin /opt/plugins/pulumi-resource-aws ended as soon as it was started: ModuleNotFoundError: "
        "No module named 'grpc_that_is_not_there'; install it again with `pulumi plugin install`"
    ),
    "no-credentials": (
        "the Pulumi engine failed: a (aws:sns/topic:Topic): no valid credential sources for Pulumi AWS Classic found; "
        "log in to AWS anew, or name a profile in AWS_PROFILE, and run the same command again"
    ),
    "program-raises": "the Pulumi engine failed: RuntimeError: cannot build",
    "target-not-found": (
        "--target urn:pulumi:dev::small::aws:sns/topic:Topic::zz: neither the program nor the stack has it; accepted "
        "are URNs as `pulumi stack --show-urns` prints them, with `*` and `**`"
    ),
    "target-needs-another": (
        "urn:pulumi:t::small::aws:sns/topic:Topic::c is a target and needs "
        "urn:pulumi:t::small::aws:sns/topic:Topic::b, which is not there yet: name it by --target too"
    ),
    "protected": (
        'the Pulumi engine failed: c (aws:sns/topic:Topic): Preview failed: resource "urn:pulumi:t::small::'
        'aws:sns/topic:Topic::c" cannot be deleted because it is protected. To unprotect the resource, either remove '
        "the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command: `pulumi "
        "state unprotect 'urn:pulumi:t::small::aws:sns/topic:Topic::c'`; take `protect` off in the program and apply "
        "that first"
    ),
}


@pytest.mark.parametrize("name", OF_A_PREVIEW)
def test_what_a_preview_sends(name: str) -> None:
    error = engine_error(command("", "the whole output"), previewed(name).errors)
    assert str(error) == OF_A_PREVIEW[name]


def test_an_update_that_failed_half_way_says_what_is_done_and_what_is_not() -> None:
    events = updated("half-way")
    assert events.changes == {"create": 2, "update": 0, "replace": 0, "delete": 0, "same": 0}
    error = events.error(engine_error(command("", "error: update failed")))
    assert str(error) == (
        "2 created, 1 failed: b (aws:sns/topic:Topic): creating SNS Topic (b): operation error SNS: CreateTopic, https "
        "response error StatusCode: 403, RequestID: 8d1c, AuthorizationError: User: arn:aws:iam::123456789012:user/x "
        "is not authorized to perform: SNS:CreateTopic; mend that, and run the same command again"
    )


def test_an_update_that_is_not_what_was_planned() -> None:
    error = updated("plan-does-not-hold").error(engine_error(command("")))
    assert str(error).startswith("nothing was done, 1 failed: d (aws:sns/topic:Topic): create is not allowed by the")
    assert str(error).endswith("it is not what was judged: run the same command again, which judges it anew")


def test_an_update_that_never_began_says_so() -> None:
    text = (SAMPLES / "locked.txt").read_text(encoding="utf-8")
    assert str(StepEvents().error(engine_error(command(text)))) == f"{WHOLE['locked']}; nothing was done"
    said = str(StepEvents().error(engine_error(command("error: something new"))))
    assert (
        said == "the Pulumi engine failed: something new; nothing was done; mend that, and run the same command again"
    )


def test_operations_that_an_earlier_run_left_are_told_after_an_update() -> None:
    events = updated("pending")
    (note,) = events.notes
    assert note.startswith("warning: Attempting to deploy or update resources with 1 pending operations")
    assert "Topic::b, interrupted while creating" in note
    assert events.changes == {"create": 2, "update": 1, "replace": 0, "delete": 0, "same": 1}


@pytest.mark.parametrize(
    ("stderr", "stdout", "said"),
    [
        ("", "", "it gave no reason; `pulumi preview` says more"),
        ("error: preview failed", "", "it gave no reason; `pulumi preview` says more"),
        ("Logging in using access token\nsomething odd", "", "something odd"),
        ("", "panic: oh no", "panic: oh no"),
        ("error: first\nerror: second", "", "first"),
    ],
)
def test_it_is_never_the_exit_code_alone(stderr: str, stdout: str, said: str) -> None:
    assert str(engine_error(command(stderr, stdout))) == f"the Pulumi engine failed: {said}"


def test_what_pulumi_cloud_and_older_engines_say() -> None:
    for text, told in (
        ("error: [409] Conflict: Another update is currently in progress.", "another run updates this stack now"),
        ("error: problem logging in: invalid access token", "does not accept the access token"),
        ("error: the current deployment has 2 resource(s) with pending operations:", "2 operations of an earlier run"),
        ("error: no resource plugin 'pulumi-resource-awsx' found in the workspace", "`pulumi plugin install resource"),
    ):
        assert told in str(engine_error(command(text)))


def test_many_failures_are_shortened() -> None:
    many = [Diagnostic("no", f"urn:pulumi:dev::p::aws:a:B::r{number}") for number in range(7)]
    assert str(engine_error(command(""), many)).endswith("r2 (aws:a:B): no; and 4 more")


def test_a_traceback_is_told_by_its_exception() -> None:
    text = "Exception calling application: x\nTraceback (most recent call last):\n  File y\nLookupError: gone\n"
    assert cause_of(text) == "LookupError: gone"
    assert cause_of(" \n") == "no reason given"


def test_what_a_preview_counts_is_what_the_engine_counts() -> None:
    assert previewed("notes").changes == {"create": 0, "update": 3, "replace": 0, "delete": 0, "same": 1}


def test_what_was_logged_is_told_and_what_was_printed_is_not() -> None:
    assert previewed("notes").notes == (
        "warning: using pulumi-resource-aws from $PATH at /opt/plugins/pulumi-resource-aws",
        "left out: x\nsecond line",
        "warning: beware",
        "of a",
    )


def test_what_no_target_names_and_is_not_there_is_no_resource() -> None:
    named = Targets(("**::a",))
    assert {resource.name for resource in previewed("targets-of-a-new-stack", named).graph if resource.is_cloud} == {
        "a"
    }
    # Without targets the engine registers nothing that is not made.
    everything = previewed("targets-of-a-new-stack").graph
    assert {resource.name for resource in everything if resource.is_cloud} == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("outputs", "finished"), [(0, False), (1, False), (2, True)], ids=["nothing", "registered", "ended"]
)
def test_a_program_has_ended_when_the_stack_has_its_outputs(outputs: int, finished: bool) -> None:
    line = next(
        text for text in (SAMPLES / "notes.jsonl").read_text(encoding="utf-8").splitlines()
        if "resOutputsEvent" in text and '"pulumi:pulumi:Stack"' in text
    )  # fmt: skip
    events = EngineEvents()
    for _ in range(outputs):
        events.take(EngineEvent.from_json(json.loads(line)))
    assert events.finished is finished


def test_a_log_that_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    whole = (SAMPLES / "half-way.jsonl").read_text(encoding="utf-8")
    (tmp_path / "log").write_text(whole[: whole.index('"summaryEvent"') + 20], encoding="utf-8")
    events = StepEvents()
    read_events(tmp_path / "log", events.take)
    # Without the engine's own sum, what was seen is counted.
    assert events.changes["create"] == 2
    take: Callable[[EngineEvent], object] = events.take
    read_events(tmp_path / "none", take)
