"""Powers of attorney: what is read, what is matched, and what only a person or register knows."""

from datetime import date

import pytest
from attorneys import INN, NUMBER, SNILS, make_attorney, person

from service.domain.approving.attorney import (
    Attorney,
    AttorneyNumberWrong,
    AttorneyOfAnother,
    AttorneyOutOfTerm,
    AttorneyUnreadable,
    Holder,
    Party,
    findings,
    guid,
)
from service.domain.approving.attorney_xml import LARGEST, read

DAY = date(2027, 6, 15)
OLGA = Holder("Громова Ольга Ивановна", INN, SNILS)
BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;&c;&c;</a>'
REMOTE = b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'


def held(attorney: Attorney, signer: Holder = OLGA, day: date = DAY) -> dict[str, bool | None]:
    return {one.what: one.holds for one in findings(attorney, signer, day)}


def test_what_the_file_says():
    assert read(make_attorney()) == Attorney(
        number=NUMBER,
        issued=date(2026, 1, 15),
        until=date(2029, 1, 14),
        principals=(Party("МБОУ СОШ № 18", inn="6671086123", ogrn="1026605390001"),),
        representatives=(Party("Громова Ольга Ивановна", inn=INN, snils=SNILS),),
    )


@pytest.mark.parametrize("encoding", ["UTF-8", "windows-1251", "UTF-16"])
def test_any_encoding_a_register_writes(encoding):
    xml = make_attorney(number=NUMBER.upper(), issued="15.01.2026", encoding=encoding)
    assert (read(xml).number, read(xml).issued) == (NUMBER, date(2026, 1, 15))


def test_one_given_on_by_a_representative_is_read_too():
    names = ("Довер>", "Передов>"), ("СвДов ", "СвПереДовер "), ("СвУпПред", "СвПолучПолн")
    xml = make_attorney().decode()
    for one, other in (*names, ("СвДоверит", "СвПередПолн")):
        xml = xml.replace(f"<{one}", f"<{other}").replace(f"</{one}", f"</{other}")
    assert read(xml.encode()) == read(make_attorney())


@pytest.mark.parametrize(
    ("xml", "says"),
    [
        (BOMB, "есть DTD"),
        (REMOTE, "есть DTD"),
        (b"PK\x03\x04", "это не XML"),
        (b"", "это не XML"),
        (make_attorney()[:-20], "это не XML"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "это не XML"),
        (b" " * LARGEST + b"<a/>", "больше 256 КБ"),
        (b"<a/>", "не доверенность единого формата 003"),
        (make_attorney().replace(b'EMCHD_1" \xd0', b'002" \xd0'), "единого формата 003"),
        (make_attorney(until="завтра"), "«СрокДейст»"),
        (make_attorney("<СвУпПред><Пред><СведОрг/></Пред></СвУпПред>"), "физического лица"),
    ],
)
def test_other_files_are_refused_unread(xml, says):
    with pytest.raises(AttorneyUnreadable, match=says):
        read(xml)


@pytest.mark.parametrize("number", ["", "77 АВ 123456", NUMBER[:-1], NUMBER + "0"])
def test_a_number_is_a_guid(number):
    with pytest.raises(AttorneyNumberWrong, match="36 знаков"):
        guid(number)
    with pytest.raises(AttorneyNumberWrong):
        read(make_attorney(number=number))


def test_what_holds_and_what_nobody_here_can_check():
    told = held(read(make_attorney()))
    assert told == {"term": True, "representative": True, "powers": None, "register": None}
    assert held(read(make_attorney(joint="1")))["joint"] is None


@pytest.mark.parametrize("day", [date(2026, 1, 15), date(2029, 1, 14)])
def test_first_and_last_day_count(day):
    assert held(read(make_attorney()), day=day)["term"] is True


@pytest.mark.parametrize(
    ("day", "says"),
    [(date(2026, 1, 14), "действует с 15.01.2026"), (date(2029, 1, 15), "по 14.01.2029")],
)
def test_outside_its_term_it_is_refused(day, says):
    with pytest.raises(AttorneyOutOfTerm, match=says):
        findings(read(make_attorney()), OLGA, day)


@pytest.mark.parametrize(
    "signer",
    [
        Holder("Громова Ольга Ивановна", INN, ""),
        Holder("Громова Ольга Ивановна", "", SNILS),
        Holder("ГРОМОВА О. И.", INN, SNILS),  # numbers tell people apart, spelling does not
    ],
)
def test_a_number_that_agrees_is_enough(signer):
    assert held(read(make_attorney()), signer)["representative"] is True


@pytest.mark.parametrize(
    "signer",
    [
        Holder("Громова Ольга Ивановна", "667108600000", SNILS),
        Holder("Громова Ольга Ивановна", INN, "11223344500"),
        Holder("Рощин Глеб Маркович", "", ""),
    ],
)
def test_a_number_or_name_that_differs_is_refused_and_not_told(signer):
    with pytest.raises(AttorneyOfAnother) as caught:
        findings(read(make_attorney()), signer, DAY)
    assert not any(word in str(caught.value) for word in ("Громова", "Рощин", INN, SNILS))


def test_a_name_alone_is_no_proof():
    nameless = person("Громова", "Ольга Ивановна", inn="", snils="")
    assert held(read(make_attorney(nameless)))["representative"] is None


def test_one_of_several_representatives_signs():
    both = make_attorney(
        person("Рощин", "Глеб Маркович", "667100000002", "11223344501"),
        person("Громова", "Ольга Ивановна"),
    )
    assert held(read(both))["representative"] is True
    other = make_attorney(
        person("Громова", "Ольга Ивановна", "667100000002", "11223344501"),
        person("Рощин", "Глеб Маркович", "", ""),
    )
    with pytest.raises(AttorneyOfAnother):
        findings(read(other), OLGA, DAY)


def test_a_number_alone_leaves_everything_unchecked():
    assert set(held(Attorney(NUMBER)).values()) == {None}
    assert held(Attorney(NUMBER, until=DAY))["term"] is True
    with pytest.raises(AttorneyOutOfTerm):
        findings(Attorney(NUMBER, until=date(2027, 6, 14)), OLGA, DAY)
