"""Checks of one stack's access to AWS: who signs, of which account, and whether that is the stack's."""

from __future__ import annotations

from pathlib import Path

from contract.names import ACCOUNT_KEY
from local.errors import LocalCloudError
from preview.engines import Engine
from preview.errors import PreviewError
from runners.cli.health import Finding, Health
from runners.errors import RunnerError, WrongAccountError
from runners.wiring.grounds import ground_to_take_down
from runners.wiring.held import held_versions, rolls_back
from runners.wiring.opening import Ground, stack_settings

_ACCOUNT = "AWS account"
_PROVIDER = "AWS provider"
_HOLDS = "rollback"


def examine_stack(stack: str, folder: Path, engine: Engine) -> list[Finding]:
    """Asks AWS who signs for a stack; changes nothing."""
    try:
        ground = ground_to_take_down(stack, folder, engine)
    except (RunnerError, PreviewError, LocalCloudError) as error:
        return [Finding(_ACCOUNT, Health.BAD, str(error), f"see `ial inspect --stack {stack}` and docs/accounts.md")]
    signing, held = _who_signs(ground), _held(ground, folder)
    return [signing, *([_provider(ground)] if engine is Engine.PULUMI else []), *([held] if held else [])]


def _held(ground: Ground, folder: Path) -> Finding | None:
    """What a rollback holds back; None where nothing is rolled back."""
    try:
        settings = stack_settings(ground.stack, folder, ground.engine)
        if not rolls_back(settings):
            return None
        held = held_versions(ground, settings)
    except (RunnerError, PreviewError) as error:
        return Finding(
            _HOLDS, Health.BAD, str(error), "nobody can tell whether the next update brings back what failed"
        )
    if not held.warnings:
        return Finding(_HOLDS, Health.OK, "nothing is held")
    remedy = f"fix the version, then `ial rollback hold --release --stack {ground.stack}`"
    return Finding(_HOLDS, Health.NOTE, "; ".join(held.warnings), remedy)


def _who_signs(ground: Ground) -> Finding:
    try:
        _, identity = ground.identified()
    except WrongAccountError as error:
        remedy = f"log in to the stack's account, or set aws:profile or aws:assumeRoles in Pulumi.{ground.stack}.yaml"
        return Finding(_ACCOUNT, Health.BAD, str(error), remedy)
    except RunnerError as error:
        return Finding(_ACCOUNT, Health.BAD, f"{_settings(ground)}: {error}", "log in, and run this again")
    return Finding(_ACCOUNT, Health.OK, f"{identity.account}, signed by {identity.arn}; {_settings(ground)}")


def _settings(ground: Ground) -> str:
    """By which settings; never a key."""
    said = [f"region {ground.region}"]
    if ground.engine is not Engine.PULUMI:
        return f"{said[0]}, the local cloud"
    signing = ground.signing
    said.append("keys of aws:accessKey" if signing.access_key else f"profile {signing.profile or 'not set'}")
    said += [f"role {role.role_arn}" for role in signing.roles]
    return ", ".join(said)


def _provider(ground: Ground) -> Finding:
    """What guards a bare `pulumi up`, which asks nobody else."""
    allowed = ground.signing.allowed_accounts
    if allowed:
        return Finding(_PROVIDER, Health.OK, f"works in {', '.join(allowed)} only")
    remedy = f'set `aws:allowedAccountIds: ["{ground.account or ACCOUNT_KEY}"]` in Pulumi.{ground.stack}.yaml'
    return Finding(_PROVIDER, Health.NOTE, "a bare `pulumi up` works in any account", remedy)
