"""Where the organisation's seal stands: ink beside a signature, or a box for the electronic one."""

from __future__ import annotations

from service.documents.options import PrintOptions
from service.documents.parts import Signature
from service.domain.approving.approval import Role

LABEL = "М.П."


def in_ink(options: PrintOptions) -> bool:
    """Return whether «М.П.» is printed for a seal of rubber: not where the seal is electronic."""
    return options.seal_block and Role.SEAL not in options.signing_route


def places(options: PrintOptions) -> tuple[Signature, ...]:
    """Return the place of the electronic seal if it is on the school's route, else nothing."""
    return (
        (Signature(LABEL, role=Role.SEAL, date=""),) if Role.SEAL in options.signing_route else ()
    )
