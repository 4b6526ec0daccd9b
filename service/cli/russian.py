"""What click itself says, in Russian: it would ask the locale, and a school's seldom names one."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

SPEAKING = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
SAID: Mapping[str, str] = MappingProxyType(
    {
        # Help
        "Usage:": "Вызов:",
        "Options": "Параметры",
        "Positional arguments": "Аргументы",
        "Commands": "Команды",
        "Show this message and exit.": "Показать эту справку.",
        "Show the version and exit.": "Показать версию программы.",
        "default: {default}": "по умолчанию: {default}",
        "env var: {var}": "переменная: {var}",
        "required": "обязательно",
        "(dynamic)": "(вычисляется)",
        "file": "файл",
        "directory": "папка",
        "path": "путь",
        "deprecated": "устарело",
        # Refusals
        "Error: {message}": "Ошибка: {message}",
        "Try '{command} {option}' for help.": "Справка: {command} {option}",
        "Did you mean {possibility}?": "Возможно, {possibility}?",
        "(Did you mean one of: {possibilities}?)": "(Возможно, одно из: {possibilities}?)",
        "No such option {name!r}.": "Нет параметра {name}.",
        "No such command {name!r}.": "Нет команды {name}.",
        "Missing command.": "Не указана команда.",
        "Missing argument": "Не указан аргумент",
        "Missing option": "Не указан параметр",
        "Missing parameter": "Не указано",
        "Missing {param_type}": "Не указано",
        "Missing parameter: {param_name}": "Не указано: {param_name}",
        "Got unexpected extra argument ({args})": "Лишний аргумент: {args}",
        "Got unexpected extra arguments ({args})": "Лишние аргументы: {args}",
        "Option {name!r} requires an argument.": "За параметром {name} должно стоять значение.",
        "Option {name!r} requires {nargs} arguments.": (
            "За параметром {name} должны стоять значения, {nargs}."
        ),
        "Option {name!r} does not take a value.": "Параметр {name} пишется без значения.",
        "Argument {name!r} takes {nargs} values.": "У аргумента {name} значений {nargs}.",
        "Takes {nargs} values but 1 was given.": "Нужно значений: {nargs}, указано: 1.",
        "Takes {nargs} values but {len} were given.": "Нужно значений: {nargs}, указано: {len}.",
        "{len_type} values are required, but {len_value} was given.": (
            "Нужно значений: {len_type}, указано: {len_value}."
        ),
        "{len_type} values are required, but {len_value} were given.": (
            "Нужно значений: {len_type}, указано: {len_value}."
        ),
        "Value must be an iterable.": "Нужно несколько значений.",
        "Invalid value: {message}": "Значение не подходит: {message}",
        "Invalid value for {param_hint}: {message}": "Не подходит {param_hint}: {message}",
        "{value!r} is not {choice}.": "«{value}», а можно только {choice}.",
        "{value!r} is not one of {choices}.": "«{value}», а можно одно из: {choices}.",
        "Choose from:\n\t{choices}": "Одно из:\n\t{choices}",
        "{value!r} does not match the format {format}.": "«{value}» записано не так; см. справку.",
        "{value!r} does not match the formats {formats}.": (
            "«{value}» записано не так; см. справку."
        ),
        "{value!r} is not a valid {number_type}.": "«{value}» — не целое число.",
        "{value} is not in the range {range}.": "{value} не в пределах {range}.",
        "{value!r} is not a valid boolean. Recognized values: {states}": (
            "«{value}» — не да и не нет; можно: {states}"
        ),
        "{value!r} is not a valid UUID.": "«{value}» — не UUID.",
        "{name} {filename!r} does not exist.": "{name} «{filename}» не существует.",
        "{name} {filename!r} is a file.": "«{filename}» — файл, а не папка.",
        "{name} {filename!r} is a directory.": "«{filename}» — папка, а не файл.",
        "{name} {filename!r} is not readable.": "{name} «{filename}» не читается: нет прав.",
        "{name} {filename!r} is not writable.": "{name} «{filename}» не для записи: нет прав.",
        "{name} {filename!r} is not executable.": "{name} «{filename}» не запускается: нет прав.",
        "Could not open file {filename!r}: {message}": (
            "Файл «{filename}» не открывается: {message}"
        ),
        "unknown error": "причина неизвестна",
        # Questions
        "Aborted!": "Прервано.",
        "Repeat for confirmation": "Ещё раз",
        "Error: The two entered values do not match.": "Введено разное.",
        "Error: invalid input": "Ответьте y (да) или n (нет).",
        "Do you want to continue?": "Продолжать?",
        "Confirm the action without prompting.": "Не спрашивать подтверждения.",
        "Press any key to continue...": "Нажмите любую клавишу…",
    }
)


class Command(click.Command):
    """A command whose line of usage is Russian."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what may stand after the command's name."""
        return ["[ПАРАМЕТРЫ]", *super().collect_usage_pieces(ctx)[1:]]


class Group(click.Group):
    """Commands under one name, their lines of usage Russian."""

    command_class = Command

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return what may stand after the group's name."""
        return ["КОМАНДА", "…"]


class FromEnvironment(click.Option):
    """An option that a variable of the environment may give as well."""

    def get_error_hint(self, ctx: click.Context | None) -> str:  # noqa: ARG002
        """Name the option and its variable, the one place where click does not ask gettext."""
        return f"{' / '.join(self.opts)} (переменная {self.envvar})"


def speak() -> None:
    """Let click say `SAID`, whatever the locale; its words are looked up under these two names."""
    for name in SPEAKING:
        vars(import_module(f"click.{name}")).update(_=_said, ngettext=_counted)


def _said(message: str) -> str:
    return SAID.get(message, message)


def _counted(one: str, many: str, count: int) -> str:
    return _said(one if count == 1 else many)
