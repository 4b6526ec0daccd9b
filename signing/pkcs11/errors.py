"""What may go wrong with a token; `str(error)` is Russian and tells the person what to do."""

from __future__ import annotations

from signing.errors import KeyUnavailable, PassphraseWrong, SigningError, SigningRefused


class Pkcs11NotInstalled(SigningError):
    """The library that speaks PKCS#11 is an extra of the installation, and is not there."""

    code = "pkcs11-not-installed"
    title = "Работа с токенами не установлена"


class TokenModuleMissing(KeyUnavailable):
    """The file is no PKCS#11 module of this machine's kind, or is not there."""

    code = "token-module-missing"
    title = "Библиотека токена не загружается"


class TokenMissing(KeyUnavailable):
    """No such token, several where one is meant, or it was taken out."""

    code = "hardware-token-missing"
    title = "Токен не найден"


class TokenBusy(KeyUnavailable):
    """This process has the token open already."""

    code = "token-busy"
    title = "Токен уже открыт"


class PinWrong(PassphraseWrong):
    """The token does not take the PIN."""

    code = "pin-wrong"
    title = "Неверный PIN-код"


class PinLocked(SigningRefused):
    """The token takes no PIN any more until its administrator unlocks it."""

    code = "pin-locked"
    title = "PIN-код заблокирован"


class CertificateMissing(SigningRefused):
    """The token holds no such certificate together with its key."""

    code = "certificate-missing"
    title = "На токене нет нужного сертификата"


class CertificateAmbiguous(SigningRefused):
    """Several certificates fit; one must be named."""

    code = "certificate-ambiguous"
    title = "На токене несколько сертификатов"
