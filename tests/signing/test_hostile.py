"""Files made to harm: whatever comes, either a refusal in words or an honest report."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from signing.errors import SigningError
from signing.fields import fields_of
from signing.trust import Trust
from signing.verify import verify

SEEDS = range(20)


@pytest.fixture(scope="module")
def deaf(desk):
    """Trust that asks nobody: a damaged file must not make us wait."""
    return Trust(anchors=desk.trust.anchors, timeout=0.001)


def judged(pdf, trust, now):
    try:
        return verify(pdf, trust, now)
    except SigningError:
        return ()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_signature_never_survives_a_change_under_it(seed, by_both, by_deputy, deaf, now):
    chance = random.Random(seed)
    pdf = bytearray(by_both)
    room = by_deputy.index(b"/Contents <")
    at = chance.randrange(room)
    pdf[at] = chance.choice([b for b in range(256) if b != pdf[at]])
    assert not any(report.valid for report in judged(bytes(pdf), deaf, now))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mangled_tail_is_refused_or_reported(seed, by_both, by_deputy, deaf, now):
    chance = random.Random(seed)
    pdf = bytearray(by_both)
    for _ in range(chance.randint(1, 40)):
        at = chance.randrange(len(by_deputy) - 2000, len(pdf))
        pdf[at] = chance.randrange(256)
    if chance.random() < 0.3:
        del pdf[chance.randrange(len(by_deputy), len(pdf)) :]
    judged(bytes(pdf), deaf, now)


@pytest.mark.parametrize("seed", SEEDS)
def test_words_swapped_in_the_structure_are_refused_or_reported(seed, by_both, deaf, now):
    chance = random.Random(seed)
    words = [b"/V", b"/Sig", b"/Lock", b"/Reference", b"/DSS", b"/Certs", b"/Fields", b"/ByteRange"]
    others = [b"/Q", b"1", b"null", b"[]", b"(x)", b"<<>>", b"1 0 R", b"999 0 R"]
    pdf = by_both
    for _ in range(3):
        word, other = chance.choice(words), chance.choice(others)
        padded = other.ljust(len(word))[: len(word)]
        pdf = pdf.replace(word + b" ", padded + b" ")
    judged(pdf, deaf, now)
    with suppress(SigningError):
        fields_of(pdf)
