"""`vedomost verify`: every kind of file, three outcomes, and a protocol to take along."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pypdf import PdfReader
from town import PASSPHRASE, make_authority
from weasyprint import HTML

from service.cli import main
from signing import detached, document
from signing.authority import Authority
from signing.detached import digest_of
from signing.keys import Pkcs12Key
from signing.session import sign
from signing.timestamps import Timestamper


@pytest.fixture(scope="module")
def desk(authority: Authority, tmp_path_factory: pytest.TempPathFactory):
    """A folder with a signed PDF, a DOCX and its `.p7s`, and the roots."""
    folder = tmp_path_factory.mktemp("desk")
    authority.export_anchors(folder / "roots")
    key = Pkcs12Key.open(authority.pkcs12("director", PASSPHRASE), PASSPHRASE)
    at = datetime.now(UTC).replace(microsecond=0)  # the authority's clock goes
    means = {
        "timestamper": Timestamper([authority.timestamp_url]),
        "trust": authority.trust(timeout=20),
        "at": at,
    }
    (folder / "signed.pdf").write_bytes(sign(blank(), "director", key, stamp=None, **means))
    (folder / "file.docx").write_bytes(b"any bytes at all")
    content = digest_of(folder / "file.docx")
    p7s = detached.sign(content, key, existing=None, **means)
    (folder / "file.docx.p7s").write_bytes(p7s)
    return folder


def blank() -> bytes:
    """A PDF with an empty field «director»."""
    writer = document.writer(HTML(string="<p>Ведомость</p>").write_pdf())
    append_signature_field(writer, SigFieldSpec("director"))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def verify(desk: Path, *words: str) -> Result:
    trust = ("--trust", str(desk / "roots"))
    return CliRunner().invoke(main, ["verify", *words, *trust], catch_exceptions=False)


def test_files_of_both_kinds(desk: Path) -> None:
    told = verify(desk, str(desk / "signed.pdf"), str(desk / "file.docx.p7s"))
    assert told.exit_code == 0, told.output
    assert told.output.count("Подпись верна. Документ не изменялся после подписания") == 2
    for layer in ("director: верна, Светлова Анна Юрьевна", "время: ", "охват: ", "(OCSP от "):
        assert layer in told.output


def test_layers_for_a_program(desk: Path) -> None:
    told = verify(desk, str(desk / "signed.pdf"), "--json", "--raw")
    report = json.loads(told.output)
    assert (report["valid"], report["code"]) == (True, "good")
    (signature,) = report["signatures"]
    assert len(signature["chain"]) == 3
    assert signature["raw"]["certificates"]
    plain = json.loads(verify(desk, str(desk / "signed.pdf"), "--json").output)
    assert "raw" not in plain["signatures"][0]


def test_one_bad_file_hides_no_good_one(desk: Path, tmp_path: Path) -> None:
    spoiled = tmp_path / "spoiled.pdf"
    signed = (desk / "signed.pdf").read_bytes()
    spoiled.write_bytes(signed.replace(b"/MediaBox", b"/MediaBoy", 1))
    text = tmp_path / "no.pdf"
    text.write_text("не PDF")
    told = verify(desk, str(text), str(spoiled), str(desk / "signed.pdf"))
    assert told.exit_code == 1
    lines = [line for line in told.output.splitlines() if not line.startswith(" ")]
    assert [line.partition(": ")[2][:20] for line in lines] == [
        "НЕ ПРОВЕРЕН. Файл не",
        "Подпись не подтвержд",
        "Подпись верна. Докум",
    ]


def test_what_cannot_be_found_out_has_its_own_exit_code(desk: Path, tmp_path: Path) -> None:
    """Nobody answers for this authority: whether its certificate is revoked is not known."""
    silent = make_authority(tmp_path / "silent")
    silent.export_anchors(tmp_path / "roots")
    content = tmp_path / "file.docx"
    content.write_bytes(b"any bytes at all")
    subprocess.run(
        ["openssl", "cms", "-sign", "-binary", "-cades", "-md", "sha256", "-outform", "DER"]
        + [word for pair in _files(silent, content).items() for word in map(str, pair)],
        check=True,
        capture_output=True,
    )
    trust = ("--trust", str(tmp_path / "roots"))
    told = CliRunner().invoke(main, ["verify", f"{content}.p7s", *trust])
    assert told.exit_code == 9, told.output
    assert "Проверить до конца не удалось: " in told.output
    both = CliRunner().invoke(main, ["verify", f"{content}.p7s", str(content), *trust])
    assert both.exit_code == 1


def _files(authority: Authority, content: Path) -> dict[str, Path | str]:
    return {
        "-in": content,
        "-out": f"{content}.p7s",
        "-signer": authority.folder / "certificates" / "director.pem",
        "-inkey": authority.folder / "keys" / "director.pem",
    }


def test_a_signature_without_its_file(desk: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone.docx.p7s"
    alone.write_bytes((desk / "file.docx.p7s").read_bytes())
    told = verify(desk, str(alone))
    assert (told.exit_code, "нет файла alone.docx" in told.output) == (1, True)


def test_a_signature_of_another_file(desk: Path, tmp_path: Path) -> None:
    (tmp_path / "file.docx").write_bytes(b"other bytes")
    (tmp_path / "file.docx.p7s").write_bytes((desk / "file.docx.p7s").read_bytes())
    told = verify(desk, str(tmp_path / "file.docx.p7s"))
    assert told.exit_code == 1
    assert "[altered]" in told.output


@pytest.mark.parametrize("suffix", ["pdf", "docx"])
def test_a_protocol_to_take_along(desk: Path, tmp_path: Path, suffix: str, verapdf) -> None:
    place = tmp_path / f"protocol.{suffix}"
    told = verify(desk, str(desk / "signed.pdf"), "--protocol", str(place))
    assert told.exit_code == 0
    if suffix == "docx":
        assert place.read_bytes()[:2] == b"PK"
        return
    assert verapdf(place.read_bytes(), "3u").passed
    (page,) = PdfReader(place).pages
    assert "Светлова Анна Юрьевна — верна" in page.extract_text()


def test_a_protocol_is_about_one_file(desk: Path, tmp_path: Path) -> None:
    both = (str(desk / "signed.pdf"), str(desk / "file.docx.p7s"))
    told = verify(desk, *both, "--protocol", str(tmp_path / "p.pdf"))
    assert (told.exit_code, "укажите один файл" in told.stderr) == (3, True)
