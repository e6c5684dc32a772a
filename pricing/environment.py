"""The file of one environment: budget, declared usage, waivers. What it does not know, it refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from contract.names import ACCOUNT, ACCOUNT_KEY, MONTHLY_BUDGET, REGION
from contract.reading.errors import ReadingError
from contract.reading.files import read_yaml_file
from contract.reading.source_file import Document, at
from pricing.budget import CASES, WAIVABLE, WHOLE_STACK, WITHOUT_AMOUNT, Budget, Waiver
from pricing.closed_mapping import ClosedMapping
from pricing.declarations import Declarations
from pricing.errors import UsageError
from pricing.usage import LAST_STAGE, Usage

DEFAULT_REGION: Final = "us-east-1"
STAGE_KEY: Final = "ial:stage"
REGION_KEY: Final = "aws:region"
_KEYS: Final = (
    "budget",
    "usage",
    "waivers",
    "region",
    "stage",
    "recoveryWindowDays",
    "accountId",
    "chaosDocuments",
    "production",
    "resourcesInApply",
    "freeTypes",
    "declaredCosts",
)
# What to do where an `apply` that no preview can run may create resources.
IN_APPLY: Final = ("warn", "refuse")
_BUDGET_KEYS: Final = ("monthly", "stages", "caps", "resourceCap", "warnAt", "case")
_WAIVER_KEYS: Final = ("id", "policy", "scope", "maxAmount", "reason", "owner", "expires")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_DOCUMENT: Final = r"arn:aws[a-z-]*:ssm:[a-z0-9-]+:[0-9]{12}:document/[A-Za-z0-9_.-]+"
_LONGEST_RECOVERY_DAYS: Final = 3650
_MOST: Final = Decimal(1_000_000)


class EnvironmentMissing(UsageError):
    """The stack has no environment file."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a stack is judged by: its environment, read at the stage and in the region of its configuration.

    `account` is None when neither says it. `chaos_documents` are documents of others that experiments may run: the
    version by ARN. `production` says that what is a word of warning elsewhere is refused.
    """

    environment: str
    stage: int
    region: str
    budget: Budget
    usage: Usage
    recovery_window_days: int | None
    account: str | None = None
    chaos_documents: Mapping[str, str] = field(default_factory=dict)
    production: bool = False
    resources_in_apply: str = "warn"
    declarations: Declarations = field(default_factory=Declarations)


@dataclass(frozen=True, kw_only=True)
class Environment:
    """One environment. `stage` is the furthest that its stack may be rolled out."""

    name: str
    file: str
    budget: Budget
    usage_data: object
    region: str | None = None
    stage: int = LAST_STAGE
    recovery_window_days: int | None = None
    account: str | None = None
    chaos_documents: Mapping[str, str] = field(default_factory=dict)
    production: bool = False
    resources_in_apply: str = "warn"
    declarations: Declarations = field(default_factory=Declarations)

    @classmethod
    def for_stack(cls, stack: str, directory: Path) -> Environment:
        """The environment of the stack with this name.

        Raises:
            EnvironmentMissing: there is no file for it.
            UsageError: the file is malformed.
        """
        if not _NAME.fullmatch(stack):
            msg = f"stack name {stack!r} cannot name an environment file; accepted: letters, digits, `_` and `-`"
            raise EnvironmentMissing(msg)
        path = directory / f"{stack}.yaml"
        if not path.is_file():
            known = ", ".join(sorted(file.name for file in directory.glob("*.yaml"))) or "none"
            msg = f"stack {stack!r} has no environment file; create {_shown(path)} (there are: {known})"
            raise EnvironmentMissing(msg)
        return cls.load(path)

    @classmethod
    def load(cls, path: Path) -> Environment:
        """Reads one file.

        Raises:
            UsageError: one line that names file, key, value and what is accepted.
        """
        file = _shown(path)
        document = _parsed(path, file)
        file = document.file
        data = ClosedMapping(document.data, file, "", _KEYS)
        usage = data.raw("usage")
        Usage.from_mapping(usage, file)
        waivers = tuple(_waiver(item) for item in data.mappings("waivers", _WAIVER_KEYS))
        _check_ids(waivers, file)
        stage = data.whole("stage", 0, LAST_STAGE) if data.has("stage") else LAST_STAGE
        return cls(
            name=path.stem,
            file=file,
            budget=_budget(data.mapping("budget", _BUDGET_KEYS), file, waivers, stage),
            usage_data=usage,
            region=data.text("region", *REGION) if data.has("region") else None,
            stage=stage,
            recovery_window_days=(
                data.whole("recoveryWindowDays", 1, _LONGEST_RECOVERY_DAYS) if data.has("recoveryWindowDays") else None
            ),
            account=data.text("accountId", *ACCOUNT) if data.has("accountId") else None,
            chaos_documents=_documents(data),
            production=_production(data),
            resources_in_apply=data.choice("resourcesInApply", IN_APPLY) if data.has("resourcesInApply") else "warn",
            declarations=Declarations.read(data, file),
        )

    def terms(self, config: Mapping[str, object]) -> Terms:
        """What a stack with this configuration (`ial:stage`, `aws:region`, ...) is judged by.

        Raises:
            UsageError: configuration and environment contradict each other.
        """
        stage = self._stage(config.get(STAGE_KEY))
        return Terms(
            environment=self.name,
            stage=stage,
            region=self._region(config.get(REGION_KEY)),
            budget=replace(self.budget, stage=stage),
            usage=Usage.from_mapping(self.usage_data, self.file, stage=stage),
            recovery_window_days=self.recovery_window_days,
            account=self._account(config.get(ACCOUNT_KEY)),
            chaos_documents=self.chaos_documents,
            production=self.production,
            resources_in_apply=self.resources_in_apply,
            declarations=self.declarations,
        )

    def _account(self, configured: object) -> str | None:
        if configured and self.account and str(configured) != self.account:
            msg = (
                f"{ACCOUNT_KEY} is {str(configured)!r} but {self.file} says accountId: {self.account}; make them equal"
            )
            raise UsageError(msg)
        return str(configured) if configured else self.account

    def _stage(self, configured: object) -> int:
        if configured in (None, ""):
            return self.stage
        text = str(configured)
        if not re.fullmatch(r"[0-9]", text) or int(text) > LAST_STAGE:
            msg = f"{STAGE_KEY}: {text!r} is not a stage; accepted: 0 to {LAST_STAGE}"
            raise UsageError(msg)
        # A stack that claims to be further than its environment permits keeps the smaller budget.
        return min(int(text), self.stage)

    def _region(self, configured: object) -> str:
        if configured and self.region and configured != self.region:
            msg = f"{REGION_KEY} is {str(configured)!r} but {self.file} says region: {self.region}; make them equal"
            raise UsageError(msg)
        return str(configured or self.region or DEFAULT_REGION)


def _shown(path: Path) -> str:
    return "/".join(path.parts[-3:])


def _parsed(path: Path, file: str) -> Document:
    try:
        return read_yaml_file(path, "the file of an environment", name=file)
    except ReadingError as error:
        raise UsageError(str(error)) from None


def _budget(data: ClosedMapping, file: str, waivers: tuple[Waiver, ...], stage: int) -> Budget:
    caps = data.mapping("caps", None)
    return Budget(
        monthly=data.amount("monthly"),
        caps={name: caps.amount(name) for name in caps.keys()},  # noqa: SIM118 (it is not a dict)
        resource_cap=data.amount("resourceCap"),
        warn_at=data.amount("warnAt", Decimal(1)) if data.has("warnAt") else Decimal("0.8"),
        case=data.choice("case", CASES) if data.has("case") else "maximum",
        stage=stage,
        full_stage=stage,
        additions=_additions(data, stage),
        waivers=waivers,
        file=file,
    )


def _additions(data: ClosedMapping, stage: int) -> tuple[Decimal, ...]:
    if not data.has("stages"):
        return ()
    found = data.amounts("stages", -_MOST, _MOST)
    if not stage <= len(found) <= LAST_STAGE:
        raise data.refuse("stages", f"one amount for each stage, at least up to {stage} and at most up to {LAST_STAGE}")
    return found


def _waiver(data: ClosedMapping) -> Waiver:
    policy = data.choice("policy", WAIVABLE)
    scope = data.text("scope", r"[A-Za-z0-9][A-Za-z0-9_./@:-]{0,199}", "one capability or resource name, no wildcard")
    if (policy == MONTHLY_BUDGET) != (scope == WHOLE_STACK):
        raise data.refuse("scope", f"`{WHOLE_STACK}` for {MONTHLY_BUDGET}, else the name of one capability or resource")
    return Waiver(
        id=data.text("id", r"\S{1,100}", "a word"),
        policy=policy,
        scope=scope,
        max_amount=_most(data, policy),
        reason=data.text("reason", r".*\S.*", "a sentence"),
        owner=data.text("owner", r".*\S.*", "who answers for it"),
        expires=data.day("expires"),
    )


def _most(data: ClosedMapping, policy: str) -> Decimal | None:
    if policy in WITHOUT_AMOUNT:
        if data.has("maxAmount"):
            raise data.refuse("maxAmount", f"nothing, as {policy} is not about money")
        return None
    amount = data.amount("maxAmount")
    if amount == 0:
        raise data.refuse("maxAmount", "the USD a month above the limit, more than 0")
    return amount


def _documents(data: ClosedMapping) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in data.mappings("chaosDocuments", ("arn", "version")):
        arn = entry.text("arn", _DOCUMENT, "arn:aws:ssm:REGION:ACCOUNT:document/NAME")
        if arn in found:
            raise entry.refuse("arn", "each document once")
        found[arn] = entry.text("version", r"[1-9][0-9]{0,9}", "the number of one version, in quotes")
    return found


def _production(data: ClosedMapping) -> bool:
    value = data.raw("production")
    if data.has("production") and not isinstance(value, bool):
        raise data.refuse("production", "true or false")
    return value is True


def _check_ids(waivers: tuple[Waiver, ...], file: str) -> None:
    ids = [waiver.id for waiver in waivers]
    for name in ids:
        if ids.count(name) > 1:
            msg = f"{at(file, 'waivers')}: id {name!r} is used twice; give each its own"
            raise UsageError(msg)
