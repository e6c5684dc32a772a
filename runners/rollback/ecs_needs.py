"""What an older task definition needs to run: images as they were, and secrets that are still there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from runners.errors import AwsError
from runners.rollback.calls import Calls
from runners.rollback.version import Version

_ECR: Final = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/(?P<repository>[^:@]+)"
    r"(:(?P<tag>[^@]+))?(@(?P<digest>sha256:[0-9a-f]{64}))?"
)
# The secret's ARN, before what names a part of it: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/
# secrets-envvar-secrets-manager.html
_SECRET: Final = re.compile(r"(arn:aws[a-z-]*:secretsmanager:[^:]+:\d{12}:secret:[^:]+)(:.*)?")
_PARAMETER: Final = re.compile(r"arn:aws[a-z-]*:ssm:[^:]+:\d{12}:parameter(/.+)")


def needs_of(definition: Mapping[str, Any], good: Version, calls: Calls) -> list[str]:
    """Why the task definition would not run as it did.

    Raises:
        AwsError: AWS could not be asked.
    """
    found: list[str] = []
    for container in definition["containerDefinitions"]:
        found += _image(container, (good.images or {}).get(container["name"]), calls)
        found += _secrets(container, calls)
    return found


def _image(container: Mapping[str, Any], then: str | None, calls: Calls) -> Iterator[str]:
    """The digest that ran must be there, and a tag must still mean it. Other registries cannot be asked."""
    name, image = container["name"], _ECR.fullmatch(container["image"])
    if image is None:
        return
    wanted = image["digest"] or then
    if wanted is not None and _digest(image, {"imageDigest": wanted}, calls) is None:
        yield f"container {name}: image {image['repository']}@{wanted} is not in ECR any more"
    elif image["digest"] is None:
        tag = image["tag"] or "latest"
        now = _digest(image, {"imageTag": tag}, calls)
        if now is None:
            yield f"container {name}: image {image['repository']}:{tag} is not in ECR any more"
        elif wanted is not None and now != wanted:
            yield f"container {name}: tag {image['repository']}:{tag} means {now} now, it was {wanted} then"


def _digest(image: re.Match[str], wanted: Mapping[str, str], calls: Calls) -> str | None:
    repository = image["repository"]
    try:
        answer = calls.ask(
            "ecr:DescribeImages",
            repository,
            registryId=image["account"],
            repositoryName=repository,
            imageIds=[dict(wanted)],
        )
    except AwsError as error:
        if error.code in ("ImageNotFoundException", "RepositoryNotFoundException"):
            return None
        raise
    return str(answer["imageDetails"][0]["imageDigest"])


def _secrets(container: Mapping[str, Any], calls: Calls) -> Iterator[str]:
    for held in container.get("secrets", []):
        source = str(held["valueFrom"])
        if not _is_there(source, calls):
            yield f"container {container['name']}: {held['name']} comes from {source}, which is gone"


def _is_there(source: str, calls: Calls) -> bool:
    secret = _SECRET.fullmatch(source)
    if secret is not None:
        try:
            return "DeletedDate" not in calls.ask("secretsmanager:DescribeSecret", secret[1], SecretId=secret[1])
        except AwsError as error:
            if error.code == "ResourceNotFoundException":
                return False
            raise
    parameter = _PARAMETER.fullmatch(source)
    # A parameter without a path has one slash in its ARN and none in its name.
    path = parameter[1] if parameter else source
    names = [path] if path.count("/") > 1 or not parameter else [path.lstrip("/")]
    asked = [{"Key": "Name", "Option": "Equals", "Values": names}]
    # A page may be empty though there are more: it ends where the service's patience does.
    return bool(calls.all("ssm:DescribeParameters", source, "Parameters", ParameterFilters=asked))
