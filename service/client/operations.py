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
    OneTimePassword,
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
        """Завести учётную запись человека.

        POST /v1/accounts

        Человек входит по login и паролю, через поставщика удостоверений (subject) или по
        сертификату за доверенным прокси (certificate_sha256). Имя входа и пароль называют
        вместе; с one_time_password человек сменит пароль при первом входе.

        Problems: password-change-required, account-taken, account-wrong, grant-refused,
        password-weak.
        """
        return self.wire.told(AccountTold, "POST", "/v1/accounts", asked=asked)

    def list_accounts(
        self, *, limit: int | None = None, cursor: str | None = None, school: str | None = None
    ) -> AccountsTold:
        """Учётные записи школы, новые первыми.

        GET /v1/accounts

        И закрытые тоже: на них ссылается журнал действий.

        Problems: password-change-required.
        """
        return self.wire.told(
            AccountsTold,
            "GET",
            "/v1/accounts",
            query={"limit": limit, "cursor": cursor, "school": school},
        )

    def get_account(self, account: str) -> AccountTold:
        """Учётная запись.

        GET /v1/accounts/{account}

        Кто это, какие обязанности, как входит; паролей здесь нет.

        Problems: password-change-required, account-missing.
        """
        return self.wire.told(AccountTold, "GET", "/v1/accounts/{account}", {"account": account})

    def replace_account(self, account: str, asked: AccountAsked) -> AccountTold:
        """Изменить учётную запись; смена способа входа заканчивает все входы.

        PUT /v1/accounts/{account}

        Передайте запись целиком: что не названо, отнимается, кроме пароля. Школа остаётся
        прежней.

        Problems: password-change-required, account-missing, account-closed, account-taken,
        account-wrong, grant-refused, password-weak.
        """
        return self.wire.told(
            AccountTold, "PUT", "/v1/accounts/{account}", {"account": account}, asked=asked
        )

    def close_account(self, account: str) -> AccountTold:
        """Закрыть учётную запись: человек больше не войдёт.

        DELETE /v1/accounts/{account}

        Все входы заканчиваются сразу. Запись остаётся ради журнала действий; открыть её
        снова нельзя.

        Problems: password-change-required, account-missing, account-closed.
        """
        return self.wire.told(AccountTold, "DELETE", "/v1/accounts/{account}", {"account": account})

    def reset_password(self, account: str) -> OneTimePassword:
        """Выдать одноразовый пароль вместо прежнего; все входы человека заканчиваются.

        POST /v1/accounts/{account}/password

        Пароль показывается один раз и действует 7 дней. Кто вошёл с ним, может только
        сменить его: на странице /password или через PUT /v1/me/password; всё остальное
        отвечает 403 password-change-required.

        Problems: password-change-required, account-missing, account-closed, account-wrong,
        grant-refused.
        """
        return self.wire.told(
            OneTimePassword, "POST", "/v1/accounts/{account}/password", {"account": account}
        )

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
        """Документы школы, новые первыми.

        GET /v1/documents

        Отбирайте по классу, виду, четверти, году, состоянию; latest оставит последние
        версии. Классный руководитель видит документы своих классов.

        Problems: password-change-required, school-unnamed.
        """
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
        """Документ.

        GET /v1/documents/{document}

        Состояние, чья очередь подписывать, кто и когда подписал, сколько страниц, до какого
        дня хранится.

        Problems: password-change-required, document-missing.
        """
        return self.wire.told(
            DocumentTold, "GET", "/v1/documents/{document}", {"document": document}
        )

    def list_document_copies(self, document: str) -> CopiesTold:
        """Где лежат файлы документа и до какого времени закрыты.

        GET /v1/documents/{document}/copies

        Каждый файл документа в каждом хранилище: размер, хэши, версия, до какого времени
        его нельзя удалить, когда копию читали в последний раз. Хранилища при этом не
        читаются.

        Problems: password-change-required, document-missing.
        """
        return self.wire.told(
            CopiesTold, "GET", "/v1/documents/{document}/copies", {"document": document}
        )

    def check_document_copies(self, document: str) -> CopiesChecked:
        """Прочесть обе копии заново и сверить.

        POST /v1/documents/{document}/copies/check

        Каждая копия читается из своего хранилища по версии; сверяются байты, режим и срок
        запрета на удаление. Что найдено, пишется в журнал действий, время — в checked
        копии.

        Problems: password-change-required, document-missing, not-deposited, store-lies,
        store-unavailable.
        """
        return self.wire.told(
            CopiesChecked, "POST", "/v1/documents/{document}/copies/check", {"document": document}
        )

    def get_document_docx(self, document: str) -> bytes:
        """Файл DOCX.

        GET /v1/documents/{document}/docx

        То же содержание для Word. Подписывается он отдельно, файлом docx.p7s; образцом при
        расхождении считайте PDF.

        Problems: password-change-required, document-missing, file-lost, not-printed,
        requested-range-not-satisfiable.
        """
        return self.wire.file("GET", "/v1/documents/{document}/docx", {"document": document})

    def get_document_docx_p7s(self, document: str) -> bytes:
        """Отсоединённая подпись файла DOCX (CAdES).

        GET /v1/documents/{document}/docx.p7s

        Подписи всех, кто подписал, в одном CMS (DER); подписанное лежит в /docx. Если школа
        подписывает только PDF, ответ — 404 docx-unsigned.

        Problems: password-change-required, document-missing, docx-unsigned, file-lost,
        requested-range-not-satisfiable.
        """
        return self.wire.file("GET", "/v1/documents/{document}/docx.p7s", {"document": document})

    def get_document_evidence(self, document: str) -> bytes:
        """Доказательство существования файлов документа: EvidenceRecord, RFC 4998 (DER).

        GET /v1/documents/{document}/evidence

        Цепь меток времени над хэшами файлов документа: она доказывает, что они были такими
        до названного времени, и когда сертификаты подписей истекут. Строится раз в сутки
        над всем, что легло в архив.

        Problems: password-change-required, document-missing, evidence-missing.
        """
        return self.wire.file("GET", "/v1/documents/{document}/evidence", {"document": document})

    def get_document_pdf(self, document: str) -> bytes:
        """Файл PDF/A.

        GET /v1/documents/{document}/pdf

        PDF/A-3u со всеми подписями, какие уже есть; снимок, из которого он напечатан,
        вложен в файл.

        Problems: password-change-required, document-missing, file-lost, not-printed,
        requested-range-not-satisfiable.
        """
        return self.wire.file("GET", "/v1/documents/{document}/pdf", {"document": document})

    def reject_document(self, document: str, asked: RejectionAsked) -> DocumentTold:
        """Вернуть документ с причиной.

        POST /v1/documents/{document}/rejection

        Пока документ не подписан всеми. Исправленный журнал передают новым снимком: выйдет
        новая версия.

        Problems: password-change-required, document-missing, already-rejected,
        document-moved-on, not-your-turn, superseded.
        """
        return self.wire.told(
            DocumentTold,
            "POST",
            "/v1/documents/{document}/rejection",
            {"document": document},
            asked=asked,
        )

    def begin_signature(self, document: str, asked: SignatureAsked) -> SigningTold:
        """Начать подписание: получить данные, которые подписывает ключ.

        POST /v1/documents/{document}/signatures

        Передайте сертификат подписанта (первым) и сертификаты удостоверяющих центров над
        ним. Служба готовит файл и отвечает тем, что подписывает ключ: to_sign. Завершает
        подписание complete_signature.

        Problems: password-change-required, document-missing, file-lost, already-signed,
        attorney-needless, attorney-of-another, attorney-out-of-term, attorney-required,
        attorney-signature, certificate-expired, certificate-not-yet-valid,
        certificate-revoked, certificate-unreadable, certificate-untrusted,
        certificate-wrong-usage, document-encrypted, document-locked, document-moved-on,
        document-too-complex, document-unreadable, earlier-signature-broken, field-missing,
        field-signed, key-unsupported, mark-too-large, not-a-signatory,
        not-awaiting-signature, role-not-on-route, several-files, signature-out-of-turn,
        signing-refused, superseded, attorney-number, attorney-unreadable,
        gost-not-installed, file-damaged, revocation-unknown, signing-unavailable.
        """
        return self.wire.told(
            SigningTold,
            "POST",
            "/v1/documents/{document}/signatures",
            {"document": document},
            asked=asked,
        )

    def verify_document(self, document: str, *, raw: bool | None = None) -> DocumentVerified:
        """Проверить подписи, доказательство и обе копии.

        GET /v1/documents/{document}/verification

        Обе копии читаются заново из хранилищ. Протокол для печати — заголовком Accept.

        Problems: password-change-required, document-missing, document-encrypted,
        document-too-complex, document-unreadable, evidence-unreadable, gost-not-installed,
        crowded, work-broke.
        """
        return self.wire.told(
            DocumentVerified,
            "GET",
            "/v1/documents/{document}/verification",
            {"document": document},
            query={"raw": raw},
        )

    def get_job(self, job: str, *, wait: int | None = None) -> JobTold:
        """Ход задания.

        GET /v1/jobs/{job}

        С wait или заголовком Prefer: wait=… (RFC 7240) ответ придёт, когда задание
        закончится, но не позже стольких секунд.

        Problems: password-change-required, job-missing.
        """
        return self.wire.told(JobTold, "GET", "/v1/jobs/{job}", {"job": job}, query={"wait": wait})

    def cancel_job(self, job: str) -> JobTold:
        """Отменить задание, пока документ не напечатан; снять неудавшееся.

        DELETE /v1/jobs/{job}

        Начатая печать прекращается. Напечатанный документ так не убрать: его возвращают с
        причиной (reject_document).

        Problems: password-change-required, job-missing, too-late-to-cancel.
        """
        return self.wire.told(JobTold, "DELETE", "/v1/jobs/{job}", {"job": job})

    def retry_job(self, job: str) -> JobTold:
        """Повторить неудавшееся или отменённое задание.

        POST /v1/jobs/{job}/retry

        Задание продолжается с того места, где оборвалось, под тем же номером. Если дело
        было в журнале, повторять незачем: передайте исправленный снимок и закажите документ
        из него.

        Problems: password-change-required, job-missing, nothing-to-retry.
        """
        return self.wire.told(JobTold, "POST", "/v1/jobs/{job}/retry", {"job": job})

    def list_kinds(self) -> KindsTold:
        """Виды документов.

        GET /v1/kinds

        Что служба умеет печатать: за что (класс или класс за период), кто подписывает,
        сколько лет хранится. Токен не нужен.
        """
        return self.wire.told(KindsTold, "GET", "/v1/kinds")

    def log_in(self, asked: LoginAsked) -> MeTold:
        """Войти по имени и паролю: ответ ставит cookie.

        POST /v1/login

        После пяти неверных паролей подряд с одного адреса следующая попытка — через время,
        которое растёт до 15 минут. Других это не задерживает дольше минуты.

        Problems: login-refused, password-over, login-not-offered, login-throttled.
        """
        return self.wire.told(MeTold, "POST", "/v1/login", asked=asked)

    def log_out(self) -> Goodbye:
        """Выйти.

        POST /v1/logout

        Вход заканчивается, cookie убирается. С токеном выходить не из чего: logged_out —
        false.

        Problems: password-change-required.
        """
        return self.wire.told(Goodbye, "POST", "/v1/logout")

    def get_me(self) -> MeTold:
        """Кто вы, что вам можно.

        GET /v1/me

        Обязанности и права того, чей это запрос; у человека — ещё имя и школы, где у него
        есть учётная запись.

        Problems: password-change-required.
        """
        return self.wire.told(MeTold, "GET", "/v1/me")

    def change_password(self, asked: PasswordAsked) -> MeTold:
        """Сменить свой пароль; остальные входы этого человека заканчиваются.

        PUT /v1/me/password

        Только для человека с паролем: у токена его нет (409 no-account). Остальные входы
        этого человека заканчиваются, этот продолжается. Одноразовый пароль меняют так же.

        Problems: password-change-required, no-account, password-same, password-weak,
        password-wrong, login-throttled.
        """
        return self.wire.told(MeTold, "PUT", "/v1/me/password", asked=asked)

    def get_openapi(self) -> bytes:
        """Это описание: OpenAPI 3.1.

        GET /v1/openapi.json

        По нему проверяются и запросы: описание выходит из тех же моделей.
        """
        return self.wire.file("GET", "/v1/openapi.json")

    def get_package(self, package: str) -> PackageTold:
        """Пакет и его опись.

        GET /v1/packages/{package}

        Документы пакета, опись с их файлами и хэшами, кто её подписал и чья очередь.

        Problems: password-change-required, package-missing.
        """
        return self.wire.told(PackageTold, "GET", "/v1/packages/{package}", {"package": package})

    def get_package_manifest(self, package: str) -> bytes:
        """Опись пакета, байты, которые подписывают.

        GET /v1/packages/{package}/manifest.json

        JSON: документы, их файлы и хэши. Подписывают именно эти байты, поэтому переписывать
        их нельзя.

        Problems: password-change-required, file-lost, package-missing,
        requested-range-not-satisfiable.
        """
        return self.wire.file("GET", "/v1/packages/{package}/manifest.json", {"package": package})

    def get_package_signature(self, package: str) -> bytes:
        """Отсоединённая подпись описи (CAdES).

        GET /v1/packages/{package}/manifest.json.p7s

        CMS (DER) без самих данных: проверяется вместе с manifest.json. Пока опись никем не
        подписана, ответ — 404 package-unsigned.

        Problems: password-change-required, file-lost, package-missing, package-unsigned,
        requested-range-not-satisfiable.
        """
        return self.wire.file(
            "GET", "/v1/packages/{package}/manifest.json.p7s", {"package": package}
        )

    def get_package_zip(self, package: str) -> bytes:
        """Пакет одним файлом ZIP: документы, опись, её подпись.

        GET /v1/packages/{package}/zip

        Кто и когда взял пакет, записывается в журнал.

        Problems: password-change-required, package-missing.
        """
        return self.wire.file("GET", "/v1/packages/{package}/zip", {"package": package})

    def get_run(self, run: str) -> SheetTold:
        """Лист прогона: что готово, кого ждут, чего нет.

        GET /v1/runs/{run}

        По строке на документ: готов, ждёт кого, не напечатан и почему, нет снимка. Лист для
        печати, PDF или DOCX, — заголовком Accept.

        Problems: password-change-required, run-missing, crowded, work-broke.
        """
        return self.wire.told(SheetTold, "GET", "/v1/runs/{run}", {"run": run})

    def cancel_run(self, run: str) -> SheetTold:
        """Отменить прогон; заказанные документы останутся.

        DELETE /v1/runs/{run}

        Больше по нему ничего не заказывается и никому не напоминается. Отменённый второй
        раз отвечает так же.

        Problems: password-change-required, run-missing, run-ended, run-moved-on.
        """
        return self.wire.told(SheetTold, "DELETE", "/v1/runs/{run}", {"run": run})

    def restart_run(self, run: str, asked: RestartAsked) -> SheetTold:
        """Пересмотреть прогон или один его класс.

        POST /v1/runs/{run}/restart

        Прогон просматривается снова по последним окончательным снимкам: неудавшееся
        печатается ещё раз, неизменившееся остаётся как есть. class ограничит одним классом.

        Problems: password-change-required, run-missing, run-ended, run-moved-on,
        class-not-in-run.
        """
        return self.wire.told(
            SheetTold, "POST", "/v1/runs/{run}/restart", {"run": run}, asked=asked
        )

    def get_snapshot_schema(self) -> bytes:
        """Схема снимка журнала: JSON Schema 2020-12.

        GET /v1/schemas/snapshot

        По ней можно проверить снимок до отправки. Ссылки и даты проверяет только служба.
        """
        return self.wire.file("GET", "/v1/schemas/snapshot")

    def list_schools(self, *, limit: int | None = None, cursor: str | None = None) -> SchoolsTold:
        """Школы, которые видит токен, новые первыми.

        GET /v1/schools

        Токен школы видит одну свою, токен всех школ — каждую.

        Problems: password-change-required.
        """
        return self.wire.told(
            SchoolsTold, "GET", "/v1/schools", query={"limit": limit, "cursor": cursor}
        )

    def create_school(self, asked: SchoolAsked) -> SettingsTold:
        """Завести школу.

        POST /v1/schools

        Только администратор всех школ.

        Problems: password-change-required, school-exists, check-address-missing,
        settings-refused, unknown-kind.
        """
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
        """Журнал действий школы, старые первыми.

        GET /v1/schools/{school}/audit

        Строки только добавляются; каждая несёт хэш предыдущей. Чтобы забирать новое,
        помните number последней строки и присылайте его в after.

        Problems: password-change-required.
        """
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
        """Проверить, что журнал школы не изменён.

        GET /v1/schools/{school}/audit/verification

        Хэши всех строк школы считаются заново: whole говорит, все ли на месте и не
        изменены, broken — номер первой, которая не сходится.

        Problems: password-change-required.
        """
        return self.wire.told(
            ChainTold, "GET", "/v1/schools/{school}/audit/verification", {"school": school}
        )

    def get_calendar(self, school: str) -> CalendarTold:
        """Календарь школы и что по нему будет дальше.

        GET /v1/schools/{school}/calendar

        Что выбрала школа, обычные сроки вписаны; coming — что будет дальше, notes — почему
        чего-то не будет.

        Problems: password-change-required.
        """
        return self.wire.told(
            CalendarTold, "GET", "/v1/schools/{school}/calendar", {"school": school}
        )

    def replace_calendar(self, school: str, asked: CalendarSettings) -> CalendarTold:
        """Изменить календарь школы.

        PUT /v1/schools/{school}/calendar

        Передайте календарь целиком: чего в нём нет, то станет как обычно. Ответ говорит,
        что будет по нему дальше.

        Problems: password-change-required, settings-contradict, settings-changed,
        settings-refused, unknown-kind.
        """
        return self.wire.told(
            CalendarTold, "PUT", "/v1/schools/{school}/calendar", {"school": school}, asked=asked
        )

    def order_document(self, school: str, asked: JobAsked) -> JobTold:
        """Заказать документ.

        POST /v1/schools/{school}/jobs

        Тот же заказ второй раз не печатает второй документ, а отвечает уже идущим заданием
        (200). Ход задания — по адресу из Location; когда state станет done, документ ждёт
        подписи. С Prefer: wait=… (RFC 7240) ответ придёт, когда задание закончится, но не
        позже стольких секунд.

        Problems: password-change-required, snapshot-missing, order-wrong, quota-exceeded.
        """
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
            "queued",
            "running",
            "done",
        ]
        | None = None,
    ) -> JobsTold:
        """Задания школы, в том числе неудавшиеся.

        GET /v1/schools/{school}/jobs

        Новые первыми. state=failed покажет неудавшиеся: у каждого сказано, почему, и его
        можно повторить.

        Problems: password-change-required.
        """
        return self.wire.told(
            JobsTold,
            "GET",
            "/v1/schools/{school}/jobs",
            {"school": school},
            query={"limit": limit, "cursor": cursor, "state": state},
        )

    def create_package(self, school: str, asked: PackageAsked) -> PackageTold:
        """Собрать документы из архива в пакет с описью.

        POST /v1/schools/{school}/packages

        Те же документы второй раз — тот же пакет (200).

        Problems: password-change-required, document-missing, package-refused.
        """
        return self.wire.told(
            PackageTold, "POST", "/v1/schools/{school}/packages", {"school": school}, asked=asked
        )

    def list_packages(
        self, school: str, *, limit: int | None = None, cursor: str | None = None
    ) -> PackagesTold:
        """Пакеты школы, новые первыми.

        GET /v1/schools/{school}/packages

        Что собрано, кто подписал опись и чья очередь.

        Problems: password-change-required.
        """
        return self.wire.told(
            PackagesTold,
            "GET",
            "/v1/schools/{school}/packages",
            {"school": school},
            query={"limit": limit, "cursor": cursor},
        )

    def create_run(self, school: str, asked: RunAsked) -> SheetTold:
        """Начать прогон: все положенные документы школы.

        POST /v1/schools/{school}/runs

        Берётся последний окончательный снимок каждого класса; чего нет, сказано в листе
        прогона. Тот же прогон второй раз не начинается: ответ — уже начатый (200).

        Problems: password-change-required, run-wrong.
        """
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
        """Прогоны школы, новые первыми.

        GET /v1/schools/{school}/runs

        Чем кончился каждый или сколько в нём осталось.

        Problems: password-change-required.
        """
        return self.wire.told(
            RunsTold,
            "GET",
            "/v1/schools/{school}/runs",
            {"school": school},
            query={"limit": limit, "cursor": cursor, "state": state},
        )

    def get_settings(self, school: str) -> SettingsTold:
        """Настройки школы и откуда каждая взялась.

        GET /v1/schools/{school}/settings

        Все настройки, какие действуют; from говорит о каждой, задана ли она школой, файлом
        настроек службы или никем. ETag ответа понадобится, чтобы их изменить.

        Problems: password-change-required, settings-contradict.
        """
        return self.wire.told(
            SettingsTold, "GET", "/v1/schools/{school}/settings", {"school": school}
        )

    def replace_settings(
        self, school: str, asked: SchoolSettings, *, if_match: str
    ) -> SettingsTold:
        """Изменить настройки школы: прежние остаются в истории.

        PUT /v1/schools/{school}/settings

        Передайте настройки целиком: чего в них нет, то станет по умолчанию. Прежние
        останутся в истории. Что задано в файле настроек службы (from говорит «file»),
        отсюда не меняется. Уже заказанные документы печатаются и подписываются по тем
        настройкам, с которыми заказаны.

        Problems: password-change-required, settings-contradict, settings-changed,
        check-address-missing, settings-refused, unknown-kind, precondition-required.
        """
        return self.wire.told(
            SettingsTold,
            "PUT",
            "/v1/schools/{school}/settings",
            {"school": school},
            asked=asked,
            if_match=if_match,
        )

    def get_settings_history(
        self, school: str, *, limit: int | None = None, cursor: str | None = None
    ) -> SettingsHistory:
        """Кто, когда и что менял в настройках школы.

        GET /v1/schools/{school}/settings/history

        Каждая запись настроек: что тогда было названо и что изменилось по сравнению с
        прежней.

        Problems: password-change-required.
        """
        return self.wire.told(
            SettingsHistory,
            "GET",
            "/v1/schools/{school}/settings/history",
            {"school": school},
            query={"limit": limit, "cursor": cursor},
        )

    def create_snapshot(self, school: str, body: bytes) -> SnapshotTold:
        """Принять снимок журнала.

        POST /v1/schools/{school}/snapshots

        Снимок проверяется целиком: схема, ссылки, даты. Найденное в warnings печати не
        мешает. Те же байты дают тот же снимок (200), новые — новый (201). До 64 МиБ в
        распакованном виде.

        Problems: snapshot-malformed, password-change-required, another-school,
        snapshot-invalid, crowded, work-broke.
        """
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
        """Снимки школы, новые первыми.

        GET /v1/schools/{school}/snapshots

        О каждом коротко: номер, размер, когда принят, учебный год, классы, сколько
        замечаний.

        Problems: password-change-required.
        """
        return self.wire.told(
            SnapshotsTold,
            "GET",
            "/v1/schools/{school}/snapshots",
            {"school": school},
            query={"limit": limit, "cursor": cursor},
        )

    def get_snapshot(self, school: str, snapshot: str) -> SnapshotTold:
        """Принятый снимок.

        GET /v1/schools/{school}/snapshots/{snapshot}

        То же, чем ответил приём снимка: что в нём нашлось, какие классы и четверти, какие
        замечания.

        Problems: password-change-required, snapshot-missing.
        """
        return self.wire.told(
            SnapshotTold,
            "GET",
            "/v1/schools/{school}/snapshots/{snapshot}",
            {"school": school, "snapshot": snapshot},
        )

    def plan_snapshot(self, school: str, snapshot: str, asked: PlanAsked) -> PlanTold:
        """Что будет напечатано: страницы, листы, отказы, минуты.

        POST /v1/schools/{school}/snapshots/{snapshot}/plan

        Страницы точные: документ верстается так же, как при печати, только файлов не
        остаётся. Считается это в фоне: пока ответ — 202, повторяйте тот же запрос;
        посчитанное однажды отвечает сразу.

        Problems: password-change-required, snapshot-missing, plan-wrong.
        """
        return self.wire.told(
            PlanTold,
            "POST",
            "/v1/schools/{school}/snapshots/{snapshot}/plan",
            {"school": school, "snapshot": snapshot},
            asked=asked,
        )

    def list_webhooks(self, school: str) -> WebhooksTold:
        """Адреса школы для событий.

        GET /v1/schools/{school}/webhooks

        Все адреса, с состоянием каждого; секретов здесь нет.

        Problems: password-change-required.
        """
        return self.wire.told(
            WebhooksTold, "GET", "/v1/schools/{school}/webhooks", {"school": school}
        )

    def create_webhook(self, school: str, asked: WebhookAsked) -> WebhookMade:
        """Добавить адрес для событий: секрет показывается один раз.

        POST /v1/schools/{school}/webhooks

        Сообщается то, что произойдёт после этого. Адрес проверяется сразу: https, имя
        найдено, место в интернете, а не во внутренней сети. События доставляются хотя бы
        один раз, с повторами от 10 с до 24 ч; что именно приходит и чем подписано — в
        разделе вебхуков этого описания.

        Problems: password-change-required, secret-told-once, too-many-webhooks,
        address-refused, address-unknown, event-unknown, names-unavailable.
        """
        return self.wire.told(
            WebhookMade, "POST", "/v1/schools/{school}/webhooks", {"school": school}, asked=asked
        )

    def get_webhook(self, school: str, webhook: str) -> WebhookTold:
        """Адрес для событий.

        GET /v1/schools/{school}/webhooks/{webhook}

        О чём сообщается, включён ли адрес, и если служба его отключила, то почему.

        Problems: password-change-required, webhook-missing.
        """
        return self.wire.told(
            WebhookTold,
            "GET",
            "/v1/schools/{school}/webhooks/{webhook}",
            {"school": school, "webhook": webhook},
        )

    def replace_webhook(self, school: str, webhook: str, asked: WebhookAsked) -> WebhookTold:
        """Изменить адрес, приостановить или включить снова.

        PUT /v1/schools/{school}/webhooks/{webhook}

        state: active включает и адрес, отключённый службой: он получит то, что его ждало, и
        то, что случится потом; пропущенное между — …/replay?since=.

        Problems: password-change-required, webhook-missing, address-refused,
        address-unknown, event-unknown, names-unavailable.
        """
        return self.wire.told(
            WebhookTold,
            "PUT",
            "/v1/schools/{school}/webhooks/{webhook}",
            {"school": school, "webhook": webhook},
            asked=asked,
        )

    def delete_webhook(self, school: str, webhook: str) -> WebhookTold:
        """Убрать адрес и всё, что его ждёт.

        DELETE /v1/schools/{school}/webhooks/{webhook}

        Недоставленное уже не будет отправлено. Ответ — адрес, каким он был.

        Problems: password-change-required, webhook-missing.
        """
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
        """Доставки на адрес и их попытки, новые первыми.

        GET /v1/schools/{school}/webhooks/{webhook}/deliveries

        Каждая попытка: когда, чем ответили, когда следующая. state отберёт недоставленные.

        Problems: password-change-required, webhook-missing.
        """
        return self.wire.told(
            DeliveriesTold,
            "GET",
            "/v1/schools/{school}/webhooks/{webhook}/deliveries",
            {"school": school, "webhook": webhook},
            query={"limit": limit, "cursor": cursor, "state": state},
        )

    def get_webhook_delivery(self, school: str, webhook: str, delivery: str) -> DeliveryTold:
        """Доставка и её попытки.

        GET /v1/schools/{school}/webhooks/{webhook}/deliveries/{delivery}

        Событие, состояние и каждая попытка с ответом получателя.

        Problems: password-change-required, delivery-missing, webhook-missing.
        """
        return self.wire.told(
            DeliveryTold,
            "GET",
            "/v1/schools/{school}/webhooks/{webhook}/deliveries/{delivery}",
            {"school": school, "webhook": webhook, "delivery": delivery},
        )

    def replay_delivery(self, school: str, webhook: str, delivery: str) -> DeliveryTold:
        """Отправить одно событие снова.

        POST /v1/schools/{school}/webhooks/{webhook}/deliveries/{delivery}/replay

        Номер события (webhook-id) тот же, что в первый раз: по нему получатель узнаёт
        повтор.

        Problems: password-change-required, delivery-missing, webhook-missing,
        webhook-not-active.
        """
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
        """Отправить события снова, начиная с названного времени.

        POST /v1/schools/{school}/webhooks/{webhook}/replay

        Номера событий те же, что в первый раз. Прервётся — повторите: дважды одно не
        встанет.

        Problems: password-change-required, webhook-missing, webhook-not-active.
        """
        return self.wire.told(
            ReplayTold,
            "POST",
            "/v1/schools/{school}/webhooks/{webhook}/replay",
            {"school": school, "webhook": webhook},
            query={"since": since, "arrived": arrived},
        )

    def rotate_webhook_secret(self, school: str, webhook: str, asked: SecretAsked) -> WebhookMade:
        """Сменить секрет: прежний ещё названное время подписывает вместе с новым.

        POST /v1/schools/{school}/webhooks/{webhook}/rotation

        Новый секрет показывается один раз. overlap_minutes оба подписывают каждое событие:
        за это время получатель переходит на новый.

        Problems: password-change-required, webhook-missing, secret-told-once,
        too-many-secrets.
        """
        return self.wire.told(
            WebhookMade,
            "POST",
            "/v1/schools/{school}/webhooks/{webhook}/rotation",
            {"school": school, "webhook": webhook},
            asked=asked,
        )

    def test_webhook(self, school: str, webhook: str) -> DeliveryTold:
        """Отправить проверку.

        POST /v1/schools/{school}/webhooks/{webhook}/test

        Событие webhook.test отправляется один раз, без повторов; чем кончилось — по адресу
        из Location.

        Problems: password-change-required, webhook-missing, webhook-not-active.
        """
        return self.wire.told(
            DeliveryTold,
            "POST",
            "/v1/schools/{school}/webhooks/{webhook}/test",
            {"school": school, "webhook": webhook},
        )

    def complete_signature(self, signing: str, asked: AnswerAsked) -> DocumentTold:
        """Завершить подписание: передать значение подписи.

        PUT /v1/signatures/{signing}

        Значение подписи над to_sign или целый CMS. Служба проверяет подпись, добавляет
        метку времени и встраивает её в файл; подписал последний — документ уходит в архив.

        Problems: password-change-required, signing-missing, answer-attached,
        answer-certificate-unbound, answer-foreign-certificate, answer-incomplete,
        answer-not-one-signer, answer-other-digest-algorithm, answer-other-document,
        answer-too-large, answer-trailing-bytes, answer-unreadable, answer-weak-digest,
        document-moved-on, prepared-altered, signature-out-of-turn, signed-meanwhile,
        signing-closed, signing-refused, superseded, value-mismatch, answers-mismatch,
        gost-not-installed, revocation-unknown, signing-unavailable,
        timestamp-clock-differs, timestamp-unavailable.
        """
        return self.wire.told(
            DocumentTold, "PUT", "/v1/signatures/{signing}", {"signing": signing}, asked=asked
        )

    def create_signing_session(self, asked: SessionAsked) -> SessionTold:
        """Открыть сеанс подписания многих документов и пакетов.

        POST /v1/signing-sessions

        Сеанс над 1–500 документами и пакетами. Секретарь может открыть его без сертификата:
        подписант присоединится сам.

        Problems: password-change-required, document-missing, package-missing,
        attorney-needless, attorney-of-another, attorney-out-of-term, attorney-required,
        attorney-signature, certificate-expired, certificate-not-yet-valid,
        certificate-revoked, certificate-unreadable, certificate-untrusted,
        certificate-wrong-usage, item-refused, key-unsupported, not-a-signatory,
        signing-refused, attorney-number, attorney-unreadable, session-too-long,
        gost-not-installed, revocation-unknown, signing-unavailable.
        """
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
        """Сеанс.

        GET /v1/signing-sessions/{signing}

        Что в сеансе подписано, что ждёт и что отказано. parts и offset нужны, чтобы
        забирать данные к подписанию частями.

        Problems: password-change-required, signing-missing.
        """
        return self.wire.told(
            SessionTold,
            "GET",
            "/v1/signing-sessions/{signing}",
            {"signing": signing},
            query={"state": state, "offset": offset, "limit": limit, "parts": parts},
        )

    def close_signing_session(self, signing: str) -> SessionTold:
        """Закрыть сеанс.

        DELETE /v1/signing-sessions/{signing}

        Неподписанное остаётся ждать подписи; подписанное подписано.

        Problems: password-change-required, signing-missing.
        """
        return self.wire.told(
            SessionTold, "DELETE", "/v1/signing-sessions/{signing}", {"signing": signing}
        )

    def sign_session_items(self, signing: str, asked: BatchAsked) -> OutcomesTold:
        """Передать подписи многих документов: негодная не мешает остальным.

        POST /v1/signing-sessions/{signing}/answers

        Ответ всегда 200, если запрос прочитан; чем кончилось, сказано о каждом документе и
        пакете: подписан или почему нет.

        Problems: password-change-required, signing-missing, signing-closed.
        """
        return self.wire.told(
            OutcomesTold,
            "POST",
            "/v1/signing-sessions/{signing}/answers",
            {"signing": signing},
            asked=asked,
        )

    def join_signing_session(self, signing: str, asked: CertificatesAsked) -> SessionTold:
        """Присоединиться к сеансу: передать сертификат, получить данные к подписанию.

        PUT /v1/signing-sessions/{signing}/certificates

        Сертификат того, кто подписывает, первым, за ним сертификаты удостоверяющих центров.
        В ответе у каждого документа — parts с to_sign.

        Problems: password-change-required, signing-missing, attorney-needless,
        attorney-of-another, attorney-out-of-term, attorney-required, attorney-signature,
        certificate-expired, certificate-not-yet-valid, certificate-revoked,
        certificate-unreadable, certificate-untrusted, certificate-wrong-usage,
        key-unsupported, not-a-signatory, signing-closed, signing-refused, attorney-number,
        attorney-unreadable, gost-not-installed, revocation-unknown, signing-unavailable.
        """
        return self.wire.told(
            SessionTold,
            "PUT",
            "/v1/signing-sessions/{signing}/certificates",
            {"signing": signing},
            asked=asked,
        )

    def sign_session_document(self, signing: str, document: str, asked: AnswersAsked) -> ItemTold:
        """Передать подписи одного документа.

        PUT /v1/signing-sessions/{signing}/documents/{document}

        По одному ответу на каждый файл документа: значение подписи над to_sign или целый
        CMS.

        Problems: password-change-required, signing-item-missing, signing-missing,
        answer-attached, answer-certificate-unbound, answer-foreign-certificate,
        answer-incomplete, answer-not-one-signer, answer-other-digest-algorithm,
        answer-other-document, answer-too-large, answer-trailing-bytes, answer-unreadable,
        answer-weak-digest, document-moved-on, item-refused, not-prepared, prepared-altered,
        signature-out-of-turn, signed-meanwhile, signing-closed, signing-refused,
        superseded, value-mismatch, answers-mismatch, gost-not-installed,
        revocation-unknown, signing-unavailable, timestamp-clock-differs,
        timestamp-unavailable.
        """
        return self.wire.told(
            ItemTold,
            "PUT",
            "/v1/signing-sessions/{signing}/documents/{document}",
            {"signing": signing, "document": document},
            asked=asked,
        )

    def get_prepared_pdf(self, signing: str, document: str) -> bytes:
        """Подготовленный к подписанию файл PDF.

        GET /v1/signing-sessions/{signing}/documents/{document}/pdf

        Тот самый файл, в который войдёт подпись: его видит подписант до того, как
        подписать.

        Problems: password-change-required, file-lost, signing-item-missing,
        signing-missing, not-prepared, requested-range-not-satisfiable.
        """
        return self.wire.file(
            "GET",
            "/v1/signing-sessions/{signing}/documents/{document}/pdf",
            {"signing": signing, "document": document},
        )

    def sign_session_package(self, signing: str, package: str, asked: AnswersAsked) -> ItemTold:
        """Передать подписи одного пакета.

        PUT /v1/signing-sessions/{signing}/packages/{package}

        Один ответ, на опись: значение подписи над to_sign или целый CMS.

        Problems: password-change-required, signing-item-missing, signing-missing,
        answer-attached, answer-certificate-unbound, answer-foreign-certificate,
        answer-incomplete, answer-not-one-signer, answer-other-digest-algorithm,
        answer-other-document, answer-too-large, answer-trailing-bytes, answer-unreadable,
        answer-weak-digest, document-moved-on, item-refused, not-prepared, prepared-altered,
        signature-out-of-turn, signed-meanwhile, signing-closed, signing-refused,
        superseded, value-mismatch, answers-mismatch, gost-not-installed,
        revocation-unknown, signing-unavailable, timestamp-clock-differs,
        timestamp-unavailable.
        """
        return self.wire.told(
            ItemTold,
            "PUT",
            "/v1/signing-sessions/{signing}/packages/{package}",
            {"signing": signing, "package": package},
            asked=asked,
        )

    def create_token(self, asked: TokenAsked) -> TokenGranted:
        """Выдать токен: сам он показывается один раз.

        POST /v1/tokens

        Сам токен — в token: он показывается один раз и нигде не хранится. Дать можно не
        больше, чем есть у вас: не чужой школе и, если ваш доступ ограничен правами или
        сроком, не шире и не дольше.

        Problems: password-change-required, secret-told-once, grant-refused.
        """
        return self.wire.told(TokenGranted, "POST", "/v1/tokens", asked=asked)

    def list_tokens(
        self, *, limit: int | None = None, cursor: str | None = None, school: str | None = None
    ) -> TokensTold:
        """Токены школы, новые первыми, затем токены из настроек.

        GET /v1/tokens

        Секретов здесь нет: только имя, права, срок и когда токен видели в последний раз.

        Problems: password-change-required.
        """
        return self.wire.told(
            TokensTold,
            "GET",
            "/v1/tokens",
            query={"limit": limit, "cursor": cursor, "school": school},
        )

    def get_token(self, token: str) -> TokenTold:
        """Токен.

        GET /v1/tokens/{token}

        Права, классы, срок, последнее использование; секрет не показывается.

        Problems: password-change-required, token-missing.
        """
        return self.wire.told(TokenTold, "GET", "/v1/tokens/{token}", {"token": token})

    def revoke_token(self, token: str) -> TokenTold:
        """Отозвать токен немедленно.

        DELETE /v1/tokens/{token}

        Следующий запрос с ним получит 401. Запись остаётся, вернуть токен нельзя.

        Problems: password-change-required, token-missing, token-in-file.
        """
        return self.wire.told(TokenTold, "DELETE", "/v1/tokens/{token}", {"token": token})

    def rotate_token(self, token: str, asked: RotationAsked) -> TokenGranted:
        """Сменить секрет токена: прежний действует ещё названное время.

        POST /v1/tokens/{token}/rotation

        Новый секрет показывается один раз. Прежний действует ещё overlap_minutes: за это
        время его успевают заменить.

        Problems: password-change-required, token-missing, secret-told-once, token-in-file,
        token-not-current, grant-refused.
        """
        return self.wire.told(
            TokenGranted, "POST", "/v1/tokens/{token}/rotation", {"token": token}, asked=asked
        )

    def verify_file(self, body: bytes, *, raw: bool | None = None) -> FileVerified:
        """Проверить подписи файла PDF, без токена.

        POST /v1/verify

        Ответом может быть протокол для печати: попросите его заголовком Accept. С одного
        адреса — столько-то проверок в минуту.

        Problems: document-encrypted, document-too-complex, document-unreadable,
        evidence-unreadable, gost-not-installed, crowded, work-broke.
        """
        return self.wire.told(
            FileVerified,
            "POST",
            "/v1/verify",
            body=body,
            media_type="application/pdf",
            query={"raw": raw},
        )

    def verify_detached(self, asked: DetachedAsked, *, raw: bool | None = None) -> FileVerified:
        """Проверить отсоединённую подпись по хэшам содержимого, без токена.

        POST /v1/verify/detached

        Сам файл не нужен: пришлите подпись (CMS) и хэши того, что подписано. Протокол для
        печати — заголовком Accept.

        Problems: document-encrypted, document-too-complex, document-unreadable,
        evidence-unreadable, p7s-unreadable, gost-not-installed, crowded, work-broke.
        """
        return self.wire.told(
            FileVerified, "POST", "/v1/verify/detached", asked=asked, query={"raw": raw}
        )
