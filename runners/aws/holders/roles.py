"""The role in whose name AWS Backup lets copies expire: it stays as long as they do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runners.aws.session import Clients, call, calling
from runners.errors import AwsError
from runners.kept.holders import Look
from runners.kept.kept import Kept


@dataclass(frozen=True)
class RoleHolder:
    """A role goes with the policies written into it; one with policies that somebody attached is refused by AWS."""

    clients: Clients

    def look(self, name: str) -> Look | None:
        """Whether it is there.

        Raises:
            AwsError: it could not be asked.
        """
        try:
            role = call("iam:GetRole", name, self._iam.get_role, RoleName=name)["Role"]
        except AwsError as error:
            if error.code == "NoSuchEntity":
                return None
            raise
        tags = {tag["Key"]: tag["Value"] for tag in role.get("Tags", [])}
        return Look(tags=tags, holds="copies expire in its name")

    def remove(self, held: Kept) -> str:
        """Deletes its inline policies, then the role.

        Raises:
            AwsError: AWS refused something.
        """
        name = held.name
        try:
            with calling("iam:ListRolePolicies", name):
                pages = self._iam.get_paginator("list_role_policies").paginate(RoleName=name)
                policies = [policy for page in pages for policy in page["PolicyNames"]]
            for policy in policies:
                call("iam:DeleteRolePolicy", name, self._iam.delete_role_policy, RoleName=name, PolicyName=policy)
            call("iam:DeleteRole", name, self._iam.delete_role, RoleName=name)
        except AwsError as error:
            if error.code != "NoSuchEntity":
                raise
        return ""

    @property
    def _iam(self) -> Any:
        return self.clients.client("iam")
