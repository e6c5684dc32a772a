"""The middle of a run: lock, baseline, fault, watch, recovery, evidence. Each step is in the journal before it acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from contract.experiments import Experiment
from runners.chaos.equipment import Equipment
from runners.chaos.evidence.before_the_fault import before_the_fault
from runners.chaos.evidence.looking_back import LookingBack
from runners.chaos.evidence.probing import is_metric, noted_samples, sampled
from runners.chaos.evidence.steady_now import steady_now
from runners.chaos.injection import InjectionState
from runners.chaos.judging.hypothesis import Sample
from runners.chaos.judging.verdict import TERMINAL, Stop
from runners.chaos.record.lines import (
    Baseline,
    Injecting,
    Locked,
    Over,
    SampleSeen,
    Seen,
    Stopping,
    VersionsAfter,
    VersionsBefore,
)
from runners.chaos.record.steps import INJECTING, OVER, SAMPLE, SEEN, STARTING, STOPPING
from runners.chaos.running.fault_start import FaultStart
from runners.chaos.running.halting import halt_mark
from runners.chaos.running.insights_found import switch_insights
from runners.chaos.running.versions_noted import note_versions
from runners.chaos.running.watchdog import broken_for_long, steady_since
from runners.errors import AwsError
from runners.runs.clock import parse_rfc3339, rfc3339
from runners.runs.journal import Journal
from runners.runs.lease import LeaseLostError
from runners.runs.run_lock import RunLock

_CLOCKS_APART: Final = timedelta(minutes=2)


class Conduct:
    """One run of one experiment."""

    def __init__(self, run: str, owner: str, experiment: Experiment, kit: Equipment, journal: Journal) -> None:
        self.experiment, self._kit, self._journal = experiment, kit, journal
        self.lock = RunLock(f"{run}, experiment {experiment.name},", kit.leases, kit.clock)
        self.fault = FaultStart(run, owner, experiment.template_id, kit, journal, self.lock)
        lines = (entry.data for entry in journal.entries if entry.step == SAMPLE)
        noted = noted_samples(((line["at"], line["probe"], line["value"]) for line in lines), experiment)
        # The last line of a period is the one that counts.
        self._samples = list({(sample.probe, sample.at): sample for sample in noted}.values())

    def carry_out(self) -> None:
        """Goes as far as it goes, from where the journal ends.

        Raises:
            LeaseHeldError: another run of the stack is under way.
            NoLongerAllowedError: the fault must not start any more.
            LeaseLostError: the lock was lost while the workload recovered.
            RunnerError: AWS could not be asked; what was begun has to be cleaned up.
        """
        self._journal.add(Locked(fence=self.lock.take()))
        if self._journal.last(STARTING) is None:
            switch_insights(self._kit, self._journal)
            note_versions(self._kit, self._journal, VersionsBefore)
            if not self._is_steady():
                return
        if self._journal.last(INJECTING) is None:
            self.fault.begin()
        if self._journal.last(OVER) is None:
            self.watch()
        if self._journal.last(SEEN) is None:
            self._see()
        note_versions(self._kit, self._journal, VersionsAfter)

    def _is_steady(self) -> bool:
        """The steady state before the fault."""
        now, kit = self._kit.clock.now(), self._kit
        steady, reasons = steady_now(self.experiment.hypothesis.probes, kit)
        already = [name for name, held in kit.alarms.states(kit.alarms_watched).items() if held == "ALARM"]
        before = before_the_fault(self.experiment, kit.probing, now - kit.pace.lag, kit.pace.baseline)
        self._journal.add(Baseline(ok=steady is True, reasons=list(reasons), already=already, before=before))
        kit.say("steady before the fault" if steady else f"not steady before the fault: {'; '.join(reasons)}")
        return steady is True

    def watch(self) -> None:
        """Looks on until FIS says that it is over, or until waiting for that makes no sense any more."""
        injecting = self._journal.last(INJECTING)
        assert injecting is not None
        id_, began = Injecting.read(injecting.data).id, parse_rfc3339(injecting.at)
        load, deadline = self.experiment.load, self._deadline(began)
        if self._is_stopping():
            # Whether the one that wrote that line still got to tell FIS is not known.
            deadline = self._kit.clock.now() + self._kit.pace.stop_within
            self._tell_to_stop(id_)
        elif load is not None:
            self._kit.load.begin(load)
        while True:
            state = self._state(id_)
            if state is not None and state.status in TERMINAL:
                self._journal.add(self._ending(state))
                return
            now = self._kit.clock.now()
            self._look(id_, state)
            why = self._reason_to_stop(now > deadline)
            if why is not None:
                self._journal.add(Stopping(why=str(why)))
                deadline = now + self._kit.pace.stop_within
            elif now > deadline and self._is_stopping():
                msg = f"experiment {id_} did not stop within {self._kit.pace.stop_within.total_seconds():g} s"
                raise AwsError(msg, operation="fis:StopExperiment", code="NotOver")
            if self._is_stopping():
                self._tell_to_stop(id_)
            self.lock.wait(self._kit.pace.every, f"the end of experiment {id_}", deadline)

    def stop(self, id_: str, why: Stop) -> None:
        """Asks FIS to stop, whatever becomes of the line for that. To be repeated until it is over."""
        if not self._is_stopping():
            self._journal.try_add(Stopping(why=str(why)))
        self._tell_to_stop(id_)

    def _tell_to_stop(self, id_: str) -> None:
        stopping = self._journal.last(STOPPING)
        self._kit.say(f"stopping experiment {id_}: {stopping.data['why'] if stopping else 'not in the journal'}")
        try:
            self._kit.injection.stop(id_)
        except AwsError as error:
            self._kit.say(f"FIS does not stop it: {error}")

    def _is_stopping(self) -> bool:
        return self._journal.last(STOPPING) is not None

    def _deadline(self, began: datetime) -> datetime:
        return began + timedelta(seconds=self.experiment.duration_seconds) + self._kit.pace.overdue

    def _state(self, id_: str) -> InjectionState | None:
        """None when FIS does not answer: the fault has an end of its own, and the deadline is watched here."""
        try:
            return self._kit.injection.state(id_)
        except AwsError as error:
            self._kit.say(f"FIS does not answer: {error}")
            return None

    def _reason_to_stop(self, overdue: bool) -> Stop | None:
        if self._is_stopping():
            return None
        if overdue:
            return Stop.DEADLINE
        if not self.lock.keeps():
            return Stop.LEASE_LOST
        if self._is_halted():
            return Stop.OPERATOR
        sustained = self.experiment.hypothesis.kind == "sustained"
        if sustained and broken_for_long(self._samples, self._kit.pace.breach) is not None:
            return Stop.WATCHDOG
        return None

    def _is_halted(self) -> bool:
        try:
            return halt_mark(self._kit.records) is not None
        except AwsError:
            return False

    def _look(self, id_: str, state: InjectionState | None) -> None:
        hit = self._hit(id_) if any(probe.type == "instances" for probe in self.experiment.hypothesis.probes) else ()
        told = [
            f"{sample.probe} {'?' if sample.value is None else f'{sample.value:g}'}"
            for sample in self._looks(hit or ())
        ]
        status = "?" if state is None else state.status
        self._kit.say(f"{status}: {', '.join(told)}")

    def _looks(self, hit: tuple[str, ...]) -> list[Sample]:
        """One look through every probe of the hypothesis, kept; the newest of each."""
        probes = self.experiment.hypothesis.probes
        looks = zip(probes, self._kit.probing.look(probes, hit), strict=True)
        found = [[sampled(probe, *seen) for seen in own] for probe, own in looks]
        for sample in (sample for own in found for sample in own):
            self._keep(sample)
        return [own[-1] for own in found if own]

    def _keep(self, sample: Sample) -> None:
        """A metric's period is seen many times, and kept once; a value that comes or grows later replaces it."""
        known = next((held for held in self._samples if (held.probe, held.at) == (sample.probe, sample.at)), None)
        if known is not None and sample.value in (None, known.value):
            return
        if known is not None:
            self._samples.remove(known)
        self._samples.append(sample)
        self._journal.add(SampleSeen(at=rfc3339(sample.at), probe=sample.probe, value=sample.value))

    def _hit(self, id_: str) -> tuple[str, ...] | None:
        try:
            return self._kit.injection.hit(id_)
        except AwsError:
            return None

    def _ending(self, state: InjectionState) -> Over:
        """What FIS said at the end, and why it stopped, if it did."""
        self._kit.say(f"FIS: {state.status}: {state.reason}")
        hit, (first, last) = self._hit(state.id), state.faults_between()
        return Over(
            id=state.id,
            status=state.status,
            reason=state.reason,
            error_code=state.error_code,
            actions={name: action.status for name, action in state.actions.items()},
            injected=_text(first),
            lifted=_text(state.ended or last),
            hit=None if hit is None else list(hit),
            lever=self._lever(),
            stop_alarm=self._stop_alarm(state) if state.status == "stopped" else None,
        )

    def over(self, id_: str) -> bool:
        """Whether the experiment has ended, and how, if that can be written down; False when FIS does not say."""
        state = self._state(id_)
        if state is None or state.status not in TERMINAL:
            return False
        self._journal.try_add(self._ending(state))
        return True

    def _lever(self) -> bool | None:
        try:
            return self._kit.injection.lever()
        except AwsError:
            return None

    def _stop_alarm(self, state: InjectionState) -> str | None:
        """The stop condition that fired: FIS's words may change, the alarm's history does not."""
        begun = state.started
        if begun is None or self._is_stopping():
            return None
        until = (state.ended or self._kit.clock.now()) + _CLOCKS_APART
        try:
            changes = self._kit.alarms.changes(self.experiment.stop_alarms, begun - _CLOCKS_APART, until)
        except AwsError:
            return None
        return next((change.alarm for change in changes if change.state == "ALARM"), None)

    def _see(self) -> None:
        over = self._journal.last(OVER)
        assert over is not None
        told = Over.read(over.data)
        if told.injected is None:
            return
        injected, lifted = parse_rfc3339(told.injected), parse_rfc3339(told.lifted or over.at)
        hit = tuple(told.hit or ())
        report = self._kit.load.end() if self.experiment.load is not None else None
        expected, kit = self.experiment.hypothesis, self._kit
        latest = max(lifted, injected + timedelta(seconds=expected.rto_seconds))
        # Counts of nothing are known some minutes after their period only.
        latest += timedelta(seconds=expected.stability_seconds) + kit.pace.lag * 3
        while True:
            self._wait_until_steady(latest, lifted, hit)
            aside = self._let_come_in(hit)
            found = LookingBack(self.experiment, kit, self._samples, injected, lifted, hit).found()
            if kit.clock.now() >= latest or self._steady(noted_samples(found["samples"], self.experiment), lifted):
                break
            kit.say("not steady for good: what came late says otherwise")
            for sample in aside:
                self._keep(sample)
        self._journal.add(Seen.exactly({"load": report.document() if report else None, **found}))

    def _let_come_in(self, hit: tuple[str, ...]) -> list[Sample]:
        """Gives CloudWatch its time. What is seen of the rest meanwhile counts only if the watch goes on."""
        kit, found = self._kit, list[Sample]()
        live = [probe for probe in self.experiment.hypothesis.probes if not is_metric(probe)]
        until = kit.clock.now() + kit.pace.lag
        while (left := until - kit.clock.now()) > timedelta(0):
            looks = zip(live, kit.probing.look(live, hit), strict=True)
            found += [sampled(probe, *seen) for probe, own in looks for seen in own]
            self.lock.wait(min(left, kit.pace.every), "what CloudWatch has not counted yet", until)
        return found

    def _steady(self, samples: Sequence[Sample], lifted: datetime) -> bool:
        expected = self.experiment.hypothesis
        after = [sample for sample in samples if sample.at >= lifted]
        stability = timedelta(seconds=expected.stability_seconds)
        return steady_since(after, [probe.name for probe in expected.probes], stability)

    def _wait_until_steady(self, latest: datetime, lifted: datetime, hit: tuple[str, ...]) -> None:
        kit = self._kit
        while kit.clock.now() < latest:
            self._looks(hit)
            if self._steady(self._samples, lifted):
                kit.say("steady again")
                return
            if not self.lock.keeps():
                msg = "the lock was lost while the workload recovered: another run may have disturbed it"
                raise LeaseLostError(msg)
            self.lock.wait(kit.pace.every, "the workload to be steady", latest)
        kit.say("not steady again within the objective")


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)
