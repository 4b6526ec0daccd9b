"""An identity provider at a socket: OpenID Connect, code flow with PKCE, signed ID tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "vedomost", "secret-of-the-service"


@dataclass
class Provider:
    """Recognises whoever comes as `claims` says; `forge` changes what its tokens say."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "person-1"})
    forge: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signing: RSAKey | None = None  # another key than the one it shows
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    instead: dict[str, Any] = field(default_factory=dict)  # what it answers, by path

    def visit(self, redirect: str) -> str:
        """Be the browser of somebody who logs in there; return where it is sent back to."""
        parts = urlsplit(redirect)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.address}/authorize"
        asked = dict(parse_qsl(parts.query))
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """Exchange a code, once, for whoever can prove to have asked for it."""
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or proof != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        signed = jwt.encode(
            {"alg": "RS256", "kid": "1"},
            claims | self.claims | self.forge,
            self.signing or self.key,
        )
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "id_token_signing_alg_values_supported": ["RS256"],
        }


@contextmanager
def identity_provider() -> Iterator[Provider]:
    """Run a provider on a port of its own."""
    provider = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/authorize?"):
                self.send_response(302)
                self.send_header("Location", provider.visit(f"{provider.address}{self.path}"))
                self.end_headers()
                return
            shown = {
                "/.well-known/openid-configuration": provider.metadata(),
                "/jwks": {"keys": [provider.key.as_dict(private=False)]},
            }
            self._answer(shown.get(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {key: values[0] for key, values in parse_qs(body).items()}
            self._answer(provider.token(form))

        def _answer(self, told: Any) -> None:
            told = provider.instead.get(self.path, told)
            body = json.dumps(told or {"error": "invalid_grant"}).encode()
            self.send_response(200 if told else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
