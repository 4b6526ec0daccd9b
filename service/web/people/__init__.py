"""Routes of people and systems: tokens, accounts, logins."""
