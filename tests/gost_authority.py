"""A certification authority on GOST keys, made by `openssl` with its engine and served over HTTP.

Root (512 bits) → issuing authority (256 bits, the parameter set Russian authorities use) → people.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from signing import certificates
from signing.certificates import Certificate
from signing.gost.key import OpensslKey
from signing.timestamps import Timestamper
from signing.trust import Trust

BEFORE, REVOKED_FOR = timedelta(days=30), timedelta(days=3)
RUSSIAN = ("gost2012_256", "XA")  # 1.2.643.2.2.36.0
PASSPHRASE = "пароль"
SCHOOL = "/C=RU/O=МБОУ СОШ № 1/INNLE=6600000000/OGRN=1026600000000"
PEOPLE = {  # synthetic: the control digits of СНИЛС and ИНН do not matter here
    "deputy": ("gost2012_256", "TCA", "Заварзина", "Ольга Сергеевна", "00000000101"),
    "director": (*RUSSIAN, "Лопатин", "Пётр Ильич", "00000000202"),
    "director512": ("gost2012_512", "A", "Лопатин", "Пётр Ильич", "00000000202"),
    "revoked": (*RUSSIAN, "Рощин", "Глеб Маркович", "00000000303"),
}
SERVICES = {  # names by the section of their extensions
    "ocsp": "Тестовый удостоверяющий центр ГОСТ, служба OCSP",
    "tsa": "Тестовый удостоверяющий центр ГОСТ, служба меток времени",
}
REPLIES = {"/ocsp": "application/ocsp-response", "/tsa": "application/timestamp-reply"}
CONFIGURATION = """
new_certs_dir = issued
policy = anything
default_crl_days = 400
rand_serial = yes
unique_subject = no
openssl_conf = openssl
oid_section = names
[names]
INNLE = 1.2.643.100.4
[openssl]
engines = engines
[engines]
gost = gost
[gost]
engine_id = gost
default_algorithms = ALL

[req]
distinguished_name = none
utf8 = yes
string_mask = utf8only
[none]
[ca]
default_ca = issuing
[root]
certificate = root.pem
private_key = root.key
database = root.txt
crlnumber = root.number
default_md = md_gost12_512
default_days = 5000
[issuing]
certificate = issuing.pem
private_key = issuing.key
database = issuing.txt
crlnumber = issuing.number
default_md = md_gost12_256
default_days = 450
[anything]
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[subordinate]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:$url/root.crl
[person]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
authorityInfoAccess = OCSP;URI:$url/ocsp
crlDistributionPoints = URI:$url/issuing.crl
[ocsp]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = yes
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:$url/issuing.crl
[timestamps]
serial = tsa.serial
crypto_device = builtin
signer_cert = tsa.pem
certs = issuing.pem
signer_key = tsa.key
signer_digest = md_gost12_256
default_policy = 1.2.643.2.2.38.4
digests = sha256, md_gost12_256, md_gost12_512
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True, slots=True)
class GostAuthority:
    """Keys, certificates and services in a folder; `url` is where they are served."""

    folder: Path
    url: str

    @classmethod
    @contextmanager
    def served(cls, folder: Path, around: datetime) -> Iterator[GostAuthority]:
        """Make an authority in `folder` that answers over HTTP until the end of the `with`.

        Its certificates and CRLs begin a month before `around`; its answers and timestamps are
        made by the clock of the computer, which `openssl` cannot be told to stop.
        """
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Answering, folder))
        authority = cls(folder, f"http://127.0.0.1:{server.server_port}")
        authority._found(around)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield authority
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def openssl(self, *words: str | Path, env: dict[str, str] | None = None) -> bytes:
        """Run `openssl` with the engine in the authority's folder and return what it printed."""
        return run(self.folder, *words, env=env)

    def certificate(self, label: str) -> Certificate:
        """Return a certificate: of a person, `root`, `issuing`, `ocsp` or `tsa`."""
        return certificates.load((self.folder / f"{label}.pem").read_bytes())

    def chain(self) -> tuple[Certificate, ...]:
        """Return the issuing authority and the root."""
        return self.certificate("issuing"), self.certificate("root")

    def trust(self, timeout: float = 5.0) -> Trust:
        """Return trust in the root."""
        return Trust(anchors=(self.certificate("root"),), timeout=timeout)

    def timestamper(self) -> Timestamper:
        """Return the authority's timestamps, signed by a GOST key."""
        return Timestamper([f"{self.url}/tsa"], timeout=20)

    def key(self, label: str) -> OpensslKey:
        """Return a person's key."""
        return OpensslKey.open(self.pkcs12(label), PASSPHRASE)

    def pkcs12(self, label: str) -> bytes:
        """Return a person's container under PASSPHRASE, with the issuing authority in it."""
        files = {"-inkey": f"{label}.key", "-in": f"{label}.pem", "-certfile": "issuing.pem"}
        return self.openssl(
            *("pkcs12", "-export", *(word for pair in files.items() for word in pair)),
            *("-passout", "env:PASSPHRASE"),
            env={"PASSPHRASE": PASSPHRASE},
        )

    def cms(self, label: str, content: bytes, *options: str) -> bytes:
        """Return a detached CAdES-BES (DER) as a client of its own would make it."""
        with TemporaryDirectory() as place:
            file = Path(place, "content")
            file.write_bytes(content)
            signing = ("-signer", f"{label}.pem", "-inkey", f"{label}.key", "-nosmimecap")
            digest = f"md_gost12_{PEOPLE[label][0][-3:]}"
            return self.openssl(
                *("cms", "-sign", "-binary", "-cades", "-in", file, *signing),
                *("-md", digest, "-outform", "DER", *options),
            )

    def _found(self, around: datetime) -> None:
        (self.folder / "openssl.cnf").write_text(f"url = {self.url}\n{CONFIGURATION}", "utf-8")
        (self.folder / "issued").mkdir()
        (self.folder / "tsa.serial").write_text("01\n")
        for own in ("root", "issuing"):
            (self.folder / f"{own}.txt").touch()
            (self.folder / f"{own}.number").write_text("01\n")
        since = ("-startdate", moment(around - BEFORE))
        name = "/C=RU/O=Тестовое ведомство/CN=Тестовый удостоверяющий центр ГОСТ"
        itself = ("-name", "root", "-selfsign", "-extensions", "authority", *since)
        self._issue("root", "gost2012_512", "A", f"{name}, корневой", itself)
        by_root = ("-name", "root", "-extensions", "subordinate", *since)
        self._issue("issuing", *RUSSIAN, name, by_root)
        issued = ("-name", "issuing", *since, "-extensions")
        for label, title in SERVICES.items():
            self._issue(label, *RUSSIAN, f"/C=RU/CN={title}", (*issued, label))
        for label, (algorithm, curve, surname, given, snils) in PEOPLE.items():
            person = f"/CN={surname} {given}/SN={surname}/GN={given}"
            name = f"{SCHOOL}{person}/SNILS={snils}/INN=66000{snils[-7:]}"
            self._issue(label, algorithm, curve, name, (*issued, "person"))
        self._revoke("revoked", around - REVOKED_FOR)
        for own in ("root", "issuing"):
            listed = ("-gencrl", "-crl_lastupdate", moment(around - BEFORE))
            self.openssl("ca", "-name", own, *listed, "-out", f"{own}.crl.pem")
            self.openssl("crl", "-in", f"{own}.crl.pem", "-outform", "DER", "-out", f"{own}.crl")

    def _issue(self, label: str, algorithm: str, curve: str, name: str, how: Iterable[str]) -> None:
        key, request = f"{label}.key", f"{label}.csr"
        made = ("genpkey", "-algorithm", algorithm, "-pkeyopt", f"paramset:{curve}")
        self.openssl(*made, "-out", key)
        digest = f"-md_gost12_{algorithm[-3:]}"
        asked = ("req", "-new", "-utf8", digest, "-key", key, "-subj", name)
        self.openssl(*asked, "-out", request)
        options = ("-batch", "-notext", "-utf8", "-preserveDN", "-in", request)
        self.openssl("ca", *options, *how, "-out", f"{label}.pem")

    def _revoke(self, label: str, day: datetime) -> None:
        """Revoke a certificate as of `day`: `openssl` would write the day of today."""
        self.openssl("ca", "-name", "issuing", "-revoke", f"{label}.pem")
        register = self.folder / "issuing.txt"
        entries = [line.split("\t") for line in register.read_text("utf-8").splitlines()]
        told = [
            "\t".join([*entry[:2], moment(day), *entry[3:]] if entry[0] == "R" else entry)
            for entry in entries
        ]
        register.write_text("\n".join(told) + "\n", "utf-8")


def moment(at: datetime) -> str:
    """Return a moment as `openssl ca` takes and writes it."""
    return f"{at.astimezone(UTC):%y%m%d%H%M%SZ}"


def run(folder: Path, *words: str | Path, env: dict[str, str] | None = None) -> bytes:
    """Run `openssl` by the configuration in `folder`; a failure shows what it said."""
    done = subprocess.run(
        ["openssl", *words],
        cwd=folder,
        env={**os.environ, "OPENSSL_CONF": str(folder / "openssl.cnf"), **(env or {})},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


class _Answering(BaseHTTPRequestHandler):
    """CRLs by GET; OCSP and timestamps by POST, each answer made by a child `openssl`."""

    def __init__(self, folder: Path, *asked: object):
        self.folder = folder
        super().__init__(*asked)

    def do_GET(self) -> None:
        file = self.folder / Path(self.path).name
        known = file.suffix == ".crl" and file.exists()
        body = file.read_bytes() if known else b""
        self._say(200 if known else 404, "application/pkix-crl", body)

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["Content-Length"]))
        with TemporaryDirectory() as place:
            asked, said = Path(place, "query"), Path(place, "reply")
            asked.write_bytes(query)
            run(self.folder, *self._command(asked, said))
            self._say(200, REPLIES[self.path], said.read_bytes())

    def _command(self, asked: Path, said: Path) -> tuple[str | Path, ...]:
        if self.path == "/tsa":
            section = ("-section", "timestamps", "-config", "openssl.cnf")
            return ("ts", "-reply", "-queryfile", asked, "-out", said, *section)
        signed = ("-rsigner", "ocsp.pem", "-rkey", "ocsp.key", "-rmd", "md_gost12_256")
        known = ("-index", "issuing.txt", "-CA", "issuing.pem", "-nmin", "60")
        return ("ocsp", *known, *signed, "-reqin", asked, "-respout", said)

    def _say(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Keep quiet."""
