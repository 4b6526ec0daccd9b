"""Every call the service answers, typed; made by `make client`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from service.client.told import (
    AnswerAsked,
    AnswersAsked,
    BatchAsked,
    CertificatesAsked,
    DetachedAsked,
    DocumentsTold,
    DocumentTold,
    DocumentVerified,
    FileVerified,
    ItemTold,
    JobAsked,
    JobsTold,
    JobTold,
    KindsTold,
    OutcomesTold,
    PackageAsked,
    PackagesTold,
    PackageTold,
    RejectionAsked,
    SessionAsked,
    SessionTold,
    SignatureAsked,
    SigningTold,
    SnapshotTold,
)
from service.client.wire import Wire


@dataclass(frozen=True, slots=True)
class Operations:
    """The calls of `/v1`; each raises the errors of `service.client.errors`."""

    wire: Wire

    def list_documents(
        self,
        *,
        school: str | None = None,
        state: Literal[
            "rendering",
            "awaiting-deputy",
            "awaiting-seal",
            "awaiting-director",
            "depositing",
            "in-one-store",
            "archived",
            "failed",
            "rejected",
            "cancelled",
        ]
        | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DocumentsTold:
        """Документы школы, новые первыми."""
        return self.wire.told(
            DocumentsTold,
            "GET",
            "/v1/documents",
            query={"school": school, "state": state, "limit": limit, "cursor": cursor},
        )

    def get_document(self, document: str) -> DocumentTold:
        """Документ."""
        return self.wire.told(
            DocumentTold, "GET", "/v1/documents/{document}", {"document": document}
        )

    def get_document_docx(self, document: str) -> bytes:
        """Файл DOCX."""
        return self.wire.file("GET", "/v1/documents/{document}/docx", {"document": document})

    def get_document_docx_p7s(self, document: str) -> bytes:
        """Отсоединённая подпись файла DOCX (CAdES)."""
        return self.wire.file("GET", "/v1/documents/{document}/docx.p7s", {"document": document})

    def get_evidence(self, document: str) -> bytes:
        """Доказательство существования файлов документа: EvidenceRecord, RFC 4998 (DER)."""
        return self.wire.file("GET", "/v1/documents/{document}/evidence", {"document": document})

    def get_document_pdf(self, document: str) -> bytes:
        """Файл PDF/A."""
        return self.wire.file("GET", "/v1/documents/{document}/pdf", {"document": document})

    def reject_document(self, document: str, asked: RejectionAsked) -> DocumentTold:
        """Вернуть документ с причиной."""
        return self.wire.told(
            DocumentTold,
            "POST",
            "/v1/documents/{document}/rejection",
            {"document": document},
            asked=asked,
        )

    def begin_signature(self, document: str, asked: SignatureAsked) -> SigningTold:
        """Начать подписание: получить данные, которые подписывает ключ."""
        return self.wire.told(
            SigningTold,
            "POST",
            "/v1/documents/{document}/signatures",
            {"document": document},
            asked=asked,
        )

    def verify_document(self, document: str, *, raw: bool | None = None) -> DocumentVerified:
        """Проверить подписи, доказательство и обе копии."""
        return self.wire.told(
            DocumentVerified,
            "GET",
            "/v1/documents/{document}/verification",
            {"document": document},
            query={"raw": raw},
        )

    def get_job(self, job: str, *, wait: int | None = None) -> JobTold:
        """Ход задания."""
        return self.wire.told(JobTold, "GET", "/v1/jobs/{job}", {"job": job}, query={"wait": wait})

    def cancel_job(self, job: str) -> JobTold:
        """Отменить задание, пока документ не напечатан; снять неудавшееся."""
        return self.wire.told(JobTold, "DELETE", "/v1/jobs/{job}", {"job": job})

    def retry_job(self, job: str) -> JobTold:
        """Повторить неудавшееся или отменённое задание."""
        return self.wire.told(JobTold, "POST", "/v1/jobs/{job}/retry", {"job": job})

    def list_kinds(self) -> KindsTold:
        """Виды документов."""
        return self.wire.told(KindsTold, "GET", "/v1/kinds")

    def get_openapi(self) -> bytes:
        """Это описание."""
        return self.wire.file("GET", "/v1/openapi.json")

    def get_package(self, package: str) -> PackageTold:
        """Пакет и его опись."""
        return self.wire.told(PackageTold, "GET", "/v1/packages/{package}", {"package": package})

    def get_package_manifest(self, package: str) -> bytes:
        """Опись пакета, байты, которые подписывают."""
        return self.wire.file("GET", "/v1/packages/{package}/manifest.json", {"package": package})

    def get_package_signature(self, package: str) -> bytes:
        """Отсоединённая подпись описи (CAdES)."""
        return self.wire.file(
            "GET", "/v1/packages/{package}/manifest.json.p7s", {"package": package}
        )

    def get_package_zip(self, package: str) -> bytes:
        """Пакет одним файлом ZIP: документы, опись, её подпись."""
        return self.wire.file("GET", "/v1/packages/{package}/zip", {"package": package})

    def get_snapshot_schema(self) -> bytes:
        """Схема снимка журнала."""
        return self.wire.file("GET", "/v1/schemas/snapshot")

    def order_document(self, school: str, asked: JobAsked) -> JobTold:
        """Заказать документ."""
        return self.wire.told(
            JobTold, "POST", "/v1/schools/{school}/jobs", {"school": school}, asked=asked
        )

    def list_jobs(
        self,
        school: str,
        *,
        state: Literal[
            "rendering",
            "awaiting-deputy",
            "awaiting-seal",
            "awaiting-director",
            "depositing",
            "in-one-store",
            "archived",
            "failed",
            "rejected",
            "cancelled",
        ]
        | None = None,
        limit: int | None = None,
    ) -> JobsTold:
        """Задания школы, в том числе неудавшиеся."""
        return self.wire.told(
            JobsTold,
            "GET",
            "/v1/schools/{school}/jobs",
            {"school": school},
            query={"state": state, "limit": limit},
        )

    def make_package(self, school: str, asked: PackageAsked) -> PackageTold:
        """Собрать документы из архива в пакет с описью."""
        return self.wire.told(
            PackageTold, "POST", "/v1/schools/{school}/packages", {"school": school}, asked=asked
        )

    def list_packages(
        self, school: str, *, limit: int | None = None, cursor: str | None = None
    ) -> PackagesTold:
        """Пакеты школы, новые первыми."""
        return self.wire.told(
            PackagesTold,
            "GET",
            "/v1/schools/{school}/packages",
            {"school": school},
            query={"limit": limit, "cursor": cursor},
        )

    def post_snapshot(self, school: str, body: bytes) -> SnapshotTold:
        """Принять снимок журнала."""
        return self.wire.told(
            SnapshotTold,
            "POST",
            "/v1/schools/{school}/snapshots",
            {"school": school},
            body=body,
            media_type="application/json",
        )

    def get_snapshot(self, school: str, snapshot: str) -> SnapshotTold:
        """Принятый снимок."""
        return self.wire.told(
            SnapshotTold,
            "GET",
            "/v1/schools/{school}/snapshots/{snapshot}",
            {"school": school, "snapshot": snapshot},
        )

    def finish_signature(self, signing: str, asked: AnswerAsked) -> DocumentTold:
        """Завершить подписание: передать значение подписи."""
        return self.wire.told(
            DocumentTold, "PUT", "/v1/signatures/{signing}", {"signing": signing}, asked=asked
        )

    def open_signing_session(self, asked: SessionAsked) -> SessionTold:
        """Открыть сеанс подписания многих документов и пакетов."""
        return self.wire.told(SessionTold, "POST", "/v1/signing-sessions", asked=asked)

    def get_signing_session(
        self,
        signing: str,
        *,
        state: Literal["unprepared", "waiting", "signed", "refused"] | None = None,
        offset: int | None = None,
        limit: int | None = None,
        parts: bool | None = None,
    ) -> SessionTold:
        """Сеанс."""
        return self.wire.told(
            SessionTold,
            "GET",
            "/v1/signing-sessions/{signing}",
            {"signing": signing},
            query={"state": state, "offset": offset, "limit": limit, "parts": parts},
        )

    def close_signing_session(self, signing: str) -> SessionTold:
        """Закрыть сеанс."""
        return self.wire.told(
            SessionTold, "DELETE", "/v1/signing-sessions/{signing}", {"signing": signing}
        )

    def sign_session_items(self, signing: str, asked: BatchAsked) -> OutcomesTold:
        """Передать подписи многих документов: негодная не мешает остальным."""
        return self.wire.told(
            OutcomesTold,
            "POST",
            "/v1/signing-sessions/{signing}/answers",
            {"signing": signing},
            asked=asked,
        )

    def join_signing_session(self, signing: str, asked: CertificatesAsked) -> SessionTold:
        """Присоединиться к сеансу: передать сертификат, получить данные к подписанию."""
        return self.wire.told(
            SessionTold,
            "PUT",
            "/v1/signing-sessions/{signing}/certificates",
            {"signing": signing},
            asked=asked,
        )

    def sign_session_document(self, signing: str, document: str, asked: AnswersAsked) -> ItemTold:
        """Передать подписи одного документа."""
        return self.wire.told(
            ItemTold,
            "PUT",
            "/v1/signing-sessions/{signing}/documents/{document}",
            {"signing": signing, "document": document},
            asked=asked,
        )

    def get_session_pdf(self, signing: str, document: str) -> bytes:
        """Подготовленный к подписанию файл PDF."""
        return self.wire.file(
            "GET",
            "/v1/signing-sessions/{signing}/documents/{document}/pdf",
            {"signing": signing, "document": document},
        )

    def sign_session_package(self, signing: str, package: str, asked: AnswersAsked) -> ItemTold:
        """Передать подписи одного пакета."""
        return self.wire.told(
            ItemTold,
            "PUT",
            "/v1/signing-sessions/{signing}/packages/{package}",
            {"signing": signing, "package": package},
            asked=asked,
        )

    def verify_file(self, body: bytes, *, raw: bool | None = None) -> FileVerified:
        """Проверить подписи файла PDF, без токена."""
        return self.wire.told(
            FileVerified,
            "POST",
            "/v1/verify",
            body=body,
            media_type="application/pdf",
            query={"raw": raw},
        )

    def verify_detached(self, asked: DetachedAsked, *, raw: bool | None = None) -> FileVerified:
        """Проверить отсоединённую подпись по хэшам содержимого, без токена."""
        return self.wire.told(
            FileVerified, "POST", "/v1/verify/detached", asked=asked, query={"raw": raw}
        )

    def verify_paper(self, document: str, *, raw: bool | None = None) -> DocumentVerified:
        """Проверить документ по номеру на его бумаге, без токена."""
        return self.wire.told(
            DocumentVerified,
            "GET",
            "/v1/verify/{document}",
            {"document": document},
            query={"raw": raw},
        )
