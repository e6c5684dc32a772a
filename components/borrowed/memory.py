"""What was there before ours, kept in the account: a run that is killed loses the engine's state, not this.

One SSM parameter a setting, under `/ial/ENV/borrowed/`. Standard parameters are free of charge, and hold 4 KB
(AWS Systems Manager, Parameter Store: parameter tiers).
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from contract.names import ENVIRONMENT_TAG, MANAGED_BY_TAG, MANAGED_BY_US, parameter_path

LONGEST_VALUE_BYTES = 4096


@dataclass(frozen=True)
class Memory:
    """One parameter; a plain JSON object is in it."""

    client: Any
    environment: str
    setting: str
    resource: str

    @property
    def name(self) -> str:
        """The parameter's name: readable, and its own for each resource."""
        readable = re.sub(r"[^A-Za-z0-9_.-]+", "-", self.resource).strip("-")[:100]
        mark = hashlib.sha256(self.resource.encode()).hexdigest()[:8]
        return parameter_path(self.environment, "borrowed", self.setting, f"{readable}-{mark}")

    def load(self) -> dict[str, Any] | None:
        """What is remembered; None when nothing is."""
        try:
            text = self.client.get_parameter(Name=self.name)["Parameter"]["Value"]
        except self.client.exceptions.ParameterNotFound:
            return None
        found: dict[str, Any] = json.loads(text)
        return found

    def save(self, value: dict[str, Any], *, known: bool) -> None:
        """Remembers; `known` says that something was remembered before, which is replaced.

        Raises:
            PermissionError: the value does not fit.
        """
        text = json.dumps({**value, "resource": self.resource}, separators=(",", ":"))
        if len(text.encode()) > LONGEST_VALUE_BYTES:
            msg = f"{self.resource}: what was found does not fit into {self.name}, so it is not changed"
            raise PermissionError(msg)
        if known:
            self.client.put_parameter(Name=self.name, Value=text, Type="String", Overwrite=True)
            return
        tags = [{"Key": ENVIRONMENT_TAG, "Value": self.environment}, {"Key": MANAGED_BY_TAG, "Value": MANAGED_BY_US}]
        self.client.put_parameter(
            Name=self.name,
            Value=text,
            Type="String",
            Description="What the owner had before ial; removed when it is given back.",
            Tags=tags,
        )

    def forget(self) -> None:
        """Removes it, when it was given back."""
        try:
            self.client.delete_parameter(Name=self.name)
        except self.client.exceptions.ParameterNotFound:
            return
