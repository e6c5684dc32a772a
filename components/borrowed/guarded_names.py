"""Collects the names of what the program registers, and lets all of it wait for one guard."""

from typing import Any

import pulumi
from pulumi.dynamic import Resource

from components.borrowed.name_guard import NameGuardProvider
from components.borrowed.name_listing import KINDS, SEPARATOR
from components.place import Place


class NameGuard(Resource, module="naming", name="NameGuard"):
    """Asks for the stack's names before the first of them is used."""

    def __init__(
        self,
        name: str,
        *,
        place: Place,
        names: pulumi.Input[dict[str, list[str]]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(NameGuardProvider(), name, {**place.borrowing(), "names": names}, opts)


class GuardedNames:
    """The guard, and the option that puts a component's resources behind it.

    The names are complete when the program has registered everything: an output's function runs after that, since the
    SDK starts its tasks when the program has returned. So no list of names stands beside the resources.
    """

    def __init__(self, place: Place) -> None:
        self._names: dict[str, set[str]] = {}
        complete = pulumi.Output.from_input("").apply(lambda _: self._listed())
        self._guard = NameGuard("names", place=place, names=complete)

    def options(self) -> pulumi.ResourceOptions:
        """For a component: its resources, at any depth, wait for the guard."""
        return pulumi.ResourceOptions(transformations=[self._watch])

    def _watch(self, args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        kind = KINDS.get(args.type_)
        if kind is None:
            return None
        held = [args.props.get(name) for name in kind.properties]
        if not all(isinstance(value, str) for value in held):
            msg = f"{args.name}: its name is not known before it is created, so nobody can look whether it is taken"
            raise pulumi.RunError(msg)
        self._names.setdefault(kind.word, set()).add(SEPARATOR.join(map(str, held)))
        waits = pulumi.ResourceOptions(depends_on=[self._guard])
        return pulumi.ResourceTransformationResult(args.props, pulumi.ResourceOptions.merge(args.opts, waits))

    def _listed(self) -> dict[str, Any]:
        return {word: sorted(names) for word, names in sorted(self._names.items())}
