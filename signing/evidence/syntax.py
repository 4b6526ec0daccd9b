"""The ASN.1 of RFC 4998, appendix A.2; asn1crypto's own lacks the level of chains."""

from __future__ import annotations

from typing import ClassVar

from asn1crypto import algos, cms, core, tsp


class PartialHashtree(core.SequenceOf):  # type: ignore[misc]
    """Hashes under one node."""

    _child_spec = core.OctetString


class PartialHashtrees(core.SequenceOf):  # type: ignore[misc]
    """A reduced hash tree."""

    _child_spec = PartialHashtree


class ArchiveTimeStamp(core.Sequence):  # type: ignore[misc]
    """A timestamp and the reduced hash tree that leads to what it was put on."""

    _fields: ClassVar = [
        ("digest_algorithm", algos.DigestAlgorithm, {"implicit": 0, "optional": True}),
        ("attributes", cms.CMSAttributes, {"implicit": 1, "optional": True}),
        ("reduced_hashtree", PartialHashtrees, {"implicit": 2, "optional": True}),
        ("time_stamp", cms.ContentInfo),
    ]


class ArchiveTimeStampChain(core.SequenceOf):  # type: ignore[misc]
    """Timestamps of one digest algorithm, each over the one before."""

    _child_spec = ArchiveTimeStamp


class ArchiveTimeStampSequence(core.SequenceOf):  # type: ignore[misc]
    """Chains, each over all before it."""

    _child_spec = ArchiveTimeStampChain


class EvidenceRecord(core.Sequence):  # type: ignore[misc]
    """The whole record; what encryption info would say is not looked into."""

    _fields: ClassVar = [
        ("version", core.Integer),
        ("digest_algorithms", tsp.DigestAlgorithms),
        ("crypto_infos", cms.CMSAttributes, {"implicit": 0, "optional": True}),
        ("encryption_info", core.Sequence, {"implicit": 1, "optional": True}),
        ("archive_time_stamp_sequence", ArchiveTimeStampSequence),
    ]
