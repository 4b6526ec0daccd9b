"""The shape of the snapshot's models: which fields hold further models, which hold text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TypeGuard, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo


@cache
def nested(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the names of the fields whose values are models or tuples of models."""
    return tuple(name for name, field in model.model_fields.items() if _models_in(field.annotation))


@cache
def texts(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the names of the fields that may hold free text, or tuples of it.

    A field with a pattern (an id, a hash, a time zone) is not free text.
    """
    return tuple(
        name
        for name, field in model.model_fields.items()
        if any(leaf is str for leaf in _leaves(field.annotation)) and not _patterned(field)
    )


@cache
def has_text(model: type[BaseModel]) -> bool:
    """Say whether a model or anything below it may hold a string."""
    return bool(texts(model)) or any(
        has_text(child)
        for name in nested(model)
        for child in _models_in(model.model_fields[name].annotation)
    )


@cache
def models_of(model: type[BaseModel], name: str) -> tuple[type[BaseModel], ...]:
    """Return the models a field may hold."""
    return _models_in(model.model_fields[name].annotation)


@cache
def keys(model: type[BaseModel]) -> Mapping[str, str]:
    """Return the fields of a model by the key each has in a document."""
    return {key_of(model, name): name for name in model.model_fields}


@cache
def key_of(model: type[BaseModel], name: str) -> str:
    """Return the key a field has in a document."""
    return model.model_fields[name].alias or name


def is_model(leaf: object) -> TypeGuard[type[BaseModel]]:
    """Say whether something is a model."""
    return isinstance(leaf, type) and issubclass(leaf, BaseModel)


def _models_in(annotation: object) -> tuple[type[BaseModel], ...]:
    return tuple(leaf for leaf in _leaves(annotation) if is_model(leaf))


def _patterned(field: FieldInfo) -> bool:
    inner = (leaf for leaf in _leaves(field.annotation) if isinstance(leaf, FieldInfo))
    return any(
        getattr(constraint, "pattern", None) is not None
        for info in (field, *inner)
        for constraint in info.metadata
    )


def _leaves(annotation: object) -> Iterator[object]:
    """Yield what unions, tuples and Annotated are made of in the end: types and constraints."""
    arguments = get_args(annotation)
    if not arguments:
        yield annotation
    for argument in arguments:
        if argument is not Ellipsis:
            yield from _leaves(argument)
