"""Every kind says about class 8А what its golden file says."""

import pytest
from contents import written

from service.documents.kind import Scope
from service.reports import catalogue


@pytest.mark.parametrize("name", catalogue())
def test_content_is_the_golden_one(name, class_8a, assign, golden):
    kind = catalogue()[name]
    term = "q1" if kind.scope is Scope.CLASS_TERM else None
    text = written(kind.content(assign(class_8a, term)))
    assert text == golden(name, text)
    assert text == written(kind.content(assign(class_8a, term)))
