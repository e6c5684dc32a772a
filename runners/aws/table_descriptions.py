"""Everything that AWS tells of a table's settings, through boto3."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from runners.aws.session import Clients, calling
from runners.backup.tables.table_description import TableDescription
from runners.errors import AwsError
from runners.runs.clock import rfc3339

# Codes that say nothing about the table: the endpoint does not have the call, or whoever asks may not use it.
_NOT_TOLD: Final = frozenset(
    {"UnknownOperationException", "AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "NotImplemented"}
)
_NO_POLICY: Final = "PolicyNotFoundException"
_SCALING: Final = {
    "ScalableTargets": "describe_scalable_targets",
    "ScalingPolicies": "describe_scaling_policies",
    "ScheduledActions": "describe_scheduled_actions",
}


@dataclass(frozen=True)
class AwsTableDescriptions:
    """Reads, changes nothing."""

    clients: Clients

    def describe(self, table: str) -> TableDescription:
        """Every answer about a table, all pages of each.

        Raises:
            AwsError: something could not be asked, for another reason than that it is not known or not allowed.
        """
        found = _plain(self._ask("DescribeTable", table, TableName=table)["Table"])
        arn = found["TableArn"]
        questions: Mapping[str, Callable[[], Any]] = {
            "ContinuousBackups": lambda: self._ask("DescribeContinuousBackups", table, TableName=table)[
                "ContinuousBackupsDescription"
            ],
            "TimeToLive": lambda: self._ask("DescribeTimeToLive", table, TableName=table)["TimeToLiveDescription"],
            "Tags": lambda: list(self._tags(arn)),
            "KinesisDestinations": lambda: self._ask("DescribeKinesisStreamingDestination", table, TableName=table)[
                "KinesisDataStreamDestinations"
            ],
            "ContributorInsights": lambda: self._insights(table, found),
            "ResourcePolicy": lambda: self._policy(arn),
            **{
                answer: lambda answer=answer: list(self._scaling(answer, table))  # type: ignore[misc]
                for answer in _SCALING
            },
        }
        answers, unknown = {"Table": found}, {}
        for answer, question in questions.items():
            try:
                answers[answer] = _plain(question())
            except AwsError as error:
                if error.code not in _NOT_TOLD:
                    raise
                unknown[answer] = f"{error.operation}: {error.code}"
        return TableDescription(table=table, arn=arn, answers=_sorted_tags(answers), unknown=unknown)

    def _tags(self, arn: str) -> Iterator[Mapping[str, str]]:
        asked = {"ResourceArn": arn}
        while True:
            page = self._ask("ListTagsOfResource", arn, **asked)
            yield from page["Tags"]
            if not page.get("NextToken"):
                return
            asked["NextToken"] = page["NextToken"]

    def _insights(self, table: str, found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Of the table, and of each of its global indexes."""
        indexes = [index["IndexName"] for index in found.get("GlobalSecondaryIndexes", [])]
        asked = [{"TableName": table}, *({"TableName": table, "IndexName": index} for index in indexes)]
        answers = [self._ask("DescribeContributorInsights", table, **question) for question in asked]
        return [{"IndexName": "table", **answer} for answer in answers]

    def _policy(self, arn: str) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = self._ask("GetResourcePolicy", arn, ResourceArn=arn)
        except AwsError as error:
            if error.code != _NO_POLICY:
                raise
            return {}
        return found

    def _scaling(self, answer: str, table: str) -> Iterator[Mapping[str, Any]]:
        """What application auto scaling has of the table and of its indexes: also where the table itself has none."""
        method = _SCALING[answer]
        operation = "application-autoscaling:" + "".join(part.capitalize() for part in method.split("_"))
        with calling(operation, table):
            # Which one is known when it runs.
            client: Any = self.clients.client("application-autoscaling")
            pages = list(client.get_paginator(method).paginate(ServiceNamespace="dynamodb"))
        own, under = f"table/{table}", f"table/{table}/index/"
        for held in (held for page in pages for held in page[answer]):
            if held["ResourceId"] == own or held["ResourceId"].startswith(under):
                yield held

    def _ask(self, operation: str, resource: str, **asked: Any) -> Any:
        method = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation)[1:]
        with calling(f"dynamodb:{operation}", resource):
            answer = getattr(self.clients.client("dynamodb"), method)(**asked)
        return {name: held for name, held in answer.items() if name != "ResponseMetadata"}


def _sorted_tags(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Tags that only AWS sets apart from those of people."""
    if "Tags" not in answers:
        return dict(answers)
    own = [tag for tag in answers["Tags"] if tag["Key"].startswith("aws:")]
    return {**answers, "Tags": [tag for tag in answers["Tags"] if tag not in own], "SystemTags": own}


def _plain(held: Any) -> Any:
    """As JSON has it."""
    if isinstance(held, Mapping):
        return {name: _plain(value) for name, value in held.items()}
    if isinstance(held, list | tuple):
        return [_plain(value) for value in held]
    if isinstance(held, datetime):
        return rfc3339(held)
    if isinstance(held, Decimal):
        return str(held)
    return base64.b64encode(held).decode() if isinstance(held, bytes) else held
