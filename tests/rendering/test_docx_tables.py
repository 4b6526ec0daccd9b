"""A slice of a table as WordprocessingML: header trees, covered cells, looks."""

from __future__ import annotations

import pytest
from lxml import etree

from service.documents.parts import Align, Block, Cell, Column, ColumnGroup, Style, Table, leaves
from service.rendering.docx.tables import slice_of_table
from service.rendering.docx.text import NAMESPACE
from service.rendering.pages import TableSlice

W = {"w": NAMESPACE}
COLUMNS = (
    Column("№", 10),
    ColumnGroup("Пропущено", (Column("дней", 20), ColumnGroup("уроков", (Column("всего", 20),)))),
    Column("Сдано", 20, Align.RIGHT, turned=True, style=Style.BOLD),
)


def rows_of(*blocks: Block, columns=COLUMNS, digits=False, table=None):
    """Return the rows of a table with these blocks."""
    made = slice_of_table(
        TableSlice(
            table=table or Table(columns, blocks, digits=digits),
            columns=columns,
            widths=tuple(column.width for column in leaves(columns)),
            blocks=blocks,
            heights=tuple((6.0,) * len(block.rows) for block in blocks),
            head_height=30,
        )
    )
    return etree.fromstring(f'<r xmlns:w="{NAMESPACE}">{made}</r>').findall(".//w:tr", W)


def seen(row):
    """Return each cell of a row: text, columns covered, its part in a cell over rows."""
    for cell in row.findall("w:tc", W):
        span = cell.find("w:tcPr/w:gridSpan", W)
        merge = cell.find("w:tcPr/w:vMerge", W)
        yield (
            "".join(cell.itertext()),
            1 if span is None else int(span.get(f"{{{NAMESPACE}}}val")),
            "" if merge is None else merge.get(f"{{{NAMESPACE}}}val", "rest"),
        )


def test_a_tree_of_headings_becomes_repeated_rows():
    rows = rows_of(digits=True)
    assert [list(seen(row)) for row in rows] == [
        [("№", 1, "restart"), ("Пропущено", 2, ""), ("Сдано", 1, "restart")],
        [("", 1, "rest"), ("дней", 1, "restart"), ("уроков", 1, ""), ("", 1, "rest")],
        [("", 1, "rest"), ("", 1, "rest"), ("всего", 1, ""), ("", 1, "rest")],
        [("1", 1, ""), ("2", 1, ""), ("3", 1, ""), ("4", 1, "")],
    ]
    assert all(row.find("w:trPr/w:tblHeader", W) is not None for row in rows)
    assert all(row.find("w:trPr/w:cantSplit", W) is not None for row in rows)


def test_columns_on_a_later_page_keep_their_numbers():
    whole = Table((*COLUMNS, Column("Итого", 20)), (), digits=True)
    run = (COLUMNS[0], whole.columns[-1])
    (_, digits) = rows_of(columns=run, table=whole)
    assert [text for text, *_ in seen(digits)] == ["1", "5"]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (
            Block(((Cell("a"), Cell("b"), Cell("c"), Cell("d")), (None, Cell("e"), Cell(), None))),
            [
                [("a", 1, "restart"), ("b", 1, ""), ("c", 1, ""), ("d", 1, "restart")],
                [("", 1, "rest"), ("e", 1, ""), ("", 1, ""), ("", 1, "rest")],
            ],
        ),
        (
            Block(((Cell("Итого", across=2), None, Cell("c"), Cell("d")),)),
            [[("Итого", 2, ""), ("c", 1, ""), ("d", 1, "")]],
        ),
        (
            Block(
                ((Cell("a", across=2), None, Cell("c"), Cell("d")), (None, None, Cell("e"), Cell()))
            ),
            [
                [("a", 2, "restart"), ("c", 1, ""), ("d", 1, "")],
                [("", 2, "rest"), ("e", 1, ""), ("", 1, "")],
            ],
        ),
        (
            Block(
                (
                    (Cell("a"), Cell("b"), Cell("c"), Cell()),
                    (Cell("x", across=3), None, None, Cell()),
                )
            ),
            [
                [("a", 1, ""), ("b", 1, ""), ("c", 1, ""), ("", 1, "")],
                [("x", 3, ""), ("", 1, "")],
            ],
        ),
    ],
    ids=["from above", "from the left", "from above and the left", "left under single cells"],
)
def test_none_is_covered_by_the_cell_above_or_to_the_left(block, expected):
    assert [list(seen(row)) for row in rows_of(block)[3:]] == expected


def test_every_row_fills_the_grid():
    block = Block(
        ((Cell("a", across=9), None, None, None), (Cell(), Cell(), Cell("b", across=2), None))
    )
    assert {sum(span for _, span, _ in seen(row)) for row in rows_of(block)} == {4}


def test_a_cell_shows_its_looks():
    look = Cell("5", style=Style.SHADED | Style.ITALIC, corner="К")
    (row,) = rows_of(Block(((look, Cell(style=Style.STRUCK), Cell("L", Align.LEFT), Cell("R")),)))[
        3:
    ]
    shaded, struck, left, right = row.findall("w:tc", W)
    assert shaded.find(".//w:shd", W).get(f"{{{NAMESPACE}}}fill") == "DEDEDE"
    assert shaded.find(".//w:vertAlign", W) is not None
    assert shaded.find(".//w:i", W) is not None
    assert struck.find(".//w:tcBorders/w:tr2bl", W) is not None
    assert left.find(".//w:jc", W) is None  # the style's own
    assert right.find(".//w:jc", W).get(f"{{{NAMESPACE}}}val") == "right"
    assert right.find(".//w:b", W) is not None  # the column's


def test_a_turned_heading_reads_upwards_in_a_head_of_fixed_height():
    rows = rows_of()
    directions = rows[0].findall("w:tc/w:tcPr/w:textDirection", W)
    assert [one.get(f"{{{NAMESPACE}}}val") for one in directions] == ["btLr"]
    assert rows[2].find("w:trPr/w:trHeight", W).get(f"{{{NAMESPACE}}}hRule") == "exact"
