"""The errors that users get."""

from collections.abc import Sequence

from components.observability.alarm_spec import SUM_OF_TWO, AlarmSpec, metric
from components.observability.load_balancer_metrics import balanced, user_errors
from components.observability.signal import Row, Scene, signal
from components.observability.threshold import MUCH, Threshold
from components.observability.widgets import Widget, graph

ERRORS = Threshold(
    key="errors",
    default=5,
    lowest=1,
    highest=MUCH,
    meaning="5xx answers a minute, of the targets and of the load balancer itself",
)


def _draw(scene: Scene, alarms: Sequence[AlarmSpec]) -> list[Widget]:
    if not scene.work.balancer.name:
        return []
    answers = [*user_errors(scene.work), *balanced(scene.work, ("HTTPCode_Target_4XX_Count", "Sum"))]
    return [graph("Errors", scene.region, answers, alarms)]


@signal(
    "errors",
    place=1,
    thresholds=(ERRORS,),
    absent="workload.loadBalancer and workload.logGroups are not set",
    row=Row.TRAFFIC,
    draw=_draw,
)
def errors(scene: Scene) -> AlarmSpec | None:
    """Those of the targets and of the load balancer; without one, those that the logs tell of."""
    if not scene.work.balancer.name and not scene.work.log_groups.all:
        return None
    metrics = user_errors(scene.work) or (metric(scene.namespace, "ServerErrors", "Sum"),)
    # The load balancer sends no point when there was no error: silence is good news.
    return AlarmSpec(
        signal="errors",
        summary="Users get errors",
        metrics=metrics,
        expression=SUM_OF_TWO if len(metrics) > 1 else None,
        threshold=scene.thresholds[ERRORS],
        missing="notBreaching",
    )
