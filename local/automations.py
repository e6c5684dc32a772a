"""Executions of Systems Manager automations: moto stores their documents, and runs none.

Only steps that put a parameter are carried out; an execution with any other step fails, and says so.
Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeawsapi.html
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from moto.core.responses import ActionResult
    from moto.ssm.models import SimpleSystemManagerBackend
    from moto.ssm.responses import SimpleSystemManagerResponse as Response

_API: Final = "aws:executeAwsApi"


def run_automations() -> None:
    """Teaches moto's Systems Manager to execute automation documents."""
    from moto.ssm.responses import SimpleSystemManagerResponse

    held: dict[str, dict[str, Any]] = {}
    by_token: dict[str, str] = {}
    answers: Any = SimpleSystemManagerResponse
    answers.start_automation_execution = lambda response: _started(response, held, by_token)
    answers.get_automation_execution = lambda response: _found(response, held)


def _started(response: Response, held: dict[str, dict[str, Any]], by_token: dict[str, str]) -> ActionResult:
    from moto.core.responses import ActionResult
    from moto.ssm.exceptions import InvalidDocument

    token, name = response._get_param("ClientToken"), str(response._get_param("DocumentName"))
    if token is not None and token in by_token:
        return ActionResult({"AutomationExecutionId": by_token[token]})
    document = response.ssm_backend._documents.get(name)
    if document is None:
        raise InvalidDocument(f"Document {name} does not exist.")
    id_ = str(uuid.UUID(int=len(held) + 1))
    if token is not None:
        by_token[token] = id_
    given = {key: values[0] for key, values in (response._get_param("Parameters") or {}).items()}
    steps = json.loads(document.get_default_version().content)["mainSteps"]
    failure = next((why for step in steps if (why := _failed(step, given, response.ssm_backend))), None)
    held[id_] = {
        "AutomationExecutionId": id_,
        "DocumentName": name,
        "AutomationExecutionStatus": "Failed" if failure else "Success",
        **({"FailureMessage": failure} if failure else {}),
    }
    return ActionResult({"AutomationExecutionId": id_})


def _found(response: Response, held: dict[str, dict[str, Any]]) -> ActionResult:
    from moto.core.responses import ActionResult

    return ActionResult({"AutomationExecution": held[str(response._get_param("AutomationExecutionId"))]})


def _failed(step: dict[str, Any], given: dict[str, str], backend: SimpleSystemManagerBackend) -> str | None:
    """Why a step fails; None when it was carried out."""
    inputs = step.get("inputs", {})
    if (step["action"], inputs.get("Service"), inputs.get("Api")) != (_API, "ssm", "PutParameter"):
        return f"step {step['name']} is not emulated"
    value = str(inputs["Value"])
    for key, text in given.items():
        value = value.replace(f"{{{{ {key} }}}}", text)
    backend.put_parameter(inputs["Name"], "", value, "String", "", "", True, [], "text", None, None)
    return None
