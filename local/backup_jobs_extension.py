"""Backup jobs and recovery points of AWS Backup, which moto lacks: kept in memory, under AWS's own paths."""

from __future__ import annotations

import re
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from local.endpoint import ACCOUNT, REGION
from local.knobs import KnobBoard
from local.web import Environ, Start, Wsgi, answer, is_signed_for, read_document, refuse

_JOB: Final = re.compile(r"/backup-jobs/(?P<id>[^/]+)/?")
_POINTS: Final = re.compile(r"/backup-vaults/(?P<vault>[^/]+)/recovery-points/?")
_VAULT: Final = re.compile(r"/backup-vaults/(?P<vault>[^/]+)/?")
_POINT: Final = re.compile(r"/backup-vaults/(?P<vault>[^/]+)/recovery-points/(?P<point>[^/]+)/?")
_METADATA: Final = re.compile(r"/backup-vaults/(?P<vault>[^/]+)/recovery-points/(?P<point>.+)/restore-metadata/?")
_PAGE: Final = 100
_KEY: Final = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/aws-backup"


@dataclass
class _Job:
    """One job; its recovery point exists once it is done."""

    id: str
    token: str | None
    vault: str
    role: str
    resource: str
    days: int | None
    begun: float
    ready: float
    failed: bool
    size: int
    deleted: bool = False

    @property
    def state(self) -> str:
        if time.time() < self.ready:
            return "RUNNING"
        return "FAILED" if self.failed else "COMPLETED"

    @property
    def point(self) -> str:
        return f"arn:aws:backup:{REGION}:{ACCOUNT}:recovery-point:{self.id}"

    def document(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "AccountId": ACCOUNT,
            "BackupJobId": self.id,
            "BackupVaultName": self.vault,
            "ResourceArn": self.resource,
            "ResourceType": _kind(self.resource),
            "IamRoleArn": self.role,
            "CreationDate": self.begun,
            "State": self.state,
            "PercentDone": "100.0" if self.state != "RUNNING" else "50.0",
        }
        if self.state == "COMPLETED":
            shown |= {"RecoveryPointArn": self.point, "BackupSizeInBytes": self.size, "CompletionDate": self.ready}
        if self.state == "FAILED":
            shown |= {"StatusMessage": "rehearsed failure", "CompletionDate": self.ready}
        return shown

    def recovery_point(self) -> dict[str, Any]:
        life = {} if self.days is None else {"DeleteAfterDays": self.days}
        ends = {} if self.days is None else {"DeleteAt": self.begun + self.days * 86400}
        return {
            "RecoveryPointArn": self.point,
            "BackupVaultName": self.vault,
            "ResourceArn": self.resource,
            "ResourceType": _kind(self.resource),
            "IamRoleArn": self.role,
            "Status": "COMPLETED",
            "CreationDate": self.begun,
            "CompletionDate": self.ready,
            "BackupSizeInBytes": self.size,
            "IsEncrypted": True,
            "EncryptionKeyArn": _KEY,
            "Lifecycle": life,
            "CalculatedLifecycle": ends,
        }


class BackupJobsExtension:
    """A WSGI application that answers for jobs and recovery points, and passes everything else on."""

    def __init__(self, inner: Wsgi, board: KnobBoard) -> None:
        self._inner, self._board = inner, board
        self._jobs: dict[str, _Job] = {}

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Serves one request."""
        path = urllib.parse.unquote(environ.get("PATH_INFO", ""))
        handler = self._handler(path, environ) if is_signed_for(environ, "backup") else None
        if handler is None:
            return self._pass_on(path, environ, start_response)
        try:
            return answer(start_response, handler())
        except KeyError as error:
            return refuse(start_response, "ResourceNotFoundException", f"{error} does not exist")

    def _pass_on(self, path: str, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """AWS keeps a vault with anything in it, as public reports have it:
        https://github.com/aws/aws-cdk/issues/33711.
        """
        vault = _VAULT.fullmatch(path) if is_signed_for(environ, "backup") else None
        if vault and environ["REQUEST_METHOD"] == "DELETE" and any(self._in(vault["vault"], running=True)):
            text = "Backup vault cannot be deleted because it contains recovery points."
            return refuse(start_response, "InvalidRequestException", text)
        return self._inner(environ, start_response)

    def _in(self, vault: str, *, running: bool = False) -> Iterator[_Job]:
        states = ("COMPLETED", "RUNNING") if running else ("COMPLETED",)
        return (job for job in self._jobs.values() if job.vault == vault and not job.deleted and job.state in states)

    def _handler(self, path: str, environ: Environ) -> Callable[[], dict[str, Any]] | None:
        method = environ["REQUEST_METHOD"]
        query = urllib.parse.parse_qs(environ.get("QUERY_STRING", ""))
        if path.rstrip("/") == "/backup-jobs":
            return (lambda: self._start(environ)) if method == "PUT" else (lambda: self._list_jobs(query))
        if method == "DELETE" and (found := _POINT.fullmatch(path)):
            vault, point = found["vault"], found["point"]
            return lambda: self._delete(vault, point)
        if method != "GET":
            return None
        if found := _METADATA.fullmatch(path):
            point = found["point"]
            return lambda: self._metadata(point)
        if found := _POINTS.fullmatch(path):
            vault = found["vault"]
            return lambda: self._points(vault, query)
        if found := _JOB.fullmatch(path):
            id_ = found["id"]
            return lambda: self._jobs[id_].document()
        return None

    def _start(self, environ: Environ) -> dict[str, Any]:
        asked = read_document(environ)
        token = asked.get("IdempotencyToken")
        job = next((held for held in self._jobs.values() if token and held.token == token), None)
        if job is None:
            knobs, now = self._board.now, time.time()
            job = _Job(
                id=str(uuid.uuid4()),
                token=token,
                vault=asked["BackupVaultName"],
                role=asked["IamRoleArn"],
                resource=asked["ResourceArn"],
                days=asked.get("Lifecycle", {}).get("DeleteAfterDays"),
                begun=now,
                ready=now + knobs.backup_job_seconds,
                failed=knobs.backup_jobs_fail,
                size=_size(asked["ResourceArn"]),
            )
            self._jobs[job.id] = job
        return {"BackupJobId": job.id, "CreationDate": job.begun}

    def _list_jobs(self, query: dict[str, list[str]]) -> dict[str, Any]:
        wanted = {name: query[name][0] for name in ("state", "resourceArn") if name in query}
        jobs = [
            job.document()
            for job in self._jobs.values()
            if wanted.get("state") in (None, job.state) and wanted.get("resourceArn") in (None, job.resource)
        ]
        return _paged("BackupJobs", jobs, query)

    def _points(self, vault: str, query: dict[str, list[str]]) -> dict[str, Any]:
        resource = query.get("resourceArn", [None])[0]
        points = [job.recovery_point() for job in self._in(vault) if resource in (None, job.resource)]
        return _paged("RecoveryPoints", points, query)

    def _delete(self, vault: str, point: str) -> dict[str, Any]:
        job = next((held for held in self._in(vault) if held.point == point), None)
        if job is None:
            raise KeyError(point)
        job.deleted = True
        return {}

    def _metadata(self, point: str) -> dict[str, Any]:
        job = next((held for held in self._jobs.values() if held.point == point and not held.deleted), None)
        if job is None:
            raise KeyError(point)
        name = job.resource.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        return {"RecoveryPointArn": point, "BackupVaultArn": job.vault, "RestoreMetadata": {"originalName": name}}


def _paged(name: str, listed: list[dict[str, Any]], query: dict[str, list[str]]) -> dict[str, Any]:
    first, size = int(query.get("nextToken", ["0"])[0]), int(query.get("maxResults", [str(_PAGE)])[0])
    more = {"NextToken": str(first + size)} if first + size < len(listed) else {}
    return {name: listed[first : first + size], **more}


def _kind(arn: str) -> str:
    return {"dynamodb": "DynamoDB", "rds": "RDS", "s3": "S3"}.get(arn.split(":")[2], "unknown")


def _size(arn: str) -> int:
    """The bytes of what is copied; a resource that does not exist is refused.

    Raises:
        KeyError: there is no such resource.
    """
    if _kind(arn) == "DynamoDB":
        from moto.dynamodb.models import dynamodb_backends

        table = dynamodb_backends[ACCOUNT][REGION].tables[arn.rsplit("/", 1)[-1]]
        return sum(item.size() for item in table.all_items())
    from moto.rds.models import rds_backends

    database = rds_backends[ACCOUNT][REGION].databases[arn.rsplit(":", 1)[-1]]
    return int(database.allocated_storage) * 1024**3
