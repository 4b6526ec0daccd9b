"""Hash trees of any size: every leaf proves, nothing else does, and DER comes back as it was."""

from __future__ import annotations

from hashlib import sha256

import pytest
from asn1crypto import cms
from hypothesis import given
from hypothesis import strategies as st

from signing.evidence import ArchiveTimestamp, EvidenceUnreadable, HashTree, Record, reduced
from signing.evidence.hashtree import climbed, joined

TOKEN = cms.ContentInfo({"content_type": "data", "content": b"a token"}).dump()
HASH = st.binary(min_size=32, max_size=32)
GROUP = st.lists(HASH, min_size=1, max_size=4)
GROUPS = st.lists(GROUP, min_size=1, max_size=70)


def over(groups: list[list[bytes]]) -> HashTree:
    return HashTree.over((joined(group, "sha256") for group in groups), "sha256")


@given(GROUPS, st.binary(max_size=40))
def test_every_leaf_proves_and_no_other_does(groups: list[list[bytes]], other: bytes) -> None:
    tree = over(groups)
    stranger = sha256(b"stranger" + other).digest()
    for place, group in enumerate(groups):
        path = reduced(group, tree.neighbours(place))
        assert all(climbed(leaf, path, "sha256") == tree.root for leaf in group)
        assert climbed(stranger, path, "sha256") != tree.root
        assert len(path) <= max(1, len(groups)).bit_length() + 1


@given(GROUPS, st.data())
def test_a_changed_hash_leads_elsewhere(groups: list[list[bytes]], data: st.DataObject) -> None:
    tree = over(groups)
    place = data.draw(st.integers(0, len(groups) - 1))
    leaf = groups[place][0]
    path = [list(hashes) for hashes in reduced(groups[place], tree.neighbours(place))]
    where = [(i, j) for i, hashes in enumerate(path) for j, one in enumerate(hashes) if one != leaf]
    if where:
        i, j = data.draw(st.sampled_from(where))
        path[i][j] = bytes([path[i][j][0] ^ 1]) + path[i][j][1:]
        altered = tuple(map(tuple, path))
        assert climbed(leaf, altered, "sha256") != tree.root


@given(GROUPS)
def test_nodes_and_records_come_back_as_they_were(groups: list[list[bytes]]) -> None:
    tree = over(groups)
    assert HashTree.of_nodes(tree.nodes, tree.count, "sha256") == tree
    with pytest.raises(ValueError, match="another tree"):
        HashTree.of_nodes(tree.nodes + b"x", tree.count, "sha256")
    chain = tuple(
        ArchiveTimestamp.of("sha256", reduced(group, tree.neighbours(place)), TOKEN)
        for place, group in enumerate(groups[:3])
    )
    record = Record((chain, chain[:1]))
    der = record.dump()
    assert Record.load(der) == record
    assert Record.load(der).dump() == der


def test_the_tree_of_the_rfc() -> None:
    """RFC 4998, 4.2: data groups 1, (2a, 2b, 2c) and 3, h12 over the first two."""
    h1, h2a, h2b, h2c, h3 = (sha256(name).digest() for name in (b"1", b"2a", b"2b", b"2c", b"3"))
    h2abc = sha256(b"".join(sorted((h2a, h2b, h2c)))).digest()
    h12 = sha256(b"".join(sorted((h1, h2abc)))).digest()
    root = sha256(b"".join(sorted((h12, h3)))).digest()
    tree = over([[h1], [h2a, h2b, h2c], [h3]])
    assert tree.root == root
    assert reduced([h1], tree.neighbours(0)) == (tuple(sorted((h1, h2abc))), (h3,))
    assert reduced([h2a, h2b, h2c], tree.neighbours(1)) == (
        tuple(sorted((h2a, h2b, h2c))),
        (h1,),
        (h3,),
    )
    assert reduced([h3], tree.neighbours(2)) == (tuple(sorted((h3, h12))),)


def test_a_tree_of_one_leaf_needs_no_path() -> None:
    tree = over([[bytes(32)]])
    assert (tree.root, reduced([bytes(32)], tree.neighbours(0))) == (bytes(32), ())
    (whole,) = Record(((ArchiveTimestamp.of("sha256", (), TOKEN),),)).chains
    assert b"\xa2" not in whole[0].der[: len(whole[0].der) - len(TOKEN)]


def test_no_tree_without_leaves_or_beside_the_algorithm() -> None:
    for leaves, algorithm in (((), "sha256"), ((b"short",), "sha256"), ((bytes(32),), "nonsense")):
        with pytest.raises(ValueError, match=r"no tree|unsupported"):
            HashTree.over(leaves, algorithm)


@pytest.mark.parametrize("der", [b"", b"0\x00", b"garbage", TOKEN, b"\x30\x84\xff\xff\xff\xff"])
def test_what_is_no_record_is_refused(der: bytes) -> None:
    with pytest.raises(EvidenceUnreadable, match="RFC 4998"):
        Record.load(der)
