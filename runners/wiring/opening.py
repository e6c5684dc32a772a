"""The one place where a stack's AWS is opened: with the stack's own settings, and only in the stack's own account."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from contract.names import ACCOUNT_KEY
from contract.signing import AssumedRole, Signing, SigningError
from preview.engines import Engine
from runners.errors import InputError

if TYPE_CHECKING:
    from preview.project import Project
    from runners.aws.identity import Identity, Wanted
    from runners.aws.session import Clients

REGION_KEY = "aws:region"
_REHEARSED = "`ial up -c accountId=123456789012`"


@dataclass(frozen=True)
class Ground:
    """Where a stack stands: its settings, and the local cloud's address, None for AWS. `account` None: nobody said."""

    stack: str
    engine: Engine
    region: str
    account: str | None
    signing: Signing
    endpoint: str | None

    @classmethod
    def of(
        cls,
        stack: str,
        folder: Path,
        engine: Engine,
        *,
        overrides: Sequence[str] = (),
        region: str | None = None,
        account: str | None = None,
    ) -> Ground:
        """Reads the stack's settings. `region` and `account` are those of what was applied, and win over them.

        Raises:
            InputError: an `aws:` setting is refused.
            PreviewError: the settings cannot be read.
            LocalCloudError: the local cloud does not run.
        """
        config = stack_settings(stack, folder, engine, overrides)
        try:
            signing = Signing.read(config)
        except SigningError as error:
            msg = f"stack {stack}: {error}"
            raise InputError(msg) from None
        found = region or signing.region or _region_of_surroundings(engine)
        if found is None:
            msg = f"stack {stack} has no {REGION_KEY}; set it in Pulumi.{stack}.yaml"
            raise InputError(msg)
        return cls(stack, engine, found, account or config.get(ACCOUNT_KEY), signing, local_endpoint(engine, folder))

    def open(self) -> Clients:
        """Clients that sign as the stack's settings say, once AWS has said that their account is the stack's.

        Raises:
            WrongAccountError: it is another.
            AwsError: AWS could not be asked, or a role cannot be taken on.
        """
        clients, _ = self.identified()
        return clients

    def identified(self) -> tuple[Clients, Identity]:
        """The same, and who signs."""
        from runners.aws.identity import require_account

        self._require_account_known()
        clients = self._clients()
        return clients, require_account(clients, self._wanted)

    def taking_on(self, clients: Clients, role: str, session: str) -> Clients:
        """Clients that have taken on one of the stack's roles, of the same account.

        Raises:
            WrongAccountError: the role is of another account.
            AwsError: the role cannot be taken on.
        """
        from runners.aws.identity import require_account

        taken = clients.taking_on(AssumedRole(role_arn=role, session_name=session))
        require_account(taken, self._wanted)
        return taken

    @property
    def _wanted(self) -> Wanted:
        from runners.aws.identity import Wanted

        if self.engine is Engine.PULUMI:
            hint = "log in to the stack's account, or see docs/accounts.md"
            return Wanted(self.stack, self.account, self.signing.refusal, hint)
        # The local cloud has one account, whoever asks.
        return Wanted(self.stack, self.account, lambda _: None, f"on the local cloud, rehearse with {_REHEARSED}")

    def _require_account_known(self) -> None:
        if self.account is None and self.engine is Engine.PULUMI and not self.signing.allowed_accounts:
            msg = f"stack {self.stack} names no account, so nobody can tell whether these credentials are of it; set "
            raise InputError(f"{msg}{ACCOUNT_KEY} in Pulumi.{self.stack}.yaml")

    def _clients(self) -> Clients:
        from runners.aws.session import AwsClients

        if self.engine is not Engine.PULUMI:
            return AwsClients(self.region, endpoint=self.endpoint, keys=("local", "local", None))
        clients = AwsClients(self.region, signing=self.signing)
        for role in self.signing.roles:
            clients = clients.taking_on(role)
        return clients


def stack_settings(stack: str, folder: Path, engine: Engine, overrides: Sequence[str] = ()) -> Mapping[str, str]:
    """All settings of a stack by their full keys; `overrides` are `key=value` and win.

    Raises:
        PreviewError: they cannot be read.
    """
    if engine is Engine.PULUMI and not overrides:
        held = _held_by_the_backend(stack, folder)
        if held is not None:
            return held
    return stack_project(stack, folder, engine, overrides).config


def stack_project(stack: str, folder: Path, engine: Engine, overrides: Sequence[str] = ()) -> Project:
    """The program with the settings of one stack, secrets decrypted where only the real engine can.

    Raises:
        PreviewError: the project or the settings cannot be used.
    """
    from preview.project import Project

    held = (_held_by_the_backend(stack, folder) if engine is Engine.PULUMI else None) or {}
    return Project.load(folder, stack, (*(f"{key}={value}" for key, value in held.items()), *overrides))


def _held_by_the_backend(stack: str, folder: Path) -> Mapping[str, str] | None:
    """The settings as Pulumi resolves them; None when the stack is gone, and its file alone is left to tell."""
    from runners.stack.pulumi_stack import NoStackError, stack_config

    try:
        return stack_config(folder, stack)
    except NoStackError:
        return None


def local_endpoint(engine: Engine, folder: Path) -> str | None:
    """The address of the local cloud; None when the engine is the real one.

    Raises:
        LocalCloudError: the local cloud does not run.
    """
    if engine is Engine.PULUMI:
        return None
    from runners.stack.local_cloud import require_running

    return require_running(folder)


def _region_of_surroundings(engine: Engine) -> str | None:
    """What the provider takes without `aws:region`; the local cloud has one region."""
    if engine is not Engine.PULUMI:
        from local.endpoint import REGION

        return REGION
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
