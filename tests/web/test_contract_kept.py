"""The running service does what its description says: Schemathesis, all checks, a fixed seed.

`make schemathesis` gives it every phase, each duty, both databases and no hurry; here it has a
quick look at each operation.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from databases import Fresh
from judged import ALL, Judged, served

from service.domain.rights import Duty
from signing.authority import Authority

WHOLE = bool(os.environ.pop("VEDOMOST_SCHEMATHESIS", ""))  # the service knows no such setting
EACH = ("--phases", "examples,fuzzing", "--max-examples", "2")
AFTER = ("--phases", "stateful", "--max-examples", "12")
WALKED = 12  # operations that ended well while one followed another
DATABASES = ["sqlite"]
if WHOLE:
    EACH = ("--phases", "examples,coverage,fuzzing", "--max-examples", "40")
    AFTER = ("--phases", "stateful", "--max-examples", "300")
    WALKED = 35
    DATABASES = ["sqlite", "postgresql"]
REGIONAL = {"create_school"}  # whoever has the right at one school has it not for the region


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


@pytest.mark.timeout(3600)
def test_each_operation(judged: Judged) -> None:
    judged.run(ALL, *EACH)


@pytest.mark.timeout(3600)
def test_one_after_another(judged: Judged) -> None:
    walked = judged.run(ALL, *AFTER)
    well = {one.operation for one in walked if one.status < 300}
    assert len(well) >= WALKED, f"never: {sorted(judged.description.keys() - well)}"


if WHOLE:  # the suite asks as every duty in test_matrix.py

    @pytest.mark.timeout(3600)
    @pytest.mark.parametrize("duty", Duty)
    def test_as_each_duty(judged: Judged, duty: Duty) -> None:
        for one in judged.run(duty, "--phases", "examples,fuzzing", "--max-examples", "5"):
            if not judged.allowed(one.operation, duty):
                assert not 200 <= one.status < 300, one
            elif one.operation not in REGIONAL:
                assert one.code != "forbidden", one
