"""What the real engine reports of a run, as a graph and as a pack's findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from contract.targets import Targets
from preview.changes import counted
from preview.engine_failures import Diagnostic
from preview.findings import Level, PackVerdict, PolicyFinding, judged
from preview.resource_state import known
from preview.state_export import read_state_export
from preview.step_events import COLOUR
from preview.wire import plain, plain_properties
from pricing.dynamic_code import PROVIDER_INPUT, code_of
from pricing.placement import placed_all
from pricing.resource import STACK_TYPE, Graph, Plain, Resource, component_chain, urn_name

if TYPE_CHECKING:
    from pulumi.automation.events import (
        DiagnosticEvent,
        EngineEvent,
        PolicyEvent,
        StepEventMetadata,
        StepEventStateMetadata,
    )

# Steps after which a resource is still, or again, part of the stack; and those that only read what others own.
_KEPT: Final = frozenset({"create", "same", "update", "replace", "create-replacement", "import", "import-replacement"})
_IMPORTING: Final = frozenset({"import", "import-replacement"})
_READ: Final = frozenset({"read", "read-replacement"})
_SECRET_TEXT: Final = "[secret]"


@dataclass
class EngineEvents:
    """Collects events while the engine runs; hand `take` to the Automation API."""

    resources: dict[str, tuple[Resource, str]] = field(default_factory=dict)
    leaving: dict[str, tuple[Resource, str]] = field(default_factory=dict)
    findings: list[PolicyFinding] = field(default_factory=list)
    errors: list[Diagnostic] = field(default_factory=list)
    targets: Targets = field(default_factory=Targets)
    changes: Mapping[str, int] | None = None
    _said: dict[str, None] = field(default_factory=dict)
    _touched: set[str] = field(default_factory=set)
    _same: set[str] = field(default_factory=set)
    _outputs_of_the_stack: int = 0

    def take(self, event: EngineEvent) -> None:
        """Takes in one event."""
        if event.resource_pre_event is not None:
            self._step(event.resource_pre_event.metadata)
        elif event.policy_event is not None:
            self.findings.append(_finding(event.policy_event))
        elif event.res_outputs_event is not None:
            self._outputs_of_the_stack += event.res_outputs_event.metadata.type == STACK_TYPE
        elif event.diagnostic_event is not None:
            self._told(event.diagnostic_event)
        elif event.summary_event is not None:
            steps = event.summary_event.resource_changes or {}
            self.changes = counted({str(step): count for step, count in steps.items()})

    @property
    def finished(self) -> bool:
        """Whether the program gave the stack its outputs, which it does last.

        A preview tells of the stack's outputs twice: when the stack is registered, and when the program has ended.
        """
        return self._outputs_of_the_stack > 1

    @property
    def notes(self) -> tuple[str, ...]:
        """What the program logged, and the warnings of program and engine."""
        return tuple(self._said)

    @property
    def graph(self) -> Graph:
        """The resources that the stack will have."""
        return Graph(placed_all(self.resources[urn] for urn in sorted(self.resources)))

    @property
    def staying(self) -> tuple[Resource, ...]:
        """What the stack lets go without deleting it."""
        gone = {urn: entry for urn, entry in self.leaving.items() if urn not in self.resources}
        return tuple(resource for resource in placed_all(gone.values()) if resource.is_cloud)

    def leave_alone(self, state: Mapping[str, object], seen: object) -> tuple[Resource, ...]:
        """Takes out what the state has, the program has not, and no target names: it stays, and no policy judges it.

        The engine says that it is the same as before, or nothing at all, and shows it to nobody before it shows the
        whole stack; so the pack, which has `seen` the rest, takes it for something that is only read.

        Raises:
            ResourceFileError: the state cannot be read.
        """
        if not self.targets or not isinstance(seen, list):
            return ()
        alone = [urn for urn in self._same if not self.targets.names(urn) and urn not in seen]
        deployed = read_state_export(state, "pulumi stack export").graph
        found = [resource for resource in deployed if resource.urn in alone or resource.urn not in self._touched]
        for urn in alone:
            self.resources.pop(urn, None)
        return tuple(resource for resource in found if resource.is_cloud)

    def verdict(self, name: str, version: str, policies: Mapping[str, str]) -> PackVerdict:
        """The pack's findings; what comes at another level than the pack's own counts as unjudged."""
        return judged(name, version, policies, self.findings)

    def _told(self, event: DiagnosticEvent) -> None:
        text = COLOUR.sub("", event.message)
        if event.severity == "error":
            self.errors.append(Diagnostic(text.strip(), event.urn or ""))
        elif event.severity == "warning":
            self._said[f"warning: {text.strip()}"] = None
        # The engine ends what was logged by one line break, and what was printed by two.
        elif event.severity == "info" and not text.endswith("\n\n"):
            self._said[text.strip()] = None

    def _step(self, step: StepEventMetadata) -> None:
        self._touched |= {state.urn for state in (step.old, step.new) if state is not None}
        if self._not_made(step):
            return
        if step.op == "same" and step.new is not None:
            self._same.add(step.new.urn)
        if step.op in _KEPT | _READ and step.new is not None:
            self.resources[step.new.urn] = _resource(step.new, step.op), step.new.provider or ""
        elif step.op == "delete" and step.old is not None and step.old.retain_on_delete:
            self.leaving[step.old.urn] = _resource(step.old, step.op), step.old.provider or ""

    def _not_made(self, step: StepEventMetadata) -> bool:
        """Whether a resource is registered, no target, and not there: the engine calls it the same as before."""
        fresh = step.op == "same" and step.old is not None and bool(step.old.custom) and not step.old.id
        return fresh and not self.targets.names(step.urn)


def _resource(state: StepEventStateMetadata, operation: str) -> Resource:
    given = state.inputs or {}
    inputs = _own(given)
    properties, secrets = plain_properties(inputs)
    held: dict[str, Plain] = {}
    if operation in _IMPORTING:
        held = known(plain_properties(_own(state.outputs or {}))[0])
    return Resource(
        urn=state.urn,
        type=state.type,
        name=urn_name(state.urn),
        properties={**held, **properties},
        components=component_chain(state.urn),
        parent=state.parent or None,
        custom=bool(state.custom),
        external=operation in _READ,
        protect=bool(state.protect),
        retain_on_delete=bool(state.retain_on_delete),
        code=code_of(state.type, {PROVIDER_INPUT: plain(given.get(PROVIDER_INPUT))}),
        secrets=secrets | _hidden(inputs),
        undeclared=frozenset(held.keys() - properties.keys()),
    )


def _own(properties: Mapping[str, object]) -> dict[str, object]:
    """Without the keys of the engine and its bridge."""
    return {key: value for key, value in properties.items() if not key.startswith("__")}


def _hidden(inputs: Mapping[str, object]) -> frozenset[str]:
    """Events show secrets as `[secret]`, without Pulumi's signature."""
    return frozenset(key for key, value in inputs.items() if _SECRET_TEXT in _texts(value))


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return []


def _finding(event: PolicyEvent) -> PolicyFinding:
    level: Level = "advisory" if event.enforcement_level == "advisory" else "mandatory"
    text = COLOUR.sub("", event.message).strip()
    # The SDK puts the policy's description before every message, on a line of its own.
    message = text.partition("\n")[2].strip() or text
    return PolicyFinding(event.policy_name, level, message, event.resource_urn or None)
