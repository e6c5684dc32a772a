"""The kinds that a stack asks for by itself, with the actions and targets that the components give their templates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from components.chaos.experiment_file import experiments_folder, read_file
from components.chaos.fault import Fault
from components.chaos.hold_document import document_content
from components.reading import Reader
from components.settings import Settings
from contract.experiments import Experiment
from contract.probes import Hypothesis
from tests.components.conftest import WORKLOAD
from tests.runners.chaos.conftest import ERRORS, Rehearsal
from tests.runners.chaos.experiments import changed, experiment, metric_probe, radius
from tests.runners.chaos.four_kinds import CUT_OFF, FAST, FEW_ERRORS, HEALTHY


def shipped_fault(kind: str, **given: Any) -> Fault:
    """The fault of the shipped experiment of a kind, with other parameters."""
    category = {"az-impairment": "infrastructure", "connection-exhaustion": "application"}[kind]
    listed = read_file(experiments_folder() / f"{category}.yaml", category)  # type: ignore[arg-type]
    [spec] = [held for held in listed if held.name == kind]
    values = {"owner": "platform-team", "accountId": "123456789012", "workload": WORKLOAD}
    settings = Settings.read(Reader(values, "ial:"), stack="dev", region="us-east-1")
    return replace(spec, fault=replace(spec.fault, **given)).ordered_fault(settings)


def made(rehearsal: Rehearsal, planned: Experiment, fault: Fault) -> Experiment:
    """The experiment with the fault's whole template at FIS."""
    found = changed(
        planned,
        duration_seconds=fault.seconds,
        action_minutes=fault.action_minutes,
        usd_per_run=f"{fault.action_minutes / 10:.2f}",
    )
    return rehearsal.template(found, {**fault.actions}, {**fault.targets})


def impairment(rehearsal: Rehearsal, **given: Any) -> Experiment:
    """One zone of the example workload, the first one's, is impaired."""
    [subnet] = rehearsal.clients.client("ec2").describe_subnets(
        Filters=[
            {"Name": "availability-zone", "Values": ["us-east-1a"]},
            {"Name": "cidr-block", "Values": ["10.0.0.0/24"]},
        ]
    )["Subnets"]
    fault = shipped_fault("az-impairment", zone=subnet["AvailabilityZoneId"], subnets=(subnet["SubnetId"],), **given)
    planned = experiment(
        name="az-impairment",
        kind="az-impairment",
        blast_radius=radius(
            resource_type="aws:ec2:subnet",
            wanted=fault.wanted,
            group_kind=None,
            group=None,
            zone=fault.zone,
        ),
        hypothesis=Hypothesis(
            kind="recovery",
            probes=(changed(HEALTHY, at_least=1), FEW_ERRORS, FAST),
            rto_seconds=180,
            stability_seconds=120,
            expectations=(),
        ),
        evidence=(metric_probe("unhealthy", "UnHealthyHostCount", "Maximum", at_least=1),),
        stop_alarms=(ERRORS,),
    )
    return made(rehearsal, planned, fault)


def exhaustion(rehearsal: Rehearsal, **given: Any) -> Experiment:
    """The example workload's database is left with the reserve, by the document that a stack creates."""
    [database] = rehearsal.clients.client("rds").describe_db_instances(DBInstanceIdentifier="shop-db")["DBInstances"]
    fault = shipped_fault("connection-exhaustion", **{"host": database["Endpoint"]["Address"]} | given)
    assert fault.connections is not None
    ssm = rehearsal.clients.client("ssm")
    name = fault.connections.document
    if not ssm.list_documents(Filters=[{"Key": "Name", "Values": [name]}])["DocumentIdentifiers"]:
        ssm.create_document(Name=name, Content=document_content(), DocumentType="Command")
    planned = experiment(
        name="connection-exhaustion",
        kind="connection-exhaustion",
        category="application",
        blast_radius=radius(
            wanted=2,
            most_percent=100,
            min_healthy=0,
            connections=fault.connections,
        ),
        # What a database that is cut off does to the workload, one without connections does, too.
        hypothesis=CUT_OFF.hypothesis,
        evidence=(metric_probe("failed calls", "DatabaseErrors", "Sum", logs=True, at_least=20),),
        stop_alarms=(ERRORS,),
        needs_recovery_point=True,
    )
    return made(rehearsal, planned, fault)
