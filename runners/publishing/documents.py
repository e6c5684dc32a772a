"""The published schemas that are made from structs: by file, the struct of whoever writes the document, and a title."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from contract.control_record import ControlDocument
from contract.execution_record import ExecutionDocument, UnjudgedRunDocument
from contract.outputs import Outputs
from contract.run_log import LogLine
from contract.schema import FOLDER, text
from contract.suite_record import SuiteDocument
from runners.analysis.alerts.comparison_model import AlarmComparison
from runners.analysis.model import Analysis
from runners.analysis.score_model import Score
from runners.backup.configuration.copy_document import ConfigurationCheck, ConfigurationCopy
from runners.backup.copies_document import CopiesCheckDocument, CopiesDocument
from runners.backup.drill_document import DrillDocument
from runners.backup.drill_plan_document import PlannedDrillsDocument
from runners.backup.reap_document import ReapDocument
from runners.backup.restore_document import RestoreDocument
from runners.backup.status_document import StatusDocument
from runners.chaos.action_refresh import ActionRefresh
from runners.chaos.before.plan_document import ChaosList, ChaosPlan
from runners.chaos.record.chaos_document import ChaosDocument
from runners.chaos.record.history import ChaosHistory
from runners.chaos.running.halting import Halted
from runners.fleet.model import FleetPlan, FleetReport
from runners.gate.missing_prices import MissingDocument
from runners.gate.usage_keys import UsageDocument
from runners.kept.down_document import DownDocument
from runners.publishing import journal_schema
from runners.pull_requests.pipeline_issue import IssueDocument
from runners.report.model import Report
from runners.rollback.held_versions import HeldVersions
from runners.rollback.history import RollbackHistory
from runners.rollback.plan import RollbackPlan
from runners.rollback.rollback_document import RollbackDocument
from runners.rollback.verification import VerifiedRollback
from runners.stack.local_cloud import CloudStatus
from runners.suites.history import SuiteHistory
from runners.suites.plan_document import SuitePlanDocument
from runners.suites.suite_list import SuiteList

# The struct may be several that tell themselves apart.
PUBLISHED: Final[dict[str, tuple[Any, str]]] = {
    "action-refresh": (ActionRefresh, "Answer of `ial chaos refresh-actions --json`"),
    "alarms-compare": (AlarmComparison, "Comparison of alarm designs"),
    "analysis": (Analysis, "Analysis of a stack's runs"),
    "backup-config": (ConfigurationCopy, "Answer of `ial backup config --json`, and the manifest of a copy"),
    "backup-config-verify": (ConfigurationCheck, "Answer of `ial backup config --verify --json`"),
    "backup-drill-plan": (PlannedDrillsDocument, "Answer of `ial backup drill --plan --json`"),
    "backup-reap": (ReapDocument, "Answer of `ial backup reap --json`"),
    "backup-restore": (RestoreDocument, "Answer of `ial backup restore --json`"),
    "backup-run": (CopiesDocument, "Answer of `ial backup run --json`"),
    "backup-status": (StatusDocument, "Answer of `ial backup status --json`"),
    "backup-verify": (CopiesCheckDocument, "Answer of `ial backup verify --json`"),
    "chaos-halt": (Halted, "What a halt did"),
    "chaos-history": (ChaosHistory, "Runs of a stack"),
    "chaos-list": (ChaosList, "Experiments of a stack"),
    "chaos-plan": (ChaosPlan, "What a run of an experiment would do"),
    "chaos-record": (ChaosDocument, "Record of one run of an experiment"),
    "control-record": (ControlDocument, "Record of a control run"),
    "down": (DownDocument, "Answer of `ial down --json`"),
    "drill-record": (DrillDocument, "Record of a drill"),
    "execution-record": (ExecutionDocument, "Record of a suite that a state machine ran"),
    "fleet-plan": (FleetPlan, "State machines of a fleet"),
    "fleet-report": (FleetReport, "Runs of a fleet"),
    "local-status": (CloudStatus, "Answer of `ial local start|stop|status --json`"),
    "missing-prices": (MissingDocument, "Answer of `ial cost missing-prices --json`"),
    "outputs": (Outputs, "Outputs of an ial stack"),
    "pipeline-issue": (IssueDocument, "The issue of a pipeline"),
    "report": (Report, "Report of a stack's runs"),
    "rollback-history": (RollbackHistory, "Rollbacks of a stack"),
    "rollback-hold": (HeldVersions, "Versions that are held back"),
    "rollback-plan": (RollbackPlan, "What a rollback would do"),
    "rollback-record": (RollbackDocument, "Record of one rollback"),
    "rollback-verify": (VerifiedRollback, "Whether the last rollback stands"),
    "run-log": (LogLine, "A line of the log of a run"),
    "score": (Score, "Resilience score of a stack"),
    "suite-history": (SuiteHistory, "Suites of a stack that ran"),
    "suite-list": (SuiteList, "Suites of a stack"),
    "suite-plan": (SuitePlanDocument, "Plan of a suite"),
    "suite-record": (SuiteDocument, "Record of a suite"),
    "unjudged-run": (UnjudgedRunDocument, "Record of a run of FIS that nobody judged"),
    "usage-keys": (UsageDocument, "Answer of `ial cost usage --json`"),
}


def texts() -> dict[Path, str]:
    """Each file, and what it has to say."""
    made = {FOLDER / f"{name}.schema.json": text(*PUBLISHED[name]) for name in PUBLISHED}
    return {**made, journal_schema.FILE: journal_schema.text()}
