"""Asks data sources with the caller's credentials, and keeps what they say in the stack's file of answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date
from types import TracebackType
from typing import Self

from preview.data_sources.answers import Answer, Answers, answers_file
from preview.errors import ProjectError
from preview.program import Program
from preview.project import Project
from preview.provider_plugin import ProviderPlugin, SecretAnswerError
from pricing.resource import Plain


def record_answers(project: Project, today: date, say: Callable[[str], object]) -> int:
    """Runs a program, asks what has no answer yet, and writes the stack's file of answers; returns how many are new.

    Raises:
        ProgramError: the program failed, or a data source could not be asked.
        ProjectError: the project has no stack's file to keep answers beside.
    """
    if project.stack_file is None:
        msg = f"{project.directory}: no stack's file, so there is no place for answers"
        raise ProjectError(msg)
    file = answers_file(project.stack_file)
    with Recorder(project.config, today, say) as recorder:
        try:
            with Program(project) as program:
                program.run(recorder=recorder)
        finally:
            if recorder.recorded:
                Answers.read(file).with_new(recorder.recorded).write(file)
                say(f"recorded {len(recorder.recorded)} answers in {file}: read it, and commit it with the settings")
    return len(recorder.recorded)


class Recorder:
    """Asks through provider plugins, one for each package and region. Use it as a context manager."""

    def __init__(self, config: Mapping[str, str], today: date, say: Callable[[str], object]) -> None:
        self._config, self._today, self._say = config, today, say
        # Where plugins send their messages; the run that asks sets it.
        self.engine = ""
        self._plugins: dict[tuple[str, str | None], ProviderPlugin] = {}
        self._stack = ExitStack()
        self.recorded: list[Answer] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def ask(self, token: str, args: Mapping[str, Plain], region: str | None) -> Mapping[str, Plain] | None:
        """What the data source says; None where that is a secret, which stays unknown and unwritten.

        Raises:
            ProvisionError: the plugin is missing, or the call failed.
        """
        plugin = self._plugin(token.partition(":")[0], region)
        try:
            result = plugin.invoke(token, args)
        except SecretAnswerError:
            self._say(f"{token} answers with a secret, which is not recorded: its values count as unknown")
            return None
        self.recorded.append(
            Answer(data_source=token, args=args, region=region, recorded=self._today.isoformat(), result=result)
        )
        return result

    def _plugin(self, package: str, region: str | None) -> ProviderPlugin:
        if (package, region) not in self._plugins:
            own = {key.partition(":")[2]: value for key, value in self._config.items() if key.startswith(f"{package}:")}
            place = {"region": region} if region and package == "aws" else {}
            plugin = ProviderPlugin(package, {**own, **place}, self.engine)
            self._plugins[package, region] = self._stack.enter_context(plugin)
        return self._plugins[package, region]
