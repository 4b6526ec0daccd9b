"""Routes of packages: what the secretary takes home, listed, signed and in one ZIP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, request

from service.bootstrap.serving import Service
from service.domain.access.rights import Right
from service.domain.approving.approval import next_role
from service.domain.errors import Missing
from service.ledger import audit
from service.ledger.signing import packages
from service.ledger.signing.packages import MANIFEST, Package, PackageMissing
from service.web.documents.models import SignatureTold
from service.web.documents.package_models import (
    PackageAsked,
    PackageListed,
    PackagesTold,
    PackageTold,
)
from service.web.http.access import Caller
from service.web.http.cursors import Cursors, Paged
from service.web.http.operations import JSON, Answer, Operation
from service.web.http.sending import send
from service.workflow.keeping.hand_out import SIGNATURE
from service.workflow.keeping.package import Chosen

ZIP, P7S = "application/zip", "application/pkcs7-signature"


class PackageUnsigned(Missing):
    """Nobody has signed the manifest of this package yet."""

    code = "package-unsigned"
    title = "Пакет ещё не подписан"


class Packages:
    """The views."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.cursors = Cursors(service.database)

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        school, one = "/v1/schools/<school>/packages", "/v1/packages/<package>"
        return (
            Operation(
                "POST",
                school,
                Right.PACK,
                self.pack,
                "Собрать документы из архива в пакет с описью",
                {201: PackageTold, 200: PackageTold},
                asked=PackageAsked,
            ),
            Operation(
                "GET",
                school,
                Right.PACK,
                self.listed,
                "Пакеты школы, новые первыми",
                {200: PackagesTold},
                query=Paged,
            ),
            Operation(
                "GET", one, Right.PACK, self.package, "Пакет и его опись", {200: PackageTold}
            ),
            Operation(
                "GET",
                f"{one}/zip",
                Right.PACK,
                self.zip,
                "Пакет одним файлом ZIP: документы, опись, её подпись",
                {200: ZIP},
            ),
            Operation(
                "GET",
                f"{one}/{MANIFEST}",
                Right.PACK,
                self.manifest,
                "Опись пакета, байты, которые подписывают",
                {200: JSON},
            ),
            Operation(
                "GET",
                f"{one}/{SIGNATURE}",
                Right.PACK,
                self.signature,
                "Отсоединённая подпись описи (CAdES)",
                {200: P7S},
            ),
        )

    def pack(self, school: str, caller: Caller, asked: PackageAsked) -> Answer:
        """Put documents together; the same ones again are the same package."""
        caller.at(school)
        chosen = self._chosen(school, asked)
        packed = self.service.pack(school, chosen.documents, caller.id, self.service.clock())
        told = self._told(packed.package, chosen.left_out)
        where = {"Location": f"/v1/packages/{packed.package.id}"}
        return Answer(told, 201 if packed.new else 200, where)

    def listed(self, school: str, caller: Caller, query: Paged) -> Answer:
        """List packages."""
        caller.at(school)
        cut = self.cursors.read(
            request, query, school, packages.of_school, lambda one: (one.created_at, one.id)
        )
        told = [PackageListed(**_plain(one)) for one in cut.rows]
        return Answer(PackagesTold(packages=told, next=cut.next), headers=cut.headers)

    def package(self, package: str, caller: Caller) -> Answer:
        """Tell about a package."""
        return Answer(self._told(self._get(package, caller), ()))

    def zip(self, package: str, caller: Caller) -> Response:
        """Send the package; what was taken, by whom, stands in the log."""
        found = self._get(package, caller)
        tag = f"{found.manifest[:32]}-{(found.signature or '')[:32]}"
        response = Response(content_type=ZIP)
        response.set_etag(tag)
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Accept-Ranges"] = "none"
        response.headers["Content-Disposition"] = f'attachment; filename="package-{found.id}.zip"'
        handed = self.service.hand_out(found)
        if handed.size is not None:
            response.content_length = handed.size
        response.make_conditional(request)
        if response.status_code == HTTPStatus.NOT_MODIFIED or request.method == "HEAD":
            return response
        self._note(found, caller)
        response.response = handed.pieces
        return response

    def manifest(self, package: str, caller: Caller) -> Response:
        """Send the manifest."""
        return self._file(self._get(package, caller).manifest, JSON)

    def signature(self, package: str, caller: Caller) -> Response:
        """Send the detached signatures of the manifest, of all who have signed it so far."""
        found = self._get(package, caller)
        if found.signature is None:
            raise PackageUnsigned("Опись этого пакета ещё никто не подписал.")
        return self._file(found.signature, P7S)

    def _get(self, package: str, caller: Caller) -> Package:
        with self.service.database.reading() as connection:
            found = packages.get(connection, package)
        if not caller.sees(found.school):
            raise PackageMissing(f"Пакета {package} нет: проверьте адрес.")
        return found

    def _chosen(self, school: str, asked: PackageAsked) -> Chosen:
        if asked.filter is None:
            return Chosen(asked.documents or (), ())
        one = asked.filter
        return self.service.pack.choose(school, one.year, one.class_, one.kind)

    def _told(self, package: Package, left_out: tuple[str, ...]) -> PackageTold:
        manifest = self.service.hand_out.manifest(package)
        return PackageTold(**_plain(package), manifest=manifest, left_out=list(left_out))

    def _note(self, package: Package, caller: Caller) -> None:
        """Write down who took a package home."""
        details = {"manifest": package.manifest, "signed": package.signature is not None}
        taken = audit.Event(
            self.service.clock(), package.school, package.id, caller.id, "take-package", details
        )
        with self.service.database.writing() as connection:
            audit.append(connection, taken)

    def _file(self, name: str, media_type: str) -> Response:
        return send(self.service.files, name, media_type, request.path.rpartition("/")[2])


def _plain(package: Package) -> dict[str, Any]:
    """Return what is told of a package without reading its manifest."""
    turn = next_role(package.route, {one.role for one in package.signatures})
    return {
        "id": package.id,
        "school": package.school,
        "created_at": package.created_at,
        "documents": list(package.documents),
        "manifest_sha256": package.manifest,
        "route": list(package.route),
        "turn": turn,
        "signatures": [
            SignatureTold(
                role=one.role,
                signer=one.signer,
                signed_at=one.signed_at,
                level=one.level,
                valid=True,
            )
            for one in package.signatures
        ],
    }
