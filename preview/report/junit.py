"""The verdict as JUnit XML: a case for each budget and each policy, so that a pipeline shows which one failed."""

from __future__ import annotations

from decimal import Decimal
from typing import Final
from xml.etree import ElementTree as ET

from contract.names import CAPABILITY_BUDGET, COULD_JUDGE, MONTHLY_BUDGET
from preview.gate import Status
from preview.report.amounts import shown_against
from preview.report.document import open_problems
from preview.report.model import MANDATORY, FindingDocument, PreviewReport
from preview.report.provenance import declared
from preview.report.text import xml_text

_SUITE: Final = "ial-preview"
# Their cases are made from the amounts, one for each budget, not from the policy as a whole.
_BY_AMOUNT: Final = (MONTHLY_BUDGET, CAPABILITY_BUDGET)
_UNJUDGED: Final = "the gate could not judge"


def junit(report: PreviewReport) -> str:
    """The report as JUnit XML text."""
    suite = ET.Element("testsuite", name=f"{_SUITE} {xml_text(report['stack'])}")
    _judgement(suite, report)
    _budgets(suite, report)
    for policy in report["policies"]:
        if policy not in (*_BY_AMOUNT, COULD_JUDGE):
            _policy(
                suite, report["verdict"], policy, [entry for entry in report["findings"] if entry["policy"] == policy]
            )
    for kind, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(count, str(len(suite.findall(f"testcase/{kind}"))))
    suite.set("tests", str(len(suite.findall("testcase"))))
    root = ET.Element("testsuites", name=_SUITE)
    root.append(suite)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ET.Element, group: str, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=f"{_SUITE}.{xml_text(group)}", name=xml_text(name), time="0")


def _judgement(suite: ET.Element, report: PreviewReport) -> None:
    """The case that fails closed: it is an error whenever the gate could not judge."""
    case = _case(suite, "gate", COULD_JUDGE)
    own = [entry["message"] for entry in report["findings"] if entry["policy"] == COULD_JUDGE]
    lines = [*report["errors"], *own, *(f"{entry['code']}: {entry['message']}" for entry in open_problems(report))]
    if report["verdict"] == Status.COULD_NOT_JUDGE or lines:
        _say(case, "error", lines or [report["headline"]])
    said = report["estimate"]["declarations"] if report["estimate"] else []
    if said:
        ET.SubElement(case, "system-out").text = xml_text("\n".join(declared(entry) for entry in said))


def _budgets(suite: ET.Element, report: PreviewReport) -> None:
    total = report["total"]
    found = [entry for entry in report["findings"] if entry["level"] == MANDATORY]
    if total is not None and total["cap"] is not None:
        own = [entry["message"] for entry in found if entry["policy"] == MONTHLY_BUDGET]
        _budget(_case(suite, "budget", MONTHLY_BUDGET), report["verdict"], total["judgedCost"], total["cap"], own)
    elif any(entry["policy"] == MONTHLY_BUDGET for entry in found):
        _say(
            _case(suite, "budget", MONTHLY_BUDGET),
            "failure",
            [e["message"] for e in found if e["policy"] == MONTHLY_BUDGET],
        )
    over: list[str] = []
    for entry in report["capabilities"]:
        if entry["cap"] is not None:
            case = _case(suite, "budget", f"{CAPABILITY_BUDGET}: {entry['name']}")
            _budget(case, report["verdict"], entry["judgedCost"], entry["cap"], [])
            over += [entry["name"]] if Decimal(entry["judgedCost"]) > Decimal(entry["cap"]) else []
    stated = [entry["message"] for entry in found if entry["policy"] == CAPABILITY_BUDGET]
    if stated and not over:
        _say(_case(suite, "budget", CAPABILITY_BUDGET), "failure", stated)


def _budget(case: ET.Element, status: str, cost: str, cap: str, messages: list[str]) -> None:
    amount = f"{shown_against(cost, cap)} a month"
    if messages or Decimal(cost) > Decimal(cap):
        _say(case, "failure", messages or [amount])
    elif status == Status.COULD_NOT_JUDGE:
        ET.SubElement(case, "skipped", message=_UNJUDGED)
    else:
        ET.SubElement(case, "system-out").text = amount


def _policy(suite: ET.Element, status: str, policy: str, found: list[FindingDocument]) -> None:
    case = _case(suite, "policy", policy)
    mandatory = [_line(entry) for entry in found if entry["level"] == MANDATORY]
    advisory = [_line(entry) for entry in found if entry["level"] != MANDATORY]
    if mandatory:
        _say(case, "failure", mandatory)
    if not found and status == Status.COULD_NOT_JUDGE:
        ET.SubElement(case, "skipped", message=_UNJUDGED)
    if advisory:
        ET.SubElement(case, "system-out").text = xml_text("\n".join(advisory))


def _line(entry: FindingDocument) -> str:
    return f"{entry['message']} [{entry['urn']}]" if entry["urn"] else entry["message"]


def _say(case: ET.Element, kind: str, lines: list[str]) -> None:
    ET.SubElement(case, kind, message=xml_text(lines[0]), type=kind).text = xml_text("\n".join(lines))
