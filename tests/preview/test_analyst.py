"""How a pack is asked about many resources: counted in calls under way."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from preview import analyst
from preview.analyst import Analyst
from preview.protocol import analyzer_pb2
from preview.registration import Registration


class Stub:
    """A pack that answers when it is asked for the answer, and notes how many calls wait and how long they may."""

    def __init__(self) -> None:
        self.waiting = self.most = 0
        self.limits: list[float] = []
        self.asked: list[str] = []
        self.Analyze = SimpleNamespace(future=self._analyze)
        self.AnalyzeStack = SimpleNamespace(future=self._analyze_stack)

    def _analyze(self, request: Any, timeout: float) -> Any:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        self.limits.append(timeout)

        def result() -> analyzer_pb2.AnalyzeResponse:
            self.waiting -= 1
            self.asked.append(request.urn)
            found = analyzer_pb2.AnalyzeDiagnostic(
                policyName="p", message=request.name, enforcementLevel=analyzer_pb2.MANDATORY
            )
            return analyzer_pb2.AnalyzeResponse(diagnostics=[found])

        return SimpleNamespace(result=result)

    def _analyze_stack(self, request: Any, timeout: float) -> Any:
        self.limits.append(timeout)
        self.asked.append(f"stack of {len(request.resources)}")
        return SimpleNamespace(result=analyzer_pb2.AnalyzeResponse)


def asked(number: int) -> tuple[Stub, Any]:
    stub = Stub()
    pack = Analyst.__new__(Analyst)
    pack._stub, pack._limit = stub, 60.0  # type: ignore[assignment]
    pack.name, pack.version, pack.policies, pack.descriptions = "pack", "1", {"p": "mandatory"}, {}
    records = [Registration(urn=f"urn:{i}", type="t:i:T", name=f"r{i}", custom=True) for i in range(number)]
    read = Registration(urn="urn:read", type="t:i:T", name="read", custom=True, external=True)
    return stub, pack.verdict([*records, read], {})


def test_every_resource_is_asked_about_once_and_then_the_stack() -> None:
    stub, said = asked(100)
    assert stub.asked == [*(f"urn:{i}" for i in range(100)), "stack of 101"]
    assert [(finding.urn, finding.message) for finding in said.findings] == [(f"urn:{i}", f"r{i}") for i in range(100)]


def test_few_calls_wait_at_a_time_however_large_the_stack() -> None:
    assert [asked(number)[0].most for number in (3, 100, 1000)] == [3, analyst._AT_ONCE, analyst._AT_ONCE]


def test_the_call_about_the_whole_may_take_longer_the_larger_it_is() -> None:
    assert [asked(number)[0].limits[-1] for number in (3, 2500)] == [60, 180]
    assert set(asked(2500)[0].limits[:-1]) == {60}
