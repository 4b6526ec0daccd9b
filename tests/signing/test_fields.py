"""Which fields there are and what may still be done with them."""

from __future__ import annotations

import pytest

from signing.errors import DocumentUnreadable
from signing.fields import FieldState, fields_of


def test_fields_are_empty_before_anybody_signs(blank):
    fields = fields_of(blank)
    assert [field.name for field in fields] == ["deputy", "director"]
    assert {field.state for field in fields} == {FieldState.EMPTY}


def test_a_signature_fills_its_field_and_leaves_the_other(by_deputy):
    states = {field.name: field.state for field in fields_of(by_deputy)}
    assert states == {"deputy": FieldState.SIGNED, "director": FieldState.EMPTY}


def test_the_director_alone_locks_the_deputy_out(desk, blank):
    states = {field.name: field.state for field in fields_of(desk.sign(blank, "director"))}
    assert states == {"deputy": FieldState.LOCKED, "director": FieldState.SIGNED}


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF\n"])
def test_what_is_no_pdf_is_refused(data):
    with pytest.raises(DocumentUnreadable, match="не читается"):
        fields_of(data)


def test_a_cut_file_is_refused(by_both):
    with pytest.raises(DocumentUnreadable):
        fields_of(by_both[: len(by_both) // 2])
