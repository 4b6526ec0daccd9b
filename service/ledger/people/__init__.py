"""Who may come in: tokens, accounts, who is logged in."""
