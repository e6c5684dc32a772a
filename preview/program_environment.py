"""What of the caller's surroundings a program gets: a list of names, and nothing that is a credential."""

from __future__ import annotations

import os
import re
import site
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from preview.errors import ProjectError

# Both are documented in docs/configuration.md.
PASSED: Final = "IAL_PROGRAM_ENVIRONMENT"
NETWORK: Final = "IAL_PROGRAM_NETWORK"
# Where programs and libraries are, how text is written, and where AWS's endpoints are: no secrets are in these.
_NAMES: Final = frozenset(
    [
        "PATH",
        "LANG",
        "LANGUAGE",
        "TZ",
        "TMPDIR",
        "TERM",
        "USER",
        "LOGNAME",
        "VIRTUAL_ENV",
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "SYSTEMROOT",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "SOURCE_DATE_EPOCH",
        "NO_COLOR",
        "CI",
    ]
)
_PREFIXES: Final = ("LC_", "PYTHON")
# The SDKs of clouds look in these places as well; here they find nothing.
_NOTHING: Final = {
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_CONFIG_FILE": os.devnull,
}
_SECRET: Final = re.compile(
    r"TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|PRIVATE|AUTH|API_?KEY|ACCESS_?KEY|SESSION|^AWS_|^PULUMI_|^IAL_|^GOOGLE_|"
    r"^AZURE_|^ARM_|^GITHUB_|^ACTIONS_|^RUNNER_|^DOCKER_|^SSH_|PROXY",
    re.IGNORECASE,
)
# Where people keep what opens doors, below their home; and doors of the machine itself.
_PRIVATE_PLACES: Final = [
    ".aws",
    ".azure",
    ".config/gcloud",
    ".config/gh",
    ".config/git",
    ".config/op",
    ".config/pulumi",
    ".docker",
    ".git-credentials",
    ".gnupg",
    ".kube",
    ".netrc",
    ".npmrc",
    ".password-store",
    ".pulumi",
    ".pypirc",
    ".ssh",
    ".terraform.d",
    ".vault-token",
]
_SOCKETS: Final = ("/run/docker.sock", "/var/run/docker.sock", "/run/podman/podman.sock", "/run/containerd")
_JUDGES: Final = ("contract", "policies", "preview", "pricing", "runners")
_NAMED_PLACES: Final = [
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_CONFIG_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "KUBECONFIG",
    "PULUMI_CONFIG_PASSPHRASE_FILE",
    "PULUMI_HOME",
    "SSH_AUTH_SOCK",
    "XDG_RUNTIME_DIR",
]


def program_environment(home: Path, caller: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of a program whose home is an empty folder.

    Raises:
        ProjectError: `IAL_PROGRAM_ENVIRONMENT` names what is a credential or a setting of the gate.
    """
    names = {name for name in caller if name in _NAMES or name.startswith(_PREFIXES)} | set(_asked(caller))
    passed = {name: caller[name] for name in names if name in caller}
    # Packages that a user installed for themselves are found through the home.
    base = {"PYTHONUSERBASE": site.getuserbase()} if site.ENABLE_USER_SITE else {}
    return {**base, **passed, **_NOTHING, "HOME": str(home)}


def _asked(caller: Mapping[str, str]) -> Iterator[str]:
    for name in filter(None, re.split(r"[,\s]+", caller.get(PASSED, ""))):
        if _SECRET.search(name):
            msg = f"{PASSED}: {name} may hold a credential or a setting of the gate, which no judged program gets"
            raise ProjectError(msg)
        yield name


def with_network(caller: Mapping[str, str] = os.environ) -> bool:
    """Whether programs may use the network: only where `IAL_PROGRAM_NETWORK` is `allow`.

    Raises:
        ProjectError: it is something else.
    """
    said = caller.get(NETWORK, "")
    if said not in ("", "allow"):
        msg = f"{NETWORK}={said!r}; accepted: allow"
        raise ProjectError(msg)
    return bool(said)


def private_places(needed: tuple[Path, ...], caller: Mapping[str, str] = os.environ) -> list[Path]:
    """What a program must not find, as far as it is there; what it needs to run lies in none of them."""
    home = Path(caller.get("HOME") or "/nonexistent")
    named = (Path(path) for name in _NAMED_PLACES for path in caller.get(name, "").split(os.pathsep) if path)
    places = [*(home / place for place in _PRIVATE_PLACES), *named, *map(Path, _SOCKETS)]
    found = {place.resolve(): None for place in places if place.is_absolute() and place.exists()}
    return [place for place in found if not any(path.resolve().is_relative_to(place) for path in needed)]


def judges_own() -> list[Path]:
    """What the verdict comes from, which a program may read and not change.

    The packages that are installed are among it once they are compiled: before, each run would compile them anew.
    """
    root = Path(__file__).resolve().parents[1]
    parts = [path for name in _JUDGES if (path := root / name).is_dir()]
    installed = Path(sys.prefix)
    return [*parts, installed] if next(installed.glob("lib/*/site-packages/pulumi/__pycache__"), None) else parts
