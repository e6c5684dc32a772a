"""One setting of a resource that others own: read first, made stronger but never weaker, given back as it was."""

import sys
from typing import Any, ClassVar

from pulumi.dynamic import ConfigureRequest, CreateResult, DiffResult, ReadResult, ResourceProvider, UpdateResult

from components.borrowed.access import Access
from components.borrowed.decision import (
    Decision,
    Remembered,
    Value,
    Verb,
    changed_meanwhile,
    settle,
    to_give_back,
)
from components.borrowed.memory import Memory
from components.borrowed.patience import patiently
from components.borrowed.plan import Plan


class BorrowedSetting(ResourceProvider):
    """A setting with an order: of what the owner has and what is wanted, the stronger one is there while we are.

    A subclass names the resource and reads, orders and writes the setting. What was found is remembered in the
    account before it is changed (`Memory`), so that a run which is killed and repeated still knows it. Every call
    checks first whose account it is.

    It stays free of state apart from the stack's access: the engine stores a pickled copy. boto3 is imported where it
    is used.
    """

    serialize_as_secret_always = False
    service: ClassVar[str]
    kind: ClassVar[str]
    named: ClassVar[str]
    identity: ClassVar[tuple[str, ...]]
    setting: ClassVar[tuple[str, ...]]
    place: ClassVar[tuple[str, ...]] = ("account", "environment")
    remembered: ClassVar[tuple[str, ...]] = ("earlier", "ours")
    access: Access | None = None

    def current(self, props: dict[str, Any]) -> Value | None:
        """The setting as it is now; None when the resource is gone."""
        raise NotImplementedError

    def strongest(self, props: dict[str, Any], found: Value) -> Value:
        """The stronger of what was found and what is wanted, or what the owner wrote down for this resource."""
        raise NotImplementedError

    def apply(self, props: dict[str, Any], value: Value) -> None:
        """Writes the setting."""
        raise NotImplementedError

    def wanted(self, props: dict[str, Any]) -> Value:
        """What the stack asks for, as a value."""
        raise NotImplementedError

    def told(self, value: Value) -> str:
        """A value in words."""
        return str(value)

    def left(self, props: dict[str, Any], value: Value) -> Value:  # noqa: ARG002
        """What of a value is ours to watch over, and goes into the engine's state."""
        return value

    def switched_elsewhere(self, props: dict[str, Any]) -> bool:  # noqa: ARG002
        """Whether something else may switch the setting for a while, which then is no drift."""
        return False

    def configure(self, req: ConfigureRequest) -> None:
        """Takes the stack's access to AWS; the engine calls it before anything else."""
        self.access = Access.of(req.config.get)

    def inspect(self, props: dict[str, Any]) -> list[Decision]:
        """What `create` and `update` would do, without doing it: they act on the same plan."""
        return list(self._planned(props, None).decisions)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Remembers what is there and makes it as strong as wanted."""
        return CreateResult(self.name_of(props), self._carry_out(props, self._planned(props, None)))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """The same for a new wish; what was there before the stack stays remembered."""
        return UpdateResult(self._carry_out(_news, self._planned(_news, _olds)))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """The setting as it is now: `drift` holds it when it is not what was left."""
        self._check_account(props)
        now = self.current(props)
        if now is None:
            return ReadResult("", {})
        outs = {key: value for key, value in props.items() if key not in ("drift", "__provider")}
        if "result" in props and self.left(props, now) != props["result"] and not self.switched_elsewhere(props):
            outs["drift"] = self.told(now)
        return ReadResult(id_, outs)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Another resource means a replacement, another wish or a change by hand an update."""
        moved = [key for key in self.identity if _olds.get(key) != _news.get(key)]
        changed = any(_olds.get(key) != _news.get(key) for key in (*self.setting, *self.place)) or "drift" in _olds
        return DiffResult(changes=bool(moved) or changed, replaces=moved, delete_before_replace=True)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Gives back exactly what was found; what somebody has changed meanwhile stays, and is told."""
        self._check_account(_props)
        memory = self._memory(_props)
        known = memory.load() or self._in_state(_props)
        now = self.current(_props)
        if now is not None and known is not None:
            self.give_back(_props, now, known)
        memory.forget()

    def plan(self, props: dict[str, Any], now: Value, known: dict[str, Any] | None) -> Plan:
        """Decides from what is there and what is remembered; pure but for what a subclass reads."""
        before = _remembered(known)
        settled = settle(now, before, lambda found: self.strongest(props, found))
        earlier, result = settled.remembered.earlier, settled.result
        verb: Verb = "keep" if result == now else "set"
        return Plan(
            now=now,
            result=result,
            remember={"earlier": earlier, "ours": list(settled.remembered.ours)},
            decisions=(self.line(props, now, result, verb, self._why(props, earlier, result, now)),),
        )

    def _why(self, props: dict[str, Any], earlier: Value, result: Value, now: Value) -> str:
        wanted = self.wanted(props)
        if result == now:
            return "as wanted" if result == wanted else "what its owner has is stronger"
        if result == earlier:
            return "what its owner had is strong enough, and comes back"
        if self.strongest({**props, "shorten": False}, earlier) != result:
            return "its owner wrote `shorten` for it"
        return f"stronger than {self.told(earlier)}, which comes back with `down`"

    def line(self, props: dict[str, Any], now: Value, result: Value, verb: Verb, why: str) -> Decision:
        """One line about this setting."""
        return Decision(
            resource=f"{self.kind} {self.name_of(props)}",
            setting=self.named,
            found=self.told(now),
            wanted=self.told(self.wanted(props)),
            decision=verb,
            result=self.told(result),
            why=why,
        )

    def _planned(self, props: dict[str, Any], olds: dict[str, Any] | None) -> Plan:
        self._check_account(props)
        now = self.current(props)
        if now is None:
            msg = f"{self.kind} {self.name_of(props)} does not exist; set `existing: false` to have it created"
            raise LookupError(msg)
        noted = self._memory(props).load()
        known = noted or (None if olds is None else self._in_state(olds))
        return self.plan(props, now, known).noted(noted is not None)

    def _carry_out(self, props: dict[str, Any], plan: Plan) -> dict[str, Any]:
        refused = next((line for line in plan.decisions if line.decision == "refuse"), None)
        if refused is not None:
            msg = f"{refused.resource}: {refused.setting}: {refused.why}"
            raise PermissionError(msg)
        # Several of these calls are refused by AWS, or reset something, when they change nothing.
        if plan.result != plan.now:
            self._memory(props).save(plan.remember, known=plan.is_noted)
            patiently(lambda: self.apply(props, plan.result))
        return {**self._plain(props), **plan.remember, "result": self.left(props, plan.result)}

    def give_back(self, props: dict[str, Any], now: Value, known: dict[str, Any]) -> None:
        """Writes what was there before ours, if what we left is still there."""
        before = _remembered(known)
        write, value = to_give_back(now, before)
        if write:
            patiently(lambda: self.apply(props, value))
        elif changed_meanwhile(now, before):
            self.say(props, f"is {self.told(now)} and not what `up` left; it was changed meanwhile and stays")

    def say(self, props: dict[str, Any], text: str) -> None:
        """Tells people: the engine shows what a provider writes to stderr."""
        print(f"ial: {self.kind} {self.name_of(props)}: {self.named} {text}", file=sys.stderr, flush=True)

    def client(self, props: dict[str, Any], service: str | None = None) -> Any:
        """A client that signs as the stack does."""
        return (self.access or Access({})).client(service or self.service, str(props["region"]))

    def name_of(self, props: dict[str, Any]) -> str:
        """The resource's own name."""
        return str(props[self.identity[-1]])

    def _check_account(self, props: dict[str, Any]) -> None:
        (self.access or Access({})).check_account(str(props["account"]), str(props["region"]))

    def _memory(self, props: dict[str, Any]) -> Memory:
        setting = self.named.replace(" ", "-")
        return Memory(
            self.client(props, "ssm"), str(props["environment"]), f"{self.service}-{setting}", self.name_of(props)
        )

    def _in_state(self, props: dict[str, Any]) -> dict[str, Any] | None:
        found = {key: props[key] for key in self.remembered if key in props}
        return found or None

    def _plain(self, props: dict[str, Any]) -> dict[str, Any]:
        return {key: props[key] for key in (*self.place, *self.identity, *self.setting) if key in props}


def _remembered(known: dict[str, Any] | None) -> Remembered | None:
    return None if known is None else Remembered(earlier=known.get("earlier"), ours=tuple(known.get("ours") or ()))
