"""Every call the service answers, typed; made by `make client`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from service.client.told import (
    AccountAsked,
    AccountsTold,
    AccountTold,
    AnswerAsked,
    AnswersAsked,
    AuditTold,
    BatchAsked,
    CalendarSettings,
    CalendarTold,
    CertificatesAsked,
    ChainTold,
    CopiesChecked,
    CopiesTold,
    DeliveriesTold,
    DeliveryTold,
    DetachedAsked,
    DocumentsTold,
    DocumentTold,
    DocumentVerified,
    FileVerified,
    Goodbye,
    ItemTold,
    JobAsked,
    JobsTold,
    JobTold,
    KindsTold,
    LoginAsked,
    MeTold,
    OutcomesTold,
    PackageAsked,
    PackagesTold,
    PackageTold,
    PasswordAsked,
    PlanAsked,
    PlanTold,
    RejectionAsked,
    ReplayTold,
    RestartAsked,
    RotationAsked,
    RunAsked,
    RunsTold,
    SchoolAsked,
    SchoolSettings,
    SchoolsTold,
    SecretAsked,
    SessionAsked,
    SessionTold,
    SettingsHistory,
    SettingsTold,
    SheetTold,
    SignatureAsked,
    SigningTold,
    SnapshotsTold,
    SnapshotTold,
    TokenAsked,
    TokenGranted,
    TokensTold,
    TokenTold,
    WebhookAsked,
    WebhookMade,
    WebhooksTold,
    WebhookTold,
)
from service.client.wire import Wire


@dataclass(frozen=True, slots=True)
class Operations:
    """The calls of `/v1`; each raises the errors of `service.client.errors`."""

    wire: Wire

    def create_account(self, asked: AccountAsked) -> AccountTold:
        """POST /v1/accounts"""
        return self.wire.told(AccountTold, "POST", "/v1/accounts", asked=asked)

    def list_accounts(
        self, *, limit: int | None = None, cursor: str | None = None, school: str | None = None
    ) -> AccountsTold:
        """GET /v1/accounts"""
        return self.wire.told(
            AccountsTold,
            "GET",
            "/v1/accounts",
            query={"limit": limit, "cursor": cursor, "school": school},
        )

    def get_account(self, account: str) -> AccountTold:
        """GET /v1/accounts/{account}"""
        return self.wire.told(AccountTold, "GET", "/v1/accounts/{account}", {"account": account})

    def replace_account(self, account: str, asked: AccountAsked) -> AccountTold:
        """PUT /v1/accounts/{account}"""
        return self.wire.told(
            AccountTold, "PUT", "/v1/accounts/{account}", {"account": account}, asked=asked
        )

    def close_account(self, account: str) -> AccountTold:
        """DELETE /v1/accounts/{account}"""
        return self.wire.told(AccountTold, "DELETE", "/v1/accounts/{account}", {"account": account})

    def list_documents(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
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
            "superseded",
        ]
        | None = None,
        kind: str | None = None,
        class_: str | None = None,
        term: str | None = None,
        year: str | None = None,
        latest: bool | None = None,
        keep_until_before: date | None = None,
    ) -> DocumentsTold:
        """GET /v1/documents"""
        return self.wire.told(
            DocumentsTold,
            "GET",
            "/v1/documents",
            query={
                "limit": limit,
                "cursor": cursor,
                "school": school,
                "state": state,
                "kind": kind,
                "class": class_,
                "term": term,
                "year": year,
                "latest": latest,
                "keep_until_before": keep_until_before,
            },
        )

    def get_document(self, document: str) -> DocumentTold:
        """GET /v1/documents/{document}"""
        return self.wire.told(
            DocumentTold, "GET", "/v1/documents/{document}", {"document": document}
        )

    def list_document_copies(self, document: str) -> CopiesTold:
        """GET /v1/documents/{document}/copies"""
        return self.wire.told(
            CopiesTold, "GET", "/v1/documents/{document}/copies", {"document": document}
        )

    def check_document_copies(self, document: str) -> CopiesChecked:
        """POST /v1/documents/{document}/copies/check"""
        return self.wire.told(
            CopiesChecked, "POST", "/v1/documents/{document}/copies/check", {"document": document}
        )

    def get_document_docx(self, document: str) -> bytes:
        """GET /v1/documents/{document}/docx"""
        return self.wire.file("GET", "/v1/documents/{document}/docx", {"document": document})

    def get_document_docx_p7s(self, document: str) -> bytes:
        """GET /v1/documents/{document}/docx.p7s"""
        return self.wire.file("GET", "/v1/documents/{document}/docx.p7s", {"document": document})

    def get_document_evidence(self, document: str) -> bytes:
        """GET /v1/documents/{document}/evidence"""
        return self.wire.file("GET", "/v1/documents/{document}/evidence", {"document": document})

    def get_document_pdf(self, document: str) -> bytes:
        """GET /v1/documents/{document}/pdf"""
        return self.wire.file("GET", "/v1/documents/{document}/pdf", {"document": document})

    def reject_document(self, document: str, asked: RejectionAsked) -> DocumentTold:
        """POST /v1/documents/{document}/rejection"""
        return self.wire.told(
            DocumentTold,
            "POST",
            "/v1/documents/{document}/rejection",
            {"document": document},
            asked=asked,
        )

    def begin_signature(self, document: str, asked: SignatureAsked) -> SigningTold:
        """POST /v1/documents/{document}/signatures"""
        return self.wire.told(
            SigningTold,
            "POST",
            "/v1/documents/{document}/signatures",
            {"document": document},
            asked=asked,
        )

    def verify_document(self, document: str, *, raw: bool | None = None) -> DocumentVerified:
        """GET /v1/documents/{document}/verification"""
        return self.wire.told(
            DocumentVerified,
            "GET",
            "/v1/documents/{document}/verification",
            {"document": document},
            query={"raw": raw},
        )

    def get_job(self, job: str, *, wait: int | None = None) -> JobTold:
        """GET /v1/jobs/{job}"""
        return self.wire.told(JobTold, "GET", "/v1/jobs/{job}", {"job": job}, query={"wait": wait})

    def cancel_job(self, job: str) -> JobTold:
        """DELETE /v1/jobs/{job}"""
        return self.wire.told(JobTold, "DELETE", "/v1/jobs/{job}", {"job": job})

    def retry_job(self, job: str) -> JobTold:
        """POST /v1/jobs/{job}/retry"""
        return self.wire.told(JobTold, "POST", "/v1/jobs/{job}/retry", {"job": job})

    def list_kinds(self) -> KindsTold:
        """GET /v1/kinds"""
        return self.wire.told(KindsTold, "GET", "/v1/kinds")

    def log_in(self, asked: LoginAsked) -> MeTold:
        """POST /v1/login"""
        return self.wire.told(MeTold, "POST", "/v1/login", asked=asked)

    def log_out(self) -> Goodbye:
        """POST /v1/logout"""
        return self.wire.told(Goodbye, "POST", "/v1/logout")

    def get_me(self) -> MeTold:
        """GET /v1/me"""
        return self.wire.told(MeTold, "GET", "/v1/me")

    def change_password(self, asked: PasswordAsked) -> MeTold:
        """PUT /v1/me/password"""
        return self.wire.told(MeTold, "PUT", "/v1/me/password", asked=asked)

    def get_openapi(self) -> bytes:
        """GET /v1/openapi.json"""
        return self.wire.file("GET", "/v1/openapi.json")

    def get_package(self, package: str) -> PackageTold:
        """GET /v1/packages/{package}"""
        return self.wire.told(PackageTold, "GET", "/v1/packages/{package}", {"package": package})

    def get_package_manifest(self, package: str) -> bytes:
        """GET /v1/packages/{package}/manifest.json"""
        return self.wire.file("GET", "/v1/packages/{package}/manifest.json", {"package": package})

    def get_package_signature(self, package: str) -> bytes:
        """GET /v1/packages/{package}/manifest.json.p7s"""
        return self.wire.file(
            "GET", "/v1/packages/{package}/manifest.json.p7s", {"package": package}
        )

    def get_package_zip(self, package: str) -> bytes:
        """GET /v1/packages/{package}/zip"""
        return self.wire.file("GET", "/v1/packages/{package}/zip", {"package": package})

    def get_run(self, run: str) -> SheetTold:
        """GET /v1/runs/{run}"""
        return self.wire.told(SheetTold, "GET", "/v1/runs/{run}", {"run": run})

    def cancel_run(self, run: str) -> SheetTold:
        """DELETE /v1/runs/{run}"""
        return self.wire.told(SheetTold, "DELETE", "/v1/runs/{run}", {"run": run})

    def restart_run(self, run: str, asked: RestartAsked) -> SheetTold:
        """POST /v1/runs/{run}/restart"""
        return self.wire.told(
            SheetTold, "POST", "/v1/runs/{run}/restart", {"run": run}, asked=asked
        )

    def get_snapshot_schema(self) -> bytes:
        """GET /v1/schemas/snapshot"""
        return self.wire.file("GET", "/v1/schemas/snapshot")

    def list_schools(self, *, limit: int | None = None, cursor: str | None = None) -> SchoolsTold:
        """GET /v1/schools"""
        return self.wire.told(
            SchoolsTold, "GET", "/v1/schools", query={"limit": limit, "cursor": cursor}
        )

    def create_school(self, asked: SchoolAsked) -> SettingsTold:
        """POST /v1/schools"""
        return self.wire.told(SettingsTold, "POST", "/v1/schools", asked=asked)

    def get_audit(
        self,
        school: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        after: int | None = None,
        subject: str | None = None,
        action: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> AuditTold:
        """GET /v1/schools/{school}/audit"""
        return self.wire.told(
            AuditTold,
            "GET",
            "/v1/schools/{school}/audit",
            {"school": school},
            query={
                "limit": limit,
                "cursor": cursor,
                "after": after,
                "subject": subject,
                "action": action,
                "since": since,
                "until": until,
            },
        )

    def get_audit_verification(self, school: str) -> ChainTold:
        """GET /v1/schools/{school}/audit/verification"""
        return self.wire.told(
            ChainTold, "GET", "/v1/schools/{school}/audit/verification", {"school": school}
        )

    def get_calendar(self, school: str) -> CalendarTold:
        """GET /v1/schools/{school}/calendar"""
        return self.wire.told(
            CalendarTold, "GET", "/v1/schools/{school}/calendar", {"school": school}
        )

    def replace_calendar(self, school: str, asked: CalendarSettings) -> CalendarTold:
        """PUT /v1/schools/{school}/calendar"""
        return self.wire.told(
            CalendarTold, "PUT", "/v1/schools/{school}/calendar", {"school": school}, asked=asked
        )

    def order_document(self, school: str, asked: JobAsked) -> JobTold:
        """POST /v1/schools/{school}/jobs"""
        return self.wire.told(
            JobTold, "POST", "/v1/schools/{school}/jobs", {"school": school}, asked=asked
        )

    def list_jobs(
        self,
        school: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
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
            "superseded",
        ]
        | None = None,
    ) -> JobsTold:
        """GET /v1/schools/{school}/jobs"""
        return self.wire.told(
            JobsTold,
            "GET",
            "/v1/schools/{school}/jobs",
            {"school": school},
            query={"limit": limit, "cursor": cursor, "state": state},
        )

    def create_package(self, school: str, asked: PackageAsked) -> PackageTold:
        """POST /v1/schools/{school}/packages"""
        return self.wire.told(
            PackageTold, "POST", "/v1/schools/{school}/packages", {"school": school}, asked=asked
        )

    def list_packages(
        self, school: str, *, limit: int | None = None, cursor: str | None = None
    ) -> PackagesTold:
        """GET /v1/schools/{school}/packages"""
        return self.wire.told(
            PackagesTold,
            "GET",
            "/v1/schools/{school}/packages",
            {"school": school},
            query={"limit": limit, "cursor": cursor},
        )

    def create_run(self, school: str, asked: RunAsked) -> SheetTold:
        """POST /v1/schools/{school}/runs"""
        return self.wire.told(
            SheetTold, "POST", "/v1/schools/{school}/runs", {"school": school}, asked=asked
        )

    def list_runs(
        self,
        school: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        state: Literal["open", "done", "cancelled"] | None = None,
    ) -> RunsTold:
        """GET /v1/schools/{school}/runs"""
        return self.wire.told(
            RunsTold,
            "GET",
            "/v1/schools/{school}/runs",
            {"school": school},
            query={"limit": limit, "cursor": cursor, "state": state},
        )

    def get_settings(self, school: str) -> SettingsTold:
        """GET /v1/schools/{school}/settings"""
        return self.wire.told(
            SettingsTold, "GET", "/v1/schools/{school}/settings", {"school": school}
        )

    def replace_settings(self, school: str, asked: SchoolSettings) -> SettingsTold:
        """PUT /v1/schools/{school}/settings"""
        return self.wire.told(
            SettingsTold, "PUT", "/v1/schools/{school}/settings", {"school": school}, asked=asked
        )

    def get_settings_history(
        self, school: str, *, limit: int | None = None, cursor: str | None = None
    ) -> SettingsHistory:
        """GET /v1/schools/{school}/settings/history"""
        return self.wire.told(
            SettingsHistory,
            "GET",
            "/v1/schools/{school}/settings/history",
            {"school": school},
            query={"limit": limit, "cursor": cursor},
        )

    def create_snapshot(self, school: str, body: bytes) -> SnapshotTold:
        """POST /v1/schools/{school}/snapshots"""
        return self.wire.told(
            SnapshotTold,
            "POST",
            "/v1/schools/{school}/snapshots",
            {"school": school},
            body=body,
            media_type="application/json",
        )

    def list_snapshots(
        self, school: str, *, limit: int | None = None, cursor: str | None = None
    ) -> SnapshotsTold:
        """GET /v1/schools/{school}/snapshots"""
        return self.wire.told(
            SnapshotsTold,
            "GET",
            "/v1/schools/{school}/snapshots",
            {"school": school},
            query={"limit": limit, "cursor": cursor},
        )

    def get_snapshot(self, school: str, snapshot: str) -> SnapshotTold:
        """GET /v1/schools/{school}/snapshots/{snapshot}"""
        return self.wire.told(
            SnapshotTold,
            "GET",
            "/v1/schools/{school}/snapshots/{snapshot}",
            {"school": school, "snapshot": snapshot},
        )

    def plan_snapshot(self, school: str, snapshot: str, asked: PlanAsked) -> PlanTold:
        """POST /v1/schools/{school}/snapshots/{snapshot}/plan"""
        return self.wire.told(
            PlanTold,
            "POST",
            "/v1/schools/{school}/snapshots/{snapshot}/plan",
            {"school": school, "snapshot": snapshot},
            asked=asked,
        )

    def list_webhooks(self, school: str) -> WebhooksTold:
        """GET /v1/schools/{school}/webhooks"""
        return self.wire.told(
            WebhooksTold, "GET", "/v1/schools/{school}/webhooks", {"school": school}
        )

    def create_webhook(self, school: str, asked: WebhookAsked) -> WebhookMade:
        """POST /v1/schools/{school}/webhooks"""
        return self.wire.told(
            WebhookMade, "POST", "/v1/schools/{school}/webhooks", {"school": school}, asked=asked
        )

    def get_webhook(self, school: str, webhook: str) -> WebhookTold:
        """GET /v1/schools/{school}/webhooks/{webhook}"""
        return self.wire.told(
            WebhookTold,
            "GET",
            "/v1/schools/{school}/webhooks/{webhook}",
            {"school": school, "webhook": webhook},
        )

    def replace_webhook(self, school: str, webhook: str, asked: WebhookAsked) -> WebhookTold:
        """PUT /v1/schools/{school}/webhooks/{webhook}"""
        return self.wire.told(
            WebhookTold,
            "PUT",
            "/v1/schools/{school}/webhooks/{webhook}",
            {"school": school, "webhook": webhook},
            asked=asked,
        )

    def delete_webhook(self, school: str, webhook: str) -> WebhookTold:
        """DELETE /v1/schools/{school}/webhooks/{webhook}"""
        return self.wire.told(
            WebhookTold,
            "DELETE",
            "/v1/schools/{school}/webhooks/{webhook}",
            {"school": school, "webhook": webhook},
        )

    def list_webhook_deliveries(
        self,
        school: str,
        webhook: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        state: Literal["pending", "delivered", "failed"] | None = None,
    ) -> DeliveriesTold:
        """GET /v1/schools/{school}/webhooks/{webhook}/deliveries"""
        return self.wire.told(
            DeliveriesTold,
            "GET",
            "/v1/schools/{school}/webhooks/{webhook}/deliveries",
            {"school": school, "webhook": webhook},
            query={"limit": limit, "cursor": cursor, "state": state},
        )

    def get_webhook_delivery(self, school: str, webhook: str, delivery: str) -> DeliveryTold:
        """GET /v1/schools/{school}/webhooks/{webhook}/deliveries/{delivery}"""
        return self.wire.told(
            DeliveryTold,
            "GET",
            "/v1/schools/{school}/webhooks/{webhook}/deliveries/{delivery}",
            {"school": school, "webhook": webhook, "delivery": delivery},
        )

    def replay_delivery(self, school: str, webhook: str, delivery: str) -> DeliveryTold:
        """POST /v1/schools/{school}/webhooks/{webhook}/deliveries/{delivery}/replay"""
        return self.wire.told(
            DeliveryTold,
            "POST",
            "/v1/schools/{school}/webhooks/{webhook}/deliveries/{delivery}/replay",
            {"school": school, "webhook": webhook, "delivery": delivery},
        )

    def replay_webhook(
        self,
        school: str,
        webhook: str,
        *,
        since: datetime | None = None,
        arrived: bool | None = None,
    ) -> ReplayTold:
        """POST /v1/schools/{school}/webhooks/{webhook}/replay"""
        return self.wire.told(
            ReplayTold,
            "POST",
            "/v1/schools/{school}/webhooks/{webhook}/replay",
            {"school": school, "webhook": webhook},
            query={"since": since, "arrived": arrived},
        )

    def rotate_webhook_secret(self, school: str, webhook: str, asked: SecretAsked) -> WebhookMade:
        """POST /v1/schools/{school}/webhooks/{webhook}/rotation"""
        return self.wire.told(
            WebhookMade,
            "POST",
            "/v1/schools/{school}/webhooks/{webhook}/rotation",
            {"school": school, "webhook": webhook},
            asked=asked,
        )

    def test_webhook(self, school: str, webhook: str) -> DeliveryTold:
        """POST /v1/schools/{school}/webhooks/{webhook}/test"""
        return self.wire.told(
            DeliveryTold,
            "POST",
            "/v1/schools/{school}/webhooks/{webhook}/test",
            {"school": school, "webhook": webhook},
        )

    def complete_signature(self, signing: str, asked: AnswerAsked) -> DocumentTold:
        """PUT /v1/signatures/{signing}"""
        return self.wire.told(
            DocumentTold, "PUT", "/v1/signatures/{signing}", {"signing": signing}, asked=asked
        )

    def create_signing_session(self, asked: SessionAsked) -> SessionTold:
        """POST /v1/signing-sessions"""
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
        """GET /v1/signing-sessions/{signing}"""
        return self.wire.told(
            SessionTold,
            "GET",
            "/v1/signing-sessions/{signing}",
            {"signing": signing},
            query={"state": state, "offset": offset, "limit": limit, "parts": parts},
        )

    def close_signing_session(self, signing: str) -> SessionTold:
        """DELETE /v1/signing-sessions/{signing}"""
        return self.wire.told(
            SessionTold, "DELETE", "/v1/signing-sessions/{signing}", {"signing": signing}
        )

    def sign_session_items(self, signing: str, asked: BatchAsked) -> OutcomesTold:
        """POST /v1/signing-sessions/{signing}/answers"""
        return self.wire.told(
            OutcomesTold,
            "POST",
            "/v1/signing-sessions/{signing}/answers",
            {"signing": signing},
            asked=asked,
        )

    def join_signing_session(self, signing: str, asked: CertificatesAsked) -> SessionTold:
        """PUT /v1/signing-sessions/{signing}/certificates"""
        return self.wire.told(
            SessionTold,
            "PUT",
            "/v1/signing-sessions/{signing}/certificates",
            {"signing": signing},
            asked=asked,
        )

    def sign_session_document(self, signing: str, document: str, asked: AnswersAsked) -> ItemTold:
        """PUT /v1/signing-sessions/{signing}/documents/{document}"""
        return self.wire.told(
            ItemTold,
            "PUT",
            "/v1/signing-sessions/{signing}/documents/{document}",
            {"signing": signing, "document": document},
            asked=asked,
        )

    def get_prepared_pdf(self, signing: str, document: str) -> bytes:
        """GET /v1/signing-sessions/{signing}/documents/{document}/pdf"""
        return self.wire.file(
            "GET",
            "/v1/signing-sessions/{signing}/documents/{document}/pdf",
            {"signing": signing, "document": document},
        )

    def sign_session_package(self, signing: str, package: str, asked: AnswersAsked) -> ItemTold:
        """PUT /v1/signing-sessions/{signing}/packages/{package}"""
        return self.wire.told(
            ItemTold,
            "PUT",
            "/v1/signing-sessions/{signing}/packages/{package}",
            {"signing": signing, "package": package},
            asked=asked,
        )

    def create_token(self, asked: TokenAsked) -> TokenGranted:
        """POST /v1/tokens"""
        return self.wire.told(TokenGranted, "POST", "/v1/tokens", asked=asked)

    def list_tokens(
        self, *, limit: int | None = None, cursor: str | None = None, school: str | None = None
    ) -> TokensTold:
        """GET /v1/tokens"""
        return self.wire.told(
            TokensTold,
            "GET",
            "/v1/tokens",
            query={"limit": limit, "cursor": cursor, "school": school},
        )

    def get_token(self, token: str) -> TokenTold:
        """GET /v1/tokens/{token}"""
        return self.wire.told(TokenTold, "GET", "/v1/tokens/{token}", {"token": token})

    def revoke_token(self, token: str) -> TokenTold:
        """DELETE /v1/tokens/{token}"""
        return self.wire.told(TokenTold, "DELETE", "/v1/tokens/{token}", {"token": token})

    def rotate_token(self, token: str, asked: RotationAsked) -> TokenGranted:
        """POST /v1/tokens/{token}/rotation"""
        return self.wire.told(
            TokenGranted, "POST", "/v1/tokens/{token}/rotation", {"token": token}, asked=asked
        )

    def verify_file(self, body: bytes, *, raw: bool | None = None) -> FileVerified:
        """POST /v1/verify"""
        return self.wire.told(
            FileVerified,
            "POST",
            "/v1/verify",
            body=body,
            media_type="application/pdf",
            query={"raw": raw},
        )

    def verify_detached(self, asked: DetachedAsked, *, raw: bool | None = None) -> FileVerified:
        """POST /v1/verify/detached"""
        return self.wire.told(
            FileVerified, "POST", "/v1/verify/detached", asked=asked, query={"raw": raw}
        )
