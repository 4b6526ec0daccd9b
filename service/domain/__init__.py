"""What holds without any database, door or drawing: snapshots, rules, reckoning, words."""
