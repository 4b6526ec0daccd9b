"""The catalogue: one module per kind of document, found by name."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from service.documents.kind import DocumentKind


@cache
def catalogue() -> Mapping[str, DocumentKind]:
    """Return every kind by name: the module's name with hyphens, everywhere the same."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return MappingProxyType(
        {name.replace("_", "-"): import_module(f"{__name__}.{name}").KIND for name in names}
    )
