"""Certificates and answers as they come over the wire, made what the work takes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from service.domain.errors import Fault
from service.domain.intake.complaints import pointer
from service.ledger.signing.sessions import Subject
from service.web.http.bodies import Invalid
from service.web.signing.models import AnswerAsked, AttorneyAsked, ItemAnswersAsked
from service.workflow.signing.attorney import Sent
from service.workflow.signing.desk import Answers
from service.workflow.signing.prepare import Announcement
from signing.answers import Answer, Container, RawValue

Place = tuple[str | int, ...]


def announced(certificates: tuple[str, ...], attorney: AttorneyAsked | None = None) -> Announcement:
    """Return whoever announces certificates, and what stands behind them."""
    sent = [decoded(one, ("certificates", n)) for n, one in enumerate(certificates)]
    return Announcement(tuple(sent), _sent(attorney) if attorney else None)


def answers(asked: Mapping[str, AnswerAsked], *place: str | int) -> Answers:
    """Return the answers of an item by file."""
    return {
        name: answer(one.value, one.cms, *place, "answers", name) for name, one in asked.items()
    }


def answer(value: str | None, cms: str | None, *place: str | int) -> Answer:
    """Return an answer, given as exactly one of the two."""
    if value is not None and cms is None:
        return RawValue(decoded(value, (*place, "value")))
    if cms is not None and value is None:
        return Container(decoded(cms, (*place, "cms")))
    raise _one_of(place, "value", "cms")


def subject(asked: ItemAnswersAsked, *place: str | int) -> tuple[Subject, str]:
    """Return what an answer is about, given as exactly one of the two."""
    if asked.document is not None and asked.package is None:
        return Subject.DOCUMENT, asked.document
    if asked.package is not None and asked.document is None:
        return Subject.PACKAGE, asked.package
    raise _one_of(place, "document", "package")


def decoded(text: str, place: Place) -> bytes:
    """Return the bytes of a base64 string, or raise Invalid."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        message = "Нужна строка base64 (с дополнением «=» до кратной четырём длины)."
        raise Invalid(message, (Fault(pointer(place), "bad-base64", message),)) from None


def _sent(asked: AttorneyAsked) -> Sent:
    def file(name: str, text: str | None) -> bytes:
        return decoded(text, ("attorney", name)) if text is not None else b""

    return Sent(
        number=asked.number,
        until=asked.until,
        xml=file("xml", asked.xml),
        signature=file("signature", asked.signature),
    )


def _one_of(place: Place, one: str, other: str) -> Invalid:
    message = f"Нужно ровно одно из полей «{one}» и «{other}»."
    return Invalid(message, (Fault(pointer(place), "one-of-two", message),))
