"""The signer's side of a session: a key that stays here, and a service reached over HTTP only."""
