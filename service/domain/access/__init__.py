"""Who may come in and do what: rights, passwords, wrong tries."""
