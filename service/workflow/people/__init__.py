"""Who may come in: tokens granted, people enrolled, their passwords and logins."""
