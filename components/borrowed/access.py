"""Who signs the requests of dynamic providers: the stack's own access to AWS, in the stack's own account.

Pulumi gives `aws:` settings to its AWS provider only. These providers call AWS themselves, so the same settings are
read here; one that would change who signs or where requests go, and is not understood, is refused by name.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

ACCESS_KEYS: Final = (
    *("profile", "accessKey", "secretKey", "token", "assumeRole", "assumeRoles", "endpoints", "sharedConfigFiles"),
    *("sharedCredentialsFiles", "allowedAccountIds", "forbiddenAccountIds", "useFipsEndpoint", "useDualstackEndpoint"),
    "s3UsePathStyle",
)
_NOT_UNDERSTOOD: Final = (
    *("assumeRoleWithWebIdentity", "sharedCredentialsFile", "httpProxy", "httpsProxy", "noProxy", "insecure"),
    *("customCaBundle", "ec2MetadataServiceEndpoint", "ec2MetadataServiceEndpointMode", "stsRegion"),
)
_ROLE_KEYS: Final = {
    "roleArn": "RoleArn",
    "sessionName": "RoleSessionName",
    "externalId": "ExternalId",
    "policy": "Policy",
    "sourceIdentity": "SourceIdentity",
}
# The provider's names of endpoints, where they differ from boto3's.
_ENDPOINT_NAMES: Final = {
    "logs": ("logs", "cloudwatchlogs", "cloudwatchlog"),
    "resource-groups": ("resourcegroups",),
    "cloudwatch": ("cloudwatch",),
}


@dataclass(frozen=True)
class Access:
    """The `aws:` settings of a stack, as plain values."""

    config: Mapping[str, Any]

    @classmethod
    def of(cls, get: Any) -> "Access":
        """From a function that answers `aws:NAME`.

        Raises:
            PermissionError: a setting is there that changes who signs and is not understood.
        """
        for key in _NOT_UNDERSTOOD:
            if _plain(get(f"aws:{key}")):
                msg = (
                    f"aws:{key} does not reach the settings that are borrowed from others; "
                    "take it away and use aws:profile, aws:assumeRoles, or the environment's credentials"
                )
                raise PermissionError(msg)
        found = {key: _plain(get(f"aws:{key}")) for key in ACCESS_KEYS}
        return cls({key: value for key, value in found.items() if value not in (None, "", [], {})})

    def client(self, service: str, region: str) -> Any:
        """A boto3 client that signs as the stack does; made once a process."""
        return _client(json.dumps(self.config, sort_keys=True), service, region)

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
        allowed, forbidden = (self.config.get(f"{word}AccountIds") for word in ("allowed", "forbidden"))
        if (allowed and signed not in map(str, allowed)) or (forbidden and signed in map(str, forbidden)):
            msg = f"account {signed} is not one that aws:allowedAccountIds and aws:forbiddenAccountIds let in"
            raise PermissionError(msg)


def _plain(value: Any) -> Any:
    """Settings that are objects, lists or truth values travel as JSON text."""
    if isinstance(value, str) and (value[:1] in "[{" or value in ("true", "false")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


@lru_cache
def _client(config: str, service: str, region: str) -> Any:
    from botocore.config import Config

    known: dict[str, Any] = json.loads(config)
    options: dict[str, Any] = {"retries": {"mode": "standard", "max_attempts": 5}}
    for key, option in (("useFipsEndpoint", "use_fips_endpoint"), ("useDualstackEndpoint", "use_dualstack_endpoint")):
        if known.get(key):
            options[option] = True
    if known.get("s3UsePathStyle"):
        options["s3"] = {"addressing_style": "path"}
    return _session(config, region).client(service, endpoint_url=_endpoint(known, service), config=Config(**options))


def _endpoint(config: Mapping[str, Any], service: str) -> str | None:
    given = config.get("endpoints") or []
    for entry in given if isinstance(given, list) else [given]:
        for name in _ENDPOINT_NAMES.get(service, (service,)):
            if entry.get(name):
                return str(entry[name])
    return None


@lru_cache
def _session(config: str, region: str) -> Any:
    import boto3
    from botocore.session import Session as Core

    known: dict[str, Any] = json.loads(config)
    core = Core(profile=known.get("profile"))
    files = {"sharedConfigFiles": "config_file", "sharedCredentialsFiles": "credentials_file"}
    for key, variable in files.items():
        if listed := known.get(key):
            if len(listed) > 1:
                msg = f"aws:{key} names {len(listed)} files; accepted is one"
                raise PermissionError(msg)
            core.set_config_variable(variable, listed[0])
    session = boto3.session.Session(
        aws_access_key_id=known.get("accessKey"),
        aws_secret_access_key=known.get("secretKey"),
        aws_session_token=known.get("token"),
        region_name=region,
        botocore_session=core,
    )
    roles = [*(known.get("assumeRoles") or []), *([known["assumeRole"]] if known.get("assumeRole") else [])]
    for role in roles:
        session = _assumed(session, role, region, _endpoint(known, "sts"))
    return session


def _assumed(session: Any, role: Mapping[str, Any], region: str, endpoint: str | None) -> Any:
    import boto3

    asked = {_ROLE_KEYS[key]: value for key, value in role.items() if key in _ROLE_KEYS}
    unknown = sorted(set(role) - set(_ROLE_KEYS) - {"duration", "durationSeconds"})
    if unknown:
        msg = f"aws:assumeRoles has {', '.join(unknown)}; accepted: {', '.join(_ROLE_KEYS)}, duration"
        raise PermissionError(msg)
    if seconds := _seconds(role):
        asked["DurationSeconds"] = seconds
    answer = session.client("sts", region_name=region, endpoint_url=endpoint).assume_role(
        **{"RoleSessionName": "ial"} | asked
    )
    held = answer["Credentials"]
    return boto3.session.Session(
        aws_access_key_id=held["AccessKeyId"],
        aws_secret_access_key=held["SecretAccessKey"],
        aws_session_token=held["SessionToken"],
        region_name=region,
    )


def _seconds(role: Mapping[str, Any]) -> int | None:
    if role.get("durationSeconds"):
        return int(role["durationSeconds"])
    text = str(role.get("duration") or "")
    parts = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", text)
    if parts is None:
        msg = f"aws:assumeRoles has duration {text!r}; accepted: hours, minutes and seconds such as 1h or 15m"
        raise PermissionError(msg)
    hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    return hours * 3600 + minutes * 60 + seconds or None
