"""What a school chooses is kept with its documents: what it did not choose changes nothing."""

import json

import pytest

from service.documents.options import CheckAddressMissing, PrintOptions, for_document

HERE = "https://journal.school18.example"
BEFORE_QR = {
    "glyph_set": "source",
    "sou_mode": "students",
    "percent_digits": 2,
    "mark_word": "оценок",
    "signing_route": ["deputy", "director"],
    "seal_block": True,
    "case_index_register": "05-12",
    "case_index_summary": "05-13",
    "case_index_reports": "05-14",
    "volume_sheets": 250,
    "certification_text": "Прошито, пронумеровано и скреплено печатью",
    "deputy_post": "Заместитель директора по УВР",
    "director_post": "Директор",
    "secretary_post": "Секретарь",
    "ratings": False,
    "absences_in_results": True,
}


@pytest.mark.parametrize("public_url", [None, HERE])
def test_without_a_code_documents_are_what_they_were(public_url):
    options = for_document(PrintOptions(), public_url)
    assert options.told() == BEFORE_QR
    text = json.dumps(BEFORE_QR, ensure_ascii=False, separators=(",", ":"))
    assert options.told_json() == text, "ids of documents are made of these very bytes"
    assert options.address("d1") == ""


def test_a_code_takes_the_address_along():
    options = for_document(PrintOptions(qr=True), HERE)
    assert options.told() == BEFORE_QR | {"qr": True, "check_at": HERE}
    assert options.address("d1") == f"{HERE}/v1/verify/d1"
    assert type(options).model_validate_json(options.told_json()) == options


def test_a_code_needs_an_address():
    with pytest.raises(CheckAddressMissing, match=r"web\.public_url"):
        for_document(PrintOptions(qr=True), None)
