"""What may go wrong with a signature; `str(error)` is Russian and tells the person what to do."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar


class SigningError(Exception):
    """Something expected went wrong while signing or reading signatures."""

    code: ClassVar[str] = "signing-error"
    title: ClassVar[str] = "Ошибка подписания"

    def __init__(self, message: str, when: datetime | None = None):
        super().__init__(message)
        self.when = when  # the moment the trouble is about: end, beginning, revocation


class SigningRefused(SigningError):
    """The signature must not be made: the same call will be refused again."""

    code = "signing-refused"
    title = "Подписать нельзя"


class SigningUnavailable(SigningError):
    """A neighbour is silent: the same call may pass later."""

    code = "signing-unavailable"
    title = "Подписание временно недоступно"


class GostNotInstalled(SigningError):
    """The algorithm is GOST's, and OpenSSL here knows none of them: nothing is said of the file."""

    code = "gost-not-installed"
    title = "Поддержка ГОСТ не установлена"


class DigestUnknown(SigningError):
    """Whoever asks did not give the digest a detached signature is over."""

    code = "digest-missing"
    title = "Хэш содержимого не передан"


class DocumentUnreadable(SigningRefused):
    """The bytes are not a PDF file, or the file is cut or damaged."""

    code = "document-unreadable"
    title = "Файл не читается"


class DocumentEncrypted(DocumentUnreadable):
    """The file is encrypted: what its signatures cover cannot be looked into."""

    code = "document-encrypted"
    title = "Файл зашифрован"


class DocumentTooComplex(DocumentUnreadable):
    """The file has more revisions or signatures than any honest document."""

    code = "document-too-complex"
    title = "Файл слишком сложен"


class FieldMissing(SigningRefused):
    """The document has no signature field of this name."""

    code = "field-missing"
    title = "Нет поля подписи"


class FieldSigned(SigningRefused):
    """The field already holds a signature."""

    code = "field-signed"
    title = "Поле уже подписано"


class MarkTooLarge(SigningRefused):
    """The field is too small for the mark, or the certificate says too much for it."""

    code = "mark-too-large"
    title = "Отметка не помещается в поле"


class DocumentLocked(SigningRefused):
    """An earlier signature forbids filling this field."""

    code = "document-locked"
    title = "Документ закрыт для подписания"


class SignatureBroken(SigningRefused):
    """An earlier signature does not hold, so a new one would vouch for an altered document."""

    code = "earlier-signature-broken"
    title = "Прежняя подпись нарушена"


class PreparedAltered(SigningRefused):
    """The prepared file or its state is not what was handed out."""

    code = "prepared-altered"
    title = "Подготовленный файл изменён"


class ValueMismatch(SigningRefused):
    """The value was made with another key or for another document."""

    code = "value-mismatch"
    title = "Подпись не подходит к документу"


class AnswerUnreadable(SigningRefused):
    """The client's answer is not a CMS SignedData, or is cut or damaged."""

    code = "answer-unreadable"
    title = "Ответ с подписью не читается"


class AnswerTrailing(AnswerUnreadable):
    """Something follows the container in the client's answer."""

    code = "answer-trailing-bytes"


class AnswerTooLarge(SigningRefused):
    """The container does not fit the room the prepared file reserves."""

    code = "answer-too-large"
    title = "Ответ с подписью слишком велик"


class AnswerSigners(SigningRefused):
    """The container holds no signer, or several."""

    code = "answer-not-one-signer"
    title = "В ответе не одна подпись"


class AnswerAttached(SigningRefused):
    """The container carries the content inside; it must be detached."""

    code = "answer-attached"
    title = "Подпись присоединённая, а нужна отсоединённая"


class AnswerForeignCertificate(SigningRefused):
    """Signed with another certificate than the one announced."""

    code = "answer-foreign-certificate"
    title = "Подписано другим сертификатом"


class AnswerIncomplete(SigningRefused):
    """A signed attribute that RFC 5652 requires is missing, repeated or says something else."""

    code = "answer-incomplete"
    title = "В подписи не хватает обязательных сведений"


class AnswerUnbound(AnswerIncomplete):
    """No ESS signing-certificate attribute (RFC 5035): this is CMS, but not CAdES."""

    code = "answer-certificate-unbound"


class AnswerWeakDigest(SigningRefused):
    """Made with a digest that is no longer trusted."""

    code = "answer-weak-digest"
    title = "Подпись сделана с ненадёжным хэшем"


class AnswerOtherDigest(SigningRefused):
    """Made with another digest algorithm than the session prescribes."""

    code = "answer-other-digest-algorithm"
    title = "Подпись сделана с другим алгоритмом хэширования"


class AnswerOtherDocument(SigningRefused):
    """The digest inside is of another document, or of another session for the same one."""

    code = "answer-other-document"
    title = "Подпись от другого документа"


class SignaturesUnreadable(SigningRefused):
    """The bytes are not a detached SignedData, or are cut or damaged."""

    code = "p7s-unreadable"
    title = "Файл подписи не читается"


class SignaturesOfOther(SigningRefused):
    """The detached signatures there are speak of other content."""

    code = "p7s-other-content"
    title = "Подпись от другого файла"


class CertificateUnreadable(SigningRefused):
    """The bytes are not an X.509 certificate."""

    code = "certificate-unreadable"
    title = "Сертификат не читается"


class CertificateExpired(SigningRefused):
    """The certificate, or one above it, has ended."""

    code = "certificate-expired"
    title = "Срок действия сертификата истёк"


class CertificateNotYetValid(SigningRefused):
    """The certificate, or one above it, has not begun."""

    code = "certificate-not-yet-valid"
    title = "Сертификат ещё не действует"


class CertificateRevoked(SigningRefused):
    """The certificate, or one above it, was revoked."""

    code = "certificate-revoked"
    title = "Сертификат отозван"

    def __init__(self, message: str, when: datetime | None = None, reason: str = "unspecified"):
        super().__init__(message, when)
        self.reason = reason  # RFC 5280, 5.3.1, as asn1crypto names it


class CertificateUntrusted(SigningRefused):
    """No chain leads from the certificate to a trusted root."""

    code = "certificate-untrusted"
    title = "Сертификату нет доверия"


class WrongKeyUsage(SigningRefused):
    """The certificate was issued for something else."""

    code = "certificate-wrong-usage"
    title = "Сертификат не предназначен для подписи"


class KeyUnsupported(SigningRefused):
    """The key's algorithm is not one we sign with."""

    code = "key-unsupported"
    title = "Алгоритм ключа не поддерживается"


class KeyUnreadable(SigningRefused):
    """The bytes are not a PKCS#12 container with a key and its certificate."""

    code = "key-unreadable"
    title = "Контейнер ключа не читается"


class PassphraseWrong(SigningRefused):
    """The passphrase does not open the key."""

    code = "passphrase-wrong"
    title = "Неверный пароль ключа"


class KeyUnavailable(SigningUnavailable):
    """The key cannot be reached: no token, no file."""

    code = "key-unavailable"
    title = "Ключ подписи недоступен"


class TimestampUnavailable(SigningUnavailable):
    """No timestamp authority gave a usable token."""

    code = "timestamp-unavailable"
    title = "Служба меток времени не отвечает"


class RevocationUnknown(SigningUnavailable):
    """It could not be found out whether a certificate is revoked. Not the same as valid."""

    code = "revocation-unknown"
    title = "Отзыв сертификата проверить не удалось"
