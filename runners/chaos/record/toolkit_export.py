"""An experiment in Chaos Toolkit's format, for teams that have its tools. It starts the same template of FIS.

Chaos Toolkit neither waits for the fault nor asks whether it happened: what it calls a success is less than PASSED.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract.experiments import Experiment
from contract.probes import Metric, Probe, Series


def toolkit_experiment(experiment: Experiment, region: str) -> dict[str, Any]:
    """The experiment as a document of chaostoolkit with the functions of chaostoolkit-aws."""
    hypothesis = experiment.hypothesis
    probes = [made for probe in hypothesis.probes for made in _probes(probe)]
    title = f"{hypothesis.kind} hypothesis of {experiment.name}"
    # Without a probe there is no hypothesis: an empty one would hold whatever happens.
    held = {"steady-state-hypothesis": {"title": title, "probes": probes}} if probes else {}
    return {
        "version": "1.0.0",
        "title": experiment.name,
        "description": experiment.description,
        "tags": ["ial", experiment.category, experiment.kind],
        "configuration": {"aws_region": region},
        **held,
        "method": [
            {
                "type": "action",
                "name": "start-the-experiment",
                "provider": {
                    "type": "python",
                    "module": "chaosaws.fis.actions",
                    "func": "start_experiment",
                    "arguments": {"experiment_template_id": experiment.template_id},
                },
                "pauses": {"after": experiment.duration_seconds},
            }
        ],
        "rollbacks": [],
    }


def left_out(experiment: Experiment) -> Iterator[str]:
    """What `ial chaos run` does with it and the format has no place for, a line each."""
    hypothesis = experiment.hypothesis
    dropped = [probe.name for probe in hypothesis.probes if not _carried(probe)]
    if dropped:
        yield f"probes that it cannot ask: {', '.join(dropped)}"
    for probe in hypothesis.probes:
        if probe.metric is not None and probe.metric.plus:
            parts = 1 + len(probe.metric.plus)
            yield f"the sum {probe.name}: each of its {parts} parts becomes a probe with the tolerance of the whole"
    if len(dropped) == len(hypothesis.probes):
        yield "the whole hypothesis, as no probe is left: Chaos Toolkit starts the fault and judges nothing"
    elif hypothesis.kind == "recovery":
        yield f"that it may be broken for {hypothesis.rto_seconds} s: Chaos Toolkit looks once, before and after"
    else:
        yield "that it holds during the fault: Chaos Toolkit looks once, before and after"
    if hypothesis.expectations:
        yield f"expectations: {', '.join(held.name for held in hypothesis.expectations)}"
    if experiment.evidence:
        yield f"evidence that the fault happened: {', '.join(held.name for held in experiment.evidence)}"
    if experiment.load is not None:
        yield f"the load of {experiment.load.requests_per_second} requests a second"
    yield "preflight, the lock, the budget, the kill switch, and stopping what runs when the runner is stopped"


def _carried(probe: Probe) -> bool:
    return probe.metric is not None or probe.type == "alarm"


def _probes(probe: Probe) -> list[dict[str, Any]]:
    if probe.type == "alarm":
        return [_python(probe.name, "get_alarm_state_value", {"alarm_name": probe.target}, tolerance="OK")]
    if probe.metric is None:
        return []
    added = [(f"{probe.name} {series.name}", series) for series in probe.metric.plus]
    parts: list[tuple[str, Series]] = [(probe.name, probe.metric), *added]
    return [_statistics(name, series, probe.metric, probe) for name, series in parts]


def _statistics(name: str, series: Series, metric: Metric, probe: Probe) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "namespace": series.namespace,
        "metric_name": series.name,
        "dimensions": [{"Name": key, "Value": value} for key, value in sorted(series.dimensions.items())],
        # The newest whole period; a metric is whole about a minute later.
        "duration": metric.period_seconds,
        "offset": 60,
        **({"extended_statistic": metric.stat} if metric.stat.startswith("p") else {"statistic": metric.stat}),
    }
    lowest = probe.at_least if probe.at_least is not None else -1e15
    highest = probe.at_most if probe.at_most is not None else 1e15
    tolerance = {"type": "range", "range": [lowest, highest]}
    return _python(name, "get_metric_statistics", arguments, tolerance=tolerance)


def _python(name: str, function: str, arguments: dict[str, Any], *, tolerance: Any) -> dict[str, Any]:
    return {
        "type": "probe",
        "name": name.replace(" ", "-"),
        "tolerance": tolerance,
        "provider": {
            "type": "python",
            "module": "chaosaws.cloudwatch.probes",
            "func": function,
            "arguments": arguments,
        },
    }
