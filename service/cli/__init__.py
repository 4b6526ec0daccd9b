"""The command line: `vedomost`; a command's module is loaded when the command is called."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

import click

from service.cli.failures import FileRefused, exit_code, tell
from service.cli.russian import Group, speak
from service.domain.errors import REASONS, ServiceError, why
from signing.errors import SigningError

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "serve": "serve",
        "web": "web",
        "worker": "worker",
        "migrate": "migrate",
        "stores": "stores",
        "settings": "config",
        "doctor": "doctor",
        "audit": "audit",
        "recall": "recall",
        "demo": "serve",
        "sandbox": "serve",
        "sample": "journals",
        "import": "journals",
        "produce": "produce",
        "sign": "sign",
        "verify": "verify",
        "reproduce": "verify",
        "renew": "renew",
        "year-end": "year_end",
        "kinds": "kinds",
    }
)

speak()  # before the first command is declared: its help and its types take their words then


class Commands(Group):
    """Commands by name; their expected errors end in words and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command, loading its module."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        found: click.Command = getattr(
            import_module(f"{__name__}.{module}"), f"{cmd_name.replace('-', '_')}_command"
        )
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; see `click.Group`."""
        try:
            return super().invoke(ctx)
        except (ServiceError, SigningError) as error:
            tell(error)
            sys.exit(exit_code(error))
        except OSError as error:  # of a file a person named
            if error.filename is None or error.errno not in REASONS:
                raise
            refused = FileRefused(f"{error.filename}: {why(error)}.")
            tell(refused)
            sys.exit(exit_code(refused))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("vedomost"), prog_name="vedomost", message="%(prog)s %(version)s")
def main() -> None:
    """Печать, подпись и архив документов школьного журнала."""
