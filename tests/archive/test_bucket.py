"""A bucket whose server lies, forgets to answer, or has no lock: nothing of that counts."""

from __future__ import annotations

import http.client
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from minio import Minio
from minio.retention import COMPLIANCE, Retention

from service.archive.bucket import BucketStore, open_bucket
from service.archive.prepare import prepare_bucket
from service.archive.store import (
    ClockSkewed,
    LockNotEnforced,
    ObjectExists,
    StoreLies,
    StoreRefused,
    StoreUnavailable,
)
from service.demo.servers import S3Server, start_s3

UNTIL = datetime(2051, 12, 31, 18, 59, 59, tzinfo=UTC)
Answer = tuple[int, dict[str, str], bytes]
Meddle = Callable[[str, str, Answer], Answer | None]


def put(store: BucketStore, key: str, body: bytes = b"body") -> str:
    tags = {"doc_id": "d1"}
    copy = store.put(key, body, keep_until=UNTIL, tags=tags, media_type="application/pdf")
    return copy.version_id


def versions(store: BucketStore, key: str) -> list[str | None]:
    found = store.client.list_objects(store.bucket, prefix=key, include_version=True)
    return [one.version_id for one in found]


@contextmanager
def meddling(store: BucketStore, server: S3Server, meddle: Meddle) -> Iterator[BucketStore]:
    """Yield the store seen through a wire that changes (None: swallows) the server's answers."""

    class Wire(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            far = http.client.HTTPConnection(server.endpoint, timeout=10)
            far.request(self.command, self.path, body, dict(self.headers.items()))
            reply = far.getresponse()
            headers = {n: v for n, v in reply.getheaders() if n.lower() != "transfer-encoding"}
            answer = meddle(self.command, self.path, (reply.status, headers, reply.read()))
            far.close()
            self.close_connection = answer is None
            if answer is None:
                return
            status, headers, payload = answer
            self.send_response_only(status)
            if self.command != "HEAD":
                headers["Content-Length"] = str(len(payload))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(payload)

    wire = ThreadingHTTPServer(("127.0.0.1", 0), Wire)
    thread = Thread(target=wire.serve_forever, args=(0.05,))
    thread.start()
    seen = open_bucket(
        name=store.name,
        endpoint=f"127.0.0.1:{wire.server_port}",
        bucket=store.bucket,
        access_key=server.user.access_key,
        secret_key=server.user.secret_key,
        secure=False,
    )
    try:
        yield seen
    finally:
        seen.client._http.clear()
        wire.shutdown()
        wire.server_close()
        thread.join()


def test_a_lost_answer_leaves_one_version(bucket: BucketStore, s3: S3Server, key: str) -> None:
    lost: list[str] = []

    def meddle(method: str, path: str, answer: Answer) -> Answer | None:
        if method == "PUT" and not lost:
            lost.append(path)
            return None
        return answer

    with meddling(bucket, s3, meddle) as store:
        version = put(store, key)
    assert lost
    assert versions(bucket, key) == [version]


def test_bytes_that_come_back_changed_do_not_count(
    bucket: BucketStore, s3: S3Server, key: str
) -> None:
    def meddle(method: str, path: str, answer: Answer) -> Answer:
        status, headers, payload = answer
        return status, headers, payload.replace(b"body", b"bodY")

    with meddling(bucket, s3, meddle) as store:
        with pytest.raises(StoreLies, match="хеш"):
            put(store, key)
        with pytest.raises(StoreLies, match="хеш"):
            store.get(key)
        with pytest.raises(StoreLies, match="изменилось"):
            store.check(bucket.stat(key))


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Amz-Object-Lock-Retain-Until-Date", "2031-12-31T18:59:59.123456789Z"),
        ("X-Amz-Object-Lock-Retain-Until-Date", "for ever"),
        ("X-Amz-Object-Lock-Mode", "GOVERNANCE"),
        ("X-Amz-Object-Lock-Mode", ""),
    ],
)
def test_another_lock_does_not_count(
    bucket: BucketStore, s3: S3Server, key: str, header: str, value: str
) -> None:
    def meddle(method: str, path: str, answer: Answer) -> Answer:
        status, headers, payload = answer
        if method == "HEAD" and header in headers:
            headers[header] = value
        return status, headers, payload

    with meddling(bucket, s3, meddle) as store, pytest.raises(StoreLies):
        put(store, key)
    assert put(bucket, key)
    with meddling(bucket, s3, meddle) as store, pytest.raises(StoreLies):
        store.check(bucket.stat(key))


def test_a_missing_lock_is_set(bucket: BucketStore, s3: S3Server, key: str) -> None:
    """Somebody put the very file past the service: it has the bucket's default lock of a day."""
    bare = Minio(
        s3.endpoint, s3.user.access_key, s3.user.secret_key, secure=False, region="us-east-1"
    )
    there = bare.put_object(bucket.bucket, key, BytesIO(b"body"), 4, "application/pdf")
    assert bucket.stat(key).locked_until < UNTIL
    assert put(bucket, key) == there.version_id
    assert bucket.stat(key).locked_until == UNTIL


def test_nothing_put_later_hides_the_first(bucket: BucketStore, s3: S3Server, key: str) -> None:
    version = put(bucket, key)
    bare = Minio(
        s3.endpoint, s3.user.access_key, s3.user.secret_key, secure=False, region="us-east-1"
    )
    bare.put_object(bucket.bucket, key, BytesIO(b"forged"), 6)
    bare.remove_object(bucket.bucket, key)
    assert bucket.get(key) == b"body"
    assert bucket.stat(key).version_id == version
    assert put(bucket, key) == version
    with pytest.raises(ObjectExists):
        put(bucket, key, b"forged")


def test_a_server_that_lets_the_canary_go_is_refused(bucket: BucketStore, s3: S3Server) -> None:
    def deletes(method: str, path: str, answer: Answer) -> Answer:
        return (204, {}, b"") if method == "DELETE" else answer

    def shortens(method: str, path: str, answer: Answer) -> Answer:
        return (200, {}, b"") if method == "PUT" and "retention" in path else answer

    for meddle, what in ((deletes, "удалить"), (shortens, "раньше срока")):
        with (
            meddling(bucket, s3, meddle) as store,
            pytest.raises(LockNotEnforced, match=what),
        ):
            store.prove_lock(datetime.now(UTC))


def test_a_bucket_without_object_lock_is_refused(s3: S3Server, key: str) -> None:
    admin = Minio(
        s3.endpoint, s3.admin.access_key, s3.admin.secret_key, secure=False, region="us-east-1"
    )
    if not admin.bucket_exists("plain"):
        admin.make_bucket("plain")
    place = {"name": "plain", "endpoint": s3.endpoint, "bucket": "plain", "secure": False}
    store = open_bucket(access_key=s3.user.access_key, secret_key=s3.user.secret_key, **place)
    with pytest.raises(StoreRefused):
        store.prove_lock(datetime.now(UTC))
    with pytest.raises(StoreRefused):
        put(store, key)
    with pytest.raises(StoreRefused, match="без Object Lock"):
        prepare_bucket(access_key=s3.admin.access_key, secret_key=s3.admin.secret_key, **place)


def test_wrong_keys_are_refused_at_once(bucket: BucketStore, s3: S3Server, key: str) -> None:
    store = open_bucket(
        name="archive",
        endpoint=s3.endpoint,
        bucket="archive",
        access_key=s3.user.access_key,
        secret_key="wrong",
        secure=False,
    )
    with pytest.raises(StoreRefused, match="SignatureDoesNotMatch") as refused:
        put(store, key)
    assert not re.search("wrong", str(refused.value))


def test_a_clock_that_is_wrong_is_told_as_one(bucket: BucketStore, s3: S3Server, key: str) -> None:
    there = "Sat, 21 Nov 2026 11:00:00 GMT"

    def late(method: str, path: str, answer: Answer) -> Answer:
        said = b"<Error><Code>RequestTimeTooSkewed</Code><Message>far</Message></Error>"
        return 403, {"Date": there, "Content-Type": "application/xml"}, said

    with meddling(bucket, s3, late) as store, pytest.raises(ClockSkewed) as refused:
        put(replace(store, pauses=()), key)
    assert refused.value.code == "store-clock-skewed"
    assert there in str(refused.value)
    assert "NTP" in str(refused.value)


def test_an_answer_that_is_not_of_s3_is_told_as_one(
    bucket: BucketStore, s3: S3Server, key: str
) -> None:
    put(bucket, key)

    def page(method: str, path: str, answer: Answer) -> Answer:
        return 200, answer[1], b"<html>hello</html>"

    def torn(method: str, path: str, answer: Answer) -> Answer:
        return *answer[:2], b"<ListVersionsResult"

    for meddle in (page, torn):
        with meddling(bucket, s3, meddle) as store, pytest.raises(StoreUnavailable, match="как S3"):
            replace(store, pauses=()).prove_lock(datetime.now(UTC))


def test_a_server_that_never_answers_is_unavailable_in_bounded_time(key: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        store = open_bucket(
            name="deaf",
            endpoint=f"127.0.0.1:{deaf.getsockname()[1]}",
            bucket="archive",
            access_key="a",
            secret_key="b",
            secure=False,
            timeout=0.2,
        )
        began = time.monotonic()
        with pytest.raises(StoreUnavailable, match="не отвечает"):
            replace(store, pauses=(0.1,)).get(key)
        assert time.monotonic() - began < 30


def test_the_bucket_keeps_what_is_locked(bucket: BucketStore, s3: S3Server, key: str) -> None:
    version = put(bucket, key)
    admin = Minio(
        s3.endpoint, s3.admin.access_key, s3.admin.secret_key, secure=False, region="us-east-1"
    )
    with pytest.raises(Exception, match="AccessDenied"):
        admin.remove_object(bucket.bucket, key, version_id=version)
    sooner = Retention(COMPLIANCE, datetime.now(UTC) + timedelta(days=1))
    with pytest.raises(Exception, match="AccessDenied"):
        admin.set_object_retention(bucket.bucket, key, sooner, version_id=version)
    assert dict(bucket.client.get_object_tags(bucket.bucket, key) or {}) == {"doc_id": "d1"}


def test_a_killed_server_is_unavailable_and_loses_nothing(
    tmp_path: Path, open_at: Callable[[S3Server, str], BucketStore], key: str
) -> None:
    server = start_s3(tmp_path)
    try:
        store = open_at(server, "archive")
        version = put(store, key)
        server.process.kill()
        server.process.wait()
        with pytest.raises(StoreUnavailable):
            put(store, key + ".sig")
    finally:
        server.stop()
    server = start_s3(tmp_path)
    try:
        store = open_at(server, "archive")
        assert store.get(key, version) == b"body"
        assert put(store, key) == version
        assert put(store, key + ".sig")
    finally:
        server.stop()
