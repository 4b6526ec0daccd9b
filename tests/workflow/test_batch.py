"""A June batch: both roles, every sort of key and every way to hold one, half of it wrong at first.

Ten documents here, a hundred by `make batch`.
"""

from __future__ import annotations

import base64
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from clients import Client
from gost_authority import GostAuthority
from judges import poppler
from sittings import DEPUTY, DIRECTOR, SESSIONS, opened, printed, seen, text, values
from tokens import MODULE, make_token
from town import PASSPHRASE, Clock, Town, settings_file

from service.settings import load
from signing.authority import Authority
from signing.keys import Key
from signing.pkcs11 import Pkcs11Key
from signing.verify import verify

DOCUMENTS = int(os.environ.get("VEDOMOST_BATCH", "10"))
PIN = "4321"
PEOPLE = """
  { role = "deputy", name = "Заварзина Ольга Сергеевна" },
  { role = "director", name = "Лопатин Пётр Ильич" },
"""

Answers = dict[str, dict[str, str]]
Item = dict[str, Any]


def raw(item: Item, key: Key) -> Answers:
    """The value as the key gives it."""
    return values(item, key)


def turned(item: Item, key: Key) -> Answers:
    """The value as CryptoPro's `RawSignature.SignHash` gives it: its bytes reversed."""
    return {
        name: {"value": text(base64.b64decode(one["value"])[::-1])}
        for name, one in values(item, key).items()
    }


def container(item: Item, key: Key) -> Answers:
    """A whole CMS, as `CadesSignedData.SignHash` gives it."""
    return {
        part["file"]: {
            "cms": Client(key).cades_com(base64.b64decode(part["document_digest"]).hex())
        }
        for part in item["parts"]
    }


@dataclass(frozen=True, slots=True)
class Way:
    """A key somewhere, and how it answers."""

    key: Key
    answer: Callable[[Item, Key], Answers]


@pytest.fixture
def mixed(tmp_path: Path, authority: Authority, gost: GostAuthority) -> Iterator[Town]:
    """A town where the deputy and the director hold keys of both sorts."""
    file = settings_file(tmp_path, authority)
    told = file.read_text("utf-8").replace("signatories = [", f"signatories = [{PEOPLE}", 1)
    file.write_text(told, "utf-8")
    for name in ("root", "issuing"):
        pem = (gost.folder / f"{name}.pem").read_bytes()
        (tmp_path / "trust" / f"gost-{name}.pem").write_bytes(pem)
    town = Town(tmp_path, load(file, {}), authority, Clock(datetime.now(UTC)))
    yield town
    town.close()


@pytest.fixture
def ways(
    mixed: Town, authority: Authority, gost: GostAuthority
) -> Iterator[dict[str, tuple[Way, ...]]]:
    """PKCS#12 files, a token, and CryptoPro's plug-in both ways; RSA, EC and GOST."""
    held = {who: make_token(who, PIN) for who in ("deputy-rsa", DIRECTOR)}
    for who, token in held.items():
        token.add(authority.pkcs12(who, PASSPHRASE), PASSPHRASE, who, "0b")
    on_token = {who: Pkcs11Key.open(MODULE, PIN, token=who, certificate=who) for who in held}
    yield {
        DEPUTY: (
            Way(mixed.key("deputy-rsa"), raw),
            Way(on_token["deputy-rsa"], raw),
            Way(mixed.key(DEPUTY), raw),
            Way(gost.key(DEPUTY), turned),
            Way(mixed.key("deputy-rsa"), container),
        ),
        DIRECTOR: (
            Way(gost.key(DIRECTOR), container),
            Way(gost.key(DIRECTOR), raw),
            Way(on_token[DIRECTOR], raw),
            Way(mixed.key(DIRECTOR), container),
            Way(mixed.key(DIRECTOR), raw),
        ),
    }
    for key in on_token.values():
        key.close()


def test_a_batch_by_every_sort_of_key(mixed: Town, ways: dict[str, tuple[Way, ...]]) -> None:
    documents = printed(mixed, DOCUMENTS)
    for role, each in ways.items():
        for number, way in enumerate(each):
            _sign(mixed, role, documents[number :: len(each)], way)
    for document in documents:
        pdf = mixed.ask(DIRECTOR, "GET", f"/v1/documents/{document}/pdf").data
        reports = verify(pdf, mixed.service.verify.trust, mixed.clock())
        found = [(one.field, one.valid, one.level) for one in reports]
        assert found == [(DEPUTY, True, "B-LT"), (DIRECTOR, True, "B-LT")]
    judged = mixed.ask(DIRECTOR, "GET", f"/v1/documents/{documents[4]}/pdf").data
    assert [one.valid for one in poppler.pdfsig(judged)] == [True, True]
    mixed.work()
    assert Counter(mixed.document(one)["state"] for one in documents) == {"archived": DOCUMENTS}
    assert mixed.log_is_whole()


def _sign(town: Town, role: str, documents: list[str], way: Way) -> None:
    """Sign in one session, in any order, every second answer by a stranger's key at first."""
    session = opened(town, role, documents, way.key)
    assert session.status_code == 201, session.text
    items = random.Random(3).sample(session.json["items"], len(documents))
    stranger = town.key("stranger")
    sent = [
        raw(item, stranger) if number % 2 else way.answer(item, way.key)
        for number, item in enumerate(items)
    ]
    states = _handed_in(town, session.json, items, sent)
    assert states == ["waiting" if number % 2 else "signed" for number in range(len(items))]
    late = items[1::2]
    states = _handed_in(town, session.json, late, [way.answer(item, way.key) for item in late])
    assert set(states) == {"signed"}
    assert seen(town, session.json)["state"] == "complete"


def _handed_in(
    town: Town, session: dict[str, Any], items: list[Item], sent: list[Answers]
) -> list[str]:
    pairs = zip(items, sent, strict=True)
    asked = {"items": [{"document": one["document"], "answers": said} for one, said in pairs]}
    told = town.ask(session["role"], "POST", f"{SESSIONS}/{session['id']}/answers", json=asked)
    assert told.status_code == 200, told.text
    return [one["state"] for one in told.json["items"]]
