"""Keys of a role that are asked for again before they end: AWS gives a role taken on from another an hour at most.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html (role chaining)
"""

from __future__ import annotations

from typing import Any, Final

from botocore.credentials import CredentialProvider, CredentialResolver, RefreshableCredentials

from contract.redaction import SECRETS
from contract.signing import AssumedRole
from runners.aws.session import Clients, calling

# New keys are asked for this long before the old ones end. When that fails, the old ones serve for all but a minute.
ASK_AGAIN_SECONDS: Final = 15 * 60
LAST_CALL_SECONDS: Final = 60


class RoleKeys(CredentialProvider):
    """Where botocore's sessions find the keys of one role: the same for all of them."""

    METHOD = "ial-assume-role"

    def __init__(self, clients: Clients, role: AssumedRole) -> None:
        """Takes the role on.

        Raises:
            AwsError: the role cannot be taken on.
        """
        super().__init__()
        self._clients, self._role = clients, role
        self._keys = RefreshableCredentials.create_from_metadata(
            metadata=self._taken_on(),
            refresh_using=self._taken_on,
            method=self.METHOD,
            advisory_timeout=ASK_AGAIN_SECONDS,
            mandatory_timeout=LAST_CALL_SECONDS,
        )

    @property
    def arn(self) -> str:
        """The role that signs."""
        return self._role.role_arn

    def load(self) -> RefreshableCredentials:
        """The keys, as botocore asks for them."""
        return self._keys

    def resolver(self) -> CredentialResolver:
        """The whole of a session's search for credentials."""
        return CredentialResolver([self])

    def _taken_on(self) -> dict[str, Any]:
        with calling("sts:AssumeRole", self._role.role_arn):
            answer = self._clients.client("sts").assume_role(**self._role.request())
        given = answer["Credentials"]
        SECRETS.note([given["SecretAccessKey"], given["SessionToken"]])
        return {
            "access_key": given["AccessKeyId"],
            "secret_key": given["SecretAccessKey"],
            "token": given["SessionToken"],
            "expiry_time": given["Expiration"].isoformat(),
        }
