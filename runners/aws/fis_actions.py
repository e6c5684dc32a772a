"""The actions that AWS FIS has in a region."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runners.aws.session import Clients, calling
from runners.chaos.action_refresh import ListedAction


@dataclass(frozen=True)
class FisActions:
    """FIS's own list."""

    clients: Clients

    def actions(self) -> Iterator[ListedAction]:
        """Every action, with its targets and parameters.

        Raises:
            AwsError: FIS could not be asked.
        """
        client = self.clients.client("fis")
        with calling("fis:ListActions", "the region"):
            pages = list(client.get_paginator("list_actions").paginate())
        for summary in (action for page in pages for action in page["actions"]):
            with calling("fis:GetAction", summary["id"]):
                action = client.get_action(id=summary["id"])["action"]
            parameters = action.get("parameters", {})
            required = frozenset(name for name, about in parameters.items() if about.get("required"))
            yield ListedAction(
                id=action["id"],
                targets={key: target["resourceType"] for key, target in action.get("targets", {}).items()},
                required=required,
                optional=frozenset(parameters) - required,
            )
