"""Whether a timestamp token may be believed: its seal, its owner, and what it was put on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from signing import digests
from signing.certificates import Certificate, valid_from, valid_until
from signing.cms import timestamp_info
from signing.gost.validator import VALIDATOR


@dataclass(frozen=True, slots=True)
class Token:
    """A timestamp token taken apart; believed only once its `certificate` is."""

    time: datetime
    certificate: Certificate
    chain: tuple[Certificate, ...]
    intact: bool

    @classmethod
    def read(cls, token: cms.SignedData, stamped: bytes) -> Token:
        """Take `token` apart; intact if its seal holds and it was put on the bytes `stamped`.

        Raises what pyHanko and asn1crypto raise on malformed tokens: see `document.reading`.
        """
        imprint = timestamp_info(token)["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        return cls.over(token, algorithm, digests.digest(algorithm, stamped))

    @classmethod
    def over(cls, token: cms.SignedData, algorithm: str, stamped: bytes) -> Token:
        """Like `read`, for a token put on the digest `stamped` made by `algorithm`."""
        info = timestamp_info(token)
        owners = extract_certificate_info(token)
        content = token["encap_content_info"]["content"].contents
        signer = token["signer_infos"][0]
        digest = digests.digest(signer["digest_algorithm"]["algorithm"].native, content)
        sealed, genuine = validate_sig_integrity(
            signer, owners.signer_cert, "tst_info", digest, VALIDATOR
        )
        imprint = info["message_imprint"]
        time = info["gen_time"].native
        return cls(
            time=time,
            certificate=owners.signer_cert,
            chain=tuple(owners.other_certs),
            intact=bool(sealed and genuine)
            and imprint["hash_algorithm"]["algorithm"].native == algorithm
            and imprint["hashed_message"].native == stamped
            and valid_from(owners.signer_cert) <= time <= valid_until(owners.signer_cert),
        )
