"""What is asked of the service and what it tells; made by `make client`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from service.client.shapes import Asked, Told


class AccountAsked(Asked):
    """Of `create_account`, `replace_account`."""

    name: str
    duties: tuple[
        Literal[
            "system",
            "secretary",
            "class-teacher",
            "deputy",
            "seal",
            "director",
            "administrator",
            "auditor",
        ],
        ...,
    ]
    school: str | None = None
    classes: tuple[str, ...] | None = None
    login: str | None = None
    password: str | None = None
    one_time_password: bool = False
    subject: str | None = None
    certificate_sha256: str | None = None


class AccountTold(Told):
    """Of AccountsTold, `close_account`, `create_account`, `get_account`, `replace_account`."""

    id: str
    school: str
    name: str
    duties: tuple[str, ...]
    classes: tuple[str, ...]
    login: str | None
    has_password: bool
    password_until: datetime | None
    subject: str | None
    certificate_sha256: str | None
    made_by: str
    made_at: datetime
    closed_at: datetime | None


class AccountsTold(Told):
    """Of `list_accounts`."""

    accounts: tuple[AccountTold, ...]
    next: str | None


class AlgorithmsChecked(Told):
    """Of SignatureChecked."""

    digest: str
    signature: str


class AnswerAsked(Asked):
    """Of AnswersAsked, ItemAnswersAsked, `complete_signature`."""

    value: str | None = None
    cms: str | None = None


class AnswersAsked(Asked):
    """Of `sign_session_document`, `sign_session_package`."""

    answers: dict[str, AnswerAsked]


class AttemptTold(Told):
    """Of DeliveryTold."""

    number: int
    at: datetime
    ms: int | None
    status: int | None
    trouble: str | None
    answer: str


class AttorneyAsked(Asked):
    """Of CertificatesAsked, SessionAsked."""

    number: str = ""
    until: date | None = None
    xml: str | None = None
    signature: str | None = None


class AttorneyTold(Told):
    """Of SessionTold, SignatureTold."""

    number: str
    until: date | None
    findings: tuple[FindingTold, ...]


class AuditLine(Told):
    """Of AuditTold."""

    number: int
    at: datetime
    school: str
    subject: str
    actor: str
    action: str
    details: dict[str, Any]
    previous: str
    hash: str
    school_number: int
    school_previous: str
    school_hash: str


class AuditTold(Told):
    """Of `get_audit`."""

    lines: tuple[AuditLine, ...]
    next: str | None


class BatchAsked(Asked):
    """Of `sign_session_items`."""

    items: tuple[ItemAnswersAsked, ...]


class CalendarSettings(Told):
    """Of CalendarTold, SchoolSettings, `replace_calendar`."""

    at: str = "06:00:00"
    year_end: YearEndSettings | None = None
    term_end: TermEndSettings | None = None
    monthly: MonthlySettings | None = None
    also: tuple[CronSettings, ...] | None = None
    remind_days: tuple[int, ...] | None = None
    without_classes: tuple[str, ...] | None = None


class CalendarTold(Told):
    """Of `get_calendar`, `replace_calendar`."""

    calendar: CalendarSettings
    timezone: str
    coming: tuple[ComingTold, ...]
    notes: tuple[str, ...]


class CertificatesAsked(Asked):
    """Of `join_signing_session`."""

    certificates: tuple[str, ...]
    attorney: AttorneyAsked | None = None


class ChainTold(Told):
    """Of `get_audit_verification`."""

    whole: bool
    lines: int
    last: str
    broken: int | None


class ChangeChecked(Told):
    """Of SignatureChecked."""

    kind: str
    what: str


class CheckTold(Told):
    """Of Readiness."""

    name: str
    status: str
    message: str


class ClassTold(Told):
    """Of SnapshotListed, SnapshotTold."""

    id: str
    title: str
    grade: int


class ComingTold(Told):
    """Of CalendarTold."""

    entry: str
    at: datetime | None
    term: str | None
    deadlines: DeadlinesTold | None


class CopiesChecked(Told):
    """Of `check_document_copies`."""

    document: str
    checked_at: datetime
    valid: bool | None
    copies: tuple[CopyChecked, ...]


class CopiesTold(Told):
    """Of `list_document_copies`."""

    document: str
    archived: bool
    files: tuple[FileCopies, ...]


class CopyChecked(Told):
    """Of CopiesChecked, DocumentVerified."""

    name: str
    store: str
    version_id: str
    mode: str
    locked_until: datetime
    sha256: str
    checked: datetime | None
    good: bool
    answered: bool
    problem: Reason | None = None


class CopyTold(Told):
    """Of DocumentTold, FileCopies."""

    name: str
    store: str
    key: str
    version_id: str
    mode: str
    locked_until: datetime
    sha256: str
    checked: datetime


class CountsTold(Told):
    """Of SessionTold."""

    unprepared: int
    waiting: int
    signed: int
    refused: int


class CronSettings(Told):
    """Of CalendarSettings."""

    kinds: tuple[str, ...]
    name: str
    cron: str
    documents_days: int = 3
    signed_days: int = 10


class DeadlinesTold(Told):
    """Of ComingTold, RunTold, SheetTold."""

    snapshot: date
    documents: date
    signed: date


class DeliveriesTold(Told):
    """Of `list_webhook_deliveries`."""

    deliveries: tuple[DeliveryTold, ...]
    next: str | None


class DeliveryTold(Told):
    """Of DeliveriesTold, `get_webhook_delivery`, `replay_delivery`, `test_webhook`."""

    id: str
    event: str
    type: str
    body: str
    state: str
    tries: int
    next_try: datetime | None
    created_at: datetime
    finished_at: datetime | None
    attempts: tuple[AttemptTold, ...]


class DetachedAsked(Asked):
    """Of `verify_detached`."""

    signature: str
    digests: dict[str, str]


class DocumentTold(Told):
    """Of DocumentsTold, `complete_signature`, `get_document`, `reject_document`."""

    id: str
    school: str
    snapshot: str
    kind: str
    class_: str = Field(alias="class")
    class_title: str
    term: str | None
    year: str
    version: int
    volume: int
    volumes: int | None
    other_volumes: tuple[str, ...]
    supersedes: str | None
    superseded_by: str | None
    state: str
    issued_at: datetime
    pages: int | None
    sheets: int | None
    retention_years: int
    keep_until: date | None
    pdf_sha256: str | None
    docx_sha256: str | None
    turn: str | None
    route: tuple[str, ...]
    problem: Reason | None
    signatures: tuple[SignatureTold, ...]
    copies: tuple[CopyTold, ...]


class DocumentVerified(Told):
    """Of `verify_document`, `verify_paper`."""

    sha256: str
    size: int | None
    checked_at: datetime
    judged_at: datetime
    signatures: tuple[SignatureChecked, ...]
    evidence: EvidenceChecked | None
    valid: bool | None
    code: str
    answer: str
    version: int
    superseded_by: str | None
    awaited: tuple[str, ...]
    retention: RetentionChecked
    copies: tuple[CopyChecked, ...]
    document: str | None = None


class DocumentsTold(Told):
    """Of `list_documents`."""

    documents: tuple[DocumentTold, ...]
    next: str | None


class EvidenceChecked(Told):
    """Of DocumentVerified, FileVerified."""

    problem: Reason | None
    state: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    tree: str | None = None
    whole: bool | None = None
    code: str | None = None
    reason: str | None = None
    timestamps: tuple[EvidenceTimestampChecked, ...] | None = None


class EvidenceTimestampChecked(Told):
    """Of EvidenceChecked."""

    time: datetime
    over: str
    algorithm: str
    authority: str
    until: datetime
    judged_at: datetime
    code: str
    reason: str


class ExtentChecked(Told):
    """Of SignatureChecked."""

    covered: int
    size: int
    revision: int
    revisions: int


class FaultShown(Told):
    """Of PlanTold, RefusalTold, SnapshotTold."""

    pointer: str
    code: str
    message: str


class FileCopies(Told):
    """Of CopiesTold."""

    name: str
    size: int
    sha256: str
    streebog256: str | None
    copies: tuple[CopyTold, ...]


class FileVerified(Told):
    """Of `verify_detached`, `verify_file`."""

    sha256: str
    size: int | None
    checked_at: datetime
    judged_at: datetime
    signatures: tuple[SignatureChecked, ...]
    evidence: EvidenceChecked | None
    valid: bool | None
    code: str
    answer: str
    document: str | None = None


class FilterAsked(Asked):
    """Of PackageAsked."""

    year: str
    class_: str | None = Field(None, alias="class")
    kind: str | None = None


class FindingTold(Told):
    """Of AttorneyTold."""

    what: str
    holds: bool | None
    said: str


class Goodbye(Told):
    """Of `log_out`."""

    logged_out: bool


class Health(Told):
    """Of `get_live`."""

    status: str


class ItemAnswersAsked(Asked):
    """Of BatchAsked."""

    answers: dict[str, AnswerAsked]
    document: str | None = None
    package: str | None = None


class ItemTold(Told):
    """Of SessionTold, `sign_session_document`, `sign_session_package`."""

    state: str
    document: str | None = None
    package: str | None = None
    kind: str | None = None
    title: str | None = None
    class_title: str | None = None
    term: str | None = None
    version: int | None = None
    pages: int | None = None
    sheets: int | None = None
    pdf_sha256: str | None = None
    manifest_sha256: str | None = None
    preview: str | None = None
    parts: tuple[PartTold, ...] | None = None
    problem: Reason | None = None


class JobAsked(Asked):
    """Of `order_document`."""

    snapshot: str
    kind: str
    class_: str = Field(alias="class")
    term: str | None = None
    batch: bool = False


class JobTold(Told):
    """Of JobsTold, `cancel_job`, `follow_job`, `get_job`, `order_document`, `retry_job`."""

    id: str
    state: str
    batch: bool
    created_at: datetime
    percent: int
    step: str
    pages_done: int
    pages_total: int | None
    estimate_seconds: int | None
    document: str
    problem: Reason | None = None


class JobsTold(Told):
    """Of `list_jobs`."""

    jobs: tuple[JobTold, ...]
    next: str | None


class KindTold(Told):
    """Of KindsTold."""

    name: str
    title: str
    scope: str
    retention_years: int
    signatories: tuple[str, ...]


class KindsTold(Told):
    """Of `list_kinds`."""

    kinds: tuple[KindTold, ...]


class LinkChecked(Told):
    """Of SignatureChecked, TimestampChecked."""

    owner: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    anchor: bool
    revocation: RevocationChecked


class LoginAsked(Asked):
    """Of `log_in`."""

    school: str
    login: str
    password: str


class MeTold(Told):
    """Of `change_password`, `get_me`, `log_in`."""

    id: str
    way: str
    name: str | None
    school: str
    duties: tuple[str, ...]
    rights: tuple[str, ...]
    classes: tuple[str, ...]
    expires_at: datetime | None
    password_change_required: bool
    schools: tuple[str, ...]


class MonthlySettings(Told):
    """Of CalendarSettings."""

    documents_days: int = 3
    signed_days: int = 10
    kinds: tuple[str, ...] | None = None
    enabled: bool = False
    day: int = 1


class OneTimePassword(Told):
    """Of `reset_password`."""

    password: str
    expires_at: datetime


class OutcomeTold(Told):
    """Of OutcomesTold."""

    state: str
    document: str | None = None
    package: str | None = None
    problem: Reason | None = None


class OutcomesTold(Told):
    """Of `sign_session_items`."""

    items: tuple[OutcomeTold, ...]


class PackageAsked(Asked):
    """Of `create_package`."""

    documents: tuple[str, ...] | None = None
    filter: FilterAsked | None = None


class PackageListed(Told):
    """Of PackagesTold."""

    id: str
    school: str
    created_at: datetime
    documents: tuple[str, ...]
    manifest_sha256: str
    route: tuple[str, ...]
    turn: str | None
    signatures: tuple[SignatureTold, ...]


class PackageManifest(Told):
    """Of PackageTold."""

    school: str
    files: tuple[PackedFile, ...]
    schema_: str = Field("vedomost-package/1", alias="schema")


class PackageTold(Told):
    """Of `create_package`, `get_package`."""

    id: str
    school: str
    created_at: datetime
    documents: tuple[str, ...]
    manifest_sha256: str
    route: tuple[str, ...]
    turn: str | None
    signatures: tuple[SignatureTold, ...]
    manifest: PackageManifest
    left_out: tuple[str, ...]


class PackagesTold(Told):
    """Of `list_packages`."""

    packages: tuple[PackageListed, ...]
    next: str | None


class PackedFile(Told):
    """Of PackageManifest."""

    path: str
    media_type: str
    size: int
    sha256: str
    document: str
    kind: str
    version: int
    streebog256: str | None = None


class PartTold(Told):
    """Of ItemTold."""

    file: str
    content: str
    to_sign: str
    to_sign_digest: str
    document_digest: str
    digest_algorithm: str
    signature_algorithm: str


class PasswordAsked(Asked):
    """Of `change_password`."""

    old: str
    new: str


class PlanAsked(Asked):
    """Of `plan_snapshot`."""

    kinds: tuple[str, ...] | None = None
    classes: tuple[str, ...] | None = None
    term: str | None = None


class PlanTold(Told):
    """Of `plan_snapshot`."""

    complete: bool
    documents: int
    pages: int
    sheets: int
    refused: int
    minutes: float
    warnings: tuple[FaultShown, ...]
    lines: tuple[PlannedTold, ...]


class PlannedTold(Told):
    """Of PlanTold."""

    class_: str = Field(alias="class")
    class_title: str
    kind: str
    term: str | None
    pages: tuple[int, ...] | None
    sheets: tuple[int, ...] | None
    refusal: RefusalTold | None


class PrintOptions(Told):
    """Of SchoolSettings."""

    glyph_set: str = "source"
    sou_mode: str = "students"
    percent_digits: int = 2
    mark_word: str = "оценок"
    signing_route: tuple[str, ...] | None = None
    seal_block: bool = True
    case_index_register: str = "05-12"
    case_index_summary: str = "05-13"
    case_index_reports: str = "05-14"
    volume_sheets: int = 250
    certification_text: str = "Прошито, пронумеровано и скреплено печатью"
    deputy_post: str = "Заместитель директора по УВР"
    director_post: str = "Директор"
    secretary_post: str = "Секретарь"
    ratings: bool = False
    absences_in_results: bool = True
    qr: bool = False


class RawChecked(Told):
    """Of SignatureChecked."""

    certificates: tuple[str, ...]
    ocsps: tuple[str, ...]
    crls: tuple[str, ...]
    timestamps: tuple[str, ...]


class Readiness(Told):
    """Of `get_ready`."""

    status: str
    checks: tuple[CheckTold, ...]


class Reason(Told):
    """Of CopyChecked, DocumentTold, EvidenceChecked, ItemTold, JobTold, OutcomeTold, RunLineTold,
    RunTold, SheetTold."""

    code: str
    message: str


class RefusalTold(Told):
    """Of PlannedTold."""

    code: str
    message: str
    errors: tuple[FaultShown, ...]


class RejectionAsked(Asked):
    """Of `reject_document`."""

    reason: str


class ReplayTold(Told):
    """Of `replay_webhook`."""

    begun: int


class RestartAsked(Asked):
    """Of `restart_run`."""

    class_: str | None = Field(None, alias="class")


class RetentionChecked(Told):
    """Of DocumentVerified."""

    years: int
    keep_until: date | None
    destroy_from: date | None
    locked_until: datetime | None
    modes: tuple[str, ...]


class RevocationChecked(Told):
    """Of LinkChecked."""

    standing: str
    source: str | None
    inside: bool
    issued_at: datetime | None
    signed_by: str
    revoked_at: datetime | None


class RotationAsked(Asked):
    """Of `rotate_token`."""

    overlap_minutes: int = 1440


class RunAsked(Asked):
    """Of `create_run`."""

    entry: str
    year: str | None = None
    term: str | None = None
    kinds: tuple[str, ...] | None = None


class RunLineTold(Told):
    """Of SheetTold."""

    class_: str = Field(alias="class")
    class_title: str
    kind: str
    term: str | None
    status: str
    turn: str | None
    document: str | None
    version: int | None
    volumes: int | None
    pages: int | None
    sheets: int | None
    since: datetime | None
    problem: Reason | None


class RunTold(Told):
    """Of RunsTold."""

    id: str
    school: str
    entry: str
    year: str
    term: str | None
    kinds: tuple[str, ...]
    state: str
    begun_by: str
    begun_at: datetime
    ended_at: datetime | None
    deadlines: DeadlinesTold
    timezone: str
    problem: Reason | None


class RunsTold(Told):
    """Of `list_runs`."""

    runs: tuple[RunTold, ...]
    next: str | None


class SchoolAsked(Asked):
    """Of `create_school`."""

    id: str
    settings: SchoolSettings | None = None


class SchoolSettings(Told):
    """Of SchoolAsked, SettingsTold, `replace_settings`."""

    title: str = ""
    timezone: str | None = None
    options: PrintOptions | None = None
    signatories: tuple[Signatory, ...] | None = None
    attorney_required: bool = False
    sign_docx: bool = False
    calendar: CalendarSettings | None = None


class SchoolTold(Told):
    """Of SchoolsTold."""

    id: str
    title: str
    version: int
    in_file: bool


class SchoolsTold(Told):
    """Of `list_schools`."""

    schools: tuple[SchoolTold, ...]
    next: str | None


class SecretAsked(Asked):
    """Of `rotate_webhook_secret`."""

    overlap_minutes: int = 1440


class SessionAsked(Asked):
    """Of `create_signing_session`."""

    role: Literal["deputy", "seal", "director"]
    documents: tuple[str, ...] | None = None
    packages: tuple[str, ...] | None = None
    certificates: tuple[str, ...] | None = None
    attorney: AttorneyAsked | None = None
    minutes: int | None = None


class SessionTold(Told):
    """Of `close_signing_session`, `create_signing_session`, `get_signing_session`,
    `join_signing_session`."""

    id: str
    school: str
    role: str
    state: str
    signer: str | None
    opened_at: datetime
    expires_at: datetime
    counts: CountsTold
    items: tuple[ItemTold, ...]
    attorney: AttorneyTold | None = None


class SettingsHistory(Told):
    """Of `get_settings_history`."""

    versions: tuple[SettingsVersion, ...]
    next: str | None


class SettingsTold(Told):
    """Of `create_school`, `get_settings`, `replace_settings`."""

    school: str
    version: int
    settings: SchoolSettings
    from_: dict[str, str] = Field(alias="from")


class SettingsVersion(Told):
    """Of SettingsHistory."""

    version: int
    changed_by: str
    changed_at: datetime
    changed: tuple[str, ...]
    settings: dict[str, Any]


class SheetTold(Told):
    """Of `cancel_run`, `create_run`, `get_run`, `restart_run`."""

    id: str
    school: str
    entry: str
    year: str
    term: str | None
    kinds: tuple[str, ...]
    state: str
    begun_by: str
    begun_at: datetime
    ended_at: datetime | None
    deadlines: DeadlinesTold
    timezone: str
    problem: Reason | None
    timezone_assumed: bool
    counts: dict[str, int]
    waiting: dict[str, int]
    lines: tuple[RunLineTold, ...]


class Signatory(Told):
    """Of SchoolSettings."""

    role: str
    name: str
    certificate_sha256: str | None = None


class SignatureAsked(Asked):
    """Of `begin_signature`."""

    role: Literal["deputy", "seal", "director"]
    certificates: tuple[str, ...]


class SignatureChecked(Told):
    """Of DocumentVerified, FileVerified."""

    field: str
    signer: str | None
    serial: str | None
    issuer: str | None
    valid_from: datetime | None
    valid_until: datetime | None
    test: bool
    level: str
    signed_at: datetime | None
    signed_at_source: str
    intact: bool
    valid: bool | None
    code: str
    reason: str
    coverage: str
    extent: ExtentChecked | None
    changes: tuple[ChangeChecked, ...]
    algorithms: AlgorithmsChecked | None
    timestamp: TimestampChecked | None
    time_problem: str
    chain: tuple[LinkChecked, ...]
    raw: RawChecked | None = None


class SignatureTold(Told):
    """Of DocumentTold, PackageListed, PackageTold."""

    role: str
    signer: str
    signed_at: datetime
    level: str
    valid: bool
    attorney: AttorneyTold | None = None


class SigningTold(Told):
    """Of `begin_signature`."""

    id: str
    role: str
    to_sign: str
    digest_algorithm: str
    expires_at: datetime


class SnapshotListed(Told):
    """Of SnapshotsTold."""

    id: str
    sha256: str
    size: int
    year: str
    accepted_at: datetime
    classes: tuple[ClassTold, ...]
    warnings_total: int


class SnapshotTold(Told):
    """Of `create_snapshot`, `get_snapshot`."""

    id: str
    sha256: str
    size: int
    year: str
    accepted_at: datetime
    classes: tuple[ClassTold, ...]
    terms: tuple[TermTold, ...]
    warnings: tuple[FaultShown, ...]


class SnapshotsTold(Told):
    """Of `list_snapshots`."""

    snapshots: tuple[SnapshotListed, ...]
    next: str | None


class TermEndSettings(Told):
    """Of CalendarSettings."""

    documents_days: int = 3
    signed_days: int = 10
    kinds: tuple[str, ...] | None = None
    enabled: bool = True
    vacation_day: int = 2
    moved: dict[str, date] | None = None


class TermTold(Told):
    """Of SnapshotTold."""

    id: str
    title: str
    grades: tuple[int, ...]


class TimestampChecked(Told):
    """Of SignatureChecked."""

    time: datetime
    authority: str
    valid_until: datetime
    chain: tuple[LinkChecked, ...]


class TokenAsked(Asked):
    """Of `create_token`."""

    duties: tuple[
        Literal[
            "system",
            "secretary",
            "class-teacher",
            "deputy",
            "seal",
            "director",
            "administrator",
            "auditor",
        ],
        ...,
    ]
    description: str
    school: str | None = None
    scopes: (
        tuple[
            Literal[
                "public",
                "self",
                "read",
                "submit",
                "order",
                "reject",
                "pack",
                "open",
                "sign",
                "audit",
                "configure",
                "admit",
            ],
            ...,
        ]
        | None
    ) = None
    classes: tuple[str, ...] | None = None
    expires_at: datetime | None = None


class TokenGranted(Told):
    """Of `create_token`, `rotate_token`."""

    id: str
    school: str
    duties: tuple[str, ...]
    scopes: tuple[str, ...] | None
    classes: tuple[str, ...]
    description: str
    made_by: str | None
    made_at: datetime | None
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None
    previous_until: datetime | None
    from_settings: bool
    token: str


class TokenTold(Told):
    """Of TokensTold, `get_token`, `revoke_token`."""

    id: str
    school: str
    duties: tuple[str, ...]
    scopes: tuple[str, ...] | None
    classes: tuple[str, ...]
    description: str
    made_by: str | None
    made_at: datetime | None
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None
    previous_until: datetime | None
    from_settings: bool


class TokensTold(Told):
    """Of `list_tokens`."""

    tokens: tuple[TokenTold, ...]
    next: str | None


class WebhookAsked(Asked):
    """Of `create_webhook`, `replace_webhook`."""

    url: str
    events: (
        tuple[
            Literal[
                "document.ordered",
                "document.printed",
                "document.awaiting-signature",
                "document.signed",
                "document.archived",
                "document.failed",
                "document.rejected",
                "document.cancelled",
                "snapshot.accepted",
                "snapshot.wanted",
                "package.created",
                "package.signed",
                "signing.opened",
                "signing.closed",
                "signing.refused",
                "signing.due",
                "documents.due",
                "run.started",
                "run.restarted",
                "run.finished",
                "run.cancelled",
                "webhook.disabled",
            ],
            ...,
        ]
        | None
    ) = None
    description: str = ""
    state: Literal["active", "paused"] = "active"


class WebhookMade(Told):
    """Of `create_webhook`, `rotate_webhook_secret`."""

    id: str
    school: str
    url: str
    events: tuple[str, ...]
    description: str
    state: str
    reason: str | None
    failures: int
    failing_since: datetime | None
    rest_until: datetime | None
    last_ms: int | None
    previous_until: datetime | None
    created_at: datetime
    updated_at: datetime
    secret: str


class WebhookTold(Told):
    """Of WebhooksTold, `delete_webhook`, `get_webhook`, `replace_webhook`."""

    id: str
    school: str
    url: str
    events: tuple[str, ...]
    description: str
    state: str
    reason: str | None
    failures: int
    failing_since: datetime | None
    rest_until: datetime | None
    last_ms: int | None
    previous_until: datetime | None
    created_at: datetime
    updated_at: datetime


class WebhooksTold(Told):
    """Of `list_webhooks`."""

    webhooks: tuple[WebhookTold, ...]


class YearEndSettings(Told):
    """Of CalendarSettings."""

    enabled: bool = True
    opens_days: int = 5
    snapshot_due: str = "06-15"
    documents_due: str = "06-20"
    signed_due: str = "06-30"
    kinds: tuple[str, ...] | None = None
