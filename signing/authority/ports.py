"""Ports of the loopback that are kept until their server comes."""

from __future__ import annotations

import socket

LOCALHOST = "127.0.0.1"


def kept_port() -> int:
    """Return a port nobody listens on, kept until this process ends.

    It is bound and does not listen: whoever takes any port is given another one, and a server that
    asks for this very one gets it, since servers reuse addresses (SO_REUSEADDR).
    """
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind((LOCALHOST, 0))
    port = int(kept.getsockname()[1])
    kept.detach()
    return port
