"""Who signs the requests of dynamic providers: the stack's own access to AWS, in the stack's own account.

Pulumi gives `aws:` settings to its AWS provider only. These providers call AWS themselves, so the same settings are
read here, as `contract.signing` reads them for runners too.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from contract.provider_keys import FORMER_KEYS, PROVIDER_KEYS
from contract.signing import NAMESPACE, Signing, SigningError

_ATTEMPTS: Final = 5
_Settings = tuple[tuple[str, str], ...]


class Access:
    """The `aws:` settings of a stack, and clients that sign as they say."""

    def __init__(self, config: Mapping[str, str]) -> None:
        """From settings as text, by their full key.

        Raises:
            PermissionError: a setting changes who signs and is not understood.
        """
        self.settings: _Settings = tuple(sorted(config.items()))
        try:
            self.signing = Signing.read(config)
        except SigningError as error:
            raise PermissionError(str(error)) from None

    @classmethod
    def of(cls, get: Callable[[str], Any]) -> "Access":
        """From a function that answers `aws:NAME`.

        Raises:
            PermissionError: a setting changes who signs and is not understood.
        """
        found = {key: get(f"{NAMESPACE}{key}") for key in (*PROVIDER_KEYS, *FORMER_KEYS)}
        return cls({f"{NAMESPACE}{key}": str(value) for key, value in found.items() if value not in (None, "")})

    def client(self, service: str, region: str) -> Any:
        """A boto3 client that signs as the stack does; made once a process."""
        return _client(self.settings, service, region)

    def check_account(self, account: str, region: str) -> None:
        """Asks AWS who signs, and refuses when that is not the stack's account.

        Raises:
            PermissionError: names both accounts.
        """
        signed = str(self.client("sts", region).get_caller_identity()["Account"])
        if signed != account:
            msg = (
                f"requests are signed by account {signed} and ial:accountId is {account}: nothing was changed; "
                "use the stack's credentials or mend ial:accountId"
            )
            raise PermissionError(msg)
        if refusal := self.signing.refusal(signed):
            msg = f"{refusal}: nothing was changed"
            raise PermissionError(msg)


@lru_cache
def _client(settings: _Settings, service: str, region: str) -> Any:
    session, signing = _session(settings, region)
    return _new(session, signing, service, region)


@lru_cache
def _session(settings: _Settings, region: str) -> tuple[Any, Signing]:
    """A boto3 session after all roles are taken on."""
    import boto3
    from botocore.session import Session as Core

    signing = Access(dict(settings)).signing
    core = Core(profile=signing.profile)
    files = {"config_file": signing.config_file, "credentials_file": signing.credentials_file}
    for variable, path in files.items():
        if path:
            core.set_config_variable(variable, path)
    session = boto3.session.Session(
        aws_access_key_id=signing.access_key,
        aws_secret_access_key=signing.secret_key,
        aws_session_token=signing.token,
        region_name=region,
        botocore_session=core,
    )
    for role in signing.roles:
        held = _new(session, signing, "sts", region).assume_role(**role.request())["Credentials"]
        session = boto3.session.Session(
            aws_access_key_id=held["AccessKeyId"],
            aws_secret_access_key=held["SecretAccessKey"],
            aws_session_token=held["SessionToken"],
            region_name=region,
        )
    return session, signing


def _new(session: Any, signing: Signing, service: str, region: str) -> Any:
    from botocore.config import Config

    special: dict[str, Any] = {"s3": {"addressing_style": "path"}} if signing.path_style else {}
    return session.client(
        service,
        region_name=signing.sts_region or region if service == "sts" else region,
        endpoint_url=signing.endpoints.get(service),
        verify=signing.ca_bundle,
        config=Config(
            retries={"mode": "standard", "max_attempts": _ATTEMPTS},
            use_fips_endpoint=signing.fips or None,
            use_dualstack_endpoint=signing.dual_stack or None,
            **special,
        ),
    )
