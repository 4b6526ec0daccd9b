"""Validation data: certificates and revocation answers, kept inside the document they speak for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import TypeVar

from asn1crypto import core, crl, ocsp
from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError

from signing import document
from signing.certificates import Certificate

_Encoded = TypeVar("_Encoded", bound=core.Asn1Value)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Certificates, OCSP responses and CRLs: what proves later that a certificate was good."""

    certificates: tuple[Certificate, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()

    def joined(self, other: Evidence) -> Evidence:
        """Return both together; repeated items once."""
        return Evidence(
            _once((*self.certificates, *other.certificates)),
            _once((*self.ocsps, *other.ocsps)),
            _once((*self.crls, *other.crls)),
        )

    def without(self, other: Evidence) -> Evidence:
        """Return what `other` does not hold."""
        known = {item.dump() for item in (*other.certificates, *other.ocsps, *other.crls)}
        return Evidence(
            tuple(item for item in self.certificates if item.dump() not in known),
            tuple(item for item in self.ocsps if item.dump() not in known),
            tuple(item for item in self.crls if item.dump() not in known),
        )


def evidence_in(reader: PdfFileReader) -> Evidence:
    """Return what the document security store of an open file holds."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return Evidence()
    return Evidence(
        certificates=tuple(store.load_certs()),
        ocsps=tuple(ocsp.OCSPResponse.load(_data(ref)) for ref in store.ocsps),
        crls=tuple(crl.CertificateList.load(_data(ref)) for ref in store.crls),
    )


def with_evidence(pdf: bytes, evidence: Evidence) -> bytes:
    """Return `pdf` with a revision that adds `evidence` to its document security store."""
    writer = document.writer(pdf)
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        sig_contents=None,
        certs=evidence.certificates,
        ocsps=evidence.ocsps,
        crls=evidence.crls,
    )
    output = BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]
    return output.getvalue()


def _data(reference: IndirectObject) -> bytes:
    data: bytes = reference.get_object().data
    return data


def _once(items: Iterable[_Encoded]) -> tuple[_Encoded, ...]:
    return tuple({item.dump(): item for item in items}.values())
