"""What happens to a signature when time passes: revocation, expiry, an authority that is gone."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from signing.authority import Authority, Condition, Person
from signing.reports import Level
from signing.timestamps import Timestamper
from signing.verify import verify

LEFT = Person("left", "Рощин", "Глеб Маркович", "Школа", condition=Condition.REVOKED)
PASSPHRASE = "пароль"


@pytest.fixture(scope="module")
def signed_before(desk, blank, now, tmp_path_factory):
    """Signed ten days ago, with evidence and without, by a key revoked three days ago."""
    authority = Authority.create(tmp_path_factory.mktemp("time"), [LEFT], around=now)
    then = now - timedelta(days=10)
    with authority.serve(at=then):
        earlier = replace(
            desk,
            authority=authority,
            timestamper=Timestamper([authority.timestamp_url]),
            trust=authority.trust(),
            now=then,
        )
        full = earlier.sign(blank, "deputy", "left")
        bare = earlier.force(blank, "deputy", earlier.key("left"), then, timed=True)
    return authority, then, full, bare


def test_a_later_revocation_leaves_the_signature_good(signed_before, now):
    authority, then, full, bare = signed_before
    with authority.serve(at=now):
        reports = [*verify(full, authority.trust(), now), *verify(bare, authority.trust(), now)]
    assert [(report.valid, report.level) for report in reports] == [
        (True, Level.B_LT),
        (True, Level.B_T),
    ]
    assert [report.signed_at for report in reports] == [then, then]


def test_when_the_authority_is_gone_only_the_full_one_proves_itself(signed_before, now):
    authority, _, full, bare = signed_before
    years = now + timedelta(days=5 * 365)
    trust = authority.trust(timeout=10)
    assert [report.valid for report in verify(full, trust, years)] == [True]
    (report,) = verify(bare, trust, years)
    assert (report.valid, report.code) == (None, "certificate-expired")
    assert "времени подписания подтвердить нечем" in report.reason


def test_no_name_reaches_the_log(desk, blank, caplog):
    with caplog.at_level(logging.DEBUG):
        signed = desk.sign(blank, "deputy")
        verify(signed, replace(desk.trust), desk.now)
    assert "Заварзина" not in caplog.text
