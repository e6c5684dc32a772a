"""Documents of Systems Manager: what commands and automations run."""

from __future__ import annotations

from typing import Any

from local.endpoint import ACCOUNT, REGION, Endpoint
from local.resources.kind import Kind, Made, Properties, tag_list


def _create(endpoint: Endpoint, properties: Properties) -> Made:
    ssm, name = endpoint.client("ssm"), properties["name"]
    try:
        made = ssm.create_document(
            Name=name,
            Content=properties["content"],
            DocumentType=properties["documentType"],
            DocumentFormat=_format(properties),
            Tags=tag_list(properties),
            **_target(properties),
        )["DocumentDescription"]
    except ssm.exceptions.DocumentAlreadyExists:
        return _update(endpoint, name, properties)
    return Made(name, {"arn": _arn(name), "defaultVersion": made["DefaultVersion"]})


def _update(endpoint: Endpoint, name: str, properties: Properties) -> Made:
    """A new version, which becomes the one that is used."""
    ssm = endpoint.client("ssm")
    try:
        changed = ssm.update_document(
            Name=name,
            Content=properties["content"],
            DocumentVersion="$LATEST",
            DocumentFormat=_format(properties),
            **_target(properties),
        )["DocumentDescription"]
        version = changed["DocumentVersion"]
        ssm.update_document_default_version(Name=name, DocumentVersion=version)
    except ssm.exceptions.DuplicateDocumentContent:
        version = ssm.describe_document(Name=name)["Document"]["DefaultVersion"]
    return Made(name, {"arn": _arn(name), "defaultVersion": version})


def _delete(endpoint: Endpoint, name: str, _: Properties) -> None:
    ssm = endpoint.client("ssm")
    try:
        ssm.delete_document(Name=name)
    except ssm.exceptions.InvalidDocument:
        return


def _target(properties: Properties) -> dict[str, Any]:
    return {"TargetType": properties["targetType"]} if properties.get("targetType") else {}


def _format(properties: Properties) -> str:
    return str(properties.get("documentFormat") or "JSON")


def _arn(name: str) -> str:
    return f"arn:aws:ssm:{REGION}:{ACCOUNT}:document/{name}"


KINDS: dict[str, Kind] = {
    "aws:ssm/document:Document": Kind(
        create=_create, update=_update, delete=_delete, identity=("name", "documentType")
    ),
}
