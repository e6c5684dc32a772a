from __future__ import annotations

import json
from typing import Any

import pytest

from runners.errors import InputError
from runners.pull_requests.gate_run import WORKFLOW, read_run
from tests.runners.pull_requests.scene import BASE, Scene


def test_a_run_says_whose_it_is(scene: Scene) -> None:
    scene.pull(12)
    run = read_run(scene.run(path=f"{WORKFLOW}@main"))
    assert (run.number, run.base, run.path) == (12, BASE, WORKFLOW)


@pytest.mark.parametrize(
    "title", ["gate of #0 on " + BASE, "gate of #12 on main", f"gate of #12 on {BASE} ", f"Gate of #12 on {BASE}", "x"]
)
def test_another_title_names_nothing(scene: Scene, title: str) -> None:
    scene.pull(12)
    run = read_run(scene.run(display_title=title))
    assert (run.number, run.base) == (None, None)


@pytest.mark.parametrize("url", [None, 7, "javascript:alert(1)", "https://evil.example/) [x](y", "https://a b"])
def test_an_address_that_is_none_is_left_out(scene: Scene, url: Any) -> None:
    scene.pull(12)
    assert read_run(scene.run(html_url=url)).url is None


@pytest.mark.parametrize("name", ["id", "run_attempt", "head_sha", "head_branch", "conclusion", "path", "created_at"])
@pytest.mark.parametrize("value", [None, "", True, 0, []])
def test_what_is_missing_is_named(scene: Scene, name: str, value: Any) -> None:
    scene.pull(12)
    with pytest.raises(InputError, match=rf"event\.json: {name} is"):
        read_run(scene.run(**{name: value}))


@pytest.mark.parametrize("change", [{"action": "requested"}, {"workflow_run": None}, {"repository": []}])
def test_another_event_is_refused(scene: Scene, change: dict[str, Any]) -> None:
    scene.pull(12)
    path = scene.run()
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(InputError, match="completed workflow run"):
        read_run(path)


def test_a_file_that_is_no_event_is_refused(scene: Scene) -> None:
    path = scene.folder / "event.json"
    path.write_text("[]")
    with pytest.raises(InputError, match="completed workflow run"):
        read_run(path)
