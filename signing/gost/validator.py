"""pyHanko's check of a value, taught GOST: of documents, certificates, CRLs, OCSP and tokens."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from asn1crypto import algos, core, keys
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko_certvalidator import context as validation_contexts
from pyhanko_certvalidator.errors import AlgorithmNotSupported
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    DefaultSignatureValidator,
    SignatureValidationContext,
)

from signing import digests
from signing.errors import KeyUnsupported
from signing.gost import hashing, verification
from signing.gost.curves import BY_PARAMETER_SET, Curve


@dataclass(frozen=True, slots=True)
class Strength:
    """What a key of one length signs with."""

    size: int  # bytes of a coordinate
    digest: str
    signatures: frozenset[str]


STRENGTHS = MappingProxyType(
    {
        "gost2012_256": Strength(
            32, "streebog256", frozenset({"gost2012_256", "streebog256_gost2012_256"})
        ),
        "gost2012_512": Strength(
            64, "streebog512", frozenset({"gost2012_512", "streebog512_gost2012_512"})
        ),
    }
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A point and the curve it is said to lie on."""

    x: int
    y: int
    curve: Curve
    strength: Strength

    @classmethod
    def read(cls, key: keys.PublicKeyInfo) -> PublicKey:
        """Take a GOST key apart (RFC 9215, 4.3).

        Raises ValueError if it is malformed, KeyUnsupported if its curve is not one of ours.
        """
        strength = STRENGTHS[key.algorithm]
        parameter_set = key["algorithm"]["parameters"]["curve"].dotted
        curve = BY_PARAMETER_SET.get(parameter_set)
        if curve is None:
            raise KeyUnsupported(
                f"Набор параметров ключа ГОСТ «{parameter_set}» не поддерживается. "
                "Используйте сертификат аккредитованного удостоверяющего центра."
            )
        point = core.OctetString.load(bytes(key["public_key"]), strict=True).native
        if len(point) != 2 * strength.size or curve.p.bit_length() > 8 * strength.size:
            raise ValueError("GOST key of a wrong length")
        x, y = point[: strength.size], point[strength.size :]
        return cls(int.from_bytes(x, "little"), int.from_bytes(y, "little"), curve, strength)


class GostSignatureValidator(DefaultSignatureValidator):
    """Checks values made by GOST keys itself and leaves the others to pyHanko."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: keys.PublicKeyInfo,
        signature_algorithm: algos.SignedDigestAlgorithm,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        """Raise InvalidSignature unless the value fits.

        Raises GostNotInstalled or KeyUnsupported if that cannot be found out.
        """
        if public_key_info.algorithm not in STRENGTHS:
            asked = (signature, signed_data, public_key_info, signature_algorithm, context)
            try:
                super().validate_signature(*asked)
            except (UnsupportedAlgorithm, AlgorithmNotSupported) as error:
                raise KeyUnsupported(
                    f"Ключ с алгоритмом «{public_key_info.algorithm}» не поддерживается. "
                    "Используйте сертификат с ключом ГОСТ Р 34.10-2012, RSA или ECDSA."
                ) from error
            return
        hashing.step_in()
        _step_in()
        try:
            key = PublicKey.read(public_key_info)
        except ValueError as error:
            raise InvalidSignature from error
        strength = key.strength
        named = context.contextual_md_algorithm
        if signature_algorithm["algorithm"].native not in strength.signatures or (
            named is not None and named != strength.digest
        ):
            raise InvalidSignature
        digest = signed_data if context.prehashed else digests.digest(strength.digest, signed_data)
        if len(digest) != strength.size or not verification.holds(
            digest, signature, key.x, key.y, key.curve
        ):
            raise InvalidSignature


def _step_in() -> None:
    """Let contexts that pyhanko-certvalidator makes for itself use this validator, too.

    To check an OCSP responder marked id-pkix-ocsp-nocheck it builds a context of its own and
    forgets the validator it was given (0.33, revinfo/validate_ocsp.py). Done when a GOST key is
    first met, which is the issuer's, so before its responder's certificate is looked at.
    """
    validation_contexts.DefaultSignatureValidator = GostSignatureValidator  # type: ignore[attr-defined]


VALIDATOR = GostSignatureValidator()
hashing.offer()
