"""What a proxy in front says of the client: believed from its own addresses, else taken away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import unquote

Network = IPv4Network | IPv6Network
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

CERTIFICATE = "HTTP_CLIENT_CERT"  # RFC 9440, 2.1
PEM = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*")
IGNORED = "vedomost.client_cert_ignored"
SCHEMES = frozenset({"http", "https"})


@dataclass(frozen=True, slots=True)
class Proxied:
    """A WSGI application behind these proxies, or behind none.

    From a proxy: REMOTE_ADDR becomes the last address of X-Forwarded-For that is no proxy's, the
    scheme that of X-Forwarded-Proto, Client-Cert stays (what nginx calls $ssl_client_escaped_cert
    in the form of RFC 9440). From anybody else Client-Cert is dropped and the rest is not looked
    at: nothing behind this can mistake a client for a proxy.
    """

    application: Wsgi
    proxies: tuple[Network, ...]

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request."""
        if self._is_proxy(environ.get("REMOTE_ADDR", "")):
            environ["REMOTE_ADDR"] = self._client(environ)
            scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").strip().lower()
            if scheme in SCHEMES:
                environ["wsgi.url_scheme"] = scheme
            if found := PEM.fullmatch(unquote(environ.get(CERTIFICATE, ""))):
                environ[CERTIFICATE] = f":{''.join(found[1].split())}:"
        elif environ.pop(CERTIFICATE, None) is not None:
            environ[IGNORED] = True
        return self.application(environ, start_response)

    def _client(self, environ: dict[str, Any]) -> str:
        nearest = str(environ["REMOTE_ADDR"])
        sent = [one.strip() for one in str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
        for one in reversed(sent):
            if not _is_address(one):
                return nearest
            nearest = one
            if not self._is_proxy(one):
                return nearest
        return nearest

    def _is_proxy(self, address: str) -> bool:
        if not _is_address(address):
            return False
        known = ip_address(address)
        if isinstance(known, IPv6Address) and known.ipv4_mapped is not None:
            known = known.ipv4_mapped
        return any(known in network for network in self.proxies)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
