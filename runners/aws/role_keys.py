"""Keys of a role that are asked for again before they end: AWS gives a role taken on from another an hour at most.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html (role chaining)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from botocore.credentials import CredentialProvider, CredentialResolver, RefreshableCredentials

from contract.redaction import SECRETS

if TYPE_CHECKING:
    from mypy_boto3_sts.type_defs import CredentialsTypeDef

# New keys are asked for this long before the old ones end. When that fails, the old ones serve for all but a minute.
ASK_AGAIN_SECONDS: Final = 15 * 60
LAST_CALL_SECONDS: Final = 60


class RoleKeys(CredentialProvider):
    """Where botocore's sessions find the keys of one role: the same for all of them."""

    METHOD = "ial-assume-role"

    def __init__(self, arn: str, take_on: Callable[[], CredentialsTypeDef]) -> None:
        """Takes the role `arn` on, as `take_on` does; what it raises is raised."""
        super().__init__()
        self.arn, self._take_on = arn, take_on
        self._keys = RefreshableCredentials.create_from_metadata(
            metadata=self._taken_on(),
            refresh_using=self._taken_on,
            method=self.METHOD,
            advisory_timeout=ASK_AGAIN_SECONDS,
            mandatory_timeout=LAST_CALL_SECONDS,
        )

    def load(self) -> RefreshableCredentials:
        """The keys, as botocore asks for them."""
        return self._keys

    def resolver(self) -> CredentialResolver:
        """The whole of a session's search for credentials."""
        return CredentialResolver([self])

    def _taken_on(self) -> dict[str, Any]:
        given = self._take_on()
        SECRETS.note([given["SecretAccessKey"], given["SessionToken"]])
        return {
            "access_key": given["AccessKeyId"],
            "secret_key": given["SecretAccessKey"],
            "token": given["SessionToken"],
            "expiry_time": given["Expiration"].isoformat(),
        }
