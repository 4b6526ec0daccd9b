"""Streebog (GOST R 34.11-2012, RFC 6986) by OpenSSL's provider `gostprov`, loaded when needed."""

from __future__ import annotations

import _hashlib
import ctypes
import hashlib
from functools import cache
from threading import Lock
from types import MappingProxyType

from signing.errors import GostNotInstalled

NAMES_IN_OPENSSL = MappingProxyType(
    {"streebog256": "md_gost12_256", "streebog512": "md_gost12_512"}
)
PROVIDER = b"gostprov"
KEEP_DEFAULT_PROVIDER = 1

_loading = Lock()


def new(name: str) -> hashlib._Hash:
    """Return a hashlib object of `streebog256` or `streebog512`, or raise GostNotInstalled."""
    require()
    return hashlib.new(NAMES_IN_OPENSSL[name])


def require() -> None:
    """Raise GostNotInstalled unless Streebog is at hand; the first call loads the provider."""
    with _loading:
        ready = _ready()
    if not ready:
        raise GostNotInstalled(
            "Поддержка ГОСТ не установлена: на этом компьютере нет модуля ГОСТ для OpenSSL 3. "
            "Установите пакет «libengine-gost-openssl» и перезапустите программу."
        )


@cache
def _ready() -> bool:
    """Say whether hashlib computes Streebog, loading the provider if it does not yet.

    An administrator may have configured OpenSSL with the engine `gost`; where hashlib already
    knows the digest nothing is loaded: engine and provider in one process break each other.
    """
    return _known() or (_provider_loaded() and _known())


def _known() -> bool:
    try:
        return bool(hashlib.new(NAMES_IN_OPENSSL["streebog256"]).digest())
    except ValueError:
        return False


def _provider_loaded() -> bool:
    # Symbols are looked up through hashlib's own module: a process may hold several OpenSSLs.
    openssl = ctypes.CDLL(getattr(_hashlib, "__file__", None))
    try:
        load = openssl.OSSL_PROVIDER_try_load
        forget_errors = openssl.ERR_clear_error
    except AttributeError:  # an OpenSSL before 3.0, or linked in without its names
        return False
    load.restype = ctypes.c_void_p
    load.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    loaded = load(None, PROVIDER, KEEP_DEFAULT_PROVIDER) is not None
    forget_errors()
    return loaded
