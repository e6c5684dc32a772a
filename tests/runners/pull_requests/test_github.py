from __future__ import annotations

import time
from dataclasses import dataclass, field

import pytest

from runners.errors import InputError
from runners.pull_requests.errors import ForgeError
from runners.pull_requests.github import GitHub
from tests.runners.pull_requests.scene import Scene
from tests.runners.pull_requests.stand_in_forge import REPOSITORY, TOKEN, Fault

ENVIRONMENT = {
    "GITHUB_API_URL": "https://api.github.com",
    "GITHUB_REPOSITORY": REPOSITORY,
    "GITHUB_TOKEN": TOKEN,
}


@dataclass
class Waits:
    seconds: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def api(scene: Scene, waits: Waits) -> GitHub:
    scene.pull(12)
    return GitHub(api=scene.forge.url, repository=REPOSITORY, token=TOKEN, sleep=waits)


def test_every_page_is_read(scene: Scene, api: GitHub) -> None:
    scene.changes(12, *(f"{number}.py" for number in range(7)))
    assert [entry["filename"] for entry in api.pages("/pulls/12/files")] == [f"{number}.py" for number in range(7)]
    assert scene.forge.asked.count("GET /pulls/12/files") == 4


def test_pages_go_on_at_the_api_alone(scene: Scene, api: GitHub) -> None:
    elsewhere = {"Link": '<https://evil.example/2>; rel="next"'}
    scene.forge.faults.append(Fault("GET", "/pulls/12/files", 200, elsewhere, body=b"[]"))
    with pytest.raises(ForgeError, match=r"goes on at another address, https://evil.example/2"):
        list(api.pages("/pulls/12/files"))


def test_a_list_without_end_is_not_read_to_it(scene: Scene, api: GitHub) -> None:
    endless = {"Link": f'<{scene.forge.url}/repos/{REPOSITORY}/pulls/12/files>; rel="next"'}
    scene.forge.faults.append(Fault("GET", "/pulls/12/files", 200, endless, body=b"[]"))
    with pytest.raises(ForgeError, match="more than 100 pages"):
        list(api.pages("/pulls/12/files"))


@pytest.mark.parametrize("body", [b"{}", b'["a"]', b'{"jobs": 1}', b"null"])
def test_what_is_no_list_is_said(scene: Scene, api: GitHub, body: bytes) -> None:
    scene.forge.faults.append(Fault("GET", "/actions/runs/1/jobs", 200, body=body))
    with pytest.raises(ForgeError, match="is no list"):
        list(api.pages("/actions/runs/1/jobs", "jobs"))


@pytest.mark.parametrize(
    ("status", "advice"), [(401, "not accepted"), (403, "permissions"), (404, "may not see it"), (422, "nothing was")]
)
def test_a_refusal_says_what_to_do_at_once(scene: Scene, api: GitHub, waits: Waits, status: int, advice: str) -> None:
    scene.forge.faults.append(Fault("GET", "/pulls/12", status))
    with pytest.raises(ForgeError, match=rf"GET /repos/team/stacks/pulls/12 with {status}; .*{advice}") as caught:
        api.get("/pulls/12")
    assert (caught.value.status, waits.seconds) == (status, [])


@pytest.mark.parametrize(
    ("status", "headers", "waited"),
    [
        (500, {}, [1.0]),
        (503, {"Retry-After": "7"}, [7.0]),
        (429, {"Retry-After": "9"}, [9.0]),
        # A secondary limit: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
        (403, {"Retry-After": "60"}, [60.0]),
    ],
)
def test_what_may_pass_is_asked_again(
    scene: Scene, api: GitHub, waits: Waits, status: int, headers: dict[str, str], waited: list[float]
) -> None:
    scene.forge.faults.append(Fault("GET", "/pulls/12", status, headers, times=1))
    assert api.get("/pulls/12")["number"] == 12
    assert waits.seconds == waited


@pytest.mark.parametrize("headers", [{"Retry-After": "3600"}, {"X-RateLimit-Remaining": "0"}])
def test_a_long_wait_is_not_waited(scene: Scene, api: GitHub, waits: Waits, headers: dict[str, str]) -> None:
    scene.forge.faults.append(Fault("GET", "/pulls/12", 403, headers))
    with pytest.raises(ForgeError, match="run the job again later"):
        api.get("/pulls/12")
    assert waits.seconds == []


def test_it_is_asked_three_times_at_most(scene: Scene, api: GitHub, waits: Waits) -> None:
    scene.forge.faults.append(Fault("GET", "/pulls/12", 502))
    with pytest.raises(ForgeError, match="502"):
        api.get("/pulls/12")
    assert waits.seconds == [1.0, 2.0]


def test_a_comment_is_never_made_twice(scene: Scene, api: GitHub) -> None:
    scene.forge.faults.append(Fault("POST", "/issues/12/comments", 502))
    with pytest.raises(ForgeError, match="502"):
        api.write("POST", "/issues/12/comments", {"body": "x"})
    assert scene.forge.asked == ["POST /issues/12/comments"]


@pytest.mark.parametrize("body", [b"<html>busy</html>", b"", b'{"number": 1', b"\xff"])
def test_an_answer_that_is_not_json_is_said(scene: Scene, api: GitHub, body: bytes) -> None:
    scene.forge.faults.append(Fault("GET", "/pulls/12", 200, body=body))
    with pytest.raises(ForgeError, match="is not JSON"):
        api.get("/pulls/12")


def test_an_answer_has_its_bound(scene: Scene, api: GitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.forge.archives[5] = b"x" * 101
    assert api.download("/actions/artifacts/5/zip", 101) == b"x" * 101
    with pytest.raises(ForgeError, match="larger than"):
        api.download("/actions/artifacts/5/zip", 100)


@pytest.mark.parametrize("place", ["http://evil.example/5", "file:///etc/passwd", "ftp://127.0.0.1/5", ""])
def test_a_download_is_fetched_from_no_other_kind_of_place(scene: Scene, api: GitHub, place: str) -> None:
    headers = {"Location": place} if place else {}
    scene.forge.faults.append(Fault("GET", "/actions/artifacts/5/zip", 302, headers, body=b""))
    with pytest.raises(ForgeError, match=r"only https:// is followed"):
        api.download("/actions/artifacts/5/zip", 100)


def test_other_calls_follow_no_redirect(scene: Scene, api: GitHub) -> None:
    scene.forge.faults.append(Fault("GET", "/pulls/12", 302, {"Location": f"{scene.forge.url}/storage/1"}, body=b""))
    with pytest.raises(ForgeError, match="302"):
        api.get("/pulls/12")


def test_a_machine_that_does_not_answer_is_said(scene: Scene, waits: Waits) -> None:
    silent = GitHub(api="http://127.0.0.1:9", repository=REPOSITORY, token=TOKEN, sleep=waits)
    with pytest.raises(ForgeError, match="did not answer"):
        silent.get("/pulls/12")
    assert len(waits.seconds) == 2


def test_the_environment_of_a_job_is_enough() -> None:
    found = GitHub.of(ENVIRONMENT)
    assert (found.api, found.repository, found.token) == ("https://api.github.com", REPOSITORY, TOKEN)
    assert found.sleep is time.sleep


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GITHUB_TOKEN", ""),
        ("GITHUB_API_URL", "http://api.example"),
        ("GITHUB_API_URL", "file:///tmp"),
        ("GITHUB_REPOSITORY", "../../user"),
        ("GITHUB_REPOSITORY", "stacks"),
    ],
)
def test_another_environment_is_refused(name: str, value: str) -> None:
    with pytest.raises(InputError, match=name) as caught:
        GitHub.of({**ENVIRONMENT, name: value})
    assert TOKEN not in str(caught.value)
