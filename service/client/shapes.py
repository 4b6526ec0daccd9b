"""What models of the client are made with: requests as they are sent, answers as they come."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Asked(BaseModel):
    """A request; what is not set is not sent."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Told(BaseModel):
    """An answer; what a newer service adds is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)
