"""The outcome of a verification as a headteacher reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from service.archive.store import ObjectMissing, StoreUnavailable
from service.documents import verification_protocol
from service.domain.approving.approval import Role
from service.ledger.copies import Kept
from service.workflow.keeping.check_copies import CopyReport
from service.workflow.verifying import plain
from service.workflow.verifying.layers import layers
from service.workflow.verifying.protocol import protocol_of
from service.workflow.verifying.verified import DocumentReport, FileReport, RetentionReport
from signing.reports import (
    Change,
    ChangeKind,
    Coverage,
    Extent,
    Level,
    SignatureReport,
    Signer,
    TimeSource,
)

NOW = datetime(2027, 7, 1, 9, tzinfo=UTC)
SIGNED = datetime(2027, 6, 15, 5, 32, tzinfo=UTC)
ZONE = "Asia/Yekaterinburg"


def signature(name="Светлова Анна Юрьевна", **changed) -> SignatureReport:
    signer = Signer(name, "01AB", "УЦ", NOW, NOW, test=False)
    good = SignatureReport(
        field="director",
        signer=signer,
        level=Level.B_LT,
        signed_at=SIGNED,
        signed_at_source=TimeSource.TIMESTAMP,
        intact=True,
        valid=True,
        code="good",
        reason="",
        coverage=Coverage.EVIDENCE_FOLLOWS,
        certifies=False,
        locks=True,
        extent=Extent(9000, 10_000, 4, 5),
    )
    return replace(good, **changed)


def file(*signatures: SignatureReport) -> FileReport:
    return FileReport("ab" * 32, 10_000, NOW, NOW, signatures, "d" * 32)


def copy(store: str, good: bool | None = True) -> CopyReport:
    lock = datetime(2052, 12, 31, 18, 59, 59, tzinfo=UTC)
    kept = Kept("d", "document.pdf", store, "k", "1", "COMPLIANCE", lock, "ab" * 32, 9, NOW, None)
    problem = {None: StoreUnavailable("молчит"), False: ObjectMissing("нет"), True: None}[good]
    return CopyReport(kept, problem, good)


def document(*signatures: SignatureReport, **changed) -> DocumentReport:
    report = DocumentReport(
        document="d" * 32,
        title="Сводная ведомость",
        class_title="8А",
        year="2026/2027",
        version=1,
        timezone=ZONE,
        superseded_by=None,
        file=file(*(signatures or (signature(),))),
        awaited=(),
        archived=True,
        deposited=True,
        retention=RetentionReport(25, date(2052, 12, 31), date(2053, 1, 1), None, ("COMPLIANCE",)),
        copies=(copy("A"), copy("B")),
    )
    return replace(report, **changed)


def test_all_is_well() -> None:
    deputy = signature("Громова Ольга Ивановна", signed_at=SIGNED.replace(hour=4))
    assert plain.of_file(file(deputy, signature()), ZONE) == plain.Plain(
        True,
        "good",
        "Подпись верна. Документ не изменялся после подписания 15.06.2027 10:32 (UTC+5). "
        "Подписали: Громова Ольга Ивановна, Светлова Анна Юрьевна.",
    )


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        (
            {"valid": False, "code": "altered", "intact": False, "reason": "Документ изменён."},
            "altered",
            "Подпись не подтверждена: документ изменён. Возьмите исходный файл из архива.",
        ),
        (
            {"valid": False, "code": "certificate-revoked", "reason": "Сертификат отозван."},
            "certificate-revoked",
            "Подпись не подтверждена: сертификат отозван.",
        ),
        (
            {"valid": None, "code": "revocation-unknown", "reason": "Не удалось узнать."},
            "revocation-unknown",
            "Проверить до конца не удалось: не удалось узнать. Повторите проверку позже.",
        ),
        (
            {"signed_at_source": TimeSource.CLAIMED},
            "good",
            "Подпись верна. Документ не изменялся после подписания. Время подписания, "
            "15.06.2027 10:32 (UTC+5), ничем не заверено. Подпись: Светлова Анна Юрьевна.",
        ),
        (
            {"signed_at": None, "signed_at_source": TimeSource.UNKNOWN},
            "good",
            "Подпись верна. Документ не изменялся после подписания. Время подписания неизвестно. "
            "Подпись: Светлова Анна Юрьевна.",
        ),
    ],
)
def test_what_else_may_come_out(changed, code, said) -> None:
    found = plain.of_file(file(signature(**changed)), ZONE)
    assert (found.code, found.text) == (code, said)


def test_the_one_of_two_that_failed_is_named() -> None:
    wrong = signature("Громова Ольга Ивановна", valid=False, code="x", reason="Сертификат истёк.")
    found = plain.of_file(file(wrong, signature()))
    assert found.text.startswith(
        "Подпись не подтверждена: Громова Ольга Ивановна — сертификат истёк."
    )


def test_nobody_signed() -> None:
    assert plain.of_file(file()).valid is False
    assert plain.of_file(file()).text.endswith("в файле нет ни одной подписи.")


@pytest.mark.parametrize(
    ("changed", "valid", "code", "said"),
    [
        ({"copies": (copy("A"), copy("B", None))}, None, "copy-unavailable", "«B» не отвечает"),
        ({"copies": (copy("A", False), copy("B"))}, False, "copy-damaged", "«A» файл не тот"),
        ({"archived": False}, None, "copy-missing", "не лежит в обоих хранилищах"),
        ({"awaited": (Role.DIRECTOR,)}, True, "good", "Ещё не подписано: директор."),
        ({"superseded_by": "e" * 32}, True, "good", "более новая версия"),
    ],
)
def test_copies_have_a_say(changed, valid, code, said) -> None:
    report = document(**changed)
    found = plain.of_document(report)
    assert (found.valid, found.code, report.valid) == (valid, code, valid)
    assert said in found.text
    assert layers(report)["answer"] == found.text


def test_a_bad_signature_outweighs_a_silent_store() -> None:
    wrong = signature(valid=False, code="altered", intact=False, reason="Документ изменён.")
    report = document(wrong, copies=(copy("A"), copy("B", None)))
    assert plain.of_document(report).code == "altered"
    assert report.valid is False


def test_the_protocol_prints_every_finding() -> None:
    wrong = signature(
        valid=False,
        code="page-changed",
        reason="После подписания изменена страница.",
        coverage=Coverage.CHANGES_FOLLOW,
        changes=(Change(ChangeKind.PAGE, "страница 3"),),
        time_problem="сертификату нет доверия",
    )
    protocol = protocol_of(document(wrong, copies=(copy("A"), copy("B", None))), "1.2.3")
    (told,) = protocol.signatures
    facts = dict(told.facts)
    assert told.title == "Светлова Анна Юрьевна — не подтверждена"
    assert facts["После подписи в файле"] == "страница 3"
    assert facts["Метка времени"] == "не принята: сертификату нет доверия"
    assert facts["Поле подписи"] == "директор"
    covered = facts["Охват файла"].replace("\u00a0", " ")
    assert covered == "9 000 байт из 10 000 байт, состояние 4 из 5"
    assert dict(protocol.retention) == {
        "Срок хранения": "25\u00a0лет",
        "Хранить до": "31.12.2052 включительно",
        "Уничтожать не раньше": "01.01.2053",
    }
    assert [one.outcome for one in protocol.copies] == ["байты те же", "хранилище не отвечает"]
    assert protocol.copies[0].lock == "нельзя удалить до 31.12.2052"


def test_a_stranger_cannot_make_the_protocol_endless() -> None:
    long = signature("Я" * 10_000, field="п" * 10_000, reason="м" * 10_000, valid=False)
    content = verification_protocol.content(protocol_of(file(*([long] * 16)), "1"))
    texts = [
        cell.text
        for brick in content.sections[0].body
        for block in getattr(brick, "body", ())
        for row in block.rows
        for cell in row
    ]
    assert max(map(len, texts)) <= verification_protocol.LONGEST
