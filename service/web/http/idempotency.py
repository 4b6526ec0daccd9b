"""The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header): work done once."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from math import ceil

from flask import Request, Response

from service.domain.errors import Conflict, Rejected, Unavailable
from service.jobs.advance import Clock
from service.ledger.database import Database
from service.ledger.repeated import idempotency
from service.ledger.repeated.idempotency import Remembered, Use
from service.web.http.access import Caller
from service.web.http.lives import Life
from service.web.http.problems import InProgress, Malformed
from service.web.http.wire import HandedOver

LOG = logging.getLogger(__name__)

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST = 255
QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])+)"')  # an sf-string, RFC 9651, 3.3.3
BARE = re.compile(r"[A-Za-z0-9!#$%&'*+./:^_`|~=-]+")
KEPT = ("Location", "ETag", "Content-Type", "Vary")
ASK_AGAIN = 5  # seconds, at most


class KeyMalformed(Malformed):
    """The header is not one string of visible ASCII."""

    code = "idempotency-key-malformed"
    title = "Ключ повтора не принят"


class KeyReused(Rejected):
    """The key was used for another request."""

    code = "idempotency-key-reused"
    title = "Ключ повтора уже использован"


class SecretTold(Conflict):
    """The answer held a secret, which nobody keeps."""

    code = "secret-told-once"
    title = "Секрет показывается один раз"


@dataclass(frozen=True, slots=True)
class Once:
    """Does the work of a request with a key once; the same request again gets the same answer.

    Only success is remembered. A refusal (4xx) or a failure (5xx) has changed nothing that a
    repetition would double, so it frees the key: the next attempt is made anew, even with another
    body. A process killed between its work and its answer leaves the key taken until the request
    comes again to this host, or for LEASE; then the work is done again, which every use case bears.
    An answer a power cut takes away is like it: neither claim nor answer waits for the disk, but
    no claim is lost whose work was not. While a request is held the key stays taken.
    """

    database: Database
    clock: Clock
    life: Life

    def __call__(
        self, request: Request, caller: Caller, body: str, work: Callable[[], Response]
    ) -> Response:
        """Return what `work` answers, or answered before; without the header just do it.

        `body` is the SHA-256 of the request's body.

        An answer that says `Cache-Control: no-store`, as one with a secret must, is not kept.
        Raises KeyMalformed, KeyReused, InProgress or SecretTold.
        """
        key = _key(request)
        if key is None:
            return work()
        use = Use(caller.school, caller.id, key, _fingerprint(request, body), self._claim())
        at = self.clock()
        with self.database.writing(forgettable=True) as connection:
            known = idempotency.claim(connection, use, at, self._died)
        if known is not None:
            return _again(known, use, at)
        with ExitStack() as undo:
            undo.callback(self._release, use)
            try:
                response = work()
            except HandedOver as handed:
                handed.then(partial(self._ended, use))
                undo.pop_all()
                raise
            undo.pop_all()
            return self._ended(use, response)

    def _ended(self, use: Use, response: Response) -> Response:
        if HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES:
            self._remember(use, response)
        else:
            self._release(use)
        return response

    def _claim(self) -> str:
        return f"{self.life.name}.{secrets.token_hex(8)}"

    def _died(self, claim: str) -> bool:
        return self.life.outlived(claim.partition(".")[0])

    def _remember(self, use: Use, response: Response) -> None:
        headers = {name: response.headers[name] for name in KEPT if name in response.headers}
        body = None if response.cache_control.no_store else response.get_data()
        try:
            with self.database.writing(forgettable=True) as connection:
                idempotency.answered(connection, use, response.status_code, headers, body)
        except Unavailable as error:
            LOG.warning("an answer is not kept for its repetition: %s", error.code)

    def _release(self, use: Use) -> None:
        with suppress(Unavailable), self.database.writing(forgettable=True) as connection:
            idempotency.release(connection, use)


def _key(request: Request) -> str | None:
    sent = request.headers.get(HEADER)
    if sent is None:
        return None
    quoted = QUOTED.fullmatch(sent)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else sent
    if len(key) > LONGEST or not (quoted or BARE.fullmatch(sent)):
        raise KeyMalformed(
            f"В заголовке {HEADER} нужна одна строка до {LONGEST} знаков ASCII, лучше всего UUID."
        )
    return key


def _fingerprint(request: Request, body: str) -> str:
    place = f"{request.method}\n{request.path}\n{request.query_string.decode('latin-1')}\n"
    return sha256(place.encode() + bytes.fromhex(body)).hexdigest()


def _again(known: Remembered, use: Use, at: datetime) -> Response:
    if known.fingerprint != use.fingerprint:
        raise KeyReused(
            f"С этим {HEADER} уже приходил другой запрос: возьмите новый ключ для нового действия."
        )
    if known.status is None:
        left = ceil((known.claimed_until - at).total_seconds())
        raise InProgress(
            "Первый такой запрос ещё выполняется: повторите чуть позже с тем же ключом.",
            max(1, min(ASK_AGAIN, left)),
        )
    if known.body is None:
        raise SecretTold(
            "Действие выполнено, но секрет из ответа не хранится и второй раз не показывается: "
            "отзовите созданное и создайте новое."
        )
    response = Response(known.body, known.status)
    response.headers.update(known.headers)
    response.headers[REPLAYED] = "true"
    return response
