"""Small changes to a module's syntax, each of which some test must see.

Texts for people are left alone: what they say is held by golden files and by those who read them. So are annotations,
imports, docstrings, and options that change nothing that is seen (`frozen`, `strict`).
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import CodeType
from typing import Any, Final

_COMPARED: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_COMPUTED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_CALLED: Final = {"max": "min", "min": "max", "any": "all", "all": "any"}
_LEFT_ALONE: Final = {"frozen", "kw_only", "slots", "strict", "maxsize", "encoding", "default_factory", "repr"}
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One change: what stands at `field` (and `index`) of `parent` becomes `new`.

    `lines` are those of what is changed, `around` those of the statement that it is in.
    """

    parent: ast.AST
    field: str
    index: int | None
    new: ast.AST
    lines: range
    around: range
    before: str
    after: str

    def compiled(self, tree: ast.Module, path: str) -> CodeType:
        """The changed module's code; the tree is as it was afterwards."""
        old = self._put(self.new)
        try:
            return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)
        finally:
            self._put(old)

    def _put(self, node: ast.AST) -> Any:
        held = getattr(self.parent, self.field)
        if self.index is None:
            setattr(self.parent, self.field, node)
            return held
        old, held[self.index] = held[self.index], node
        return old


def mutants(tree: ast.Module) -> Iterator[Mutant]:
    """Every change of a module, from its top to its end."""
    yield from _below(tree, tree)


def _below(parent: ast.AST, statement: ast.AST) -> Iterator[Mutant]:
    for field, index, node in _parts(parent):
        if _is_left_alone(parent, field, node):
            continue
        # Nothing is run for these: the jump before them goes where they would.
        is_own = isinstance(node, ast.stmt) and not isinstance(node, ast.Continue | ast.Break)
        inside = node if is_own else statement
        for new in _changes(parent, field, node):
            yield _mutant(parent, field, index, node, ast.copy_location(new, node), inside)
        yield from _below(node, inside)


def _parts(parent: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    for field, held in ast.iter_fields(parent):
        if isinstance(held, ast.AST):
            yield field, None, held
        elif isinstance(held, list):
            yield from ((field, at, node) for at, node in enumerate(held) if isinstance(node, ast.AST))


def _is_left_alone(parent: ast.AST, field: str, node: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr) or field in {"annotation", "returns"}:
        return True
    if isinstance(node, ast.keyword) and node.arg in _LEFT_ALONE:
        return True
    # Types in the guise of values.
    if (
        isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id in {"Literal", "Annotated"}
    ):
        return True
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _mutant(parent: ast.AST, field: str, index: int | None, old: Any, new: ast.AST, inside: Any) -> Mutant:
    shown = old if hasattr(old, "lineno") else parent
    first, last = getattr(shown, "lineno", inside.lineno), getattr(shown, "end_lineno", inside.end_lineno)
    changed = copy.deepcopy(parent) if shown is parent else new
    if shown is parent:
        held = getattr(changed, field)
        if index is None:
            setattr(changed, field, new)
        else:
            held[index] = new
    return Mutant(
        parent=parent,
        field=field,
        index=index,
        new=new,
        lines=range(first, last + 1),
        around=range(inside.lineno, inside.end_lineno + 1) if hasattr(inside, "lineno") else range(0),
        before=_text(shown),
        after=_text(changed),
    )


def _text(node: ast.AST) -> str:
    return ast.unparse(node).split("\n", 1)[0]


def _changes(parent: ast.AST, field: str, node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.cmpop):
        yield from (changed() for changed in _COMPARED[type(node)])
    elif isinstance(node, ast.operator):
        if type(node) in _COMPUTED and not _joins_texts(parent):
            yield _COMPUTED[type(node)]()
    elif isinstance(node, ast.Constant):
        yield from _constants(parent, field, node)
    elif isinstance(node, ast.stmt):
        yield from _statements(node)
    elif isinstance(node, ast.expr):
        yield from _expressions(node)
    if field == "test" and isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr):
        yield ast.UnaryOp(op=ast.Not(), operand=node)
    if isinstance(parent, ast.comprehension) and field == "ifs":
        yield ast.Constant(value=True)


def _joins_texts(parent: ast.AST) -> bool:
    sides = (getattr(parent, name, None) for name in ("left", "right"))
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in sides
    )


def _constants(parent: ast.AST, field: str, node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(value=not value)
    elif isinstance(value, int | float):
        yield ast.Constant(value=value + 1)
    elif isinstance(value, str) and _is_a_key(parent, field):
        yield ast.Constant(value=f"{value}~")
    elif isinstance(value, str) and _is_decimal(parent) and _NUMBER.fullmatch(value):
        yield ast.Constant(value=str(Decimal(value) + 1))


def _is_a_key(parent: ast.AST, field: str) -> bool:
    """Whether a text is compared or looked up, and not shown."""
    if isinstance(parent, ast.Subscript | ast.Compare | ast.MatchValue | ast.Set):
        return True
    if isinstance(parent, ast.Dict):
        return field == "keys"
    return isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr == "get"


def _is_decimal(parent: ast.AST) -> bool:
    return isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id == "Decimal"


def _statements(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(value=ast.Constant(value=None))
        case ast.Continue() | ast.Break() | ast.Raise() | ast.Expr(value=ast.Call()) | ast.AugAssign():
            yield ast.Pass()
        case _:
            return


def _expressions(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(op=ast.Or() if isinstance(op, ast.And) else ast.And(), values=values)
            for left_out in range(len(values)):
                rest = values[:left_out] + values[left_out + 1 :]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(op=op, values=rest)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in _CALLED:
            yield ast.Call(func=ast.Name(id=_CALLED[name], ctx=ast.Load()), args=args, keywords=keywords)
            if len(args) > 1:
                for left_out in range(len(args)):
                    rest = args[:left_out] + args[left_out + 1 :]
                    yield rest[0] if len(rest) == 1 else ast.Call(func=node.func, args=rest, keywords=keywords)
        case _:
            return
