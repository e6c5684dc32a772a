"""`up` and `down` on the local cloud: the program runs for real, and every resource it registers is created."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from contract.writing.lock import locked
from local.errors import LocalCloudError
from local.server import LocalServer, Running
from local.state import Held, StackState

if TYPE_CHECKING:
    from local.dynamic_provider import DynamicProvider
    from local.endpoint import Endpoint
    from local.provisioner import Changes
    from preview.project import Project
    from preview.recording import Recording

_FOLDER: Final = ".ial"


@dataclass(frozen=True)
class Deployed:
    """What `up` or `down` did, and the stack's outputs afterwards."""

    changes: Changes
    outputs: dict[str, Any]
    endpoint: str


def _quiet(_: str, __: str) -> None:
    """Tells nobody."""


class LocalStack:
    """One stack on the local cloud of a program's folder."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.server = local_server(project.directory)
        self._file = project.directory / _FOLDER / project.stack / "state.json"

    def up(self, step: Callable[[str, str], None] = _quiet, judged: Recording | None = None) -> Deployed:
        """Runs the program and creates, changes and deletes until the cloud is as it says.

        Where a preview was `judged`, exactly that is applied.

        Raises:
            LocalCloudError: the cloud does not run, or refused something.
            LockedError: another `up` or `down` of the stack is under way.
            PreviewError: the program failed, or registered something else than what was judged.
            WritingError: the state cannot be written.
        """
        with self._alone("up"):
            return self._up(step, judged)

    def _up(self, step: Callable[[str, str], None], judged: Recording | None) -> Deployed:
        from local.provisioner import LocalProvisioner, settled
        from preview.judged_plan import JudgedPlan
        from preview.program import record

        running = self._running()
        endpoint = running.endpoint
        state = StackState.load(self._file)
        state.forget_if_cloud_is_new(running.instance)
        with self._dynamic(endpoint, step) as dynamic:
            provisioner = LocalProvisioner(state, endpoint, dynamic, step)
            plan = None if judged is None else JudgedPlan(judged, provisioner)
            recording = record(self.project, dry_run=False, provisioner=plan or provisioner)
            if plan is not None:
                plan.require_all(recording)
            for registration in recording.registrations:
                provisioner.visited.add(registration.urn)
                if not registration.custom or registration.type.startswith("pulumi:"):
                    state.resources[registration.urn] = Held(
                        urn=registration.urn, type=registration.type, name=registration.name,
                        parent=registration.parent, custom=False,
                    )  # fmt: skip
            provisioner.remove_unvisited()
        state.outputs = {
            name: "[secret]" if name in recording.secret_outputs else settled(value)
            for name, value in recording.outputs.items()
        }
        state.save()
        return Deployed(provisioner.changes, state.outputs, endpoint.url)

    def down(self, step: Callable[[str, str], None] = _quiet) -> Deployed:
        """Deletes what the stack created, last created first, and gives borrowed settings back; what is kept stays.

        Raises:
            LocalCloudError: the cloud does not run, or refused something.
            LockedError: another `up` or `down` of the stack is under way.
            WritingError: the state cannot be written.
        """
        with self._alone("down"):
            return self._down(step)

    def _down(self, step: Callable[[str, str], None]) -> Deployed:
        from local.provisioner import LocalProvisioner

        running = self._running()
        endpoint = running.endpoint
        state = StackState.load(self._file)
        state.forget_if_cloud_is_new(running.instance)
        with self._dynamic(endpoint, step) as dynamic:
            provisioner = LocalProvisioner(state, endpoint, dynamic, step)
            try:
                provisioner.remove_unvisited()
            except LocalCloudError as error:
                left = sum(held.custom for held in state.resources.values())
                counts = f"{len(provisioner.changes.deleted)} resources were deleted, {left} are left"
                msg = f"{error}; {counts}: mend that, and run the same command again"
                raise LocalCloudError(msg) from error
        self._file.unlink(missing_ok=True)
        return Deployed(provisioner.changes, {}, endpoint.url)

    def outputs(self) -> dict[str, Any]:
        """The outputs of the last `up`.

        Raises:
            LocalCloudError: the stack is not up.
        """
        running = self._running()
        state = StackState.load(self._file)
        if not state.outputs or state.instance != running.instance:
            name = self.project.stack
            msg = f"stack {name!r} is not up on the local cloud; run `ial up --stack {name} --engine local`"
            raise LocalCloudError(msg)
        return state.outputs

    def _alone(self, what: str) -> AbstractContextManager[None]:
        """Two that change one stack at the same time would each write the state that they know."""
        return locked(self._file.with_name("state.lock"), f"`ial {what}` of stack {self.project.stack}")

    def state(self) -> StackState:
        """What the cloud holds for the stack."""
        return StackState.load(self._file)

    def _dynamic(self, endpoint: Endpoint, step: Callable[[str, str], None]) -> DynamicProvider:
        from local.dynamic_provider import DynamicProvider

        def tell(text: str) -> None:
            step("note", text)

        return DynamicProvider(self.project.main.parent, endpoint.environment(), self.project.config, tell)

    def _running(self) -> Running:
        running = self.server.status()
        if running is None:
            msg = "the local cloud does not run; start it with `ial local start`"
            raise LocalCloudError(msg)
        return running


def local_server(program: Path) -> LocalServer:
    """The local cloud that belongs to a program's folder."""
    return LocalServer(program / _FOLDER / "local")


def start_with_workload(server: LocalServer, *, stay: bool = True) -> tuple[Running, bool]:
    """The cloud with the example workload in it; False when it ran already.

    Raises:
        LocalCloudError: it did not come up.
    """
    from local.seed import seed

    return server.start(lambda running: seed(running.endpoint), stay=stay)
