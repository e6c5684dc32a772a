"""Which pull request is told, what, and when it is told nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from runners.pull_requests.errors import ForgeError
from runners.pull_requests.schemas import first_fault
from tests.runners.pull_requests.conftest import Tell
from tests.runners.pull_requests.scene import (
    BASE,
    DEV,
    FORK,
    HEAD,
    LONG_AGO,
    OTHER,
    PROD,
    RUN,
    SHOP,
    Scene,
    archive,
    report,
)
from tests.runners.pull_requests.stand_in_forge import BOT, Fault

WORKFLOW = ".github/workflows/gate.yml"


def verdicts(document: Any) -> list[tuple[int, str, str]]:
    return [(entry["pullRequest"], entry["name"], entry["verdict"]) for entry in document["comments"]]


@pytest.mark.parametrize(
    ("kind", "verdict", "headline", "state"),
    [
        ("within", "within", "## ✅ Within budget", "success"),
        ("refused", "refused", "## ❌ Refused", "failure"),
        ("unjudged", "could-not-judge", "## ⚠️ Could not judge", "error"),
    ],
)
def test_each_verdict_is_told(scene: Scene, tell: Tell, kind: str, verdict: str, headline: str, state: str) -> None:
    scene.pull(12)
    scene.pull(13, head=OTHER, branch="another")
    scene.result(DEV, kind)
    assert verdicts(tell(scene.run(conclusion="success" if kind == "within" else "failure"))) == [(12, "dev", verdict)]
    [body] = scene.forge.bodies(12)
    assert body.startswith(f"<!-- ial-cost-gate dev {RUN}.1 -->\n")
    assert headline in body
    assert f"of commit {HEAD[:12]} ended with **{'success' if kind == 'within' else 'failure'}**" in body
    assert f"Judged by main at {BASE[:12]}." in body
    assert "were used" not in body
    assert scene.forge.bodies(13) == []
    assert scene.forge.states(HEAD) == {"gate verdict (main)": state}
    assert scene.forge.states(OTHER) == {}


def test_a_comment_is_updated_in_place_whatever_else_was_said(scene: Scene, tell: Tell) -> None:
    scene.pull(12)
    theirs = {"login": "stranger", "type": "User"}
    forged = f"<!-- ial-cost-gate dev {RUN}.9 -->\n## Within budget"
    said = [{"id": n, "user": theirs, "body": body} for n, body in enumerate(["hi", forged, "", "ok", "thanks"], 1)]
    scene.forge.comments[12] = [*said, {"id": 99, "user": BOT, "body": "deployed"}]
    scene.result(DEV, "refused")
    tell(scene.run(conclusion="failure"))
    scene.forge.pulls[12]["head"]["sha"] = OTHER
    scene.result(DEV, "within", OTHER, RUN + 1)
    assert tell(scene.run(identity=RUN + 1))["comments"][0]["action"] == "updated"
    assert scene.forge.bodies(12)[:6] == ["hi", forged, "", "ok", "thanks", "deployed"]
    [body] = scene.forge.bodies(12)[6:]
    assert "Within budget" in body
    assert "Refused" not in body


def test_what_a_later_run_was_told_stays(scene: Scene, tell: Tell) -> None:
    scene.pull(12)
    scene.result(DEV, "refused", identity=RUN + 1)
    later = scene.run(identity=RUN + 1, conclusion="failure").read_text()
    scene.ended(DEV, "cancelled")
    early = scene.run(conclusion="cancelled").read_text()
    event = scene.folder / "event.json"
    event.write_text(later)
    tell(event)
    event.write_text(early)
    assert tell(event)["comments"][0]["action"] == "left"
    assert "Refused" in scene.forge.bodies(12)[0]
    assert scene.forge.states(HEAD) == {"gate verdict (main)": "failure"}


def test_two_stacks_and_two_projects_have_a_word_each(scene: Scene, tell: Tell) -> None:
    scene.judged = [DEV, PROD, SHOP]
    scene.pull(12)
    scene.result(DEV, "within")
    scene.result(PROD, "refused")
    scene.result(SHOP, "within")
    event = scene.run(conclusion="failure")
    assert verdicts(tell(event)) == [(12, "dev", "within"), (12, "prod", "refused"), (12, "shop-dev", "within")]
    tell(event)
    bodies = scene.forge.bodies(12)
    assert len(bodies) == 3
    assert scene.forge.states(HEAD) == {"gate verdict (main)": "failure"}
    assert "Stack **prod**:" in bodies[1]
    assert "Stack **dev** of shop/infra:" in bodies[2]


@pytest.mark.parametrize("judged", [PROD, SHOP], ids=["of another stack", "of another project"])
def test_a_report_of_something_else_is_refused(scene: Scene, tell: Tell, judged: Any) -> None:
    scene.pull(12)
    scene.left(DEV, archive(report("within", judged)), "success")
    assert verdicts(tell(scene.run())) == [(12, "dev", "not-judged")]
    assert "is of another" in scene.forge.bodies(12)[0]


def test_a_report_of_another_commit_is_refused(scene: Scene, tell: Tell) -> None:
    scene.pull(12)
    scene.left(DEV, archive(report("within", commit=OTHER)), "success")
    assert verdicts(tell(scene.run())) == [(12, "dev", "not-judged")]
    assert "is of another commit" in scene.forge.bodies(12)[0]


def test_a_fork_is_found_by_its_own_repository(scene: Scene, tell: Tell) -> None:
    scene.pull(11)
    scene.pull(12, fork=FORK)
    scene.pull(13, fork="stranger/other-copy")
    scene.result(DEV, "within")
    assert verdicts(tell(scene.run(12))) == [(12, "dev", "within")]
    assert scene.forge.comments.keys() == {12}


def test_a_number_in_the_run_finds_no_one_else_s(scene: Scene, tell: Tell) -> None:
    scene.pull(12, fork=FORK)
    scene.pull(13, fork="stranger/other-copy")
    scene.pull(14)
    scene.result(DEV, "within")
    for number in (13, 14, 15):
        assert tell(scene.run(12, display_title=f"gate of #{number} on {BASE}"))["comments"] == []


def test_a_fork_that_is_gone_has_nothing_to_be_told(scene: Scene, tell: Tell) -> None:
    scene.pull(12, fork=FORK)
    scene.result(DEV, "within")
    assert tell(scene.run(12, head_repository=None))["comments"] == []


def test_one_head_into_two_branches_has_a_word_of_each_run(scene: Scene, tell: Tell) -> None:
    scene.pull(12)
    scene.pull(13, base="release", base_sha=OTHER)
    scene.forge.compared[f"main...{OTHER}"] = []
    scene.result(DEV, "within")
    scene.result(DEV, "refused", identity=RUN + 1)
    assert verdicts(tell(scene.run(12))) == [(12, "dev", "within")]
    assert verdicts(tell(scene.run(13, identity=RUN + 1, conclusion="failure"))) == [(13, "dev", "refused")]
    assert [len(scene.forge.bodies(number)) for number in (12, 13)] == [1, 1]
    assert scene.forge.states(HEAD) == {"gate verdict (main)": "success", "gate verdict (release)": "failure"}


def test_a_stacked_one_is_judged_by_its_base_and_says_what_that_changes(scene: Scene, tell: Tell) -> None:
    scene.pull(12, base="first-half", base_sha=OTHER)
    scene.forge.compared[f"main...{OTHER}"] = [{"filename": "policies/environments/dev.yaml"}, {"filename": "a.py"}]
    scene.result(DEV, "within")
    assert verdicts(tell(scene.run())) == [(12, "dev", "within")]
    [body] = scene.forge.bodies(12)
    assert "first-half is not main, and itself changes environments (policies/environments/dev.yaml)" in body


def test_a_base_with_another_gate_is_not_believed(scene: Scene, tell: Tell) -> None:
    scene.pull(12, base="first-half", base_sha=OTHER)
    scene.forge.compared[f"main...{OTHER}"] = [{"filename": WORKFLOW}]
    scene.result(DEV, "within")
    assert verdicts(tell(scene.run())) == [(12, "dev", "not-judged")]


@pytest.mark.parametrize(("count", "verdict"), [(299, "within"), (300, "not-judged")])
def test_a_base_that_changes_more_than_is_listed_may_change_the_gate(
    scene: Scene, tell: Tell, count: int, verdict: str
) -> None:
    scene.pull(12, base="first-half", base_sha=OTHER)
    scene.forge.compared[f"main...{OTHER}"] = [{"filename": f"{number}.py"} for number in range(count)]
    scene.result(DEV, "within")
    assert verdicts(tell(scene.run())) == [(12, "dev", verdict)]


def test_nor_is_one_whose_head_also_goes_into_such_a_base(scene: Scene, tell: Tell) -> None:
    scene.pull(12)
    scene.pull(13, base="evil", base_sha=OTHER, state="closed")
    scene.forge.compared[f"main...{OTHER}"] = [{"filename": WORKFLOW}]
    scene.result(DEV, "within")
    assert verdicts(tell(scene.run(12))) == [(12, "dev", "not-judged")]


@pytest.mark.parametrize("change", [{"filename": WORKFLOW}, {"filename": "x.yml", "previous_filename": WORKFLOW}])
def test_a_changed_workflow_is_not_believed(scene: Scene, tell: Tell, change: dict[str, str]) -> None:
    scene.pull(12)
    scene.forge.files[12].append(change)
    scene.forge.pulls[12]["changed_files"] += 1
    scene.result(DEV, "within")
    assert verdicts(tell(scene.run(display_title="all is well"))) == [(12, "dev", "not-judged")]
    assert f"changes {WORKFLOW}" in scene.forge.bodies(12)[0]
    assert scene.forge.states(HEAD) == {"gate verdict (main)": "error"}


def test_another_workflow_with_the_name_of_the_gate_says_nothing(scene: Scene, tell: Tell) -> None:
    scene.pull(12)
    scene.changes(12, ".github/workflows/mine.yml")
    scene.result(DEV, "within")
    assert tell(scene.run(path=".github/workflows/mine.yml@refs/heads/change"))["comments"] == []
    assert scene.forge.comments == {}


def test_a_run_that_is_not_of_a_pull_request_says_nothing(scene: Scene, tell: Tell) -> None:
    scene.pull(12)
    assert tell(scene.run(event="push"))["comments"] == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("policies/pack.py", "the policy pack"),
        ("policies/environments/prod.yaml", "environments"),
        ("runners/cli/main.py", "the gate"),
        (".github/judged.json", "workflows and what is judged"),
        ("requirements.lock", "what the gate is installed with"),
    ],
)
def test_a_change_to_the_gate_is_told_and_judged_by_the_base(scene: Scene, tell: Tell, name: str, kind: str) -> None:
    scene.pull(12)
    scene.changes(12, "__main__.py", name)
    scene.result(DEV, "refused")
    assert verdicts(tell(scene.run(conclusion="failure"))) == [(12, "dev", "refused")]
    [body] = scene.forge.bodies(12)
    assert f"This pull request changes {kind} ({name}). **Those of main were used**" in body


def test_more_files_than_are_listed_may_be_the_gate(scene: Scene, tell: Tell) -> None:
    scene.pull(12)
    scene.forge.pulls[12]["changed_files"] = 3_001
    scene.result(DEV, "within")
    assert verdicts(tell(scene.run())) == [(12, "dev", "not-judged")]


def test_a_head_that_has_moved_waits_for_its_own_run(scene: Scene, tell: Tell) -> None:
    scene.pull(12)
    event = scene.run()
    scene.result(DEV, "within")
    scene.forge.pulls[12]["head"]["sha"] = OTHER
    assert tell(event)["comments"] == []
    assert scene.forge.comments == {}
    assert scene.forge.statuses == {}


def test_a_head_that_moves_while_its_files_are_read_is_noticed(scene: Scene, tell: Tell) -> None:
    scene.pull(12)
    event = scene.run()
    scene.result(DEV, "within")

    def moved(method: str, path: str) -> None:
        if path.endswith("/files"):
            scene.forge.pulls[12]["head"]["sha"] = OTHER

    scene.forge.meanwhile = moved
    assert tell(event)["comments"] == []


@pytest.mark.parametrize(("moment", "told"), [(LONG_AGO, 1), ("2026-11-25T10:00:07Z", 0)])
def test_another_base_waits_for_its_own_run(scene: Scene, tell: Tell, moment: str, told: int) -> None:
    scene.pull(12)
    scene.forge.events[12] = [{"event": "labeled", "created_at": "2026-11-26T00:00:00Z"}] * 3
    scene.forge.events[12].append({"event": "base_ref_changed", "created_at": moment})
    scene.result(DEV, "within")
    assert len(tell(scene.run())["comments"]) == told


def test_a_run_that_was_started_again_waits_for_its_end(scene: Scene, tell: Tell) -> None:
    scene.pull(12)
    scene.result(DEV, "within")
    event = scene.run()
    scene.forge.runs[RUN] |= {"run_attempt": 2, "status": "in_progress", "conclusion": None}
    assert tell(event)["comments"] == []


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_two_artifacts_of_one_name_the_newer_counts(scene: Scene, tell: Tell, newest_first: bool) -> None:
    scene.pull(12)
    scene.result(DEV, "refused")
    scene.forge.jobs[RUN] = []
    scene.result(DEV, "within")
    if newest_first:
        scene.forge.artifacts[RUN].reverse()
    assert verdicts(tell(scene.run())) == [(12, "dev", "within")]


def test_a_closed_one_is_told_nothing(scene: Scene, tell: Tell) -> None:
    scene.pull(12, state="closed")
    scene.result(DEV, "within")
    assert tell(scene.run())["comments"] == []


@pytest.mark.parametrize(
    ("kind", "of_job", "of_run"),
    [
        ("within", "failure", "failure"),
        ("refused", "success", "success"),
        ("refused", "failure", "success"),
        ("unjudged", "success", "failure"),
    ],
)
def test_where_report_and_conclusion_disagree_nothing_is_judged(
    scene: Scene, tell: Tell, kind: str, of_job: str, of_run: str
) -> None:
    scene.pull(12)
    scene.left(DEV, archive(report(kind)), of_job)
    assert verdicts(tell(scene.run(conclusion=of_run))) == [(12, "dev", "not-judged")]
    [body] = scene.forge.bodies(12)
    assert "## ⚠️ Not judged: report and run disagree" in body
    assert "✅" not in body


@pytest.mark.parametrize("conclusion", ["cancelled", "timed_out", "skipped", "action_required", "neutral", None])
def test_a_job_that_did_not_end_by_itself_gives_no_verdict(scene: Scene, tell: Tell, conclusion: str | None) -> None:
    scene.pull(12)
    scene.left(DEV, archive(report("within")), "success")
    scene.forge.jobs[RUN] = []
    scene.ended(DEV, conclusion)
    assert verdicts(tell(scene.run())) == [(12, "dev", "not-judged")]


def test_a_stack_without_a_job_is_not_judged(scene: Scene, tell: Tell) -> None:
    scene.judged = [DEV, PROD]
    scene.pull(12)
    scene.result(DEV, "within")
    assert verdicts(tell(scene.run())) == [(12, "dev", "within"), (12, "prod", "not-judged")]


def test_two_jobs_of_one_name_tell_nothing(scene: Scene, tell: Tell) -> None:
    scene.pull(12)
    scene.result(DEV, "within")
    scene.ended(DEV, "success")
    assert verdicts(tell(scene.run())) == [(12, "dev", "not-judged")]


@pytest.mark.parametrize("change", [{"expired": True}, {"size_in_bytes": 1 << 40}, {"name": "gate-other"}])
def test_an_artifact_that_is_not_there_is_said(scene: Scene, tell: Tell, change: dict[str, Any]) -> None:
    scene.pull(12)
    scene.result(DEV, "within")
    scene.forge.artifacts[RUN][0].update(change)
    assert verdicts(tell(scene.run())) == [(12, "dev", "not-judged")]


def test_an_artifact_that_github_does_not_give_is_said(scene: Scene, tell: Tell) -> None:
    scene.pull(12)
    scene.result(DEV, "within")
    scene.forge.faults.append(Fault("GET", r"/actions/artifacts/\d+/zip", 410))
    assert verdicts(tell(scene.run())) == [(12, "dev", "not-judged")]


def test_a_comment_that_is_refused_does_not_keep_others_back(scene: Scene, tell: Tell) -> None:
    scene.judged = [DEV, PROD]
    scene.pull(12)
    scene.result(DEV, "within")
    scene.result(PROD, "within")
    scene.forge.faults.append(Fault("POST", r"/issues/12/comments", 502, times=1))
    with pytest.raises(ForgeError, match="502"):
        tell(scene.run())
    assert ["Stack **prod**" in body for body in scene.forge.bodies(12)] == [True]
    assert scene.forge.states(HEAD) == {"gate verdict (main)": "success"}


def test_the_description_of_many_stacks_fits(scene: Scene, tell: Tell) -> None:
    scene.judged = [replace(DEV, name=f"stack-number-{number}", stack=f"s{number}") for number in range(12)]
    scene.pull(12)
    for judged in scene.judged:
        scene.result(judged, "within")
    assert tell(scene.run())["statuses"] == [{"pullRequest": 12, "context": "gate verdict (main)", "state": "success"}]


def test_a_status_that_is_refused_is_said(scene: Scene, tell: Tell) -> None:
    scene.pull(12)
    scene.result(DEV, "within")
    scene.forge.rights.remove("statuses: write")
    with pytest.raises(ForgeError, match=r"statuses/.*permissions"):
        tell(scene.run())
    assert len(scene.forge.bodies(12)) == 1


def test_the_document_obeys_its_schema(scene: Scene, tell: Tell) -> None:
    scene.judged = [DEV, PROD]
    scene.pull(12)
    scene.result(DEV, "refused")
    document = tell(scene.run(conclusion="failure"))
    assert first_fault(document, "gate-comments") is None
    assert (
        document["comments"][1]["reason"] == "the run ended without the job 'judge (prod)', so there is no verdict "
        "on this commit"
    )
