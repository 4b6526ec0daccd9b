"""What models of the client are made with: requests as they are sent, answers as they come."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, PrivateAttr


class Asked(BaseModel):
    """A request; what is not set is not sent."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Told(BaseModel):
    """An answer; what a newer service adds is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    _etag: str = PrivateAttr(default="")

    @property
    def etag(self) -> str:
        """The ETag this came with: what If-Match asks for where a change wants it."""
        return self._etag

    def came_with(self, etag: str) -> None:
        """Keep the ETag this came with."""
        self._etag = etag
