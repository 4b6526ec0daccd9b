"""What no client means to send: it is refused by name, and no database ever sees it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from town import SCHOOL, TOKENS, Town

AUDIT = f"/v1/schools/{SCHOOL}/audit"


@pytest.mark.parametrize(
    "path", ["/v1/schools/%00/jobs", "/v1/jobs/a%00b", "/v1/tokens/%00", "/v1/verify/%00"]
)
def test_nothing_has_a_nul_in_its_address(quiet_town: Town, path: str) -> None:
    answer = quiet_town.ask("region", "GET", path)
    assert (answer.status_code, answer.json["code"]) == (404, "not-found")


def test_no_search_has_a_nul(quiet_town: Town) -> None:
    answer = quiet_town.ask("region", "GET", f"{AUDIT}?subject=%00")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/subject")


def test_no_text_has_a_nul(quiet_town: Town) -> None:
    asked: dict[str, Any] = {"duties": ["system"], "description": "a\0b"}
    answer = quiet_town.ask("administrator", "POST", "/v1/tokens", json=asked)
    assert answer.status_code == 422
    [fault] = answer.json["errors"]
    assert (fault["pointer"], fault["code"]) == ("/description", "nul")
    asked["description"] = r"a\u0000b"  # a backslash and letters: no such character at all
    assert quiet_town.ask("administrator", "POST", "/v1/tokens", json=asked).status_code == 201


def test_no_key_stands_twice(quiet_town: Town) -> None:
    body = b'{"duties": ["system"], "description": "a", "description": "b", "classes": []}'
    answer = quiet_town.ask(
        "administrator", "POST", "/v1/tokens", data=body, content_type="application/json"
    )
    assert (answer.status_code, len(answer.json["errors"])) == (422, 1)
    fault = answer.json["errors"][0]
    assert (fault["pointer"], fault["code"]) == ("/description", "duplicate-key")
    at_once = quiet_town.ask(
        "administrator",
        "POST",
        "/v1/tokens",
        data=body.replace(b'"a"', b"1", 1).replace(b'"b"', b"2"),
        content_type="application/json",
    )
    assert [(one["pointer"], one["code"]) for one in at_once.json["errors"]] == [
        ("/description", "wrong-type"),
        ("/description", "duplicate-key"),
    ]
    options = b'{"id": "a", "settings": {"options": {"qr": false, "qr": true}}}'
    inside = quiet_town.ask(
        "region", "POST", "/v1/schools", data=options, content_type="application/json"
    )
    assert inside.json["errors"][0]["pointer"] == "/settings/options/qr"


def test_who_has_nothing_to_say_need_send_no_body(quiet_town: Town) -> None:
    snapshot = quiet_town.post_snapshot()
    plan = f"/v1/schools/{SCHOOL}/snapshots/{snapshot}/plan"
    assert quiet_town.ask("journal", "POST", plan).status_code in {200, 202}
    asked = {"duties": ["system"], "description": "Журнал"}
    token = quiet_town.ask("administrator", "POST", "/v1/tokens", json=asked).json["id"]
    rotated = quiet_town.ask("administrator", "POST", f"/v1/tokens/{token}/rotation")
    assert (rotated.status_code, bool(rotated.json["previous_until"])) == (200, True)
    typed = {"data": b"", "content_type": "text/plain"}
    assert quiet_town.ask("journal", "POST", plan, **typed).status_code in {200, 202}
    typed["data"] = b"{}"
    assert quiet_town.ask("journal", "POST", plan, **typed).status_code == 415
    orders = quiet_town.ask("journal", "POST", f"/v1/schools/{SCHOOL}/jobs")
    assert orders.status_code == 415, "what has to be said is asked for"
    settings = quiet_town.ask("administrator", "PUT", f"/v1/schools/{SCHOOL}/calendar")
    assert settings.status_code == 415, "what is put takes the place of all there was"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_times_that_utc_has_no_year_for_are_refused(quiet_town: Town, at: str) -> None:
    found = quiet_town.ask("auditor", "GET", AUDIT, query_string={"since": at})
    assert (found.status_code, found.json["errors"][0]["pointer"]) == (422, "/since")
    asked = {"duties": ["system"], "description": "Журнал", "expires_at": at}
    made = quiet_town.ask("administrator", "POST", "/v1/tokens", json=asked)
    assert (made.status_code, made.json["errors"][0]["pointer"]) == (422, "/expires_at")


def test_what_is_no_json_is_told_why(quiet_town: Town) -> None:
    for body, status, words in (
        (b'\xef\xbb\xbf{"a": 1}', 422, "найдено ошибок: 3"),
        ('{"a": 1}'.encode("utf-16"), 400, "не в кодировке UTF-8"),
        (b"[" * 3000, 400, "слишком глубокая вложенность"),
        (b'{"a": "\\ud800"}', 400, "столбец 14: код \\uXXXX неполон"),
        (b"{", 400, "файл обрывается"),
    ):
        answer = quiet_town.ask(
            "administrator", "POST", "/v1/tokens", data=body, content_type="application/json"
        )
        assert answer.status_code == status
        assert words in answer.json["detail"]


def test_no_parameter_is_passed_over(quiet_town: Town) -> None:
    for path, code in (
        ("/v1/kinds?x=1", "unknown-key"),
        ("/v1/tokens/t?x=1", "unknown-key"),
        ("/v1/tokens?limit=1&limit=2", "duplicate-key"),
    ):
        answer = quiet_town.ask("administrator", "GET", path)
        assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, code), path
    assert quiet_town.ask(None, "GET", "/livez?verbose").status_code == 200


def test_http_itself_says_what_to_do(quiet_town: Town) -> None:
    assert "/v1/docs" in quiet_town.ask(None, "GET", "/v1/nothing").json["detail"]
    assert "Allow" in quiet_town.ask(None, "POST", "/v1/kinds").json["detail"]


def test_a_body_of_another_shape_is_called_a_body(quiet_town: Town) -> None:
    answer = quiet_town.ask(
        "administrator", "POST", "/v1/tokens", data=b"null", content_type="application/json"
    )
    assert answer.json["errors"][0]["message"] == "Тело запроса: нужен объект { … }."


def test_the_scheme_of_a_token_may_be_written_in_any_case(quiet_town: Town) -> None:
    headers = {"Authorization": f"bearer {TOKENS['journal']}"}
    assert quiet_town.http.get("/v1/me", headers=headers).status_code == 200


class Stalled(BytesIO):
    """A connection whose client sent half a body and fell silent for longer than is waited."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise BlockingIOError(size)


def test_a_body_that_stops_coming_is_no_error_of_ours(quiet_town: Town) -> None:
    answer = quiet_town.ask(
        "journal",
        "POST",
        f"/v1/schools/{SCHOOL}/jobs",
        input_stream=Stalled(b"{}"),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},  # as gunicorn says
    )
    assert (answer.status_code, answer.json["code"]) == (400, "body-interrupted")
