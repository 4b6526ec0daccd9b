"""A group of settings: frozen, with paths taken from the folder of the settings file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator


class Frozen(BaseModel):
    """A group of settings: knows no unknown keys, takes paths from the file's folder."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    @field_validator("*", mode="after")
    @classmethod
    def _from_the_file(cls, value: Any, info: ValidationInfo) -> Any:
        """Relative paths are relative to the settings file, wherever the service was started."""
        if isinstance(value, Path) and isinstance(info.context, Path):
            return (info.context / value).resolve()
        return value
