"""The visible mark of an electronic signature (ГОСТ Р 7.0.97-2016, 5.23), drawn to fit its box."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TypeAlias

from pyhanko.pdf_utils.generic import ArrayObject, IndirectObject
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from signing import certificates
from signing.certificates import Certificate
from signing.document import dictionary, name, numbers, stream
from signing.lettering import Typeface

MM = 72 / 25.4
HEAD = ("ДОКУМЕНТ ПОДПИСАН", "ЭЛЕКТРОННОЙ ПОДПИСЬЮ")
TEST_LINE = "ТЕСТОВАЯ ПОДПИСЬ"
SERIAL_RUN = 24
FRAME = 0.5
CORNER = 2 * MM
SIDE, TOP = 2.2 * MM, 1.2 * MM
LARGEST, SMALLEST, STEP = 8.0, 3.0, 0.25
LEADING = 1.2
GAP = 0.3  # of the size, between the headline and the facts

Colour: TypeAlias = tuple[float, float, float]
INK: Colour = (0.05, 0.16, 0.42)
LABEL: Colour = (0.30, 0.36, 0.50)
WARNING: Colour = (0.72, 0.08, 0.10)


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the mark: what it is and what it says."""

    label: str
    lines: tuple[str, ...]
    wraps: bool = True


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    bold: bool
    colour: Colour
    x: float


@dataclass(frozen=True, slots=True)
class _Layout:
    size: float
    rows: tuple[tuple[float, tuple[_Run, ...]], ...]  # baseline below the top edge, its runs


@dataclass(frozen=True)
class Stamp:
    """How marks look and in whose time they speak. Create it once: it keeps the fonts.

    `signed_at` is printed only when it is known beforehand from a trusted source; the time of an
    ordinary signature is in its timestamp. `test` decides the line «ТЕСТОВАЯ ПОДПИСЬ»; None asks
    the certificate's issuer.
    """

    regular: Typeface
    bold: Typeface
    zone: tzinfo
    signed_at: datetime | None = None
    test: bool | None = None

    def facts(self, certificate: Certificate) -> tuple[Fact, ...]:
        """Return what the mark says about `certificate`, in order."""
        number = certificates.serial(certificate)
        pieces = (number[at : at + SERIAL_RUN] for at in range(0, len(number), SERIAL_RUN))
        since = certificates.valid_from(certificate).astimezone(self.zone)
        until = certificates.valid_until(certificate).astimezone(self.zone)
        facts = [
            Fact("Сертификат:", tuple(pieces), wraps=False),
            Fact("Владелец:", (certificates.owner(certificate),)),
            Fact("Действителен:", (f"с {since:%d.%m.%Y} по {until:%d.%m.%Y}",)),
        ]
        if self.signed_at is not None:
            moment = self.signed_at.astimezone(self.zone)
            facts.append(Fact("Подписано:", (f"{moment:%d.%m.%Y %H:%M:%S} ({offset(moment)})",)))
        return tuple(facts)

    def draw(
        self, writer: BasePdfFileWriter, certificate: Certificate, width: float, height: float
    ) -> IndirectObject:
        """Add the mark for `certificate`, `width` × `height` points, as a form; return it."""
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
        steps = round((LARGEST - SMALLEST) / STEP)
        room = height - 2 * TOP
        for step in range(steps + 1):
            size = LARGEST - step * STEP
            rows = tuple(self._rows(certificate, size, width))
            depth = rows[-1][0] + size * (LEADING - 1)
            if depth <= room:
                break
        top = (height - min(depth, room)) / 2
        return _Layout(size, tuple((top + below, runs) for below, runs in rows if below <= room))

    def _rows(
        self, certificate: Certificate, size: float, width: float
    ) -> Iterator[tuple[float, tuple[_Run, ...]]]:
        below = size * self.bold.cap_height / 1000
        heads = [(line, INK) for line in HEAD]
        test = certificates.is_test(certificate) if self.test is None else self.test
        if test:
            heads.append((TEST_LINE, WARNING))
        for text, colour in heads:
            x = (width - self.bold.width(text, size)) / 2
            yield below, (_Run(text, True, colour, x),)
            below += size * LEADING
        below += size * GAP
        for fact in self.facts(certificate):
            indent = SIDE + self.regular.width(fact.label + " ", size)
            lines = fact.lines
            if fact.wraps:
                lines = tuple(self._wrapped(fact.lines[0], width - SIDE - indent, size))
            for place, line in enumerate(lines):
                value = _Run(self.regular.clean(line), False, INK, indent)
                label = _Run(fact.label, False, LABEL, SIDE)
                yield below, (label, value) if place == 0 else (value,)
                below += size * LEADING

    def _wrapped(self, text: str, room: float, size: float) -> Iterator[str]:
        line = ""
        for word in self.regular.clean(text).split():
            joined = f"{line} {word}".strip()
            if self.regular.width(joined, size) <= room:
                line = joined
                continue
            if line:
                yield line
            line = word
            while self.regular.width(line, size) > room:
                fits = max(
                    1, sum(self.regular.width(line[:n], size) <= room for n in range(1, len(line)))
                )
                yield line[:fits]
                line = line[fits:]
        yield line


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
