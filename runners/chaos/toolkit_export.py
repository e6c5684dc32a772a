"""An experiment in Chaos Toolkit's format, for teams that have its tools. It starts the same template of FIS.

Chaos Toolkit neither waits for the fault nor asks whether it happened: what it calls a success is less than PASSED.
"""

from __future__ import annotations

from typing import Any

from runners.chaos_outputs import Experiment, Metric, Probe, Series


def toolkit_experiment(experiment: Experiment, region: str) -> dict[str, Any]:
    """The experiment as a document of chaostoolkit with the functions of chaostoolkit-aws."""
    hypothesis = experiment.hypothesis
    probes = [made for probe in hypothesis.probes for made in _probes(probe)]
    return {
        "version": "1.0.0",
        "title": experiment.name,
        "description": experiment.description,
        "tags": ["ial", experiment.category, experiment.kind],
        "configuration": {"aws_region": region},
        "steady-state-hypothesis": {"title": f"{hypothesis.kind} hypothesis of {experiment.name}", "probes": probes},
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


def losses(experiment: Experiment) -> list[str]:
    """What the document cannot say, a line for each."""
    said = []
    for probe in experiment.hypothesis.probes:
        if probe.metric is None and probe.type != "alarm":
            said.append(f"{probe.name} is left out: chaostoolkit-aws has no probe of type {probe.type}")
        elif probe.metric is not None and probe.metric.plus:
            count = 1 + len(probe.metric.plus)
            said.append(f"{probe.name} becomes {count} probes: each must be in tolerance, not their sum")
    others = (*experiment.hypothesis.expectations, *experiment.evidence)
    if others:
        names = ", ".join(probe.name for probe in others)
        said.append(
            f"{names}: left out, since Chaos Toolkit knows a steady state only, no expectations and no evidence"
        )
    return said


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
