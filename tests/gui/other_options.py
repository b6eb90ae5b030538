"""Other values for the options of views, whatever options a view has."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from msgspec import Struct, inspect

Options = TypeVar("Options", bound=Struct)


def changed(options: Options) -> Options:
    """Return options every field of which differs, so that a field that is added is tested as well."""
    kind = inspect.type_info(type(options))
    assert isinstance(kind, inspect.StructType)
    before = {field.name: getattr(options, field.name) for field in kind.fields}
    values = {field.name: _other(field.type, before[field.name]) for field in kind.fields}
    assert [name for name, value in values.items() if value == before[name]] == []
    return msgspec.convert(values, type(options))


def _other(kind: inspect.Type, value: object) -> object:
    """Return another valid value of a type."""
    match kind:
        case inspect.BoolType():
            return not value
        case inspect.LiteralType(values=choices):
            return next(choice for choice in reversed(choices) if choice != value)
        case inspect.FloatType(gt=low, lt=high, le=top):
            return ((low or 0.0) + (high or top or 1.0)) / 2
        case inspect.IntType():
            return value + 1 if isinstance(value, int) else 3
        case inspect.StrType():
            return "arcface"  # the only words are names of losses
        case inspect.VarTupleType(item_type=item):
            return (_other(item, None),)
        case inspect.UnionType(types=kinds):
            return next(_other(one, value) for one in kinds if not isinstance(one, inspect.NoneType))
    raise NotImplementedError(kind)
