"""Validation data as attributes of a signer hold it: the revocation-values of CAdES."""

from __future__ import annotations

from typing import Any, ClassVar

from asn1crypto import core, crl, ocsp

from signing.validation_data import Evidence

REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24"  # id-aa-ets-revocationValues


class _Lists(core.SequenceOf):  # type: ignore[misc]
    _child_spec = crl.CertificateList


class _Answers(core.SequenceOf):  # type: ignore[misc]
    _child_spec = ocsp.BasicOCSPResponse


class _RevocationValues(core.Sequence):  # type: ignore[misc]
    """RevocationValues (ETSI EN 319 122-1, 5.4.2.2 and A.1.2.1)."""

    _fields: ClassVar = [
        ("lists", _Lists, {"explicit": 0, "optional": True}),
        ("answers", _Answers, {"explicit": 1, "optional": True}),
        ("others", core.Any, {"explicit": 2, "optional": True}),
    ]


def read(der: bytes) -> Evidence:
    """Return the CRLs and OCSP responses of a value (DER), their signed bytes unchanged."""
    values = _RevocationValues.load(der)
    lists, answers = values["lists"], values["answers"]
    return Evidence(
        crls=() if isinstance(lists, core.Void) else tuple(lists),
        ocsps=() if isinstance(answers, core.Void) else tuple(map(_response, answers)),
    )


def written(evidence: Evidence) -> core.Sequence | None:
    """Return the value that holds the revocation data of `evidence`; None if there is none."""
    values: dict[str, Any] = {}
    if evidence.crls:
        values["lists"] = list(evidence.crls)
    if evidence.ocsps:
        values["answers"] = [one["response_bytes"]["response"].parsed for one in evidence.ocsps]
    return _RevocationValues(values) if values else None


def _response(basic: ocsp.BasicOCSPResponse) -> ocsp.OCSPResponse:
    """Wrap a response as it was when it came."""
    return ocsp.OCSPResponse(
        {
            "response_status": "successful",
            "response_bytes": {
                "response_type": "basic_ocsp_response",
                "response": core.ParsableOctetString(basic.dump()),
            },
        }
    )
