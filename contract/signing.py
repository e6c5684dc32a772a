"""Who signs calls for a stack, and where they go: its `aws:` settings as runners and dynamic providers take them.

Settings win over environment variables, as in the provider: keys of the settings before `aws:profile`, and that before
what AWS's default chain finds. Roles are taken on one after the other.
Source: https://www.pulumi.com/registry/packages/aws/api-docs/provider/ (inputs of the provider)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from contract.provider_keys import ENDPOINT_NAMES, FORMER_KEYS, PROVIDER_KEYS, Treatment

NAMESPACE: Final = "aws:"
SESSION_NAME: Final = "ial"
_OFF: Final = ("", "false", "[]", "{}", "null")
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(h|m|s)")
_SECONDS: Final = {"h": 3600, "m": 60, "s": 1}
_ACCOUNT: Final = re.compile(r"\d{12}")
_T = TypeVar("_T")


class SigningError(ValueError):
    """A setting cannot be used; the message names it, its value (unless it is a secret) and what is accepted."""


class AssumedRole(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """One entry of `aws:assumeRoles`, and what `sts:AssumeRole` is given."""

    role_arn: str
    session_name: str = SESSION_NAME
    external_id: str | None = None
    duration: str | None = None
    policy: str | None = None
    policy_arns: tuple[str, ...] = ()
    source_identity: str | None = None
    tags: dict[str, str] = msgspec.field(default_factory=dict)
    transitive_tag_keys: tuple[str, ...] = ()

    def request(self) -> dict[str, Any]:
        """The parameters of `sts:AssumeRole`.

        Raises:
            SigningError: the duration cannot be read.
        """
        seconds = None if self.duration is None else int(_duration(self.duration).total_seconds())
        parameters = {
            "RoleArn": self.role_arn,
            "RoleSessionName": self.session_name,
            "ExternalId": self.external_id,
            "DurationSeconds": seconds,
            "Policy": self.policy,
            "PolicyArns": [{"arn": arn} for arn in self.policy_arns],
            "SourceIdentity": self.source_identity,
            "Tags": [{"Key": key, "Value": value} for key, value in self.tags.items()],
            "TransitiveTagKeys": list(self.transitive_tag_keys),
        }
        return {name: value for name, value in parameters.items() if value not in (None, [])}


@dataclass(frozen=True, kw_only=True)
class Signing:
    """The settings of one stack. `endpoints` is by botocore's name of the service; files are absolute paths."""

    region: str | None = None
    profile: str | None = None
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    roles: tuple[AssumedRole, ...] = ()
    endpoints: Mapping[str, str] = field(default_factory=dict)
    sts_region: str | None = None
    config_file: str | None = None
    credentials_file: str | None = None
    ca_bundle: str | None = None
    path_style: bool = False
    dual_stack: bool = False
    fips: bool = False
    allowed_accounts: tuple[str, ...] = ()
    forbidden_accounts: tuple[str, ...] = ()

    @classmethod
    def read(cls, config: Mapping[str, str]) -> Signing:
        """From a stack's whole configuration: full keys, structured values as JSON.

        Raises:
            SigningError: a setting is refused, unknown, or not of the shape that is accepted.
        """
        given = {key.removeprefix(NAMESPACE): text for key, text in config.items() if key.startswith(NAMESPACE)}
        for key, text in given.items():
            _check(key, text)
        values = _Values(given)
        signing = cls(
            region=values.text("region"),
            profile=values.text("profile"),
            access_key=values.text("accessKey"),
            secret_key=values.text("secretKey"),
            token=values.text("token"),
            roles=values.of("assumeRoles", tuple[AssumedRole, ...], "a list of {roleArn, sessionName, ...}", ()),
            endpoints=values.endpoints(),
            sts_region=values.text("stsRegion"),
            config_file=values.file("sharedConfigFiles"),
            credentials_file=values.file("sharedCredentialsFiles"),
            ca_bundle=values.path("customCaBundle", given.get("customCaBundle")),
            path_style=values.flag("s3UsePathStyle"),
            dual_stack=values.flag("useDualstackEndpoint"),
            fips=values.flag("useFipsEndpoint"),
            allowed_accounts=values.accounts("allowedAccountIds"),
            forbidden_accounts=values.accounts("forbiddenAccountIds"),
        )
        if (signing.access_key is None) != (signing.secret_key is None):
            msg = "aws:accessKey and aws:secretKey: only one of them is set; set both, or neither"
            raise SigningError(msg)
        for role in signing.roles:
            role.request()
        return signing

    def refusal(self, account: str) -> str | None:
        """Why this account is none that the settings allow; None when it is."""
        if self.allowed_accounts and account not in self.allowed_accounts:
            return f"aws:allowedAccountIds has {', '.join(self.allowed_accounts)} and not {account}"
        return f"aws:forbiddenAccountIds has {account}" if account in self.forbidden_accounts else None


def _check(key: str, text: str) -> None:
    known = PROVIDER_KEYS.get(key)
    if known is None:
        remedy = FORMER_KEYS.get(key, "remove it, or look at how it is spelled")
        msg = f"aws:{key} is no setting of the AWS provider that ial comes with; {remedy}"
        raise SigningError(msg)
    if known.treatment is Treatment.REFUSED and text.strip() not in _OFF:
        msg = f"aws:{key} would reach the provider alone, and not what ial signs itself; {known.why}"
        raise SigningError(msg)


def _duration(text: str) -> timedelta:
    """Of Go's notation, whose units below a second mean nothing to AWS.

    >>> _duration("1h30m")
    datetime.timedelta(seconds=5400)
    """
    parts = _DURATION.findall(text)
    if not parts or "".join(f"{number}{unit}" for number, unit in parts) != text:
        msg = f"aws:assumeRoles has the duration {text!r}; accepted: such as 1h, 45m or 1h30m"
        raise SigningError(msg)
    return timedelta(seconds=sum(float(number) * _SECONDS[unit] for number, unit in parts))


class _Values:
    """Settings by key, without the namespace."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given

    def text(self, key: str) -> str | None:
        return self._given.get(key) or None

    def flag(self, key: str) -> bool:
        return self.of(key, bool, "true or false", default=False)

    def of(self, key: str, kind: type[_T], accepted: str, default: _T) -> _T:
        text = self._given.get(key)
        if not text:
            return default
        try:
            return msgspec.json.decode(text, type=kind)
        except msgspec.MsgspecError as error:
            msg = f"aws:{key} cannot be read: {error}; accepted: {accepted}"
            raise SigningError(msg) from None

    def accounts(self, key: str) -> tuple[str, ...]:
        found = self.of(key, tuple[str, ...], "a list of accounts, twelve digits each, in quotes", ())
        wrong = next((account for account in found if not _ACCOUNT.fullmatch(account)), None)
        if wrong is not None:
            msg = f"aws:{key} has {wrong!r}; accepted: twelve digits, in quotes"
            raise SigningError(msg)
        return found

    def file(self, key: str) -> str | None:
        """The one file of a list: botocore reads no second one."""
        found = self.of(key, tuple[str, ...], "a list with one path", ())
        if len(found) > 1:
            msg = f"aws:{key} names {len(found)} files; ial reads one: put what is needed into it"
            raise SigningError(msg)
        return self.path(key, found[0] if found else None)

    def path(self, key: str, text: str | None) -> str | None:
        if not text:
            return None
        path = Path(text).expanduser()
        if not path.is_absolute():
            msg = f"aws:{key} is {text!r}, which depends on the folder it is read from; accepted: a path from / or ~"
            raise SigningError(msg)
        return str(path)

    def endpoints(self) -> dict[str, str]:
        accepted = "a list of {service: address}"
        entries = self.of("endpoints", tuple[dict[str, str | None], ...], accepted, ())
        given = {name: address for entry in entries for name, address in entry.items() if address}
        found: dict[str, str] = {}
        for service, names in ENDPOINT_NAMES.items():
            addresses = sorted({given[name] for name in names if name in given})
            if len(addresses) > 1:
                msg = f"aws:endpoints has two addresses for {service}: {', '.join(addresses)}; keep one"
                raise SigningError(msg)
            if addresses:
                found[service] = addresses[0]
        return found
