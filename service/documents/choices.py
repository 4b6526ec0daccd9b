"""A group of choices somebody makes in the settings or over the API."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Choices(BaseModel):
    """What may be chosen together: no unknown keys, defaults as good as what is sent."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)
