"""The authority's folder: keys, certificates, containers; made once, the same ever after."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from asn1crypto import pem
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, PKIArchitecture
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from signing import certificates
from signing.authority.config import (
    ARCHITECTURE,
    ISSUING,
    NAME,
    OWN_KEYS,
    ROOT,
    TIMESTAMPING,
    YEARS,
    Plan,
    configuration,
)
from signing.authority.people import Condition, KeyKind, Person
from signing.authority.ports import LOCALHOST, kept_port
from signing.authority.serving import Server
from signing.certificates import Certificate
from signing.errors import SigningError
from signing.trust import Trust

PLAN = "authority.json"
CERTOMANCER = "certomancer.json"
KEYS, CERTIFICATES = "keys", "certificates"
LASTS = timedelta(days=365)  # a signer's certificate is renewed this long after it was issued


class AuthorityMismatch(SigningError):
    """The folder belongs to an authority with other people."""

    code = "authority-mismatch"
    title = "Папка занята другим тестовым удостоверяющим центром"


@dataclass(frozen=True, slots=True)
class Authority:
    """A test authority that lives in a folder. Its signatures are worth nothing outside tests."""

    folder: Path
    plan: Plan

    @classmethod
    def create(
        cls,
        folder: Path,
        people: Iterable[Person],
        around: datetime,
        years: int = YEARS,
        name: str = NAME,
    ) -> Authority:
        """Return the authority of `folder`, made for `people` unless it is there already.

        Certificates are good (or not) `around` a moment; a year later signers get new ones from
        the same roots. Its port, a free one at the first call, is part of every certificate.
        A new authority's own certificates, that of its timestamps among them, last for `years`.
        Raises AuthorityMismatch if the folder was made for others.
        """
        wanted = tuple(people)
        if (folder / PLAN).exists():
            authority = cls.open(folder)
            if authority.plan.people != wanted:
                raise AuthorityMismatch(
                    f"Папка {folder} создана для других подписантов. Удалите её или укажите другую."
                )
            if timedelta(0) <= around - authority.plan.issued <= LASTS:
                return authority
            return authority.written(replace(authority.plan, issued=around))
        (folder / KEYS).mkdir(parents=True, exist_ok=True, mode=0o700)
        for label in OWN_KEYS:
            _make_key(folder / KEYS / f"{label}.pem", KeyKind.RSA)
        for person in wanted:
            _make_key(folder / KEYS / f"{person.label}.pem", person.key)
        url = f"http://{LOCALHOST}:{kept_port()}"
        plan = Plan(founded=around, issued=around, url=url, people=wanted, years=years, name=name)
        return cls(folder, plan).written(plan)

    @classmethod
    def open(cls, folder: Path) -> Authority:
        """Return the authority that `create` left in `folder`."""
        held = json.loads((folder / PLAN).read_text("utf-8"))
        people = tuple(
            Person(
                **{
                    **person,
                    "key": KeyKind(person["key"]),
                    "condition": Condition(person["condition"]),
                }
            )
            for person in held["people"]
        )
        plan = Plan(
            founded=datetime.fromisoformat(held["founded"]),
            issued=datetime.fromisoformat(held["issued"]),
            url=held["url"],
            people=people,
            years=held.get("years", YEARS),
            name=held.get("name", NAME),
        )
        return cls(folder, plan)

    @property
    def port(self) -> int:
        """The port its certificates name."""
        return int(urlsplit(self.plan.url).port or 0)

    @property
    def timestamp_url(self) -> str:
        """Where it gives timestamps while it serves."""
        return f"{self.plan.url}/{ARCHITECTURE}/tsa/{TIMESTAMPING}"

    def serve(self, at: datetime | None = None) -> Server:
        """Start answering OCSP, CRL and timestamp requests in a child process; see Server.

        `at` stops the authority's clock, for tests.
        """
        return Server.start(self.folder, at)

    def certificate(self, label: str) -> Certificate:
        """Return the certificate of a person, or of the authority itself, by label."""
        return certificates.load((self.folder / CERTIFICATES / f"{label}.pem").read_bytes())

    def chain(self) -> tuple[Certificate, ...]:
        """Return the certificates above every signer, nearest first, the root last."""
        return self.certificate(ISSUING), self.certificate(ROOT)

    def trust(self, timeout: float = 10.0) -> Trust:
        """Return trust in this authority."""
        issuing, root = self.chain()
        return Trust(anchors=(root,), intermediates=(issuing,), timeout=timeout)

    def pkcs12(self, label: str, passphrase: str) -> bytes:
        """Return a person's key, certificate and chain as a container under `passphrase`."""
        key = serialization.load_pem_private_key(
            (self.folder / KEYS / f"{label}.pem").read_bytes(), None
        )
        if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
            raise TypeError(f"unexpected key in {label}.pem")
        return pkcs12.serialize_key_and_certificates(
            label.encode(),
            key,
            pyca.load_der_x509_certificate(self.certificate(label).dump()),
            [pyca.load_der_x509_certificate(item.dump()) for item in self.chain()],
            serialization.BestAvailableEncryption(passphrase.encode()),
        )

    def export_anchors(self, folder: Path) -> None:
        """Write the root and the issuing certificate as PEM files for `Trust.folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        for label in (ROOT, ISSUING):
            shutil.copy(self.folder / CERTIFICATES / f"{label}.pem", folder)

    def architecture(self) -> PKIArchitecture:
        """Return what certomancer makes of the authority's configuration."""
        config = CertomancerConfig.from_file(str(self.folder / CERTOMANCER))
        return config.get_pki_arch(ArchLabel(ARCHITECTURE))

    def written(self, plan: Plan) -> Authority:
        """Write a plan and its certificates down; return the authority of it."""
        (self.folder / CERTOMANCER).write_text(
            json.dumps(configuration(plan), ensure_ascii=False), "utf-8"
        )
        held = {
            **asdict(plan),
            "founded": plan.founded.isoformat(),
            "issued": plan.issued.isoformat(),
        }
        (self.folder / PLAN).write_text(json.dumps(held, ensure_ascii=False, indent=1), "utf-8")
        written = Authority(self.folder, plan)
        architecture = written.architecture()
        (self.folder / CERTIFICATES).mkdir(exist_ok=True)
        for label in (*OWN_KEYS, *(person.label for person in plan.people)):
            der = architecture.get_cert(CertLabel(label)).dump()
            path = self.folder / CERTIFICATES / f"{label}.pem"
            path.write_bytes(pem.armor("CERTIFICATE", der))
        return written


def _make_key(path: Path, kind: KeyKind) -> None:
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    if kind is KeyKind.RSA:
        key = rsa.generate_private_key(65537, 2048)
    else:
        key = ec.generate_private_key(ec.SECP256R1())
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
