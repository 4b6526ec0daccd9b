"""Streebog and GOST R 34.10-2012 by the standards' own examples, and against OpenSSL's engine."""

from __future__ import annotations

import secrets
import subprocess

import pytest
from asn1crypto import keys, pem
from cryptography.hazmat.primitives import hashes
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from signing import digests
from signing.gost import verification
from signing.gost.curves import BY_PARAMETER_SET, Curve
from signing.gost.validator import PublicKey

# RFC 6986, 10: M1 and M2.
DIGITS = b"012345678901234567890123456789012345678901234567890123456789012"
LAY = "Се ветри, Стрибожи внуци, веютъ с моря стрелами на храбрыя плъкы Игоревы".encode("cp1251")
DIGESTS = {
    ("streebog256", DIGITS): "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500",
    ("streebog512", DIGITS): "1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa"
    "00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48",
    ("streebog256", LAY): "9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50",
    ("streebog512", LAY): "1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376"
    "035fe83549ada2b8620fcd7c496ce5b33f0cb9dddc2b6460143b03dabac9fb28",
}

# RFC 7091, 7: the examples of the standard, on curves nobody may use for anything else.
CURVE_1 = Curve(
    p=0x8000000000000000000000000000000000000000000000000000000000000431,
    a=7,
    b=0x5FBFF498AA938CE739B8E022FBAFEF40563F6E6A3472FC2A514C0CE9DAE23B7E,
    q=0x8000000000000000000000000000000150FE8A1892976154C59CFC193ACCF5B3,
    x=2,
    y=0x08E2A8A0E65147D4BD6316030E16D19C85C97F0A9CA267122B96ABBCEA7E8FC8,
)
EXAMPLE_1 = {
    "x": 0x7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B,
    "y": 0x26F1B489D6701DD185C8413A977B3CBBAF64D1C593D26627DFFB101A87FF77DA,
    "e": 0x2DFBC1B372D89A1188C09C52E0EEC61FCE52032AB1022E8E67ECE6672B043EE5,
    "r": 0x41AA28D2F1AB148280CD9ED56FEDA41974053554A42767B83AD043FD39DC0493,
    "s": 0x01456C64BA4642A1653C235A98A60249BCD6D3F746B631DF928014F6C5BF9C40,
}
CURVE_2 = Curve(
    p=int(
        "4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15D"
        "F1D852741AF4704A0458047E80E4546D35B8336FAC224DD81664BBF528BE6373",
        16,
    ),
    a=7,
    b=int(
        "1CFF0806A31116DA29D8CFA54E57EB748BC5F377E49400FDD788B649ECA1AC43"
        "61834013B2AD7322480A89CA58E0CF74BC9E540C2ADD6897FAD0A3084F302ADC",
        16,
    ),
    q=int(
        "4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15D"
        "A82F2D7ECB1DBAC719905C5EECC423F1D86E25EDBE23C595D644AAF187E6E6DF",
        16,
    ),
    x=int(
        "24D19CC64572EE30F396BF6EBBFD7A6C5213B3B3D7057CC825F91093A68CD762"
        "FD60611262CD838DC6B60AA7EEE804E28BC849977FAC33B4B530F1B120248A9A",
        16,
    ),
    y=int(
        "2BB312A43BD2CE6E0D020613C857ACDDCFBF061E91E5F2C3F32447C259F39B2C"
        "83AB156D77F1496BF7EB3351E1EE4E43DC1A18B91B24640B6DBB92CB1ADD371E",
        16,
    ),
)
EXAMPLE_2 = {
    "x": int(
        "115DC5BC96760C7B48598D8AB9E740D4C4A85A65BE33C1815B5C320C854621DD"
        "5A515856D13314AF69BC5B924C8B4DDFF75C45415C1D9DD9DD33612CD530EFE1",
        16,
    ),
    "y": int(
        "37C7C90CD40B0F5621DC3AC1B751CFA0E2634FA0503B3D52639F5D7FB72AFD61"
        "EA199441D943FFE7F0C70A2759A3CDB84C114E1F9339FDF27F35ECA93677BEEC",
        16,
    ),
    "e": int(
        "3754F3CFACC9E0615C4F4A7C4D8DAB531B09B6F9C170C533A71D147035B0C591"
        "7184EE536593F4414339976C647C5D5A407ADEDB1D560C4FC6777D2972075B8C",
        16,
    ),
    "r": int(
        "2F86FA60A081091A23DD795E1E3C689EE512A3C82EE0DCC2643C78EEA8FCACD3"
        "5492558486B20F1C9EC197C90699850260C93BCBCD9C5C3317E19344E173AE36",
        16,
    ),
    "s": int(
        "1081B394696FFE8E6585E7A9362D26B6325F56778AADBC081C0BFBE933D52FF5"
        "823CE288E8C4F362526080DF7F70CE406A6EEB1F56919CB92A9853BDE73E5B4A",
        16,
    ),
}

SETS = {  # as the engine calls them
    "1.2.643.2.2.35.1": ("gost2012_256", "A"),
    "1.2.643.2.2.35.2": ("gost2012_256", "B"),
    "1.2.643.2.2.35.3": ("gost2012_256", "C"),
    "1.2.643.2.2.36.0": ("gost2012_256", "XA"),
    "1.2.643.2.2.36.1": ("gost2012_256", "XB"),
    "1.2.643.7.1.2.1.1.1": ("gost2012_256", "TCA"),
    "1.2.643.7.1.2.1.1.2": ("gost2012_256", "TCB"),
    "1.2.643.7.1.2.1.1.3": ("gost2012_256", "TCC"),
    "1.2.643.7.1.2.1.1.4": ("gost2012_256", "TCD"),
    "1.2.643.7.1.2.1.2.1": ("gost2012_512", "A"),
    "1.2.643.7.1.2.1.2.2": ("gost2012_512", "B"),
    "1.2.643.7.1.2.1.2.3": ("gost2012_512", "C"),
}


@pytest.mark.parametrize(("name", "message"), DIGESTS)
def test_streebog_of_the_standard(name, message):
    assert digests.digest(name, message).hex() == DIGESTS[name, message]


def test_a_copy_of_a_digest_goes_its_own_way():
    taken = digests.new("streebog256")
    taken.update(DIGITS[:7])
    copy = taken.copy()
    copy.update(DIGITS[7:])
    taken.update(b"something else")
    assert copy.hexdigest() == DIGESTS["streebog256", DIGITS] != taken.hexdigest()


def test_the_hash_pyhanko_uses_serves_streebog_and_all_the_others():
    for name in ("streebog256", "sha256", "streebog512", "sha512"):
        algorithm = get_pyca_cryptography_hash(name)
        taken = hashes.Hash(algorithm)
        taken.update(DIGITS[:7])
        copy = taken.copy()
        copy.update(DIGITS[7:])
        assert copy.finalize() == digests.digest(name, DIGITS)
        assert taken.finalize() == digests.digest(name, DIGITS[:7])


@pytest.mark.parametrize(
    ("curve", "example", "size"), [(CURVE_1, EXAMPLE_1, 32), (CURVE_2, EXAMPLE_2, 64)]
)
def test_signatures_of_the_standard(curve, example, size):
    digest = example["e"].to_bytes(size, "little")
    value = example["s"].to_bytes(size, "big") + example["r"].to_bytes(size, "big")
    x, y = example["x"], example["y"]
    assert verification.holds(digest, value, x, y, curve)
    assert not verification.holds(digest, value, x, curve.p - y, curve)
    assert not verification.holds(digest, value[size:] + value[:size], x, y, curve)
    assert not verification.holds(digest, value[:-1], x, y, curve)
    assert not verification.holds(digest, value, x, y + 1, curve)
    for s, r in ((0, example["r"]), (example["s"], 0), (curve.q + example["s"], example["r"])):
        forged = s.to_bytes(size + 1, "big")[1:] + r.to_bytes(size, "big")
        assert not verification.holds(digest, forged, x, y, curve)


def test_every_parameter_set_has_its_engine_name():
    assert set(SETS) == set(BY_PARAMETER_SET)


@pytest.mark.parametrize("parameter_set", SETS)
def test_openssl_agrees(parameter_set, gost, tmp_path):
    algorithm, name = SETS[parameter_set]
    size = int(algorithm[-3:]) // 8
    made = ("genpkey", "-algorithm", algorithm, "-pkeyopt", f"paramset:{name}")
    gost.openssl(*made, "-out", tmp_path / "key")
    public = gost.openssl("pkey", "-in", tmp_path / "key", "-pubout")
    (tmp_path / "public").write_bytes(public)
    key = PublicKey.read(keys.PublicKeyInfo.load(pem.unarmor(public)[2]))
    assert key.curve is BY_PARAMETER_SET[parameter_set]
    for _ in range(3):
        digest = secrets.token_bytes(size)
        (tmp_path / "digest").write_bytes(digest)
        signing = ("pkeyutl", "-sign", "-inkey", tmp_path / "key", "-in", tmp_path / "digest")
        value = gost.openssl(*signing)
        flipped = bytearray(value)
        flipped[secrets.randbelow(len(value))] ^= 1 << secrets.randbelow(8)
        swapped = value[size:] + value[:size]
        for tried in (value, bytes(flipped), swapped, value[::-1]):
            ours = verification.holds(digest, tried, key.x, key.y, key.curve)
            assert ours == openssl_holds(gost, tmp_path, tried) == (tried == value)


def openssl_holds(gost, folder, value):
    (folder / "value").write_bytes(value)
    files = ("-pubin", "-inkey", "public", "-in", "digest", "-sigfile", "value")
    done = subprocess.run(
        ["openssl", "pkeyutl", "-engine", "gost", "-verify", *files],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert b"Signature Verif" in done.stdout, done.stderr
    return done.returncode == 0
