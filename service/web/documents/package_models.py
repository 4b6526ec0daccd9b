"""What goes over the wire about packages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, model_validator

from service.domain.codes import Id, YearLabel
from service.domain.package_manifest import PackageManifest
from service.web.documents.models import SignatureTold
from service.web.http.models import Asked, Next, Told
from service.workflow.keeping.package import MOST


class FilterAsked(Asked):
    """Every version of a year's documents that is in the archive, of one class or kind if named."""

    year: YearLabel
    class_: Annotated[Id | None, Field(alias="class")] = None
    kind: Id | None = None


class PackageAsked(Asked):
    """Put documents together: either by id, or by a filter."""

    documents: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST)] | None = None
    filter: FilterAsked | None = None

    @model_validator(mode="after")
    def _one_way(self) -> PackageAsked:
        if (self.documents is None) == (self.filter is None):
            raise ValueError("назовите либо documents, либо filter")
        return self


class PackageListed(Told):
    """A package; `turn` is who signs its manifest next, null once all have signed."""

    id: str
    school: str
    created_at: datetime
    documents: list[str]
    manifest_sha256: str
    route: list[str]
    turn: str | None
    signatures: list[SignatureTold]


class PackageTold(PackageListed):
    """A package and its manifest.

    `left_out` names, in the answer to an order by filter, the documents that would belong here but
    are not in the archive yet.
    """

    manifest: PackageManifest
    left_out: list[str]


class PackagesTold(Told):
    """A school's packages, the newest first."""

    packages: list[PackageListed]
    next: Next
