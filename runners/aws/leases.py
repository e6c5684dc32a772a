"""Leases in the stack's table of run records, by conditional writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from contract.run_table import HOLD_NAMES, LEASE_STEP, MOVE, MOVES_IF, TAKE, TAKES_IF, TURN_LENGTH, lease_run
from runners.aws.session import Clients, calling
from runners.runs.clock import Clock, rfc3339
from runners.runs.lease import Lease, LeaseHeldError, LeaseLostError

_HELD: Final = "ConditionalCheckFailedException"


@dataclass(frozen=True)
class TableLeases:
    """One item a lease, under `lease#NAME`. It never expires: the number must not start anew."""

    clients: Clients
    table: str
    clock: Clock

    def now(self) -> datetime:
        """The time by which leases end."""
        return self.clock.now()

    def acquire(self, name: str, owner: str) -> Lease:
        """The lease, if it is free, out of time, or the owner's own.

        Raises:
            LeaseHeldError: somebody else holds it.
            AwsError: the table could not be written.
        """
        now = self.clock.now()
        until = now + TURN_LENGTH
        item = self._update(
            name,
            TAKE,
            TAKES_IF,
            {":owner": {"S": owner}, ":until": _time(until), ":now": _time(now), ":one": {"N": "1"}},
        )
        if item is None:
            held = self.holder(name) or f"somebody else got the lease {name}, and freed it meanwhile"
            msg = f"{held}; wait for its run to end"
            raise LeaseHeldError(msg)
        return Lease(name, owner, int(item["fence"]["N"]), until)

    def renew(self, lease: Lease) -> Lease:
        """The same lease with its whole time ahead.

        Raises:
            LeaseLostError: it is somebody else's by now, or was freed.
            AwsError: the table could not be written.
        """
        until = self.clock.now() + TURN_LENGTH
        item = self._update(lease.name, MOVE, *self._own(lease, ":until", until))
        if item is None:
            msg = f"the lease {lease.name} was lost to somebody else"
            raise LeaseLostError(msg)
        return Lease(lease.name, lease.owner, lease.fence, until)

    def release(self, lease: Lease) -> None:
        """Frees the lease, if it still is this one.

        Raises:
            AwsError: the table could not be written; the lease ends by itself.
        """
        self._update(lease.name, MOVE, *self._own(lease, ":until", datetime.fromtimestamp(0, UTC)))

    @staticmethod
    def _own(lease: Lease, key: str, until: datetime) -> tuple[str, dict[str, Any]]:
        values = {key: _time(until), ":owner": {"S": lease.owner}, ":fence": {"N": str(lease.fence)}}
        return MOVES_IF, values

    def _update(self, name: str, change: str, condition: str, values: dict[str, Any]) -> dict[str, Any] | None:
        used = {short: full for short, full in HOLD_NAMES.items() if short in change + condition}
        try:
            with calling("dynamodb:UpdateItem", self.table):
                return self._write(name, change, condition, values, used)
        except _Refused:
            return None

    def _write(
        self, name: str, change: str, condition: str, values: dict[str, Any], names: dict[str, str]
    ) -> dict[str, Any]:
        try:
            answer = self.clients.client("dynamodb").update_item(
                TableName=self.table,
                Key=_key(name),
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == _HELD:
                raise _Refused from None
            raise
        attributes: dict[str, Any] = answer["Attributes"]
        return attributes

    def holder(self, name: str) -> str | None:
        """Who holds the lease and until when at most, in words for people; None when it is free.

        Raises:
            AwsError: the table could not be read.
        """
        with calling("dynamodb:GetItem", self.table):
            found = self.clients.client("dynamodb").get_item(TableName=self.table, Key=_key(name), ConsistentRead=True)
        item = found.get("Item", {})
        owner = item.get("owner", {}).get("S", "somebody")
        until = datetime.fromtimestamp(float(item.get("until", {}).get("N", "0")), UTC)
        if until <= self.clock.now():
            return None
        return f"{owner} holds the lease {name} until {rfc3339(until)} unless it is renewed"


class _Refused(Exception):
    """The condition of a write did not hold."""


def _key(name: str) -> dict[str, dict[str, str]]:
    return {"run": {"S": lease_run(name)}, "step": {"S": LEASE_STEP}}


def _time(moment: datetime) -> dict[str, str]:
    return {"N": f"{moment.timestamp():.3f}"}
