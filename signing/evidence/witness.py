"""A timestamp token as a witness: what is enclosed in it, and whether it is believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, core

from signing import certificates, document, revocation_values
from signing.cms import certificates_in
from signing.errors import CertificateRevoked, RevocationUnknown, SigningRefused
from signing.revocation_values import REVOCATION_VALUES
from signing.suitability import Purpose, require_current
from signing.tokens import Token
from signing.trust import Trust
from signing.validation_data import Evidence

# Reasons that spare what was stamped before (RFC 3161, 4); «unspecified» does too where it is
# written out, but cannot be told from a reason left out, which does not.
HARMLESS = frozenset({"affiliation_changed", "superseded", "cessation_of_operation"})


class TokenUnreadable(SigningRefused):
    """The bytes are not a timestamp token."""

    code = "timestamp-unreadable"
    title = "Метка времени не читается"


@dataclass(frozen=True, slots=True)
class Witness:
    """A timestamp token taken apart, with the validation data enclosed in it."""

    token: Token
    enclosed: Evidence

    @classmethod
    def read(cls, der: bytes, algorithm: str, digest: bytes) -> Witness:
        """Take a token (DER) over `digest` apart; `token.intact` says whether its seal holds.

        Raises TokenUnreadable.
        """
        with document.reading(TokenUnreadable("Метка времени повреждена: её не прочитать.")):
            signed = cms.ContentInfo.load(der)["content"]
            return cls(Token.over(signed, algorithm, digest), _enclosed(signed))

    @property
    def until(self) -> datetime:
        """The first end among its certificates; a root's own end does not count (RFC 5280, 6.1)."""
        among = (*self.token.chain, *self.enclosed.certificates)
        chain = certificates.issuers_of(self.token.certificate, among)
        return min(map(certificates.valid_until, (self.token.certificate, *chain)))

    def believe(self, trust: Trust, evidence: Evidence, horizon: datetime) -> None:
        """Pass if the token is known to be good at `horizon`, asking nobody; else raise.

        Its certificates must not have ended by then. Revocation is read from `evidence`, the
        newest there is: one for a harmless reason spares what was stamped before it, any other
        takes every token of the key (RFC 3161, 4). Raises as `Trust.check_past` does.
        """
        owner, time = self.token.certificate, self.token.time
        known = evidence.joined(Evidence(certificates=self.token.chain))
        require_current(owner, horizon)
        way = trust.check_past(owner, time, known, Purpose.TIMESTAMPING).certificates
        for one in way[1:]:
            require_current(one, horizon)
        newest = min(horizon, max(_asked(evidence), default=time))
        if newest <= time:
            return
        try:
            trust.check_past(owner, newest, known, Purpose.TIMESTAMPING)
        except CertificateRevoked as error:
            if error.reason not in HARMLESS:
                raise
        except RevocationUnknown:
            return  # what is newer speaks of other certificates


def enclosing(der: bytes, evidence: Evidence) -> bytes:
    """Return a token (DER) with validation data in it: nothing its seal covers is touched.

    Certificates join those of the SignedData; revocation goes into the unsigned attribute
    revocation-values (ETSI EN 319 122-1, A.1.2.1), which every verifier of tokens passes over.
    """
    token = cms.ContentInfo.load(der)
    signed = token["content"]
    held = Evidence(certificates=certificates_in(signed))
    signed["certificates"] = list(held.joined(evidence).certificates)
    values = revocation_values.written(evidence)
    if values is not None:
        signer = signed["signer_infos"][0]
        attribute = cms.CMSAttribute({"type": REVOCATION_VALUES, "values": [values]})
        signer["unsigned_attrs"] = [*_unsigned(signer), attribute]
    dumped: bytes = token.dump()
    return dumped


def _enclosed(signed: cms.SignedData) -> Evidence:
    found = Evidence(certificates=certificates_in(signed))
    if signed["crls"].native is not None:
        crls = tuple(one.chosen for one in signed["crls"] if one.name != "other")
        found = found.joined(Evidence(crls=crls))
    for attribute in _unsigned(signed["signer_infos"][0]):
        if attribute["type"].dotted == REVOCATION_VALUES:
            for value in attribute["values"]:
                found = found.joined(revocation_values.read(value.dump()))
    return found


def _unsigned(signer: cms.SignerInfo) -> tuple[cms.CMSAttribute, ...]:
    attributes = signer["unsigned_attrs"]
    return () if isinstance(attributes, core.Void) else tuple(attributes)


def _asked(evidence: Evidence) -> Iterator[datetime]:
    """Yield when each answer about revocation was true."""
    for response in evidence.ocsps:
        for single in response["response_bytes"]["response"].parsed["tbs_response_data"][
            "responses"
        ]:
            yield single["this_update"].native
    for one in evidence.crls:
        yield one["tbs_cert_list"]["this_update"].native
