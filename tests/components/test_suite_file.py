from __future__ import annotations

from pathlib import Path

import pytest

from components.chaos.experiment_file import experiments_folder, named_experiments
from components.chaos.suite_file import read_suites
from components.reading import SettingsError

KNOWN = ("network-latency", "instance-termination")
GOOD = """\
version: 1
suites:
  - name: weekly
    description: What is run each week.
    maxUsd: 1.50
    onFailure: skip-dependents
    steps:
      - name: quiet
        control: {minutes: 5}
        onFailure: stop
      - name: faults
        experiments: {names: [network-latency]}
        needs: [quiet]
      - name: restores
        drills: {choose: table}
      - name: rest
        wait: {minutes: 10}
"""


def test_the_shipped_suites() -> None:
    folder = experiments_folder()
    suites = {suite.name: suite for suite in read_suites(folder, named_experiments(folder))}
    assert list(suites) == ["weekly", "full-system-validation", "post-deploy"]
    # Nothing is named twice: the files of experiments name them.
    assert all(not step.names for suite in suites.values() for step in suite.steps)
    assert {step.on_failure for step in suites["post-deploy"].steps} == {"stop"}


def test_a_suite_as_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "suites.yaml").write_text(GOOD)
    [suite] = read_suites(tmp_path, KNOWN)
    assert (suite.cool_down_minutes, suite.max_degraded_seconds, suite.max_usd, suite.window) == (5, None, "1.5", None)
    told = [(step.kind, step.names, step.choice, step.minutes, step.needs, step.on_failure) for step in suite.steps]
    assert told == [
        ("control", (), None, 5, (), "stop"),
        ("experiment", ("network-latency",), None, None, ("quiet",), "skip-dependents"),
        ("drill", (), "table", None, (), "skip-dependents"),
        ("wait", (), None, 10, (), "skip-dependents"),
    ]


def test_a_folder_without_suites_has_none(tmp_path: Path) -> None:
    assert read_suites(tmp_path, KNOWN) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("version: 1", "version: 2", 1, "version is 2; accepted: a whole number, 1 to 1"),
        ("name: weekly", "name: Weekly", 3, 'suites[0].name is "Weekly"; accepted: 1 to 40'),
        ("maxUsd: 1.50", "maxUsd: 0", 5, "suites[0].maxUsd is 0; accepted: USD a month, more than 0"),
        ("    maxUsd: 1.50\n", "", 3, "suites[0].maxUsd is null; accepted: what all of it may cost"),
        ("onFailure: stop", "onFailure: retry", 10, 'steps[0].onFailure is "retry"; accepted: stop, continue'),
        ("control: {minutes: 5}", "control: {minutes: 0}", 9, "steps[0].control.minutes is 0; accepted"),
        ("control: {minutes: 5}", "control: {}", 9, "steps[0].control is {}; accepted: an object"),
        ("control: {minutes: 5}", "control: {hours: 5}", 9, "steps[0].control.minutes is null; accepted"),
        ("{minutes: 5}", "{minutes: 5, probes: [x]}", 9, "control.probes is not a setting; accepted: minutes"),
        ("drills: {choose: table}", "drills: {choose: network}", 15, 'drills.choose is "network"; accepted: all'),
        ("drills: {choose: table}", "drills: {choose: table, names: [a]}", 15, "accepted: either names"),
        ("drills: {choose: table}", "drills: {choose: table}\n        wait: {minutes: 1}", 14, "exactly one of"),
        ("names: [network-latency]", "names: [network-lag]", 12, '"network-lag"; accepted: experiments of this'),
        ("needs: [quiet]", "needs: [rest]", 13, '"rest"; accepted: steps that come before it'),
        ("name: restores", "name: quiet", 14, '"quiet"; accepted: each name once'),
        ("wait: {minutes: 10}", "pause: 10", 16, "exactly one of experiments, drills, control, wait"),
        ("    onFailure: skip-dependents\n", "    schedule: rate(7 days)\n", 6, "schedule is not a setting"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    file = tmp_path / "suites.yaml"
    assert old in GOOD
    file.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(SettingsError) as refused:
        read_suites(tmp_path, KNOWN)
    assert str(refused.value).startswith(f"{file}:{line}: "), refused.value
    assert said in str(refused.value)


def test_two_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "suites.yaml").write_text(GOOD + GOOD.partition("suites:\n")[2])
    with pytest.raises(SettingsError, match=r"each name once"):
        read_suites(tmp_path, KNOWN)
