"""Which versions of the workload may be taken back: off for everything that is not named here."""

from dataclasses import dataclass
from typing import Final, get_args

from components.reading import Reader
from contract.rollback import VersionKind

_KINDS: Final[dict[str, VersionKind]] = {kind: kind for kind in get_args(VersionKind)}
_WORD: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}"
_LISTENER: Final = (
    r"arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener(-rule)?/app/[^/*?]+(/[0-9a-f]+){2,3}"
)
# How each kind names what is rolled back, and how that is said.
_NAMES: Final[dict[VersionKind, tuple[str, str]]] = {
    "ecs-service": (rf"{_WORD}/{_WORD}", "CLUSTER/SERVICE"),
    "listener-weights": (_LISTENER, "the ARN of a listener or of a listener's rule"),
    "lambda-alias": (r"[A-Za-z0-9_-]{1,64}:[A-Za-z0-9_-]{1,128}", "FUNCTION:ALIAS"),
    "auto-scaling-group": (r"[^:/*?$]{1,255}", "an Auto Scaling group's name"),
    "app-config": (r"[a-z0-9]{4,7}(/[a-z0-9]{4,7}){2}", "APPLICATION/ENVIRONMENT/PROFILE, by their ids"),
    "automation": (_WORD, "the name of an automation document"),
}
_STRATEGY: Final = (
    r"(AppConfig\.[A-Za-z0-9]{9,40}|[a-z0-9]{4,7})",
    "a deployment strategy, such as AppConfig.AllAtOnce",
)
_PARAMETER: Final = (r"/?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*", "the parameter in which the version stands that runs")
_ROLE: Final = (r"arn:aws[a-z-]*:iam::\d{12}:role/[^*?$]+", "the ARN of the role that the group's instances have")
_LONGEST_HOURS: Final = 24 * 90


@dataclass(frozen=True, kw_only=True)
class RollbackTarget:
    """One thing whose version may be taken back. `instance_role` is what a group gives its instances, if anything."""

    kind: VersionKind
    name: str
    compatible: bool
    strategy: str | None
    parameter: str | None
    instance_role: str | None

    @classmethod
    def unasked(cls, kind: VersionKind, name: str) -> "RollbackTarget":
        """Something whose version is read, and never taken back."""
        return cls(kind=kind, name=name, compatible=False, strategy=None, parameter=None, instance_role=None)

    @classmethod
    def read(cls, reader: Reader) -> "RollbackTarget":
        """From one entry of `rollback.targets`."""
        kind = _KINDS[reader.text("kind", "|".join(_KINDS), ", ".join(_KINDS))]
        found = cls(
            kind=kind,
            name=reader.text("name", *_NAMES[kind]),
            compatible=reader.flag("compatible", default=False),
            strategy=reader.maybe_text("strategy", *_STRATEGY),
            parameter=reader.maybe_text("parameter", *_PARAMETER),
            instance_role=reader.maybe_text("instanceRole", *_ROLE),
        )
        own = (
            ("strategy", found.strategy, "app-config", True),
            ("parameter", found.parameter, "automation", True),
            ("instanceRole", found.instance_role, "auto-scaling-group", False),
        )
        for key, value, of_kind, needed in own:
            if value is not None and kind != of_kind:
                raise reader.refuse(key, f"no value: it is for kind {of_kind} alone")
            if value is None and kind == of_kind and needed:
                raise reader.refuse(key, f"a value: kind {of_kind} needs it")
        return found


@dataclass(frozen=True, kw_only=True)
class RollbackSettings:
    """From `ial:chaos.rollback`. `hold_hours`: how long a rollback by API holds back the next `up`."""

    targets: tuple[RollbackTarget, ...]
    hold_hours: int

    @classmethod
    def read(cls, reader: Reader) -> "RollbackSettings":
        """Reads the section."""
        found = cls(
            targets=reader.sections("targets", RollbackTarget.read),
            hold_hours=reader.whole("holdHours", 1, _LONGEST_HOURS, 72),
        )
        if not found.targets:
            raise reader.refuse("targets", "at least one; without the whole section nothing is rolled back")
        names = [(target.kind, target.name) for target in found.targets]
        if len(set(names)) < len(names):
            raise reader.refuse("targets", "each once")
        return found
