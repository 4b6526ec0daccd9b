"""A certification authority for demonstrations and tests: people, keys, OCSP, CRL, timestamps."""

from signing.authority.issuing import Authority, AuthorityMismatch
from signing.authority.people import Condition, KeyKind, Person, organisation
from signing.authority.serving import AuthorityDown, Server

__all__ = [
    "Authority",
    "AuthorityDown",
    "AuthorityMismatch",
    "Condition",
    "KeyKind",
    "Person",
    "Server",
    "organisation",
]
