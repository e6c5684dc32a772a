"""Clients for AWS: retries as botocore's standard mode does them, and every failure as one kind of error."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from contract.signing import AssumedRole, Signing
from runners.aws.call_log import CallLog, asking_about
from runners.aws.foreign_answers import require_aws_answer
from runners.aws.hints import hint_for
from runners.aws.typed_clients import TypedClients
from runners.errors import AwsError

if TYPE_CHECKING:
    from botocore.session import Session
    from mypy_boto3_sts.type_defs import AssumeRoleResponseTypeDef, CredentialsTypeDef

    from runners.aws.role_keys import RoleKeys

# With standard mode's exponential back-off of at most 20 s this outlasts a minute of throttling or of a failing API.
ATTEMPTS: Final = 8
READ_SECONDS: Final = 60
# For who has to look again within a minute: with a back-off of 1 and 2 s, a call without an answer ends before that.
PROMPT_ATTEMPTS: Final = 3
PROMPT_READ_SECONDS: Final = 10
CONNECTIONS: Final = 32
_WHOLE_PAGES: Final = "dynamodb, whole pages"
Keys = tuple[str, str, str | None]


class Clients(TypedClients, Protocol):
    """Where adapters get their clients, each of the stack's region."""

    def whole_pages(self) -> Any:
        """A DynamoDB client whose scans give pages as they come over the wire, as `Body`."""

    def prompt(self) -> Clients:
        """Clients with the same keys for who watches something: a call fails within 40 s instead of minutes."""

    def taking_on(self, role: AssumedRole) -> Clients:
        """Clients that have taken on a role with these keys, and take it on again before its keys end.

        Raises:
            AwsError: the role cannot be taken on.
        """


class AwsClients:
    """Clients of one account and region, each made once.

    The keys are those of a role, or `keys` (access key, secret, session token), or those that `signing` names: see
    `contract.signing`. Without, botocore finds credentials as it always does. `endpoint` is the local cloud's.
    """

    def __init__(
        self,
        region: str,
        *,
        endpoint: str | None = None,
        keys: Keys | None = None,
        signing: Signing | None = None,
        role: RoleKeys | None = None,
        log: CallLog | None = None,
        attempts: int = ATTEMPTS,
        read_seconds: int = READ_SECONDS,
    ) -> None:
        self._region, self._endpoint = region, endpoint
        self._attempts, self._read_seconds = attempts, read_seconds
        self._signing = signing or Signing()
        self._keys, self._role, self._log = keys, role, log or CallLog(role.arn if role else None)
        self._made: dict[str, Any] = {}
        self._lock = threading.Lock()

    def client(self, service: str) -> Any:
        """The client of a service in the stack's region."""
        with self._lock:
            if service not in self._made:
                self._made[service] = self._new(service)
            return self._made[service]

    def whole_pages(self) -> Any:
        """A DynamoDB client whose scans give pages as they come over the wire, as `Body`."""
        with self._lock:
            if _WHOLE_PAGES not in self._made:
                from runners.aws.whole_pages import WholePages

                self._made[_WHOLE_PAGES] = self._new("dynamodb", WholePages())
            return self._made[_WHOLE_PAGES]

    def prompt(self) -> AwsClients:
        """Clients with the same keys for who watches something: a call fails within 40 s instead of minutes."""
        return self._with(
            keys=self._keys,
            role=self._role,
            log=self._log,
            attempts=min(self._attempts, PROMPT_ATTEMPTS),
            read_seconds=min(self._read_seconds, PROMPT_READ_SECONDS),
        )

    def taking_on(self, role: AssumedRole) -> AwsClients:
        """Clients that have taken on a role with these keys, and take it on again before its keys end.

        Raises:
            AwsError: the role cannot be taken on.
        """
        from runners.aws.role_keys import RoleKeys

        taken = RoleKeys(role.role_arn, lambda: self._take_on(role))
        return self._with(role=taken, attempts=self._attempts, read_seconds=self._read_seconds)

    def _take_on(self, role: AssumedRole) -> CredentialsTypeDef:
        with calling("sts:AssumeRole", role.role_arn):
            answer: AssumeRoleResponseTypeDef = self.client("sts").assume_role(**role.request())
        return answer["Credentials"]

    def _with(self, **others: Any) -> AwsClients:
        return AwsClients(self._region, endpoint=self._endpoint, signing=self._signing, **others)

    def _new(self, service: str, parsers: object = None) -> Any:
        core = self._core if parsers is None else self._session()
        if parsers is not None:
            core.register_component("response_parser_factory", parsers)
        held = self._signing
        # A role's keys come from the session; keys that are named would win over them.
        own = (None, None, None) if self._role else (held.access_key, held.secret_key, held.token)
        key, secret, token = self._keys or own
        return core.create_client(
            service,
            region_name=held.sts_region or self._region if service == "sts" else self._region,
            endpoint_url=self._endpoint or held.endpoints.get(service),
            verify=held.ca_bundle,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=self._config(),
        )

    @cached_property
    def _core(self) -> Session:
        """One session for all clients: what they have in common is read once."""
        return self._session()

    def _session(self) -> Session:
        from botocore.session import get_session

        from runners.aws.service_models import service_models

        session = get_session()
        for name, value in self._variables().items():
            session.set_config_variable(name, value)
        handler: Any = require_aws_answer
        session.register("before-parse", handler)
        self._log.watch(session.get_component("event_emitter"))
        session.register_component("data_loader", service_models(session.get_config_variable("data_path")))
        if self._role is not None:
            session.register_component("credential_provider", self._role.resolver())
        return session

    def _variables(self) -> dict[str, str]:
        held = self._signing
        files = {"config_file": held.config_file, "credentials_file": held.credentials_file}
        return {name: value for name, value in (files | {"profile": held.profile}).items() if value}

    def _config(self) -> Config:
        held = self._signing
        special: dict[str, Any] = {"proxies": {}} if self._endpoint else {}
        if self._endpoint or held.path_style:
            special["s3"] = {"addressing_style": "path"}
        return Config(
            retries={"mode": "standard", "total_max_attempts": self._attempts},
            connect_timeout=5,
            read_timeout=self._read_seconds,
            max_pool_connections=CONNECTIONS,
            use_fips_endpoint=held.fips or None,
            use_dualstack_endpoint=held.dual_stack or None,
            **special,
        )


@contextmanager
def calling(operation: str, resource: str) -> Iterator[None]:
    """Turns what botocore raises into an AwsError that names the operation (`dynamodb:Scan`) and the resource."""
    try:
        with asking_about(resource):
            yield
    except ClientError as error:
        answer = error.response.get("Error", {})
        code = str(answer.get("Code", "unknown"))
        raise _failed(operation, resource, code, str(answer.get("Message", ""))) from error
    except (BotoCoreError, ResponseParserError) as error:
        raise _failed(operation, resource, type(error).__name__, str(error)) from error


def call(operation: str, resource: str, method: Callable[..., Any], **arguments: Any) -> Any:
    """One call under `calling`."""
    with calling(operation, resource):
        return method(**arguments)


def _failed(operation: str, resource: str, code: str, said: str) -> AwsError:
    hint = hint_for(operation, code)
    tail = f"; {hint}" if hint else ""
    return AwsError(f"{operation} on {resource}: {code}: {said}{tail}", operation=operation, code=code)
