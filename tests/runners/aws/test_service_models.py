"""What a client knows of its service is what botocore's files say of it, though most of them is never read."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import Loader
from botocore.utils import deep_merge

from runners.aws.service_models import Entries, parsed, service_models
from runners.aws.session import AwsClients

DATA = Path(botocore.__file__).parent / "data"
RUNNERS = Path(__file__).resolve().parents[3] / "runners"
SERVICES = [
    "autoscaling", "backup", "budgets", "cloudwatch", "dynamodb", "ec2", "ecs", "elbv2", "fis", "iam", "logs", "rds",
    "s3", "ssm", "scheduler", "sns", "sts", "xray",
]  # fmt: skip
FILES = [
    (service, kind)
    for service in SERVICES
    for kind in ("service-2", "paginators-1", "waiters-2", "endpoint-rule-set-1")
    if any(DATA.glob(f"{service}/*/{kind}.json*"))
]


def unused() -> Loader:
    """What nobody read before: botocore writes into models when clients are used."""
    return service_models.__wrapped__(None)


def without_words(found: Any) -> Any:
    """The whole of it, read, without documentation."""
    if isinstance(found, dict):
        said = {key for key, value in found.items() if key == "documentation" and isinstance(value, str)}
        return {key: without_words(value) for key, value in found.items() if key not in said}
    return [without_words(value) for value in found] if isinstance(found, list) else found


@pytest.mark.parametrize(("service", "kind"), FILES)
def test_nothing_but_words_is_lost(service: str, kind: str) -> None:
    known = Loader().load_service_model(service, kind)
    assert without_words(unused().load_service_model(service, kind)) == without_words(known)


def test_the_endpoints_are_the_same_too() -> None:
    assert without_words(unused().load_data("endpoints")) == without_words(Loader().load_data("endpoints"))


def test_every_service_that_runners_call_is_compared() -> None:
    called = re.findall(r'\.client\("([a-z0-9]+)"\)', "".join(file.read_text() for file in RUNNERS.glob("**/*.py")))
    assert set(called) <= set(SERVICES)
    assert {(service, "service-2") for service in SERVICES} <= set(FILES)


def test_shapes_are_read_when_they_are_asked_for() -> None:
    shapes = unused().load_service_model("ec2", "service-2")["shapes"]
    assert isinstance(shapes, Entries)
    assert all(isinstance(held, bytes) for held in dict.values(shapes))
    assert shapes["DescribeInstancesRequest"]["type"] == "structure"
    assert sum(not isinstance(held, bytes) for held in dict.values(shapes)) == 1


SMALL = {
    "metadata": {"documentation": 'He said: "}\n  }"', "id": "X"},
    "shapes": {"A": {"type": "string"}, "B": {"members": {"shapes": {"shape": "A"}, "documentation": {"shape": "A"}}}},
    "operations": {},
}


@pytest.mark.parametrize("indent", [None, 0, 1, 2, 4])
def test_files_laid_out_in_another_way_are_read_as_well(indent: int | None) -> None:
    assert without_words(parsed(json.dumps(SMALL, indent=indent).encode())) == without_words(SMALL)


def test_what_is_absent_is_absent() -> None:
    shapes = parsed(json.dumps(SMALL, indent=2).encode())["shapes"]
    assert isinstance(shapes, Entries)
    assert (shapes.get("C"), shapes.get("C", 1), "C" in shapes, shapes.get("A")) == (None, 1, False, {"type": "string"})
    with pytest.raises(KeyError, match="C"):
        shapes["C"]


def test_additions_of_the_sdk_reach_the_shapes() -> None:
    document = parsed(json.dumps(SMALL, indent=2).encode())
    deep_merge(document, {"shapes": {"A": {"max": 3}}})
    assert document["shapes"]["A"] == {"type": "string", "max": 3}


def test_a_file_that_is_not_there_is_no_error() -> None:
    loader = service_models("/nowhere")
    assert "/nowhere" in loader.search_paths
    assert loader.file_loader.load_file("/nowhere/fis/service-2") is None


def test_services_and_files_that_botocore_lacks_are_refused_as_it_does() -> None:
    models = service_models(None)
    for service, kind in (("teleport", "service-2"), ("fis", "waiters-2")):
        for loader in (models, Loader()):
            with pytest.raises(DataNotFoundError):
                loader.load_service_model(service, kind)
    with pytest.raises(UnknownServiceError):
        models.load_service_model("teleport", "service-2")


def test_models_of_the_users_are_found(tmp_path: Path) -> None:
    file = tmp_path / "teleport" / "2026-11-25" / "service-2.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(SMALL, indent=2))
    found = service_models(f"/nowhere{os.pathsep}{tmp_path}").load_service_model("teleport", "service-2")
    assert without_words(found) == without_words(SMALL)


def test_clients_of_any_session_read_what_they_share_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def loader(service: str) -> Any:
        return AwsClients("us-east-1", keys=("a", "b", None)).client(service)._loader

    one, other = loader("fis"), loader("dynamodb")
    assert isinstance(one.load_data("endpoints"), dict)
    assert one.load_data("endpoints") is other.load_data("endpoints")
    # Other files are other models.
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    assert loader("fis") is not one


def test_the_same_services_are_there() -> None:
    assert service_models(None).list_available_services("service-2") == Loader().list_available_services("service-2")


def test_no_other_service_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    models, asked = unused(), list[str]()
    exists = models.file_loader.exists

    def noting(path: str) -> bool:
        asked.append(path)
        return exists(path)

    monkeypatch.setattr(models.file_loader, "exists", noting)
    models.load_service_model("fis", "service-2")
    assert asked
    assert [path for path in asked if Path(path).parts[-3] != "fis"] == []
