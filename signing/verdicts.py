"""The named outcomes of a verification, in words for whoever reads the report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from signing.errors import (
    CertificateExpired,
    CertificateNotYetValid,
    CertificateRevoked,
    CertificateUntrusted,
    GostNotInstalled,
    KeyUnsupported,
    SigningError,
    WrongKeyUsage,
)
from signing.integrity import Integrity
from signing.reports import Change, ChangeKind


@dataclass(frozen=True, slots=True)
class Verdict:
    """Holds (True), does not (False), or cannot be found out (None); why, in Russian."""

    code: str
    valid: bool | None
    reason: str = ""


GOOD = Verdict("good", True)

BROKEN = MappingProxyType(
    {
        Integrity.RANGE_UNREADABLE: (
            "Подпись не говорит, что она охватывает: её границы (ByteRange) пусты или испорчены."
        ),
        Integrity.RANGE_PARTS: (
            "Подпись охватывает файл не двумя отрезками: между ними спрятано лишнее."
        ),
        Integrity.RANGE_NEGATIVE: "Границы подписи (ByteRange) отрицательны: это подделка.",
        Integrity.RANGE_LATE_START: "Подпись охватывает файл не с начала.",
        Integrity.RANGE_OVERLAP: "Отрезки, которые охватывает подпись, наложены друг на друга.",
        Integrity.RANGE_GAP: (
            "В промежутке, который подпись не охватывает, стоит не только сама подпись."
        ),
        Integrity.CUT: "Файл обрезан: подпись охватывает больше, чем в нём есть.",
        Integrity.PARTIAL: "Подпись охватывает не весь документ.",
        Integrity.CONTAINER_UNREADABLE: "Подпись повреждена: её содержимое не читается.",
        Integrity.CERTIFICATE_MISSING: "В подписи нет сертификата того, кто подписал.",
        Integrity.GAP_USED: "В месте, отведённом для подписи, после неё дописаны данные.",
        Integrity.VALUE_BROKEN: "Подпись повреждена: её значение не подходит к сертификату.",
        Integrity.ALTERED: (
            "Документ изменён после подписания, либо подпись взята из другого документа."
        ),
        Integrity.SWAPPED: "В поле стоит подпись, поставленная в другом поле этого документа.",
        Integrity.SHARED: "Одна и та же подпись показана сразу в нескольких полях.",
    }
)
UNCLEAR = MappingProxyType(
    {
        Integrity.FORMAT_UNKNOWN: (
            "Вид подписи не поддерживается: проверьте файл программой, которой он подписан."
        ),
        Integrity.DIGEST_WEAK: (
            "Подпись сделана с ненадёжной хэш-функцией: подлинность по ней уже не доказать."
        ),
    }
)


def on_bytes(integrity: Integrity) -> Verdict:
    """Return the verdict on bytes that do not hold, or of which it cannot be found out."""
    if integrity in UNCLEAR:
        return Verdict(integrity.value, None, UNCLEAR[integrity])
    return Verdict(integrity.value, False, BROKEN[integrity])


def on_changes(changes: Iterable[Change]) -> Verdict:
    """Return the verdict on what was added after a signature; the gravest gives it its code."""
    found = sorted(changes, key=lambda one: list(ChangeKind).index(one.kind))
    if not found:
        return Verdict(
            "changed-later",
            False,
            "После подписания в файл дописаны изменения, которых подпись не допускает.",
        )
    named = ", ".join(one.what for one in found)
    return Verdict(
        found[0].kind.value,
        False,
        f"После подписания в файл дописаны изменения, которых подпись не допускает: {named}.",
    )


def on_trouble(error: SigningError) -> Verdict:
    """Return the verdict on a signature whose algorithm we cannot check."""
    if isinstance(error, GostNotInstalled):
        return Verdict(error.code, None, str(error))
    return Verdict(error.code, None, f"Проверить подпись нечем: {error.title.lower()}.")


def on_trust(error: SigningError, *, timed: bool) -> Verdict:
    """Return the verdict on a signer who is not believed; `timed` if the time is proven."""
    day = f"{error.when:%d.%m.%Y}" if error.when else ""
    unproven = "а времени подписания подтвердить нечем"
    valid: bool | None = False
    match error:
        case CertificateExpired() if timed:
            reason = f"Подписано после окончания срока сертификата ({day})."
        case CertificateExpired():
            valid, reason = None, f"Сертификат истёк {day}, {unproven}."
        case CertificateNotYetValid():
            reason = f"Подписано до начала срока сертификата ({day})."
        case CertificateRevoked():
            reason = f"Сертификат отозван {day}, {'до подписания' if timed else unproven}."
        case CertificateUntrusted():
            reason = "Сертификат не ведёт к доверенному корневому сертификату."
        case WrongKeyUsage():
            reason = "Сертификат выпущен не для подписания документов."
        case GostNotInstalled() | KeyUnsupported():
            return on_trouble(error)
        case _:
            valid, reason = None, "Не удалось узнать, не был ли сертификат отозван к подписанию."
    return Verdict(error.code, valid, reason)
