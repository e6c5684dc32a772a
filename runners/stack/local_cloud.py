"""The local cloud as commands see it: the only module here that knows `local`, and it imports it late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from contract import parts
from contract.outputs import EXPORT
from contract.parts import RecordPart
from preview.engines import Engine
from preview.project import Project
from runners.stack.outputs import plain

if TYPE_CHECKING:
    from local.server import LocalServer, Running
    from preview.recording import Recording
    from runners.stack.applied import Applied

Say = Callable[[str], object]


class CloudStatus(RecordPart, frozen=True, kw_only=True):
    """Whether the local cloud runs, where, and what is in it. `make schemas` makes a schema from it.

    Attributes:
        version: Version of this document.
        running: Whether it answers.
        busy: Which command starts or stops it just now; null when none does, and while it runs.
        endpoint: Its address on loopback; null when it does not run.
        pid: Its process; null when it does not run.
        stacks: Stacks that are applied to it.
    """

    version: Literal[1] = 1
    running: bool
    busy: str | None
    endpoint: str | None
    pid: int | None
    stacks: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """For machines."""
        return parts.plain(self)


def start_cloud(folder: Path) -> CloudStatus:
    """Starts the cloud of a program's folder with the example workload; one that runs already is left alone.

    Raises:
        LocalCloudError: it did not come up.
    """
    from local.deployment import local_server, start_with_workload

    server = local_server(folder)
    running, _ = start_with_workload(server)
    return _status(folder, server, running)


def stop_cloud(folder: Path) -> CloudStatus:
    """Stops the cloud of a program's folder, if it runs, and what starts that were cut off have left of others."""
    from local.deployment import local_server

    server = local_server(folder)
    server.stop()
    return _status(folder, server, None)


def cloud_status(folder: Path) -> CloudStatus:
    """What runs, and which stacks are applied to it."""
    from local.deployment import local_server

    server = local_server(folder)
    return _status(folder, server, server.status())


def require_running(folder: Path) -> str:
    """The address of the cloud of a program's folder.

    Raises:
        LocalCloudError: it doesn't.
    """
    from local.deployment import local_server
    from local.errors import LocalCloudError

    server = local_server(folder)
    running = server.status()
    if running is None:
        busy = server.busy()
        told = f"{busy} is under way: wait for it" if busy else "start it with `ial local start`"
        msg = f"the local cloud does not run; {told}"
        raise LocalCloudError(msg)
    return running.endpoint.url


def deploy(project: Project, say: Say, judged: Recording | None) -> Applied:
    """Creates, changes and deletes until the cloud is as the program says, and as it was judged.

    Raises:
        LocalCloudError: the cloud is not running, or refused something.
        PreviewError: the program failed.
    """
    from local.deployment import LocalStack
    from runners.stack.applied import Applied

    done = LocalStack(project).up(_told(say), judged)
    changes = done.changes
    return Applied(
        engine=Engine.LOCAL,
        created=len(changes.created),
        changed=len(changes.updated) + len(changes.replaced),
        deleted=len(changes.deleted),
        unchanged=len(changes.same),
        adopted=tuple(changes.adopted),
        recorded=tuple(changes.recorded_only),
        outputs=plain(done.outputs.get(EXPORT)),
    )


def deployed_outputs(folder: Path, stack: str) -> Mapping[str, Any]:
    """The outputs of an applied stack.

    Raises:
        LocalCloudError: the cloud is not running, or the stack is not applied to it.
    """
    from local.deployment import LocalStack

    return LocalStack(Project.load(folder, stack)).outputs()


def exported_state(folder: Path, stack: str) -> Mapping[str, Any]:
    """An applied stack's state in the shape of `pulumi stack export`.

    Raises:
        LocalCloudError: the cloud is not running, or the stack is not applied to it.
    """
    from local.deployment import LocalStack
    from local.export import deployment

    held = LocalStack(Project.load(folder, stack))
    held.outputs()
    return deployment(held.state())


def held_state(folder: Path, stack: str) -> Mapping[str, Any]:
    """What the cloud holds for a stack, applied wholly, in part or not at all, as `pulumi stack export` gives it."""
    from local.deployment import LocalStack, local_server
    from local.export import deployment

    running = local_server(folder).status()
    state = LocalStack(Project.load(folder, stack)).state()
    state.forget_if_cloud_is_new(running.instance if running else "")
    return deployment(state)


def surroundings(folder: Path) -> Mapping[str, str]:
    """The variables of a process that is to reach the cloud of a program's folder, and nothing else.

    Raises:
        LocalCloudError: the cloud is not running.
    """
    from local.endpoint import Endpoint

    return Endpoint(require_running(folder)).environment()


def destroy(folder: Path, stack: str, say: Say) -> int:
    """Deletes what was created for a stack, and returns how many resources that were.

    Raises:
        LocalCloudError: the cloud is not running, or refused something.
    """
    from local.deployment import LocalStack

    done = LocalStack(Project.load(folder, stack)).down(_told(say))
    return len(done.changes.deleted)


def release(folder: Path, service: str, image: str, rehearsed: str) -> str:
    """A new version of the rehearsed service, as its own team would deploy it; the task definition that is deployed.

    `service` is CLUSTER/SERVICE, `rehearsed` what the version changes, as `local.simulation.deployed_design` reads it.
    """
    from local.endpoint import Endpoint
    from local.simulation.deployed_design import VARIABLE

    ecs, (cluster, _, name) = Endpoint(require_running(folder)).client("ecs"), service.partition("/")
    held = ecs.describe_task_definition(taskDefinition=service_runs(folder, service))["taskDefinition"]
    said = [{"name": VARIABLE, "value": rehearsed}] if rehearsed else []
    containers = [{**held["containerDefinitions"][0], "image": image, "environment": said}]
    made = ecs.register_task_definition(family=held["family"], containerDefinitions=containers)
    arn = str(made["taskDefinition"]["taskDefinitionArn"])
    ecs.update_service(cluster=cluster, service=name, taskDefinition=arn)
    return arn


def service_runs(folder: Path, service: str) -> str:
    """The task definition of a rehearsed service, CLUSTER/SERVICE."""
    from local.endpoint import Endpoint

    cluster, _, name = service.partition("/")
    ecs = Endpoint(require_running(folder)).client("ecs")
    [found] = ecs.describe_services(cluster=cluster, services=[name])["services"]
    return str(found["taskDefinition"])


class DemonstrationCloud:
    """The cloud of a demonstration: one that was running before is left running after, and its own ends with it."""

    def __init__(self, folder: Path) -> None:
        from local.deployment import local_server

        self._folder, self._server = folder, local_server(folder)
        self._own = False

    def start(self) -> str:
        """Starts it if needed."""
        from local.deployment import start_with_workload

        running, self._own = start_with_workload(self._server, stay=False)
        return f"the local cloud runs at {running.endpoint.url}"

    def stop(self) -> None:
        """Stops it if the demonstration started it."""
        if self._own:
            self._server.stop()

    def keep(self) -> None:
        """Leaves it running after the demonstration."""
        self._server.let_stay()

    def count(self, stack: str) -> int:
        """How many resources of the stack exist."""
        from local.deployment import LocalStack

        held = LocalStack(Project.load(self._folder, stack)).state().resources.values()
        return sum(entry.custom for entry in held)


def _told(say: Say) -> Callable[[str, str], None]:
    def step(what: str, name: str) -> None:
        say(f"{what} {name}")

    return step


def _status(folder: Path, server: LocalServer, running: Running | None) -> CloudStatus:
    return CloudStatus(
        running=running is not None,
        busy=server.busy() if running is None else None,
        endpoint=None if running is None else running.endpoint.url,
        pid=None if running is None else running.pid,
        stacks=() if running is None else _stacks(folder, running),
    )


def _stacks(folder: Path, running: Running) -> tuple[str, ...]:
    from local.deployment import LocalStack

    names = sorted(file.name[len("Pulumi.") : -len(".yaml")] for file in folder.glob("Pulumi.*.yaml"))
    states = {name: LocalStack(Project.load(folder, name)).state() for name in names}
    return tuple(name for name, state in states.items() if state.outputs and state.instance == running.instance)
