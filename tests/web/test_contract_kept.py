"""The running service does what its description says: Schemathesis, all checks, a fixed seed.

`make schemathesis` gives it every phase, each duty, both databases and no hurry; here it has a
quick look at each operation.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

import pytest
from databases import Fresh
from judged import ALL, PERSON, Call, Effort, Judged, served

from service.domain.access.rights import Duty, Right, rights_of
from signing.authority import Authority

WHOLE = bool(os.environ.pop("VEDOMOST_SCHEMATHESIS", ""))  # the service knows no such setting
LOOK = Effort(("fuzzing", "stateful"), each=1, walks=3, steps=30)
WALKED = 15  # operations that ended well while one followed another
REACHED = 0.5  # of those that were asked for then; three quarters and more on any day
DATABASES = ["sqlite"]
if WHOLE:
    LOOK = Effort(("examples", "coverage", "fuzzing", "stateful"), each=10, walks=10, steps=40)
    WALKED = 50
    DATABASES = ["sqlite", "postgresql"]
OF_REGIONS = {"create_school"}  # whoever has the right at one school has it not for the region
HIDDEN = re.compile("%2f|%5c", re.IGNORECASE)
AS_WHOM = {Right.OPEN, Right.SIGN}  # there a request says in which role besides


@pytest.fixture(scope="module", params=DATABASES)
def judged(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    authority: Authority,
) -> Iterator[Judged]:
    fresh: Fresh | None = None
    if request.param == "postgresql":
        fresh = request.getfixturevalue("fresh_postgresql")
    database = fresh() if fresh else ""
    with served(tmp_path_factory.mktemp("kept"), authority, database) as town:
        yield town


def undeclared(judged: Judged, calls: Iterable[Call]) -> list[Call]:
    """Return the calls that ended in a problem their operation does not tell of."""
    told = {name: {*one["x-problems"]} for name, one in judged.description.items()}
    return [one for one in calls if one.code and one.code not in told[one.operation]]


def require_walked(judged: Judged, calls: Iterable[Call]) -> None:
    """Pass if enough of what was asked while one request followed another ended well."""
    walks = [one for one in calls if one.phase == "stateful"]
    asked = {one.operation for one in walks}
    walked = {one.operation for one in walks if one.status < 400}
    told = f"{len(walked)} of {len(asked)}, never: {sorted(judged.description.keys() - walked)}"
    assert len(walked) >= max(WALKED, REACHED * len(asked)), told


@pytest.mark.timeout(3600)
def test_as_everybody(judged: Judged) -> None:
    calls = judged.run(ALL, LOOK)
    assert undeclared(judged, calls) == []
    require_walked(judged, calls)


if WHOLE:  # the suite asks as every duty in test_matrix.py, by every way in test_ways_in.py

    @pytest.mark.timeout(3600)
    def test_as_a_person(judged: Judged) -> None:
        calls = judged.run(PERSON, LOOK)
        assert undeclared(judged, calls) == []
        assert not {one.code for one in calls} & {"cross-site", "forbidden"}
        require_walked(judged, calls)

    @pytest.mark.timeout(3600)
    @pytest.mark.parametrize("duty", Duty)
    def test_as_each_duty(judged: Judged, duty: Duty) -> None:
        phases = ("examples", "coverage", *(("fuzzing",) if duty is Duty.SYSTEM else ()))
        calls = judged.run(duty, Effort(phases, each=10))
        assert undeclared(judged, calls) == []
        given = rights_of(frozenset({duty})) | {Right.PUBLIC}
        for one in calls:
            right = judged.right(one.operation)
            if HIDDEN.search(one.path):  # a slash that is none: nobody's address
                assert one.code == "not-found", one
            elif right not in given:
                assert one.code in {"forbidden", "unauthorized"}, one  # a wrong token is tried too
            elif right not in AS_WHOM and one.operation not in OF_REGIONS:
                assert one.code != "forbidden", one
