"""The named outcomes of a verification, in words for whoever reads the report."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from signing.errors import (
    CertificateExpired,
    CertificateNotYetValid,
    CertificateRevoked,
    CertificateUntrusted,
    SigningError,
    WrongKeyUsage,
)
from signing.integrity import Integrity


@dataclass(frozen=True, slots=True)
class Verdict:
    """Holds (True), does not (False), or cannot be found out (None); why, in Russian."""

    code: str
    valid: bool | None
    reason: str = ""


GOOD = Verdict("good", True)

ON_BYTES = MappingProxyType(
    {
        Integrity.CUT: "Файл обрезан: подпись охватывает больше, чем в нём есть.",
        Integrity.ALTERED: (
            "Документ изменён после подписания, либо подпись взята из другого документа."
        ),
        Integrity.VALUE_BROKEN: "Подпись повреждена: её значение не подходит к сертификату.",
        Integrity.PARTIAL: "Подпись охватывает не весь документ.",
        Integrity.CHANGED_LATER: (
            "После подписания в файл дописаны изменения, которых подпись не допускает."
        ),
    }
)


def on_bytes(integrity: Integrity) -> Verdict:
    """Return the verdict on bytes that do not hold."""
    return Verdict(integrity.value, False, ON_BYTES[integrity])


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
        case _:
            valid, reason = None, "Не удалось узнать, не был ли сертификат отозван к подписанию."
    return Verdict(error.code, valid, reason)
