"""Whose keys sign: asked of AWS with the very clients that work afterwards, and compared with the stack's account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from runners.aws.session import Clients, calling
from runners.errors import WrongAccountError


@dataclass(frozen=True)
class Identity:
    """Who AWS says that we are: the account, and the user or the session of a role."""

    account: str
    arn: str


def identity_of(clients: Clients) -> Identity:
    """Who signs with these clients. Nobody needs a permission for asking.

    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html

    Raises:
        AwsError: there are no credentials, or they have expired.
    """
    with calling("sts:GetCallerIdentity", "these credentials"):
        answer = clients.client("sts").get_caller_identity()
    return Identity(str(answer["Account"]), str(answer["Arn"]))


@dataclass(frozen=True)
class Wanted:
    """Which account a stack is of, None when only `refusal` can tell; `hint` says what to do in another one."""

    stack: str
    account: str | None
    refusal: Callable[[str], str | None]
    hint: str


def require_account(clients: Clients, wanted: Wanted) -> Identity:
    """Makes sure that who signs is of the stack's account, and of one that its `aws:` settings allow.

    Raises:
        WrongAccountError: it is another account; the message names both.
        AwsError: AWS could not be asked.
    """
    found = identity_of(clients)
    refusal = wanted.refusal(found.account)
    if wanted.account is not None and found.account != wanted.account:
        refusal = f"stack {wanted.stack} is of account {wanted.account}"
    if refusal:
        msg = f"{found.arn} signs, of account {found.account}, and {refusal}; nothing was done: {wanted.hint}"
        raise WrongAccountError(msg)
    return found
