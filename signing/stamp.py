"""The visible mark of an electronic signature (ГОСТ Р 7.0.97-2016, 5.23), drawn to fit its box."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import TypeAlias

from pyhanko.pdf_utils.generic import ArrayObject, IndirectObject
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from signing import certificates
from signing.certificates import Certificate
from signing.document import dictionary, name, numbers, stream
from signing.errors import MarkTooLarge
from signing.lettering import Typeface

MM = 72 / 25.4
HEAD = ("ДОКУМЕНТ ПОДПИСАН", "ЭЛЕКТРОННОЙ ПОДПИСЬЮ")
SEAL_LINE = "ПЕЧАТЬ ОРГАНИЗАЦИИ"
TEST_LINE = "ТЕСТОВАЯ ПОДПИСЬ"
SERIAL_RUN = 24
FRAME = 0.5
CORNER = 2 * MM
SIDE, TOP = 2.2 * MM, 1.2 * MM
LARGEST, READABLE, STEP = 8.0, 5.0, 0.25  # points; nothing smaller is read on paper
LEADING = 1.2
CUT = "…"
BREAKS = re.compile(r"[^ -]*(?:[ -]+|$)")
GAP = 0.3  # of the size, between the headline and the facts

Colour: TypeAlias = tuple[float, float, float]
INK: Colour = (0.05, 0.16, 0.42)
LABEL: Colour = (0.30, 0.36, 0.50)
WARNING: Colour = (0.72, 0.08, 0.10)


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the mark: what it is and what it says.

    `lines` are broken as they are; a fact that `wraps` has one, broken where the width ends. One
    that `yields` may end in «…» after so many lines where the box holds no more.
    """

    label: str
    lines: tuple[str, ...]
    wraps: bool = True
    yields: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    bold: bool
    colour: Colour
    x: float


_Row: TypeAlias = tuple[float, tuple[_Run, ...]]  # baseline below the top edge, its runs


@dataclass(frozen=True, slots=True)
class _Layout:
    size: float
    rows: tuple[_Row, ...]


@dataclass(frozen=True)
class Stamp:
    """How marks look and in whose time they speak. Create it once: it keeps the fonts.

    The mark is part of what is signed, so it is drawn before the signature has its timestamp:
    `signed_at` stays None there. It is for a copy drawn later, with the time of a timestamp that
    was verified. `test` decides the line «ТЕСТОВАЯ ПОДПИСЬ»; None asks the certificate's issuer.
    `seal` makes it the mark of an organisation's seal. `attorney` is the number of the power of
    attorney (МЧД) the owner signs by.
    """

    regular: Typeface
    bold: Typeface
    zone: tzinfo
    signed_at: datetime | None = None
    test: bool | None = None
    seal: bool = False
    attorney: str = ""

    def heads(self, certificate: Certificate) -> tuple[tuple[str, Colour], ...]:
        """Return the headlines of the mark with their colours."""
        lines = (SEAL_LINE, *HEAD) if self.seal else HEAD
        test = certificates.is_test(certificate) if self.test is None else self.test
        warnings = ((TEST_LINE, WARNING),) if test else ()
        return (*((line, INK) for line in lines), *warnings)

    def facts(self, certificate: Certificate) -> tuple[Fact, ...]:
        """Return what the mark says about `certificate`, in order."""
        number = certificates.serial(certificate)
        pieces = (number[at : at + SERIAL_RUN] for at in range(0, len(number), SERIAL_RUN))
        since = certificates.valid_from(certificate).astimezone(self.zone)
        until = certificates.valid_until(certificate).astimezone(self.zone)
        whose = ("Владелец:", certificates.owner(certificate))
        if self.seal:
            whose = ("Организация:", certificates.organisation(certificate))
        facts = [
            Fact("Сертификат:", tuple(pieces), wraps=False),
            Fact(whose[0], (whose[1],), yields=True),
            Fact("Действителен:", (f"с {since:%d.%m.%Y} по {until:%d.%m.%Y}",)),
        ]
        if self.signed_at is not None:
            moment = self.signed_at.astimezone(self.zone)
            facts.append(Fact("Подписано:", (f"{moment:%d.%m.%Y %H:%M:%S} ({offset(moment)})",)))
        if self.attorney:
            facts.append(Fact("Доверенность (МЧД):", (self.attorney,)))
        return tuple(facts)

    def draw(
        self, writer: BasePdfFileWriter, certificate: Certificate, width: float, height: float
    ) -> IndirectObject:
        """Add the mark for `certificate`, `width` × `height` points, as a form; return it.

        Letters shrink from 8 pt to 5 pt until everything stands in the box. Where even that is not
        enough the owner's name ends in «…»; no other requisite is ever cut, and none is left out.
        Raises MarkTooLarge where the rest does not fit the box.
        """
        layout = self._fitted(certificate, width, height)
        runs = [run for _, row in layout.rows for run in row]
        fonts, letters = {}, {}
        for bold, face in ((False, self.regular), (True, self.bold)):
            used = frozenset("".join(run.text for run in runs if run.bold is bold))
            if used:
                letters[bold] = face.letters(used)
                fonts[bold] = face.embed(writer, letters[bold])
        content = [_frame(width, height)]
        for baseline, row in layout.rows:
            for run in row:
                shown = letters[run.bold].encoded(run.text)
                content.append(
                    f"{_colour(run.colour, 'sc')} BT /{_font(run.bold)} {layout.size:g} Tf "
                    f"{run.x:.2f} {height - baseline:.2f} Td <{shown}> Tj ET"
                )
        form = stream(
            f"q /C cs /C CS {' '.join(content)} Q".encode("ascii"),
            Type=name("XObject"),
            Subtype=name("Form"),
            BBox=numbers((0, 0, width, height)),
            Resources=dictionary(
                Font=dictionary(**{_font(bold): font for bold, font in fonts.items()}),
                ColorSpace=dictionary(C=_colour_space()),
            ),
        )
        return writer.add_object(form)

    def _fitted(self, certificate: Certificate, width: float, height: float) -> _Layout:
        heads, facts = self.heads(certificate), self.facts(certificate)
        room = height - 2 * TOP
        steps = round((LARGEST - READABLE) / STEP)
        for size in (LARGEST - step * STEP for step in range(steps + 1)):
            rows, depth = self._rows(heads, facts, size, width)
            if depth <= room:
                return _placed(rows, depth, size, height)
        spare = int((depth - room) / (READABLE * LEADING)) + 1  # lines too many
        shorter = tuple(self._shortened(fact, spare, READABLE, width) for fact in facts)
        rows, depth = self._rows(heads, shorter, READABLE, width)
        ends = (run.x + self._face(run).width(run.text, READABLE) for _, row in rows for run in row)
        if depth > room or max(ends) > width:
            raise MarkTooLarge(
                f"Отметка об электронной подписи не помещается в поле {width / MM:.0f} × "
                f"{height / MM:.0f} мм. Нужно поле 75 × 28 мм."
            )
        return _placed(rows, depth, READABLE, height)

    def _rows(
        self,
        heads: Sequence[tuple[str, Colour]],
        facts: Sequence[Fact],
        size: float,
        width: float,
    ) -> tuple[tuple[_Row, ...], float]:
        """Return the rows at a size, and how far down the last one reaches."""
        rows: list[_Row] = []
        below = size * self.bold.cap_height / 1000
        for text, colour in heads:
            x = (width - self.bold.width(text, size)) / 2
            rows.append((below, (_Run(text, True, colour, x),)))
            below += size * LEADING
        below += size * GAP
        for fact in facts:
            indent = self._indent(fact, size)
            label: tuple[_Run, ...] = (_Run(fact.label, False, LABEL, SIDE),)
            for line in self._lines(fact, size, width):
                value = _Run(line, False, INK, indent)
                rows.append((below, (*label, value)))
                label = ()
                below += size * LEADING
        return tuple(rows), rows[-1][0] + size * (LEADING - 1)

    def _indent(self, fact: Fact, size: float) -> float:
        return SIDE + self.regular.width(fact.label + " ", size)

    def _lines(self, fact: Fact, size: float, width: float) -> tuple[str, ...]:
        if not fact.wraps:
            return tuple(map(self.regular.clean, fact.lines))
        return tuple(self._wrapped(fact.lines[0], width - SIDE - self._indent(fact, size), size))

    def _shortened(self, fact: Fact, spare: int, size: float, width: float) -> Fact:
        """Return a fact that yields without `spare` of its lines, at least one line long."""
        if not fact.yields:
            return fact
        lines = self._lines(fact, size, width)
        kept = lines[: max(1, len(lines) - spare)]
        if len(kept) == len(lines):
            return fact
        room, last, cut = width - SIDE - self._indent(fact, size), kept[-1], self.regular.clean(CUT)
        while last and self.regular.width(last + cut, size) > room:
            last = last[:-1]
        return replace(fact, lines=(*kept[:-1], last.rstrip() + cut), wraps=False)

    def _face(self, run: _Run) -> Typeface:
        return self.bold if run.bold else self.regular

    def _wrapped(self, text: str, room: float, size: float) -> Iterator[str]:
        """Yield lines that fit: broken at spaces, then after hyphens, then anywhere."""
        line = ""
        for piece in BREAKS.findall(self.regular.clean(" ".join(text.split()))):
            if self.regular.width((line + piece).rstrip(), size) <= room:
                line += piece
                continue
            if line:
                yield line.rstrip()
            line = piece
            while line and self.regular.width(line.rstrip(), size) > room:
                fits = max(
                    1, sum(self.regular.width(line[:n], size) <= room for n in range(1, len(line)))
                )
                yield line[:fits]
                line = line[fits:]
        yield line.rstrip()


def _placed(rows: Sequence[_Row], depth: float, size: float, height: float) -> _Layout:
    """Return rows that reach `depth` in the middle of a box `height` high."""
    top = (height - depth) / 2
    return _Layout(size, tuple((top + below, runs) for below, runs in rows))


def offset(moment: datetime) -> str:
    """Return the offset of an aware moment as «UTC+5» or «UTC+5:30»."""
    minutes = round((moment.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def _font(bold: bool) -> str:
    return "B" if bold else "R"


def _colour(colour: Colour, operator: str) -> str:
    return " ".join(f"{part:g}" for part in colour) + f" {operator}"


def _colour_space() -> ArrayObject:
    """Colours of their own measure (sRGB primaries): right in PDF/A whatever the file's intent."""
    measure = dictionary(
        WhitePoint=numbers((0.9505, 1, 1.089)),
        Gamma=numbers((2.2, 2.2, 2.2)),
        Matrix=numbers((0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505)),
    )
    return ArrayObject([name("CalRGB"), measure])


def _frame(width: float, height: float) -> str:
    """Return the path of a frame with rounded corners, half a line inside the box."""
    left = bottom = FRAME / 2
    right, top = width - left, height - bottom
    radius = min(CORNER, width / 4, height / 4)
    pull = radius * 0.4477  # what is left of the corner after a Bézier quarter circle's handle
    path = [
        f"{left + radius:.2f} {bottom:.2f} m {right - radius:.2f} {bottom:.2f} l",
        f"{right - pull:.2f} {bottom:.2f} {right:.2f} {bottom + pull:.2f} "
        f"{right:.2f} {bottom + radius:.2f} c {right:.2f} {top - radius:.2f} l",
        f"{right:.2f} {top - pull:.2f} {right - pull:.2f} {top:.2f} "
        f"{right - radius:.2f} {top:.2f} c {left + radius:.2f} {top:.2f} l",
        f"{left + pull:.2f} {top:.2f} {left:.2f} {top - pull:.2f} "
        f"{left:.2f} {top - radius:.2f} c {left:.2f} {bottom + radius:.2f} l",
        f"{left:.2f} {bottom + pull:.2f} {left + pull:.2f} {bottom:.2f} "
        f"{left + radius:.2f} {bottom:.2f} c s",
    ]
    return f"{_colour(INK, 'SC')} {FRAME:g} w {' '.join(path)}"
