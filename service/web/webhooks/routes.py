"""Routes of webhooks: addresses of a school, how deliveries went, sending again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any

from flask import request
from pydantic import Field

from service.bootstrap.serving import Service
from service.domain.access.rights import Right
from service.domain.webhook_rules import DeliveryState, WebhookState
from service.ledger.outgoing import deliveries, webhooks
from service.ledger.outgoing.deliveries import Attempt, Delivery
from service.ledger.outgoing.webhooks import Webhook
from service.web.http.access import Caller
from service.web.http.cursors import Cursors, Paged
from service.web.http.models import Moment
from service.web.http.operations import Answer, Operation, Query
from service.web.webhooks.models import (
    AttemptTold,
    DeliveriesTold,
    DeliveryTold,
    ReplayTold,
    SecretAsked,
    WebhookAsked,
    WebhookMade,
    WebhooksTold,
    WebhookTold,
)
from service.workflow.webhooks.configure import Entrusted, WebhookWanted

ONCE = {"Cache-Control": "no-store"}  # an answer with a secret is kept by nobody


class Since(Query):
    """Which events are sent again."""

    since: Annotated[Moment, Field(description="С какого времени, с часовым поясом")]
    arrived: Annotated[
        bool, Field(description="И те, что уже доставлены; иначе только пропавшие")
    ] = False


class ListedDeliveries(Paged):
    """Which deliveries."""

    state: Annotated[DeliveryState | None, Field(description="Только в этом состоянии")] = None


class Webhooks:
    """The views."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.cursors = Cursors(service.database)

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        every = "/v1/schools/<school>/webhooks"
        one = f"{every}/<webhook>"
        delivery = f"{one}/deliveries/<delivery>"

        def route(method: str, path: str, *told: Any, **more: Any) -> Operation:
            return Operation(method, path, Right.CONFIGURE, *told, **more)

        return (
            route("GET", every, self.listed, "Адреса школы для событий", {200: WebhooksTold}),
            route(
                "POST",
                every,
                self.add,
                "Добавить адрес для событий: секрет показывается один раз",
                {201: WebhookMade},
                asked=WebhookAsked,
            ),
            route("GET", one, self.told, "Адрес для событий", {200: WebhookTold}),
            route(
                "PUT",
                one,
                self.change,
                "Изменить адрес, приостановить или включить снова",
                {200: WebhookTold},
                asked=WebhookAsked,
            ),
            route(
                "DELETE",
                one,
                self.remove,
                "Убрать адрес и всё, что его ждёт",
                {200: WebhookTold},
            ),
            route(
                "POST",
                f"{one}/rotation",
                self.rotate,
                "Сменить секрет: прежний ещё названное время подписывает вместе с новым",
                {200: WebhookMade},
                asked=SecretAsked,
                changes=one,
            ),
            route("POST", f"{one}/test", self.test, "Отправить проверку", {202: DeliveryTold}),
            route(
                "POST",
                f"{one}/replay",
                self.replay,
                "Отправить события снова, начиная с названного времени",
                {202: ReplayTold},
                query=Since,
            ),
            route(
                "GET",
                f"{one}/deliveries",
                self.deliveries,
                "Доставки на адрес и их попытки, новые первыми",
                {200: DeliveriesTold},
                query=ListedDeliveries,
            ),
            route("GET", delivery, self.delivery, "Доставка и её попытки", {200: DeliveryTold}),
            route(
                "POST",
                f"{delivery}/replay",
                self.again,
                "Отправить одно событие снова",
                {202: DeliveryTold},
                changes=delivery,
            ),
        )

    def listed(self, school: str, caller: Caller) -> Answer:
        """List addresses."""
        self._at(school, caller)
        with self.service.database.reading() as connection:
            found = webhooks.of_school(connection, school)
        return Answer(WebhooksTold(webhooks=[WebhookTold(**_fields(one)) for one in found]))

    def add(self, school: str, caller: Caller, asked: WebhookAsked) -> Answer:
        """Add an address."""
        self._at(school, caller)
        at = self.service.clock()
        made = self.service.webhooks.add(school, _wanted(asked), caller.id, at)
        where = {"Location": f"/v1/schools/{school}/webhooks/{made.webhook.id}"}
        return _with_secret(made, 201, ONCE | where)

    def told(self, school: str, webhook: str, caller: Caller) -> Answer:
        """Tell about an address."""
        return Answer(WebhookTold(**_fields(self._get(school, webhook, caller))))

    def change(self, school: str, webhook: str, caller: Caller, asked: WebhookAsked) -> Answer:
        """Change an address."""
        self._at(school, caller)
        changed = self.service.webhooks.change(
            school, webhook, _wanted(asked), caller.id, self.service.clock()
        )
        return Answer(WebhookTold(**_fields(changed)))

    def remove(self, school: str, webhook: str, caller: Caller) -> Answer:
        """Remove an address; tell what it was."""
        found = self._get(school, webhook, caller)
        self.service.webhooks.remove(school, webhook, caller.id, self.service.clock())
        return Answer(WebhookTold(**_fields(found)))

    def rotate(self, school: str, webhook: str, caller: Caller, asked: SecretAsked) -> Answer:
        """Make another secret."""
        self._at(school, caller)
        overlap = timedelta(minutes=asked.overlap_minutes)
        at = self.service.clock()
        turned = self.service.webhooks.rotate(school, webhook, overlap, caller.id, at)
        return _with_secret(turned, 200, ONCE)

    def test(self, school: str, webhook: str, caller: Caller) -> Answer:
        """Send a test."""
        found = self._get(school, webhook, caller)
        made = self.service.feed.test(found, self.service.clock(), caller.id)
        where = f"/v1/schools/{school}/webhooks/{webhook}/deliveries/{made.id}"
        return Answer(delivery_told(made, ()), 202, {"Location": where})

    def replay(self, school: str, webhook: str, caller: Caller, query: Since) -> Answer:
        """Send events again."""
        found = self._get(school, webhook, caller)
        feed, at = self.service.feed, self.service.clock()
        begun = feed.replay(found, query.since, at, caller.id, arrived=query.arrived)
        return Answer(ReplayTold(begun=begun), 202)

    def deliveries(
        self, school: str, webhook: str, caller: Caller, query: ListedDeliveries
    ) -> Answer:
        """List deliveries."""
        self._get(school, webhook, caller)
        page = self.cursors.page(request, query, school)
        with self.service.database.reading() as connection:
            found = deliveries.page(connection, webhook, query.state, page)
            cut = self.cursors.cut(
                request, query, school, found, lambda one: (one.created_at, one.id)
            )
            tried = deliveries.attempts_of(connection, [one.id for one in cut.rows])
        told = [delivery_told(one, tried[one.id]) for one in cut.rows]
        return Answer(DeliveriesTold(deliveries=told, next=cut.next), headers=cut.headers)

    def delivery(self, school: str, webhook: str, delivery: str, caller: Caller) -> Answer:
        """Tell about a delivery."""
        self._get(school, webhook, caller)
        return self._delivery(webhook, delivery)

    def again(self, school: str, webhook: str, delivery: str, caller: Caller) -> Answer:
        """Have a delivery made again."""
        found = self._get(school, webhook, caller)
        self.service.feed.again(found, delivery, self.service.clock(), caller.id)
        return self._delivery(webhook, delivery, 202)

    def _delivery(self, webhook: str, delivery: str, status: int = 200) -> Answer:
        with self.service.database.reading() as connection:
            found = deliveries.get(connection, webhook, delivery)
            tried = deliveries.attempts_of(connection, [delivery])[delivery]
        return Answer(delivery_told(found, tried), status)

    def _at(self, school: str, caller: Caller) -> None:
        caller.at(school)
        self.service.schools(school)

    def _get(self, school: str, webhook: str, caller: Caller) -> Webhook:
        self._at(school, caller)
        with self.service.database.reading() as connection:
            return webhooks.get(connection, school, webhook)


def delivery_told(delivery: Delivery, tried: Iterable[Attempt]) -> DeliveryTold:
    """Return a delivery's answer."""
    pending = delivery.state is DeliveryState.PENDING
    return DeliveryTold(
        id=delivery.id,
        event=delivery.event,
        type=delivery.type,
        body=delivery.body,
        state=delivery.state,
        tries=delivery.tries,
        next_try=delivery.due if pending and delivery.claimed_by is None else None,
        created_at=delivery.created_at,
        finished_at=delivery.finished_at,
        attempts=[
            AttemptTold(
                number=one.number,
                at=one.at,
                ms=one.ms,
                status=one.status,
                trouble=one.trouble or None,
                answer=one.answer,
            )
            for one in tried
        ],
    )


def _wanted(asked: WebhookAsked) -> WebhookWanted:
    return WebhookWanted(asked.url, asked.description, asked.events, WebhookState(asked.state))


def _with_secret(made: Entrusted, status: int, headers: dict[str, str]) -> Answer:
    told = WebhookMade(**_fields(made.webhook), secret=made.secret)
    return Answer(told, status, headers)


def _fields(webhook: Webhook) -> dict[str, Any]:
    old = [one.until for one in webhook.secrets if one.until is not None]
    return {
        "id": webhook.id,
        "school": webhook.school,
        "url": webhook.url,
        "events": list(webhook.events),
        "description": webhook.description,
        "state": webhook.state,
        "reason": webhook.reason,
        "failures": webhook.failures,
        "failing_since": webhook.failing_since,
        "rest_until": webhook.rest_until,
        "last_ms": webhook.last_ms,
        "previous_until": max(old, default=None),
        "created_at": webhook.created_at,
        "updated_at": webhook.updated_at,
    }
