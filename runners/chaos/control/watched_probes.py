"""What a control run looks at: the steady state of experiments, each probe once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from contract.experiments import Experiment
from contract.probes import Probe

# Without a fault there is nothing that was hit.
_OF_THE_FAULT = "instances"


@dataclass(frozen=True, kw_only=True)
class WatchedProbe:
    """One probe, under a name that no other has, and the experiments whose steady state it is of."""

    probe: Probe
    experiments: tuple[str, ...]


def watched_probes(experiments: Sequence[Experiment]) -> tuple[WatchedProbe, ...]:
    """Each probe once, however many experiments have it; two that only share a name are told apart."""
    found: list[WatchedProbe] = []
    for experiment in experiments:
        for probe in experiment.hypothesis.probes:
            if probe.type != _OF_THE_FAULT:
                _add(found, probe, experiment.name)
    names = [held.probe.name for held in found]
    return tuple(
        held
        if names.count(held.probe.name) == 1
        else replace(held, probe=structs.replace(held.probe, name=f"{held.experiments[0]}: {held.probe.name}"))
        for held in found
    )


def _add(found: list[WatchedProbe], probe: Probe, experiment: str) -> None:
    for number, held in enumerate(found):
        if held.probe == probe:
            found[number] = replace(held, experiments=(*held.experiments, experiment))
            return
    found.append(WatchedProbe(probe=probe, experiments=(experiment,)))
