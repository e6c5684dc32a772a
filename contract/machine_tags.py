"""Tags by which a state machine's price is known before its definition is: that has ids which only AWS decides.

The schedule is in the same tag as that of templates (contract/schedule_tag.py).
"""

from __future__ import annotations

from typing import Final

STATE_MACHINE: Final = "aws:sfn/stateMachine:StateMachine"
# The most state transitions of one execution.
TRANSITIONS_TAG: Final = "chaos:transitions"
