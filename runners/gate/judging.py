"""One preview from the command line: program, environment and pack in; verdict and report out."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from contract.names import GATE_POLICIES
from contract.targets import Targets
from preview.engines import Engine, chosen
from preview.offline import Request
from preview.program import PROGRAM_LIMIT, TIME_LIMIT_SECONDS
from preview.project import Project
from preview.stack_references import stack_references
from pricing.dynamic_code import SOURCES, changed_sources, is_dynamic, is_known
from pricing.environment import Environment, Terms
from pricing.estimate import Estimate, Problem, estimate
from pricing.price_book import PriceBook
from pricing.registry import usage_keys
from pricing.resource import Graph
from runners.errors import InputError
from runners.stack.locations import ENVIRONMENTS, PACK, judged_on, program_folder

if TYPE_CHECKING:
    from preview.existing import Existing
    from preview.gate import Verdict
    from preview.offline import Preview


MOST_SECONDS: Final = 86_400
_NO_STATE: Final = (
    "--target: the local engine does not know what is deployed, and what is no target stays as it is: "
    "add `--against-state FILE` (`pulumi stack export`), or use `--engine pulumi`"
)
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
# Modules that nothing needs before a program has run.
_OF_THE_VERDICT: Final = ("preview.gate", "preview.staying", "preview.report.terminal", "runners.gate.reporting")


@dataclass(frozen=True, kw_only=True)
class Order:
    """What the command line asks to have judged."""

    stack: str
    program: Path
    as_of: date
    settings: tuple[str, ...] = ()
    engine: Engine = Engine.AUTO
    pack: Path = PACK
    environments: Path = ENVIRONMENTS
    save_plan: Path | None = None
    stack_references: tuple[str, ...] = ()
    targets: Targets = field(default_factory=Targets)
    commit: str | None = None
    say: Callable[[str], object] = field(default=lambda _: None, compare=False)

    @classmethod
    def of(
        cls,
        stack: str,
        *,
        program: Path | None,
        config: list[str] | None,
        as_of: str | None,
        engine: Engine = Engine.LOCAL,
        stack_references: list[str] | None = None,
        targets: Targets | None = None,
        commit: str | None = None,
        say: Callable[[str], object] = lambda _: None,
    ) -> Order:
        """The order behind the options of a command.

        Raises:
            InputError: an option cannot be used.
        """
        return cls(
            stack=stack,
            program=program_folder(program),
            as_of=judged_on(as_of),
            settings=tuple(config or ()),
            engine=engine,
            stack_references=tuple(stack_references or ()),
            targets=targets or Targets(),
            commit=_commit(commit),
            say=say,
        )


@dataclass(frozen=True, kw_only=True)
class Case:
    """An order with its files read: the project, what it is judged by, and the request to an engine."""

    order: Order
    project: Project
    terms: Terms
    environment: Environment

    @classmethod
    def open(cls, order: Order) -> Case:
        """Reads project and environment.

        Raises:
            PreviewError: the project or the stack's settings cannot be used.
            PricingError: the environment cannot be used.
        """
        engine = chosen(order.engine, order.say)
        project = Project.load(order.program, order.stack, order.settings, engine_reads=engine is Engine.PULUMI)
        project = replace(project, stack_references=stack_references(order.stack_references))
        if project.unread and engine is Engine.PULUMI:
            from preview.automation import engine_config

            project = replace(project, config={**engine_config(project), **project.config})
        environment = Environment.for_stack(project.stack, order.environments)
        return cls(
            order=replace(order, engine=engine),
            project=project,
            environment=environment,
            terms=environment.terms(project.config),
        )

    def price(self, graph: Graph) -> Estimate:
        """The estimate of a graph under the terms of this case."""
        terms = self.terms
        return estimate(
            graph,
            terms.usage,
            PriceBook.load(),
            region=terms.region,
            today=self.order.as_of,
            account=terms.account,
            declarations=terms.declarations,
        )

    @property
    def request(self) -> Request:
        """What an engine is asked."""
        return Request(
            project=self.project,
            pack=self.order.pack,
            price=self.price,
            as_of=self.order.as_of,
            required_policies=GATE_POLICIES,
            targets=self.order.targets,
            program_limit=program_limit(),
            prepare=self._prepare,
        )

    @staticmethod
    def _prepare() -> None:
        """Loads what the verdict needs. What cannot be loaded is told by what needs it."""
        with contextlib.suppress(Exception):
            for name in _OF_THE_VERDICT:
                import_module(name)
            usage_keys()
            PriceBook.load()

    def judge(self, existing: Existing | None = None) -> Preview:
        """Previews and judges with the engine of the order, over what a state says `existing` is, if there is one.

        Raises:
            PreviewError: the engine, the program or the pack left nothing to judge.
        """
        from preview.engines import preview
        from preview.errors import TargetError
        from preview.targeted import Targeted

        engine, targets = self.order.engine, self.order.targets
        if targets and existing is not None:
            existing = replace(existing, targeted=Targeted(targets))
        elif targets and engine is Engine.LOCAL:
            raise TargetError(_NO_STATE)
        save_plan = self.order.save_plan if engine is Engine.PULUMI else None
        judged = preview(replace(self.request, existing=existing), engine, save_plan=save_plan)
        from preview.staying import with_staying

        staying = tuple(existing.staying(judged.verdict.graph)) if existing else judged.staying
        verdict = self._doubted(judged.verdict).with_problems([*self._unseen(judged), *self._changed(judged)])
        verdict = with_staying(verdict, staying, self.price, self.terms.budget)
        return replace(judged, verdict=verdict, staying=staying)

    def _unseen(self, judged: Preview) -> list[Problem]:
        """What no preview sees refuses the stack where its environment says so."""
        if self.terms.resources_in_apply != "refuse" or judged.recording is None:
            return []
        return [Problem("unseen", None, f"{text}; create them outside of apply") for text in judged.recording.unseen]

    def _changed(self, judged: Preview) -> list[Problem]:
        """The code of this repository's dynamic resources runs from the program's folder, so it must be the same there.

        A program without a copy of its own runs what is installed where this command is.
        """
        classes = {r.code for r in judged.verdict.graph if is_dynamic(r.type) and is_known(r.type, r.code)}
        program = self.project.main.parent
        if not (program / SOURCES).exists() and self.project.interpreter.parent == Path(sys.executable).parent:
            return []
        return [
            Problem(
                "changed-code",
                None,
                f"{program / file} differs from the gate's own {file}, so nobody knows what its dynamic resources do; "
                "bring program and gate to one version",
            )
            for file in changed_sources(classes, program)
        ]

    def _doubted(self, verdict: Verdict) -> Verdict:
        """A pack that passes what the budget refuses is not trusted, whatever it is."""
        from preview.gate import Status
        from pricing.budget import violations

        if verdict.status is not Status.WITHIN or verdict.estimate is None:
            return verdict
        missed = violations(verdict.estimate, self.terms.budget)
        if not missed:
            return verdict
        doubts = tuple(f"the policy pack let through what the budget refuses: {entry.message}" for entry in missed)
        return replace(verdict, status=Status.COULD_NOT_JUDGE, doubts=(*verdict.doubts, *doubts))


def record_stack_answers(order: Order) -> int:
    """Asks the data sources of a stack's program with the caller's credentials, and keeps what they say for previews.

    Raises:
        PreviewError: the program failed, or a data source could not be asked.
    """
    from preview.data_sources.recorder import record_answers

    project = Project.load(order.program, order.stack, order.settings)
    return record_answers(project, order.as_of, order.say)


def _commit(text: str | None) -> str | None:
    if text is not None and not _COMMIT.fullmatch(text):
        msg = f"--commit {text!r}: accepted is the whole id of a commit, 40 or 64 of 0-9 and a-f (`git rev-parse HEAD`)"
        raise InputError(msg)
    return text


def program_limit(environment: Mapping[str, str] = os.environ) -> float:
    """How long a program may go on without registering anything, in seconds: `IAL_PROGRAM_LIMIT`, else two minutes.

    Raises:
        InputError: it is not a number of seconds.
    """
    text = environment.get(PROGRAM_LIMIT)
    if text is None:
        return TIME_LIMIT_SECONDS
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_SECONDS:
        msg = f"{PROGRAM_LIMIT}={text!r}; accepted: a whole number of seconds from 1 to {MOST_SECONDS}"
        raise InputError(msg)
    return float(text)


def price_stack(order: Order) -> Estimate:
    """The estimate of a stack's program, without judging it.

    Raises:
        PreviewError: the program failed.
        PricingError: the environment or the price book cannot be used.
    """
    from preview.existing import NOT_KNOWN
    from preview.program import record

    case = Case.open(order)
    return case.price(record(case.project, existing=NOT_KNOWN).graph)


def remarks(judged: Preview) -> tuple[str, ...]:
    """What the program reported of itself, which is what it leaves out, and warnings; and what stays without it."""
    from preview.staying import told

    return (*judged.notes, *map(told, judged.staying))


def run_id(verdict: Verdict | None) -> str:
    """The id under which program, pack and gate ran; a new one where none of them came so far."""
    report = verdict.pack.report if verdict is not None and verdict.pack else None
    return str(report["run_id"]) if report and "run_id" in report else uuid.uuid4().hex


def environment_named(name: str) -> Environment:
    """One of this installation's environments.

    Raises:
        UsageError: there is none of that name, or its file is malformed.
    """
    return Environment.for_stack(name, ENVIRONMENTS)
