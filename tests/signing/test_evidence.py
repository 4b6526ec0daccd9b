"""Evidence over decades: renewed in time it proves, missed it says so, altered it is refused."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from ages import (
    ALGORITHM,
    LAST,
    REBUILT,
    RENEWED,
    SIGNED,
    Ages,
    attest,
    rebuild,
    renew,
)
from asn1crypto import cms, pem
from gost_authority import GostAuthority

from signing.cms import timestamp_info
from signing.errors import CertificateRevoked
from signing.evidence import (
    ArchiveTimestamp,
    ClockDiffers,
    EvidenceReport,
    HashTree,
    Over,
    Proof,
    Record,
    digest_of,
    reduced,
    renewed,
    stamped,
    verify,
)
from signing.keys import Pkcs12Key
from signing.session import sign
from signing.timestamps import Timestamper
from signing.trust import Trust
from signing.verify import verify as verify_signatures

PASSPHRASE = "пароль"
OTHERS = [[b"document %d" % number, b"its twin %d" % number] for number in range(6)]
MINE = 3


@pytest.fixture(scope="module")
def signed(ages: Ages, blank: bytes) -> bytes:
    """The document the director signed in 2026, with everything inside to check it."""
    key = Pkcs12Key.open(ages["first"].pkcs12("director", PASSPHRASE), PASSPHRASE)
    with ages.alive(SIGNED, "first") as timestamper:
        return sign(
            blank,
            "director",
            key,
            stamp=None,
            timestamper=timestamper,
            trust=ages.fresh(),
            at=SIGNED,
        )


@pytest.fixture(scope="module")
def documents(signed: bytes) -> list[list[bytes]]:
    return [*OTHERS[:MINE], [signed, b"its DOCX", b"its manifest"], *OTHERS[MINE:]]


@pytest.fixture(scope="module")
def attested(ages: Ages, documents: list[list[bytes]]) -> list[Record]:
    """Every document's record after the first timestamp."""
    return [Record((chain,)) for chain in attest(ages, documents, SIGNED)]


@pytest.fixture(scope="module")
def prolonged(ages: Ages, attested: list[Record]) -> list[Record]:
    """After a renewal in 2035 by another authority."""
    chains = [record.chains[0] for record in attested]
    renewed_ = renew(ages, chains, RENEWED, "first", "second")
    return [Record((chain,)) for chain in renewed_]


@pytest.fixture(scope="module")
def rebuilt(
    ages: Ages, documents: list[list[bytes]], prolonged: list[Record]
) -> dict[str, list[Record]]:
    """After a hash-tree renewal in 2045 by a third one, to two algorithms."""
    return {
        algorithm: rebuild(ages, documents, prolonged, algorithm, REBUILT, "second", "third")
        for algorithm in ("streebog256", "sha512")
    }


def judged(ages: Ages, record: Record, files: list[bytes], at: datetime) -> EvidenceReport:
    return verify(record, [digest_of(file) for file in files], ages.trust, at)


def test_what_was_signed_in_2026_is_proven_in_2035_and_in_2051(
    ages: Ages,
    documents: list[list[bytes]],
    prolonged: list[Record],
    rebuilt: dict[str, list[Record]],
) -> None:
    whole = [prolonged[MINE], rebuilt["streebog256"][MINE], rebuilt["sha512"][MINE]]
    asked = ages.asked()
    for record, at in zip(whole, (RENEWED, LAST, LAST), strict=True):
        report = judged(ages, record, documents[MINE], at)
        assert (report.state, report.code, report.reason) == (Proof.PROVEN, "good", "")
        assert (report.since, report.whole) == (SIGNED, True)
        assert report.until is not None
        assert report.until > at
        assert {one.code for one in report.timestamps} == {"good"}
    assert ages.asked() == asked, "nobody is there to be asked"
    assert [one.over for one in report.timestamps] == [Over.DATA, Over.TIMESTAMP, Over.CHAINS]
    assert [one.time for one in report.timestamps] == [SIGNED, RENEWED, REBUILT]
    assert [one.judged_at for one in report.timestamps] == [RENEWED, REBUILT, LAST]
    assert [one.algorithm for one in report.timestamps] == ["sha256", "sha256", "sha512"]


def test_the_signature_holds_as_of_when_the_file_is_proven(
    ages: Ages, signed: bytes, rebuilt: dict[str, list[Record]]
) -> None:
    report = judged(ages, rebuilt["sha512"][MINE], [signed], LAST)
    assert (report.state, report.whole) == (Proof.PROVEN, False)
    (alone,) = verify_signatures(signed, ages.trust, LAST)
    assert alone.valid is None
    assert report.since is not None
    (backed,) = verify_signatures(signed, ages.trust, report.since)
    assert (backed.valid, backed.signed_at) == (True, SIGNED)


def test_every_document_is_proven_by_its_own_record_only(
    ages: Ages, documents: list[list[bytes]], rebuilt: dict[str, list[Record]]
) -> None:
    for place, record in enumerate(rebuilt["streebog256"]):
        again = Record.load(record.dump())
        assert again == record
        for files in documents:
            state = judged(ages, again, files, LAST).state
            assert (state is Proof.PROVEN) == (files is documents[place])
            assert state in {Proof.PROVEN, Proof.NOT_COVERED}


@pytest.mark.parametrize("at", [datetime(2037, 1, 1).astimezone(), LAST])
def test_a_missed_renewal_is_undetermined(
    ages: Ages, documents: list[list[bytes]], attested: list[Record], at: datetime
) -> None:
    report = judged(ages, attested[MINE], documents[MINE], at)
    assert (report.state, report.code) == (Proof.UNDETERMINED, "timestamp-not-renewed")
    assert "истёк 27.05.2036" in report.reason
    assert report.until is not None
    assert report.until < at


def test_a_late_renewal_does_not_mend_it(
    ages: Ages, documents: list[list[bytes]], attested: list[Record]
) -> None:
    late = datetime(2037, 6, 1, tzinfo=SIGNED.tzinfo)
    chain = attested[MINE].chains[0]
    with ages.alive(late, "second") as timestamper:
        stamp = stamped(
            digest_of(chain[-1].token)(ALGORITHM), ALGORITHM, timestamper, ages.fresh(), late
        )
    record = Record(((*chain, ArchiveTimestamp.of(ALGORITHM, (), stamp.token)),))
    report = judged(ages, record, documents[MINE], LAST.replace(year=2040))
    assert (report.state, report.code) == (Proof.UNDETERMINED, "timestamp-not-renewed")
    assert [one.code for one in report.timestamps] == ["timestamp-not-renewed", "good"]


def test_without_its_root_nobody_is_believed(
    ages: Ages, documents: list[list[bytes]], rebuilt: dict[str, list[Record]]
) -> None:
    strangers = Trust(ages.trust.anchors[1:], timeout=10)
    files = [digest_of(file) for file in documents[MINE]]
    report = verify(rebuilt["sha512"][MINE], files, strangers, LAST)
    assert (report.state, report.code) == (Proof.UNDETERMINED, "certificate-untrusted")


def test_an_algorithm_must_be_strong_until_the_next_chain(
    ages: Ages, documents: list[list[bytes]], rebuilt: dict[str, list[Record]]
) -> None:
    files = [digest_of(file) for file in documents[MINE]]
    record = rebuilt["sha512"][MINE]
    for weak, code in (
        ({"sha256": REBUILT + timedelta(days=1)}, "good"),
        ({"sha256": REBUILT - timedelta(days=1)}, "digest-weak"),
        ({"sha512": LAST}, "digest-weak"),
        ({"sha512": LAST + timedelta(days=1)}, "good"),
    ):
        assert verify(record, files, ages.trust, LAST, weak).code == code


def _flipped(record: Record, chain: int, place: int) -> Record:
    """Return the record with one bit of a token's signature flipped."""
    one = record.chains[chain][place]
    signed = cms.ContentInfo.load(one.token)["content"]
    at = one.token.index(signed["signer_infos"][0]["signature"].native)
    token = one.token[: at + 9] + bytes([one.token[at + 9] ^ 1]) + one.token[at + 10 :]
    return _with(record, chain, place, ArchiveTimestamp.of(one.algorithm, one.path, token))


def _with(record: Record, chain: int, place: int, one: ArchiveTimestamp) -> Record:
    chains = [list(each) for each in record.chains]
    chains[chain][place] = one
    return Record(tuple(map(tuple, chains)))


ALTERED: dict[str, tuple[Callable[[Record, Record], Record], str]] = {
    "seal of the last": (lambda mine, _: _flipped(mine, 1, 0), "timestamp-broken"),
    "seal of the first": (lambda mine, _: _flipped(mine, 0, 0), "timestamp-broken"),
    "first timestamp of another tree": (
        lambda mine, _: _with(
            mine,
            0,
            0,
            ArchiveTimestamp.of("sha256", mine.chains[0][0].path, mine.chains[0][1].token),
        ),
        "timestamp-broken",
    ),
    "renewal left out": (
        lambda mine, _: Record((mine.chains[0][:1], mine.chains[1])),
        "evidence-chain-broken",
    ),
    "renewal of another timestamp": (
        lambda mine, _: _with(
            mine,
            0,
            1,
            ArchiveTimestamp.of("sha256", ((bytes(32), bytes(32)),), mine.chains[0][1].token),
        ),
        "evidence-chain-broken",
    ),
    "chain of another document": (
        lambda mine, other: Record((mine.chains[0], other.chains[1])),
        "evidence-chain-broken",
    ),
    "two algorithms in one chain": (
        lambda mine, _: Record(((*mine.chains[0], *mine.chains[1]),)),
        "evidence-algorithms-mixed",
    ),
}


@pytest.mark.parametrize("what", ALTERED)
def test_an_altered_record_is_broken(
    ages: Ages, documents: list[list[bytes]], rebuilt: dict[str, list[Record]], what: str
) -> None:
    alter, code = ALTERED[what]
    mine, other = rebuilt["sha512"][MINE], rebuilt["sha512"][0]
    report = judged(ages, alter(mine, other), documents[MINE], LAST)
    assert (report.state, report.code) == (Proof.BROKEN, code)
    assert report.reason


def test_timestamps_out_of_order_are_broken(ages: Ages, documents: list[list[bytes]]) -> None:
    (chain, *_) = attest(ages, documents[MINE:], RENEWED)
    (backwards,) = renew(ages, [chain], SIGNED, "second")
    report = judged(ages, Record((backwards,)), documents[MINE], RENEWED)
    assert (report.state, report.code) == (Proof.BROKEN, "evidence-order")


def test_every_flipped_byte_of_a_path_is_noticed(
    ages: Ages, documents: list[list[bytes]], attested: list[Record]
) -> None:
    one = attested[MINE].chains[0][0]
    for i, hashes in enumerate(one.path):
        for j, hash_ in enumerate(hashes):
            path = [list(each) for each in one.path]
            path[i][j] = hash_[:-1] + bytes([hash_[-1] ^ 1])
            record = Record(((ArchiveTimestamp.of("sha256", tuple(map(tuple, path)), one.token),),))
            assert judged(ages, record, documents[MINE], SIGNED).state in {
                Proof.BROKEN,
                Proof.NOT_COVERED,
            }


def test_an_authority_that_is_revoked_later(
    ages: Ages, tmp_path: Path, documents: list[list[bytes]]
) -> None:
    """RFC 3161, 4: a stolen key takes all its timestamps along, a closed authority none."""
    own = Ages.create(tmp_path, "first")
    mixed = Ages({**own.living, "second": ages.living["second"]})
    chains = attest(mixed, documents[MINE : MINE + 1], SIGNED)
    later = SIGNED.replace(year=2030)
    for reason, state in (
        ("key_compromise", Proof.UNDETERMINED),
        ("cessation_of_operation", Proof.PROVEN),
    ):
        mixed.revoke("first", "tsa", SIGNED.replace(year=2029), reason)
        (chain,) = renew(mixed, chains, later, "first", "second")
        report = judged(mixed, Record((chain,)), documents[MINE], later)
        assert (report.state, reason) == (state, reason)
    with mixed.alive(later, "first") as timestamper, pytest.raises(CertificateRevoked):
        stamped(bytes(32), ALGORITHM, timestamper, mixed.fresh(), later)
    own.end()


def test_a_clock_that_differs_is_told(ages: Ages) -> None:
    with ages.alive(SIGNED, "first") as timestamper, pytest.raises(ClockDiffers, match="часы"):
        stamped(bytes(32), ALGORITHM, timestamper, ages.fresh(), SIGNED + timedelta(hours=2))


def test_trees_of_two_algorithms_share_no_timestamp(
    ages: Ages, rebuilt: dict[str, list[Record]]
) -> None:
    newest = [rebuilt[name][MINE].chains[1][0] for name in rebuilt]
    with pytest.raises(ValueError, match="one digest algorithm"):
        renewed(newest, Timestamper(()), ages.trust, LAST)


def test_openssl_verifies_every_token_on_its_root(
    ages: Ages,
    documents: list[list[bytes]],
    rebuilt: dict[str, list[Record]],
    tmp_path: Path,
) -> None:
    roots = tmp_path / "roots.pem"
    roots.write_bytes(b"".join(pem.armor("CERTIFICATE", one.dump()) for one in ages.trust.anchors))
    record = rebuilt["sha512"][MINE]
    report = judged(ages, record, documents[MINE], LAST)
    first, *_ = record.timestamps()
    assert imprint(first.token).hex() == report.tree
    for one, told in zip(record.timestamps(), report.timestamps, strict=True):
        said = _openssl_ts(tmp_path, one.token, imprint(one.token), roots, told.time)
        assert said.returncode == 0, said.stderr
        assert "Verification: OK" in said.stdout
    wrong = _openssl_ts(tmp_path, first.token, bytes(32), roots, SIGNED)
    assert (wrong.returncode, "message imprint mismatch" in wrong.stderr) == (1, True)


def imprint(token: bytes) -> bytes:
    info = timestamp_info(cms.ContentInfo.load(token)["content"])
    value: bytes = info["message_imprint"]["hashed_message"].native
    return value


def _openssl_ts(
    folder: Path, token: bytes, digest: bytes, roots: Path, at: datetime
) -> subprocess.CompletedProcess[str]:
    (folder / "token.der").write_bytes(token)
    options = ["-digest", digest.hex(), "-in", "token.der", "-token_in", "-CAfile", str(roots)]
    return subprocess.run(
        ["openssl", "ts", "-verify", *options, "-attime", str(int(at.timestamp()))],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("algorithm", ["streebog256", "streebog512"])
def test_a_tree_of_streebog_under_a_timestamp_of_gost(
    gost: GostAuthority, now: datetime, algorithm: str
) -> None:
    files = [b"one", b"another"]
    tree = HashTree.over([digest_of(file)(algorithm) for file in files], algorithm)
    made = stamped(tree.root, algorithm, gost.timestamper(), gost.trust(), now)
    for place, file in enumerate(files):
        path = reduced([digest_of(file)(algorithm)], tree.neighbours(place))
        record = Record(((ArchiveTimestamp.of(algorithm, path, made.token),),))
        tomorrow = made.time + timedelta(days=1)
        report = verify(Record.load(record.dump()), [digest_of(file)], gost.trust(0.2), tomorrow)
        assert (report.state, report.since, report.code) == (Proof.PROVEN, made.time, "good")
