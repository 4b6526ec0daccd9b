"""Where an answer leads: ids it tells, and the operations whose addresses ask for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from service.web.http.operations import Operation
from service.web.openapi.lexicon import lexicon
from service.web.openapi.names import PARAMETER, operation_id, path_of

ID = "$response.body#/id"
OWN: Mapping[str, Mapping[str, str]] = MappingProxyType(  # what an answer is about
    {
        "AccountTold": {"account": ID},
        "AccountsTold": {"account": "$response.body#/accounts/0/id"},
        "DeliveriesTold": {"delivery": "$response.body#/deliveries/0/id"},
        "DeliveryTold": {"delivery": ID},
        "DocumentTold": {"document": ID},
        "DocumentsTold": {"document": "$response.body#/documents/0/id"},
        "JobTold": {"job": ID},
        "JobsTold": {"job": "$response.body#/jobs/0/id"},
        "PackageTold": {"package": ID},
        "PackagesTold": {"package": "$response.body#/packages/0/id"},
        "RunsTold": {"run": "$response.body#/runs/0/id"},
        "SchoolsTold": {"school": "$response.body#/schools/0/id"},
        "SessionTold": {"signing": ID},
        "SheetTold": {"run": ID},
        "SigningTold": {"signature": ID},
        "SnapshotTold": {"snapshot": ID},
        "SnapshotsTold": {"snapshot": "$response.body#/snapshots/0/id"},
        "TokenGranted": {"token": ID},
        "TokenTold": {"token": ID},
        "TokensTold": {"token": "$response.body#/tokens/0/id"},
        "WebhookMade": {"webhook": ID},
        "WebhookTold": {"webhook": ID},
        "WebhooksTold": {"webhook": "$response.body#/webhooks/0/id"},
    }
)
NAMED: Mapping[str, Mapping[str, str]] = MappingProxyType(  # what it speaks of besides
    {
        "ItemTold": {"document": "$response.body#/document", "package": "$response.body#/package"},
        "JobTold": {"document": "$response.body#/document"},
        "PackageTold": {"document": "$response.body#/documents/0"},
        "SessionTold": {
            "document": "$response.body#/items/0/document",
            "package": "$response.body#/items/0/package",
        },
    }
)
SIGNATURE = re.compile(r"/signatures/<signing>")  # there the parameter means another thing


def links(source: Operation, model: str, others: Iterable[Operation]) -> dict[str, Any]:
    """Return the links of an answer that tells a model, by the operationId they lead to.

    A link names every part of the other address: out of the answer, else out of this request. What
    an answer is about leads to all that can be done with it; what it only names, to itself.
    """
    own, named = OWN.get(model, {}), NAMED.get(model, {})
    asked = {thing: f"$request.path.{name}" for thing, name in _things(source).items()}
    held = {**asked, **named, **own}
    found = {}
    for other in others:
        wanted = _things(other)
        about = own.keys() & wanted.keys() or (other.reads and _of(other) in named)
        if other is not source and about and wanted.keys() <= held.keys():
            given = {name: held[thing] for thing, name in wanted.items()}
            found[operation_of(other)] = {"operationId": operation_of(other), "parameters": given}
    return found


def _of(one: Operation) -> str:
    """Return the thing that an address is of: the parameter at its end, if one is there."""
    return one.path.rpartition("/")[2].strip("<>")


def _things(one: Operation) -> dict[str, str]:
    """Return the parameters of an operation's path by what they name."""
    found = {name: name for name in PARAMETER.findall(one.path)}
    return {"signature": "signing"} if SIGNATURE.search(one.path) else found


def operation_of(one: Operation) -> str:
    """Return the operationId of an operation."""
    path = path_of(one.path)
    return lexicon().of_operation(one.method, path).id or operation_id(one.method, path)
