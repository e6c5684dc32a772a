"""What a preview says when it cannot judge. Every one of them is exit code 2 at the command line.

PreviewError            one line for people; `detail` holds what `--debug` may show
├── ProjectError        Pulumi.yaml, the stack's file or a `-c key=value` cannot be used
├── ProgramError        the program failed, ended too early, or ran past its time limit
├── PackError           the policy pack did not start, answer, or judge
├── EngineError         the real Pulumi engine is missing or failed for a reason of its own
├── TargetError         what `--target` names is not there, or needs what is not there
├── GraphError          what was registered is no graph that could be created: resources need each other in a circle
└── ProvisionError      a provisioner could not create or read a resource
"""

from __future__ import annotations


class PreviewError(Exception):
    """A preview could not judge; the message is one line that says what happened, to what, and what to do."""

    def __init__(self, message: str, detail: str = "", printed: tuple[str, ...] = ()) -> None:
        """`printed`: the last lines of what the program or the engine said, which people are shown."""
        super().__init__(message)
        self.detail, self.printed = detail, printed


class ProjectError(PreviewError):
    """A project file, a stack file or a setting on the command line cannot be used."""


class ProgramError(PreviewError):
    """The Pulumi program failed, ended before it was done, or ran past its time limit."""


class PackError(PreviewError):
    """The policy pack did not start, did not answer, or has nothing that could refuse."""


class EngineError(PreviewError):
    """The real Pulumi engine is missing or failed for a reason that is not a verdict."""


class ProvisionError(PreviewError):
    """A provisioner could not create or read a resource; the program's run fails with this message."""


class GraphError(PreviewError):
    """What a program registered is no graph that could be created."""


class TargetError(PreviewError):
    """What `--target` names is nowhere to be found, or needs something that is not a target and not there."""
