"""The log of a whole run, through the production adapters, beside what was really sent."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from botocore.httpsession import URLLib3Session
from msgspec.json import decode

from contract.run_log import Answered, Asked, LogLine, Step, Waiting
from runners.chaos.judging.verdict import Verdict
from runners.runs.journal import read_entries
from runners.runs.run_folder import Runs
from tests.runners.chaos.conftest import Rehearsal
from tests.runners.chaos.four_kinds import KINDS

pytestmark = pytest.mark.cloud


def test_it_has_a_line_for_each_call_that_was_sent(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment, action = KINDS["latency"]
    made = rehearsal.template(experiment, action)
    rehearsal.begin()
    sent = Counter[str]()
    send = URLLib3Session.send

    def counted(session: URLLib3Session, request: Any) -> Any:
        # What botocore itself calls the attempt: nothing of the log's.
        sent[request.headers["amz-sdk-invocation-id"].decode()] += 1
        return send(session, request)

    monkeypatch.setattr(URLLib3Session, "send", counted)
    record = rehearsal.cycle().run(made)
    assert record.judgement.verdict is Verdict.PASSED
    runs = Runs(rehearsal.folder, "dev")
    [run] = runs.all()
    lines = [decode(text, type=LogLine) for text in runs.attachment(run, "log.jsonl").read_bytes().splitlines()]
    asked = Counter(line.call for line in lines if isinstance(line, Asked))
    assert sorted(asked.values()) == sorted(sent.values())
    assert asked == Counter(line.call for line in lines if isinstance(line, Answered))
    assert len(asked) > 50
    steps = [(line.number, line.step) for line in lines if isinstance(line, Step)]
    assert steps == [(entry.number, entry.step) for entry in read_entries(runs.journal(run))]
    waits = {line.what.rpartition(" EXP")[0] or line.what for line in lines if isinstance(line, Waiting)}
    assert waits == {"the end of experiment", "what CloudWatch has not counted yet", "the workload to be steady"}
