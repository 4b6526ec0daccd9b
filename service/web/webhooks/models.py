"""Webhooks over the wire: addresses, deliveries, and what each event holds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from service.domain.events import TEST, TYPES
from service.domain.webhook_rules import DeliveryState, WebhookState, WhyDisabled
from service.web.http.models import Asked, Told

EVENTS = [one for one in TYPES if one != TEST]
OVERLAP_MOST = 60 * 24 * 30  # minutes

EventType = Annotated[str, Field(max_length=60, json_schema_extra={"enum": list(EVENTS)})]
Url = Annotated[
    str,
    Field(
        min_length=8,
        max_length=2000,
        description="Куда отправлять события: адрес https://, доступный из интернета",
        examples=["https://journal.example.ru/vedomost-events"],
    ),
]
Types = Annotated[
    tuple[EventType, ...],
    Field(max_length=100, description="Какие события отправлять; пустой список — все"),
]
Description = Annotated[str, Field(max_length=200, description="Пометка для людей")]
Attempts = Annotated[
    list["AttemptTold"], Field(description="Все попытки по порядку, последняя — последней")
]


class WebhookAsked(Asked):
    """An address a school wants events at."""

    url: Url
    events: Types = ()
    description: Description = ""
    state: Annotated[
        Literal["active", "paused"],
        Field(description="`active` — отправлять, `paused` — пока не отправлять"),
    ] = "active"


class SecretAsked(Asked):
    """Another secret; the one before signs beside it for so many minutes more."""

    overlap_minutes: Annotated[
        int,
        Field(ge=0, le=OVERLAP_MOST, description="Сколько минут действуют оба секрета"),
    ] = 24 * 60


class WebhookTold(Told):
    """An address events are sent to, and how it does."""

    id: Annotated[str, Field(description="Номер адреса")]
    school: Annotated[str, Field(description="Школа")]
    url: Annotated[str, Field(description="Куда отправляются события")]
    events: Annotated[list[EventType], Field(description="Какие события; пустой список — все")]
    description: Description
    state: Annotated[
        WebhookState,
        Field(description="`active`; `paused` школой; `disabled` службой: смотрите `reason`"),
    ]
    reason: Annotated[
        WhyDisabled | None,
        Field(description="`gone` — адрес ответил 410; `failing` — не отвечал несколько дней"),
    ]
    failures: Annotated[int, Field(description="Неудач подряд")]
    failing_since: Annotated[datetime | None, Field(description="С какого времени одни неудачи")]
    rest_until: Annotated[
        datetime | None, Field(description="До какого времени адрес не тревожат после неудачи")
    ]
    last_ms: Annotated[int | None, Field(description="Сколько миллисекунд занял последний ответ")]
    previous_until: Annotated[
        datetime | None, Field(description="До какого времени подписывает и прежний секрет")
    ]
    created_at: Annotated[datetime, Field(description="Когда адрес добавлен")]
    updated_at: Annotated[datetime, Field(description="Когда его настройки изменены")]


class WebhookMade(WebhookTold):
    """An address with its secret, told once."""

    secret: Annotated[
        str,
        Field(description="Секрет `whsec_…` для проверки подписи; больше нигде не показывается"),
    ]


class WebhooksTold(Told):
    """Addresses of a school, the oldest first."""

    webhooks: Annotated[list[WebhookTold], Field(description="Адреса")]


class AttemptTold(Told):
    """One attempt."""

    number: Annotated[int, Field(description="Которая по счёту")]
    at: Annotated[datetime, Field(description="Когда начата")]
    ms: Annotated[
        int | None,
        Field(description="Сколько миллисекунд заняла; null — идёт или оборвалась вместе с нами"),
    ]
    status: Annotated[int | None, Field(description="Код ответа HTTP; null — ответа не было")]
    trouble: Annotated[
        str | None,
        Field(
            description="Почему ответа нет: address-refused, name-unknown, connect, tls, timeout, "
            "broken"
        ),
    ]
    answer: Annotated[str, Field(description="Начало ответа, не больше 1 КиБ")]


class DeliveryTold(Told):
    """One event on its way to one address."""

    id: Annotated[str, Field(description="Номер доставки")]
    event: Annotated[str, Field(description="Номер события: заголовок webhook-id")]
    type: Annotated[str, Field(description="Тип события")]
    body: Annotated[str, Field(description="Тело запроса, как оно отправляется")]
    state: Annotated[
        DeliveryState,
        Field(description="`pending` — ждёт или идёт, `delivered`, `failed` — попытки кончились"),
    ]
    tries: Annotated[int, Field(description="Сколько попыток сделано с начала или повтора")]
    next_try: Annotated[datetime | None, Field(description="Когда следующая попытка")]
    created_at: Annotated[datetime, Field(description="Когда поставлена в очередь")]
    finished_at: Annotated[datetime | None, Field(description="Когда доставлена или оставлена")]
    attempts: Attempts


class DeliveriesTold(Told):
    """Deliveries to an address, the newest first."""

    deliveries: Annotated[list[DeliveryTold], Field(description="Доставки")]
    next: Annotated[
        str | None, Field(description="Продолжение списка: параметр `cursor`; null — конец")
    ]


class ReplayTold(Told):
    """How many deliveries were begun again."""

    begun: Annotated[int, Field(description="Сколько доставок начато")]


class AboutSchool(Told):
    """What every event says; ids, states and links only."""

    school: Annotated[str, Field(description="Школа")]
    link: Annotated[str, Field(description="Где в API узнать подробнее")]


class AboutDocument(AboutSchool):
    """A document something happened to."""

    document: Annotated[str, Field(description="Номер документа")]
    kind: Annotated[str, Field(description="Вид документа")]
    class_: Annotated[str, Field(serialization_alias="class", description="Номер класса")]
    term: Annotated[str | None, Field(description="Период; null — весь год")]
    year: Annotated[str, Field(description="Учебный год")]
    version: Annotated[int, Field(description="Версия документа")]
    volume: Annotated[int, Field(description="Том")]
    snapshot: Annotated[str, Field(description="Снимок, из которого он напечатан")]
    generation: Annotated[int | None, Field(description="Который шаг документа")] = None
    role: Annotated[str | None, Field(description="Чья подпись: ждут её или она поставлена")] = None
    code: Annotated[str | None, Field(description="Почему: устойчивый код")] = None
    pdf_sha256: Annotated[str | None, Field(description="SHA-256 файла PDF/A")] = None
    certificate_sha256: Annotated[str | None, Field(description="Сертификат подписи")] = None
    level: Annotated[str | None, Field(description="Уровень подписи")] = None
    session: Annotated[str | None, Field(description="Сеанс подписания")] = None


class AboutSnapshot(AboutSchool):
    """A snapshot of a journal."""

    snapshot: Annotated[str, Field(description="Номер снимка")]
    sha256: Annotated[str | None, Field(description="SHA-256 снимка")] = None


class AboutPackage(AboutSchool):
    """A package of documents."""

    package: Annotated[str, Field(description="Номер пакета")]
    manifest_sha256: Annotated[str | None, Field(description="SHA-256 описи")] = None
    documents: Annotated[int | None, Field(description="Сколько документов в пакете")] = None
    generation: Annotated[int | None, Field(description="Которая по счёту подпись")] = None
    role: Annotated[str | None, Field(description="Чья подпись")] = None
    code: Annotated[str | None, Field(description="Почему: устойчивый код")] = None
    certificate_sha256: Annotated[str | None, Field(description="Сертификат подписи")] = None
    level: Annotated[str | None, Field(description="Уровень подписи")] = None
    session: Annotated[str | None, Field(description="Сеанс подписания")] = None


class AboutSigning(AboutSchool):
    """A signing session."""

    signing: Annotated[str, Field(description="Номер сеанса")]
    role: Annotated[str | None, Field(description="Кто подписывает")] = None
    items: Annotated[list[str] | None, Field(description="Номера документов и пакетов сеанса")] = (
        None
    )


class AboutRun(AboutSchool):
    """A run over a whole school."""

    run: Annotated[str, Field(description="Номер прогона")]
    entry: Annotated[str | None, Field(description="Запись календаря")] = None
    year: Annotated[str | None, Field(description="Учебный год")] = None
    term: Annotated[str | None, Field(description="Период")] = None
    kinds: Annotated[list[str] | None, Field(description="Виды документов")] = None
    classes: Annotated[
        list[str] | None, Field(description="Классы, снимка которых нет; пусто — всей школы")
    ] = None
    class_: Annotated[
        str | None, Field(serialization_alias="class", description="Класс, начатый заново")
    ] = None
    documents: Annotated[int | None, Field(description="Сколько документов")] = None
    due: Annotated[str | None, Field(description="Срок: дата")] = None
    days: Annotated[int | None, Field(description="Сколько дней до срока")] = None
    waiting: Annotated[dict[str, int] | None, Field(description="Сколько документов кого ждёт")] = (
        None
    )


class AboutWebhook(AboutSchool):
    """An address events are sent to."""

    webhook: Annotated[str, Field(description="Номер адреса")]
    reason: Annotated[str | None, Field(description="Почему отключён: gone или failing")] = None
