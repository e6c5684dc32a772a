"""One setting of a resource that others own: switched while the stack exists, given back when it goes."""

from typing import Any, ClassVar

from pulumi.dynamic import CreateResult, DiffResult, ReadResult, ResourceProvider, UpdateResult


class BorrowedSetting(ResourceProvider):
    """Switches a setting and remembers its earlier value in `earlier`; deletion restores that value.

    A subclass names the properties that identify the resource and those that hold the setting, and reads and writes
    the setting. It stays free of state, and boto3 is imported where it is used: the engine stores a pickled copy.
    """

    serialize_as_secret_always = False
    identity: ClassVar[tuple[str, ...]]
    setting: ClassVar[tuple[str, ...]]

    def current(self, props: dict[str, Any]) -> dict[str, Any] | None:
        """The setting as it is now; None when the resource is gone."""
        raise NotImplementedError

    def apply(self, props: dict[str, Any], wanted: dict[str, Any]) -> None:
        """Writes the setting."""
        raise NotImplementedError

    def switched_elsewhere(self, props: dict[str, Any]) -> bool:  # noqa: ARG002
        """Whether something else may switch the setting for a while, which then is no drift."""
        return False

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Remembers the earlier setting and writes the wanted one."""
        earlier = self.current(props)
        if earlier is None:
            msg = f"{self._named(props)} does not exist; set `existing: false` to have it created"
            raise LookupError(msg)
        self._switch(props, earlier, self._wanted(props))
        return CreateResult(self._named(props), {**self._plain(props), "earlier": earlier})

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """The setting as it is now, so that a refresh sees what was changed by hand."""
        now = self.current(props)
        return ReadResult("", {}) if now is None else ReadResult(id_, {**self._plain(props), **self._seen(props, now)})

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Another resource means a replacement, another value an update."""
        moved = [key for key in self.identity if _olds.get(key) != _news.get(key)]
        changed = any(_olds.get(key) != _news.get(key) for key in self.setting)
        return DiffResult(changes=bool(moved) or changed, replaces=moved, delete_before_replace=True)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Writes the new value; what was there before the stack stays remembered."""
        self.apply(_news, self._wanted(_news))
        return UpdateResult({**self._plain(_news), "earlier": _olds["earlier"]})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Gives the earlier setting back, unless the resource is gone."""
        now = self.current(_props)
        if now is not None:
            self._switch(_props, now, _props["earlier"])

    def _switch(self, props: dict[str, Any], now: dict[str, Any], wanted: dict[str, Any]) -> None:
        # Several of these calls are refused by AWS, or reset something, when they change nothing.
        if any(now.get(key) != value for key, value in wanted.items()):
            self.apply(props, wanted)

    def _seen(self, props: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
        return {**({} if self.switched_elsewhere(props) else now), "earlier": props.get("earlier")}

    def _wanted(self, props: dict[str, Any]) -> dict[str, Any]:
        return {key: props[key] for key in self.setting if key in props}

    def _plain(self, props: dict[str, Any]) -> dict[str, Any]:
        return {key: props[key] for key in (*self.identity, *self.setting) if key in props}

    def _named(self, props: dict[str, Any]) -> str:
        return "/".join(str(props[key]) for key in self.identity)
