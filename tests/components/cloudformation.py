"""The program's resources in CloudFormation's spelling, so that AWS's own schemas can judge them whole.

A property is renamed by its first letter unless its type's shape says otherwise. Nothing is dropped: a property that
CloudFormation does not know keeps its name and is refused there, and a type that is not listed here is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Protocol

Properties = dict[str, Any]
Reshape = Callable[[Any], Properties]

# What stands for no resource of CloudFormation: the prefix or the type, and why.
WITHOUT: Final = {
    "ial:": "components only group resources",
    "pulumi-python:dynamic/backup:": "changes a setting of a table or bucket that others own",
    "pulumi-python:dynamic/observability:": "changes a setting of a cluster or log group that others own",
    "pulumi-python:dynamic/naming:": "asks which names are taken",
}


class Registered(Protocol):
    """A resource as the mocks were told of it."""

    @property
    def typ(self) -> str:
        """The type's token."""

    @property
    def name(self) -> str:
        """The resource's name in the program."""

    @property
    def inputs(self) -> dict[Any, Any]:
        """What the program set."""


class UntranslatedError(Exception):
    """A type of the program that nobody has translated."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How one type is spelt: a property of another name, or one that becomes something else."""

    type: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    reshaped: Mapping[str, Reshape] = field(default_factory=dict)
    # What becomes of all properties together.
    wrapped: Callable[[Properties], Properties] = dict
    # A part of another resource: the input that names the owner.
    owner: str | None = None
    # The property for the owner's name if the owner may be there already, outside the program.
    adopted: str | None = None


def pascal(value: Any) -> Any:
    """Property names in AWS's spelling, at every depth, and nothing that is not set."""
    if isinstance(value, Mapping):
        return {key[:1].upper() + key[1:]: pascal(held) for key, held in value.items() if held is not None}
    return [pascal(held) for held in value] if isinstance(value, list) else whole(value)


def whole(value: Any) -> Any:
    """Mocks hand over every number as a float; AWS tells the kinds apart."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def spelt(value: Mapping[str, Any], renamed: Mapping[str, str], reshaped: Mapping[str, Reshape]) -> Properties:
    """One object in AWS's spelling; lists that become one property are joined in the order of `reshaped`."""
    found: Properties = {
        renamed.get(key, key[:1].upper() + key[1:]): pascal(held)
        for key, held in value.items()
        if held is not None and key not in reshaped
    }
    for key, reshape in reshaped.items():
        if value.get(key) is not None:
            join(found, reshape(value[key]))
    return found


def join(found: Properties, more: Mapping[str, Any]) -> None:
    """Adds properties; lists and objects grow, and nothing is overwritten."""
    for key, held in more.items():
        if key not in found:
            found[key] = held
        elif isinstance(held, list) and isinstance(found[key], list):
            found[key] = [*found[key], *held]
        elif isinstance(held, dict) and isinstance(found[key], dict):
            join(found[key], held)
        else:
            msg = f"{key} is set twice"
            raise ValueError(msg)


def into(target: str, *beside: str) -> Callable[[Properties], Properties]:
    """One object that holds all properties but these."""
    return lambda found: {
        target: {key: held for key, held in found.items() if key not in beside},
        **{key: found[key] for key in beside if key in found},
    }


def within(target: str, **renamed: str) -> Reshape:
    """An object of another name whose properties have other names too."""
    return lambda value: {target: spelt(value, renamed, {})}


def each(target: str, reshaped: Mapping[str, Reshape] | None = None, **renamed: str) -> Reshape:
    """A list of such objects."""
    return lambda value: {target: [spelt(held, renamed, reshaped or {}) for held in value]}


def document(target: str) -> Reshape:
    """A document that the program writes as text."""
    return lambda value: {target: json.loads(value)}


def number(target: str) -> Reshape:
    """A number that the provider takes as text."""
    return lambda value: {target: whole(float(Decimal(value)))}


def as_it_is(target: str) -> Reshape:
    """Keys that are the user's, such as those of a map of tags."""
    return lambda value: {target: dict(value)}


def named_values(target: str, key: str = "Key") -> Reshape:
    """A map that AWS has as a list of objects."""
    return lambda value: {target: [{key: name, "Value": held} for name, held in sorted(value.items())]}


def template(resources: Iterable[Registered], shapes: Mapping[str, Shape]) -> dict[str, Any]:
    """The CloudFormation template of a whole program; parts are merged into what owns them."""
    known = [(found, _shape(found.typ, shapes)) for found in resources if not _is_without(found.typ)]
    real = _real_arns(known)
    made: Properties = {}
    owners: dict[tuple[str, str], Properties] = {}
    for found, shape in sorted(known, key=lambda pair: pair[1].owner is not None):
        inputs = json.loads(real(json.dumps(found.inputs)))
        if shape.owner is None:
            properties = _properties(inputs, shape)
            join(made, {_logical_id(found.name): {"Type": shape.type, "Properties": properties}})
            owners[shape.type, str(inputs.get("name", inputs.get("bucket")))] = properties
            continue
        owner = inputs.pop(shape.owner)
        if shape.adopted is not None and (shape.type, owner) not in owners:
            properties = owners[shape.type, owner] = {shape.adopted: owner}
            join(made, {_logical_id(owner): {"Type": shape.type, "Properties": properties}})
        join(owners[shape.type, owner], _properties(inputs, shape))
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": made}


def _properties(inputs: Mapping[str, Any], shape: Shape) -> Properties:
    return shape.wrapped(spelt(inputs, shape.renamed, {"tags": named_values("Tags"), **shape.reshaped}))


def _shape(token: str, shapes: Mapping[str, Shape]) -> Shape:
    if token not in shapes:
        msg = f"{token} is in no list: give it a shape, or say in WITHOUT why it has none"
        raise UntranslatedError(msg)
    return shapes[token]


def _is_without(token: str) -> bool:
    return any(token == entry or (entry.endswith(":") and token.startswith(entry)) for entry in WITHOUT)


def _logical_id(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


# The mocks' ARNs are those of no service.
_REAL: Final = {
    "AWS::IAM::Role": "arn:aws:iam::123456789012:role/{}",
    "AWS::SNS::Topic": "arn:aws:sns:us-east-1:123456789012:{}",
    "AWS::StepFunctions::StateMachine": "arn:aws:states:us-east-1:123456789012:stateMachine:{}",
}
_MOCKED: Final = re.compile(r"arn:aws:test:us-east-1:123456789012:([\w-]+)")


def _real_arns(known: list[tuple[Registered, Shape]]) -> Callable[[str], str]:
    """Replaces each ARN of the mocks by one that its resource would have, so that its kind is judged too."""
    arns = {found.name: _REAL[shape.type].format(found.inputs["name"]) for found, shape in known if shape.type in _REAL}
    return lambda text: _MOCKED.sub(lambda match: arns[match[1]], text)
