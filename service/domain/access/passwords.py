"""Which passwords people may have: long, and not what is guessed first (NIST SP 800-63B, 5.1.1.2).

Nothing is demanded of what a password is composed of. What guessers try first counts as a single
character wherever it stands: a common word, somebody's name, a date, a run along the alphabet or
the keyboard, in either layout; what repeats counts once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from service.domain.access.common_passwords import WORDS

SHORTEST = 12  # characters
WEIGHT = 8  # characters left when each guessable part counts as one
OWN = 4  # shorter logins and school ids are found in words by chance
RUN = 4  # letters along the alphabet or a row of keys; digits: one fewer

LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбю"
ROWS = ("qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,.", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
RETYPED = (  # as typed with the other layout switched on
    str.maketrans(LATIN, CYRILLIC),
    str.maketrans(CYRILLIC, LATIN),
)
DISGUISED = str.maketrans("@4310!$57", "aaeioiss7")
DATE = re.compile(r"(?:0[1-9]|[12]\d|3[01])[.-]?(?:0[1-9]|1[0-2])[.-]?(?:19|20)\d\d|(?:19|20)\d\d")
AGAIN = re.compile(r"(.+?)\1+", re.DOTALL)
STAND_INS = 0xE000  # private use: what one guessable part is counted as

SHORT = f"Пароль короче {SHORTEST} знаков: возьмите фразу из нескольких слов, пробелы можно."
HIS_OWN = "В пароле есть имя для входа или код школы: уберите их."
GUESSABLE = (
    "Такой пароль угадывают одним из первых: в нём почти одни частые слова, имена, даты, повторы "
    "или ряды клавиш. Возьмите фразу из нескольких несвязанных слов."
)


def weakness(
    password: str, own: Collection[str] = (), names: Collection[str] = ()
) -> tuple[str, str] | None:
    """Return a code and what is wrong with a password in Russian, or None if it will do.

    `own` (login, school) must not be in it at all, `names` make it no stronger.
    """
    text = _folded(password)
    if len(password) < SHORTEST:
        return "password-short", SHORT
    if any(len(one) >= OWN and _folded(one) in text for one in own):
        return "password-own", HIS_OWN
    known = WORDS | {_folded(one) for one in names if len(one) >= OWN - 1}
    return ("password-guessable", GUESSABLE) if weight(text, known) < WEIGHT else None


def weight(text: str, known: Collection[str]) -> int:
    """Return how many characters somebody has to guess who tries `known` words first."""
    left = AGAIN.sub(r"\1", _counted_once(text, known))
    return min(len(left), 2 * len(set(left)))


def _counted_once(text: str, known: Collection[str]) -> str:
    """Return a text with each guessable part, the longest first, replaced by one character."""
    spans = sorted(_spans(text, known), key=lambda span: span[0] - span[1])
    taken = [False] * len(text)
    starts: dict[int, tuple[int, str]] = {}
    seen: dict[str, str] = {}
    for begin, end in spans:
        if not any(taken[begin:end]):
            taken[begin:end] = [True] * (end - begin)
            part = text[begin:end]
            starts[begin] = (end, seen.setdefault(part, chr(STAND_INS + len(seen))))
    left, at = "", 0
    while at < len(text):
        end, character = starts.get(at, (at + 1, text[at]))
        left, at = left + character, end
    return left


def _spans(text: str, known: Collection[str]) -> Iterator[tuple[int, int]]:
    yield from (match.span() for match in DATE.finditer(text))
    yield from _runs(text)
    for spelled in {text, *(text.translate(table) for table in (*RETYPED, DISGUISED))}:
        for word in known:
            at = spelled.find(word)
            while at >= 0:
                yield at, at + len(word)
                at = spelled.find(word, at + 1)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where characters follow one another up or down, or are the same."""
    begin, way = 0, ""
    for at in range(1, len(text) + 1):
        step = _step(text[at - 1], text[at]) if at < len(text) else ""
        if step and step == way:
            continue
        shortest = RUN - 1 if text[begin].isdecimal() or way == "same" else RUN
        if way and at - begin >= shortest:
            yield begin, at
        begin, way = (at - 1, step) if step else (at, "")


def _step(one: str, other: str) -> str:
    """Return how two characters follow one another, "" if they do not."""
    if one == other:
        return "same"
    if one.isalnum() and other.isalnum() and abs(ord(one) - ord(other)) == 1:
        return "up" if one < other else "down"
    for row in ROWS:
        if one + other in row:
            return "right"
        if other + one in row:
            return "left"
    return ""


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
