"""Everything the command line says is Russian, click's own words too, whatever the locale is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from service.cli import COMMANDS, main
from service.cli.russian import SAID, SPEAKING

TO_PROGRAMMERS = re.compile(
    r"Deprecation|declaration|defined|Boolean option|start character|colou?r|Choice\(|%\(prog\)s"
)
ENGLISH = re.compile(
    r"\b(Usage|Options|Commands|Error|Try|Show|Missing|Invalid|No such|Did you|default|is not"
    r"|TEXT|FILE|PATH|DIRECTORY|INTEGER|RANGE|OPTIONS|COMMAND|ARGS|requires|env var)\b|%Y|\.\.\."
)


def pages(command: click.Command, *names: str) -> Iterator[tuple[str, ...]]:
    yield names
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), name)
            assert found is not None
            yield from pages(found, *names, name)


def test_every_help_is_russian_and_no_summary_is_cut() -> None:
    told = list(pages(main))
    assert len(told) > len(COMMANDS)
    for names in told:
        answer = CliRunner().invoke(main, [*names, "--help"], env={"LANGUAGE": "en", "LANG": "C"})
        assert answer.exit_code == 0
        assert answer.output.startswith("Вызов: ")
        assert not ENGLISH.search(answer.output), names


def test_click_says_nothing_we_have_no_words_for() -> None:
    asked = {
        word.value
        for module in SPEAKING
        for call in ast.walk(ast.parse((Path(click.__file__).parent / f"{module}.py").read_bytes()))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"_", "ngettext"}
        for word in call.args[:2]
        if isinstance(word, ast.Constant) and isinstance(word.value, str)
    }
    assert {one for one in asked if not TO_PROGRAMMERS.search(one)} == SAID.keys() - {"required"}
    for one, told in SAID.items():
        assert set(re.findall(r"{(\w+)}", told)) <= set(re.findall(r"{(\w+)(?:!r)?}", one))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nope", "Нет команды nope."),
        ("sample --classess 1", "Нет параметра --classess. Возможно, '--classes'?"),
        ("sign --rolle x", "Нет параметра --rolle. (Возможно, одно из: '--all', '--role'?)"),
        ("sample --seed", "За параметром --seed должно стоять значение."),
        ("doctor --json=3", "Параметр --json пишется без значения."),
        ("produce", "Не указан аргумент 'СНИМОК'."),
        ("sample a b", "Лишние аргументы: a b"),
        ("demo --stores x", "Не подходит '--stores': «x», а можно одно из: 'bucket', 'folder'."),
        ("sample --classes x", "Не подходит '--classes': «x» — не целое число."),
        ("sample --classes 0", "Не подходит '--classes': 0 не в пределах 1<=x<=40."),
        ("renew --at x", "Не подходит '--at': «x» записано не так; см. справку."),
        ("produce nowhere.json", "Не подходит 'СНИМОК': Файл «nowhere.json» не существует."),
        ("verify x", "Не подходит 'ФАЙЛ…': Путь «x» не существует."),
        (
            "doctor --settings tests",
            "Не подходит --settings (переменная VEDOMOST_SETTINGS): «tests» — папка, а не файл.",
        ),
        ("import x .", "Не подходит 'ФОРМАТ': есть форматы: scole"),
        ("stores prepar", "Нет команды prepar. Возможно, 'prepare'?"),
        ("year-end", "Укажите файл снимка или --school."),
    ],
)
def test_a_refusal_is_russian(typed: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    told = CliRunner().invoke(main, typed.split(), env={"LANGUAGE": "en", "LANG": "C"})
    assert (told.exit_code, told.output.splitlines()[-1]) == (2, f"Ошибка: {said}")
    assert not ENGLISH.search(told.output)
