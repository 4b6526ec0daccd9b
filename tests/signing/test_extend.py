"""B-LTA and its renewal: what a file proves in 2035 and 2045, and what it no longer does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms

from signing.authority import Authority, Person
from signing.errors import RevocationUnknown, TimestampUnavailable
from signing.extend import ExtensionRefused, extended
from signing.keys import Pkcs12Key
from signing.reports import Coverage, Level, TimeSource
from signing.session import sign
from signing.timestamps import Timestamper
from signing.trust import Trust
from signing.verify import verify

PASSPHRASE = "пароль"
SIGNER = Person("deputy", "Заварзина", "Ольга Сергеевна", "МБОУ СОШ № 1")
SUCCESSOR = "Другой тестовый удостоверяющий центр"
ENDS_2031 = 5  # years after 2026: the certificate of the first timestamp authority


def day(year: int) -> datetime:
    return datetime(year, 11, 22, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def ages(blank, tmp_path_factory):
    """The same file signed in 2026, made B-LTA in 2026, renewed in 2030 by another authority."""
    first = Authority.create(tmp_path_factory.mktemp("2026"), [SIGNER], day(2026), years=ENDS_2031)
    second = Authority.create(tmp_path_factory.mktemp("2030"), [], day(2030), name=SUCCESSOR)
    believed = [authority.trust(timeout=10) for authority in (first, second)]
    trust = Trust(
        anchors=tuple(one for trust in believed for one in trust.anchors),
        intermediates=tuple(one for trust in believed for one in trust.intermediates),
        timeout=10,
    )
    with first.serve(at=day(2026)):
        clock = Timestamper([first.timestamp_url])
        key = Pkcs12Key.open(first.pkcs12("deputy", PASSPHRASE), PASSPHRASE)
        signed = sign(
            blank, "deputy", key, stamp=None, timestamper=clock, trust=trust, at=day(2026)
        )
        once = extended(signed, clock, trust, day(2026))
    with first.serve(at=day(2030)), second.serve(at=day(2030)):
        twice = extended(once, Timestamper([second.timestamp_url]), trust, day(2030))
    return trust, signed, once, twice


def judged(pdf, trust, at):
    (report,) = verify(pdf, trust, at)
    return report.valid, report.level


def test_it_becomes_b_lta_and_keeps_its_time(ages):
    trust, signed, once, _ = ages
    assert judged(signed, trust, day(2026)) == (True, Level.B_LT)
    (report,) = verify(once, trust, day(2026))
    assert (report.valid, report.level, report.coverage) == (
        True,
        Level.B_LTA,
        Coverage.EVIDENCE_FOLLOWS,
    )
    assert (report.signed_at, report.signed_at_source) == (day(2026), TimeSource.TIMESTAMP)
    assert once.startswith(signed)


def test_renewed_it_passes_when_both_its_authorities_certificates_are_history(ages):
    trust, _, once, twice = ages
    assert twice.startswith(once)
    for year in (2028, 2035, 2045):
        assert judged(twice, trust, day(year)) == (True, Level.B_LTA), year
    assert judged(once, trust, day(2030)) == (True, Level.B_LTA)


def test_not_renewed_it_cannot_be_determined_any_more(ages):
    trust, signed, once, _ = ages
    for pdf in (signed, once):
        (report,) = verify(pdf, trust, day(2035))
        assert (report.valid, report.code) == (None, "certificate-expired")
        assert "времени подписания подтвердить нечем" in report.reason


def test_too_late_is_told(ages):
    trust, _, once, _ = ages
    with pytest.raises(ExtensionRefused, match=r"Продлить нельзя.*подтвердить нечем"):
        extended(once, Timestamper([]), trust, day(2035))


def test_a_renewal_is_small(ages):
    _, signed, once, twice = ages
    assert len(once) - len(signed) < 20_000
    assert len(twice) - len(once) < 20_000


def test_both_signatures_hold_under_it_for_everybody(desk, by_both, pdfsig, openssl, verapdf):
    longer = extended(by_both, desk.timestamper, desk.trust, desk.now)
    reports = verify(longer, desk.trust, desk.now)
    assert [(one.valid, one.level) for one in reports] == [(True, Level.B_LTA)] * 2
    renewed = extended(longer, desk.timestamper, desk.trust, desk.now + timedelta(minutes=2))
    assert [one.valid for one in verify(renewed, desk.trust, desk.now)] == [True, True]
    seen = [one for one in pdfsig(renewed) if one.field in ("deputy", "director")]
    assert [one.valid for one in seen] == [True, True]
    assert [one.holds for one in openssl(renewed)][:2] == [True, True]
    for pdf in (longer, renewed):
        verdict = verapdf(pdf, "3u")
        assert verdict.passed, verdict.broken


def test_what_is_not_signed_or_broken_is_not_extended(desk, blank, by_deputy):
    given = desk.timestamper, desk.trust, desk.now
    with pytest.raises(ExtensionRefused, match="не подписан"):
        extended(blank, *given)
    spoilt = bytearray(by_deputy)
    spoilt[200] ^= 1
    with pytest.raises(ExtensionRefused, match="deputy"):
        extended(bytes(spoilt), *given)


def test_no_timestamp_no_extension(desk, by_deputy):
    silent = Timestamper(["http://127.0.0.1:9/"], timeout=10)
    with pytest.raises(TimestampUnavailable, match="нет связи"):
        extended(by_deputy, silent, desk.trust, desk.now)


def test_a_timestamp_of_strangers_extends_nothing(desk, by_deputy, stranger):
    theirs = Timestamper([stranger.authority.timestamp_url])
    with (
        stranger.authority.serve(at=desk.now),
        pytest.raises(TimestampUnavailable, match="нельзя верить"),
    ):
        extended(by_deputy, theirs, desk.trust, desk.now)


def test_a_bare_signature_gets_all_it_lacks(desk, blank):
    bare = desk.force(blank, "deputy", desk.key("deputy"), desk.now, timed=True)
    assert [one.level for one in verify(bare, desk.trust, desk.now)] == [Level.B_T]
    longer = extended(bare, desk.timestamper, desk.trust, desk.now)
    assert [one.level for one in verify(longer, desk.trust, desk.now)] == [Level.B_LTA]


def test_what_nobody_tells_about_is_not_extended(desk, blank, stranger):
    key = stranger.key
    bare = desk.force(blank, "deputy", key, desk.now, timed=False)
    both = replace(
        desk.trust, anchors=(*desk.trust.anchors, *stranger.authority.trust().anchors), timeout=10
    )
    with pytest.raises((ExtensionRefused, RevocationUnknown)):
        extended(bare, desk.timestamper, both, desk.now)


def test_a_longer_token_than_all_before_finds_room(desk, by_deputy, stranger):
    class Verbose:
        def __init__(self, more):
            self.more = more

        def token(self, value):
            token = desk.timestamper.token(value)
            signed = token["content"]
            held = [one.chosen for one in signed["certificates"]]
            signed["certificates"] = [*held, *self.more]
            return cms.ContentInfo.load(token.dump())

    some = [stranger.key.certificate, *stranger.authority.chain()]
    longer = extended(by_deputy, Verbose(some), desk.trust, desk.now)
    assert [one.level for one in verify(longer, desk.trust, desk.now)] == [Level.B_LTA]
    with pytest.raises(TimestampUnavailable, match="слишком длинный"):
        extended(by_deputy, Verbose(some * 5), desk.trust, desk.now)
