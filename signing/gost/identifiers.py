"""Object identifiers of Russian cryptography, made known to asn1crypto and so to pyHanko."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from asn1crypto import algos, core, keys, x509

# RFC 9215, 2 and 3; R 1323565.1.023-2018.
DIGESTS = MappingProxyType(
    {"1.2.643.7.1.1.2.2": "streebog256", "1.2.643.7.1.1.2.3": "streebog512"},
)
KEYS = MappingProxyType(
    {"1.2.643.7.1.1.1.1": "gost2012_256", "1.2.643.7.1.1.1.2": "gost2012_512"},
)
# In CMS the key's own identifier names the signature (CryptoPro CSP, OpenSSL write it so), in
# certificates and CRLs the one that names the digest too; both are met in both places.
SIGNATURES = MappingProxyType(
    {
        **KEYS,
        "1.2.643.7.1.1.3.2": "streebog256_gost2012_256",
        "1.2.643.7.1.1.3.3": "streebog512_gost2012_512",
    }
)
# Order of the FSB of Russia of 27.12.2011 № 795, 17 and 18: parts of a name.
NAMES = MappingProxyType(
    {
        "1.2.643.3.131.1.1": "inn",  # ИНН of a person, 12 digits
        "1.2.643.100.4": "innle",  # ИНН of an organisation, 10 digits (ИННЮЛ)
        "1.2.643.100.1": "ogrn",
        "1.2.643.100.5": "ogrnip",
        "1.2.643.100.3": "snils",
    }
)


class KeyParameters(core.Sequence):  # type: ignore[misc]
    """GostR3410-2012-PublicKeyParameters (RFC 9215, 4.2)."""

    _fields: ClassVar = [
        ("curve", core.ObjectIdentifier),
        ("digest", core.ObjectIdentifier, {"optional": True}),
        ("cipher", core.ObjectIdentifier, {"optional": True}),
    ]


def register() -> None:
    """Teach asn1crypto the identifiers above; again changes nothing.

    asn1crypto has no door for this: its tables are extended in place, as pyHanko's own
    `asn1_types` does. Whatever was parsed earlier keeps dotted numbers for names.
    """
    _extend(algos.DigestAlgorithmId, DIGESTS)
    _extend(algos.SignedDigestAlgorithmId, SIGNATURES)
    _extend(keys.PublicKeyAlgorithmId, KEYS)
    _extend(x509.NameType, NAMES)
    for name in KEYS.values():
        keys.PublicKeyAlgorithm._oid_specs[name] = KeyParameters
    for name in NAMES.values():
        # NumericString by the order; authorities that take another string type exist.
        x509.NameTypeAndValue._oid_specs[name] = x509.DirectoryString
    _admit(x509.DirectoryString, "numeric_string", core.NumericString)
    keys.PublicKeyInfo._spec_callbacks["public_key"] = _key_spec


def _extend(identifier: type[core.ObjectIdentifier], names: Mapping[str, str]) -> None:
    identifier._map.update(names)
    if identifier._reverse_map is not None:
        identifier._reverse_map.update({name: oid for oid, name in names.items()})


def _admit(choice: type[core.Choice], name: str, spec: type[core.Asn1Value]) -> None:
    if name not in {held[0] for held in choice._alternatives}:
        choice._alternatives.append((name, spec))
        choice()._setup()  # it may have looked its alternatives up before


def _key_spec(key: keys.PublicKeyInfo) -> Any:
    """Return how to read the key's bits; those of unknown algorithms are not looked into."""
    try:
        return key._public_key_spec()
    except KeyError:
        return core.OctetBitString, None
