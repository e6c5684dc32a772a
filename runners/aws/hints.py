"""What to do about a call that AWS refused, where its error code tells."""

from __future__ import annotations

from typing import Final

_LOG_IN: Final = "the credentials have expired: log in again, then repeat the command"
_NOT_KNOWN: Final = "AWS does not know these credentials: log in again, or choose another profile"
_NONE: Final = "there are no credentials: log in, or choose a profile with AWS_PROFILE"
_CLOCK: Final = "this machine's clock is off: set it, then repeat the command"
_HINTS: Final = {
    **dict.fromkeys(
        (
            "ExpiredToken",
            "ExpiredTokenException",
            "RequestExpired",
            "TokenRefreshRequired",
            "UnauthorizedSSOTokenError",
            "SSOTokenLoadError",
            "TokenRetrievalError",
            "LoginRefreshRequired",
            "LoginTokenLoadError",
        ),
        _LOG_IN,
    ),
    **dict.fromkeys(
        ("InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure", "InvalidAccessKeyId", "InvalidToken"),
        _NOT_KNOWN,
    ),
    **dict.fromkeys(("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"), _NONE),
    **dict.fromkeys(("RequestTimeTooSkewed",), _CLOCK),
}
_DENIED: Final = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_LEVER: Final = "fis:UpdateSafetyLeverState"
_START: Final = "fis:StartExperiment"
_RUNNER: Final = "the stack's chaos runner role has what runs need (--as-runner)"


def hint_for(operation: str, code: str) -> str:
    """What to do; empty where the code does not tell. A role is named only where the call can be no other's."""
    if code not in _DENIED:
        return _HINTS.get(code, "")
    if operation == "sts:AssumeRole":
        return "whoever asks must be allowed to take this role on"
    lacks = f"whoever asks lacks the permission {operation}"
    if operation == _LEVER:
        return f"{lacks}; the stack's halt role has it (--as-halter)"
    if operation == _START:
        return f"{lacks}, or to make FIS's service-linked role at first use (docs/workflows.md); {_RUNNER}"
    if operation.startswith("fis:"):
        return f"{lacks}; {_RUNNER}"
    return lacks
