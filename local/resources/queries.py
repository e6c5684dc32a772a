"""Athena's workgroups and saved queries, and the tables in Glue's catalogue that they read."""

from __future__ import annotations

import contextlib
from typing import Any, Final

from local.endpoint import ACCOUNT, REGION, Endpoint
from local.resources.kind import Kind, Made, Properties, pascal, tag_list, upsert

# What the provider calls in another way than AWS.
_ENCRYPTION: Final = {"encryptionOption": "EncryptionOption", "kmsKeyArn": "KmsKey"}
_PLAIN: Final = (
    *("bytesScannedCutoffPerQuery", "enforceWorkgroupConfiguration", "requesterPaysEnabled"),
    *("enableMinimumEncryptionConfiguration", "executionRole"),
)


def _configuration(properties: Properties) -> dict[str, Any]:
    given = properties.get("configuration") or {}
    found: dict[str, Any] = pascal({key: given[key] for key in _PLAIN if given.get(key) is not None})
    # The provider's defaults, where AWS's are others.
    found["EnforceWorkGroupConfiguration"] = found.pop("EnforceWorkgroupConfiguration", True)
    found["PublishCloudWatchMetricsEnabled"] = given.get("publishCloudwatchMetricsEnabled", True)
    return found


def _results(properties: Properties) -> dict[str, Any]:
    given = (properties.get("configuration") or {}).get("resultConfiguration") or {}
    found: dict[str, Any] = pascal(
        {key: given[key] for key in ("outputLocation", "expectedBucketOwner") if given.get(key)}
    )
    encryption = given.get("encryptionConfiguration")
    if encryption:
        found["EncryptionConfiguration"] = {_ENCRYPTION[key]: value for key, value in encryption.items() if value}
    return found


def _put_workgroup(endpoint: Endpoint, properties: Properties) -> Made:
    athena, name = endpoint.client("athena"), properties["name"]
    configuration, results = _configuration(properties), _results(properties)
    description = properties.get("description") or ""
    if name in _workgroups(athena):
        athena.update_work_group(
            WorkGroup=name,
            Description=description,
            ConfigurationUpdates={**configuration, "ResultConfigurationUpdates": results},
        )
    else:
        athena.create_work_group(
            Name=name,
            Description=description,
            Configuration={**configuration, "ResultConfiguration": results},
            Tags=tag_list(properties),
        )
    return Made(name, {"arn": f"arn:aws:athena:{REGION}:{ACCOUNT}:workgroup/{name}"})


def _workgroups(athena: Any) -> set[str]:
    return {held["Name"] for held in athena.list_work_groups()["WorkGroups"]}


def _delete_workgroup(endpoint: Endpoint, name: str, properties: Properties) -> None:
    athena = endpoint.client("athena")
    athena.delete_work_group(WorkGroup=name, RecursiveDeleteOption=bool(properties.get("forceDestroy")))


def _save(endpoint: Endpoint, properties: Properties) -> Made:
    athena, workgroup = endpoint.client("athena"), properties.get("workgroup") or "primary"
    for id_ in athena.list_named_queries(WorkGroup=workgroup)["NamedQueryIds"]:
        held = athena.get_named_query(NamedQueryId=id_)["NamedQuery"]
        # Athena saves two of one name: one of before a crash is taken for the one that is to be.
        if (held["Name"], held["QueryString"]) == (properties["name"], properties["query"]):
            return Made(id_)
    made = athena.create_named_query(Database=properties["database"], WorkGroup=workgroup, **_text(properties))
    return Made(made["NamedQueryId"])


def _change(endpoint: Endpoint, id_: str, properties: Properties) -> Made:
    endpoint.client("athena").update_named_query(NamedQueryId=id_, **_text(properties))
    return Made(id_)


def _text(properties: Properties) -> dict[str, str]:
    described = {"Description": properties["description"]} if properties.get("description") else {}
    return {"Name": properties["name"], "QueryString": properties["query"], **described}


def _unsave(endpoint: Endpoint, id_: str, _: Properties) -> None:
    athena = endpoint.client("athena")
    with contextlib.suppress(athena.exceptions.InvalidRequestException):
        athena.delete_named_query(NamedQueryId=id_)


def _put_database(endpoint: Endpoint, properties: Properties) -> Made:
    glue, name = endpoint.client("glue"), properties["name"]
    given = ("name", "description", "locationUri", "parameters")
    wanted = pascal({key: properties[key] for key in given if properties.get(key)})
    try:
        glue.create_database(DatabaseInput=wanted, Tags=properties.get("tags") or {})
    except glue.exceptions.AlreadyExistsException:
        glue.update_database(Name=name, DatabaseInput=wanted)
    return Made(f"{ACCOUNT}:{name}", {"arn": f"arn:aws:glue:{REGION}:{ACCOUNT}:database/{name}", "catalogId": ACCOUNT})


def _database_there(endpoint: Endpoint, name: str) -> bool:
    return name in {held["Name"] for held in endpoint.client("glue").get_databases()["DatabaseList"]}


def _delete_database(endpoint: Endpoint, _: str, properties: Properties) -> None:
    endpoint.client("glue").delete_database(Name=properties["name"])


def _put_table(endpoint: Endpoint, properties: Properties) -> Made:
    glue, database, name = endpoint.client("glue"), properties["databaseName"], properties["name"]
    given = ("name", "description", "owner", "parameters", "partitionKeys", "retention", "tableType")
    wanted: dict[str, Any] = {key: properties[key] for key in given if properties.get(key)}
    storage = {key: value for key, value in (properties.get("storageDescriptor") or {}).items() if key != "serDeInfo"}
    table = pascal({key: value for key, value in wanted.items() if key != "parameters"})
    table["StorageDescriptor"] = pascal(storage)
    if (serde := (properties.get("storageDescriptor") or {}).get("serDeInfo")) is not None:
        parts = {key: value for key, value in serde.items() if key != "parameters"}
        table["StorageDescriptor"]["SerdeInfo"] = {**pascal(parts), "Parameters": serde.get("parameters") or {}}
    table["Parameters"] = wanted.get("parameters") or {}
    try:
        glue.create_table(DatabaseName=database, TableInput=table)
    except glue.exceptions.AlreadyExistsException:
        glue.update_table(DatabaseName=database, TableInput=table)
    arn = f"arn:aws:glue:{REGION}:{ACCOUNT}:table/{database}/{name}"
    return Made(f"{ACCOUNT}:{database}:{name}", {"arn": arn, "catalogId": ACCOUNT})


def _delete_table(endpoint: Endpoint, _: str, properties: Properties) -> None:
    endpoint.client("glue").delete_table(DatabaseName=properties["databaseName"], Name=properties["name"])


KINDS: dict[str, Kind] = {
    "aws:athena/workgroup:Workgroup": upsert(
        _put_workgroup,
        _delete_workgroup,
        "name",
        there=lambda endpoint, name: name in _workgroups(endpoint.client("athena")),
    ),
    "aws:athena/namedQuery:NamedQuery": Kind(
        create=_save, update=_change, delete=_unsave, identity=("database", "workgroup")
    ),
    "aws:glue/catalogDatabase:CatalogDatabase": upsert(_put_database, _delete_database, "name", there=_database_there),
    "aws:glue/catalogTable:CatalogTable": upsert(_put_table, _delete_table, "name", "databaseName"),
}
