"""Routes of snapshots and documents, their files, copies and packages."""
