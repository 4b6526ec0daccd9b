"""Routes of snapshots, orders, documents, their progress, copies and packages."""
