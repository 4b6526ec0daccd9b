"""Every kind says about class 8А what its golden file says."""

import pytest
from contents import written

from service.documents.kind import Scope
from service.documents.options import PrintOptions
from service.reports import catalogue


@pytest.mark.parametrize("name", catalogue())
def test_content_is_the_golden_one(name, class_8a, assign, golden):
    kind = catalogue()[name]
    term = "q1" if kind.scope is Scope.CLASS_TERM else None
    text = written(kind.content(assign(class_8a, term)))
    assert text == golden(name, text)
    assert text == written(kind.content(assign(class_8a, term)))


def test_each_kind_has_its_item_in_the_list_of_files():
    items = {
        "case_index_register": "1-01",
        "case_index_summary": "1-02",
        "case_index_reports": "1-03",
    }
    found = {name: kind.case_index(PrintOptions(**items)) for name, kind in catalogue().items()}
    assert set(found.values()) <= set(items.values()), "a school's own choice, never a constant"
    seeds = {"class-register": "1-01", "class-results": "1-03", "final-summary": "1-02"}
    assert {name: found[name] for name in seeds} == seeds
