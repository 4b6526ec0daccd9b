"""A machine-readable power of attorney (МЧД) read from XML of the unified format 003, EMCHD_1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

from service.domain.approving.attorney import Attorney, AttorneyUnreadable, Party, guid

LARGEST = 1 << 18  # bytes; real ones have 5 to 20 thousand
FORMAT = "EMCHD_1"
JOINT = "1"  # ПрСовмПолн: nobody of the representatives acts alone
BLANK = re.compile(r"\D")
DAYS = ("%Y-%m-%d", "%d.%m.%Y")


def read(xml: bytes) -> Attorney:
    """Return what a power of attorney says.

    Takes the XML file as it was registered, in any encoding XML knows or windows-1251. A file with
    a DTD is refused unread, so that no entity is ever expanded and nothing is fetched. Raises
    AttorneyUnreadable, which says what is missing and never what was there.
    """
    if len(xml) > LARGEST:
        raise _unreadable(f"файл больше {LARGEST >> 10} КБ")
    root = _tree(xml)
    if _name(root) != "Доверенность" or root.get("ВерсФорм") != FORMAT:
        raise _unreadable(f"это не доверенность единого формата 003 ({FORMAT})")
    document = _only(root, "Документ")
    given = _child(document, "Довер")
    if given is not None:
        about, granting, acting = _only(given, "СвДов"), "СвДоверит", "СвУпПред"
    else:
        given = _only(document, "Передов")  # given on by whoever holds another one
        about, granting, acting = _only(given, "СвПереДовер"), "СвПередПолн", "СвПолучПолн"
    powers = _child(given, "СвПолн")
    principals = tuple(_principal(one) for one in _children(given, granting))
    representatives = tuple(_representatives(given, acting))
    if not representatives:
        raise _unreadable("в ней нет представителя — физического лица")
    return Attorney(
        number=guid(about.get("НомДовер", "")),
        issued=_day(about, "ДатаВыдДовер"),
        until=_day(about, "СрокДейст"),
        principals=principals,
        representatives=representatives,
        joint=powers is not None and powers.get("ПрСовмПолн") == JOINT,
    )


def _tree(xml: bytes) -> Element:
    """Parse twice: first only to see that there is no DTD, then for good."""
    try:
        scout = expat.ParserCreate()
        scout.StartDoctypeDeclHandler = _refuse_doctype
        scout.Parse(xml, True)
        return ElementTree.fromstring(xml)  # noqa: S314 - it has no DTD, and is small
    except (expat.ExpatError, ElementTree.ParseError, LookupError, ValueError):
        raise _unreadable("это не XML, либо файл повреждён") from None


def _refuse_doctype(*_: object) -> None:
    raise _unreadable("в файле есть DTD, у доверенности его быть не может")


def _principal(entry: Element) -> Party:
    """Return the first organisation or person of an entry, by the attributes that name them."""
    for one in entry.iter():
        number = one.get("ИННЮЛ") or one.get("ИННФЛ")
        if number:
            return Party(
                name=one.get("НаимОрг") or _full_name(one),
                inn=_digits(number),
                ogrn=_digits(one.get("ОГРН") or one.get("ОГРНИП")),
            )
    return Party(name="")


def _representatives(given: Element, acting: str) -> Iterator[Party]:
    for entry in _children(given, acting):
        for one in entry.iter():
            if _name(one) in {"СведФизЛ", "СведИП"}:
                yield Party(
                    name=_full_name(one),
                    inn=_digits(one.get("ИННФЛ")),
                    snils=_digits(one.get("СНИЛС")),
                )


def _full_name(person: Element) -> str:
    for one in person.iter():
        if _name(one) == "ФИО":
            parts = (one.get(part, "").split() for part in ("Фамилия", "Имя", "Отчество"))
            return " ".join(word for words in parts for word in words)
    return ""


def _day(element: Element, name: str) -> date:
    for form in DAYS:
        try:
            return datetime.strptime(element.get(name, ""), form).date()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    raise _unreadable(f"не указан или не читается реквизит «{name}»")


def _only(parent: Element, name: str) -> Element:
    found = _child(parent, name)
    if found is None:
        raise _unreadable(f"в ней нет раздела «{name}»")
    return found


def _child(parent: Element, name: str) -> Element | None:
    return next(_children(parent, name), None)


def _children(parent: Element, name: str) -> Iterator[Element]:
    return (one for one in parent if _name(one) == name)


def _name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def _digits(text: str | None) -> str:
    return BLANK.sub("", text or "")


def _unreadable(why: str) -> AttorneyUnreadable:
    return AttorneyUnreadable(
        f"Доверенность не принята: {why}. Выгрузите XML-файл доверенности заново из системы, "
        "где она оформлена."
    )
