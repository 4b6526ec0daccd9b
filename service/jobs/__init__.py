"""Work done beside requests: steps of documents, chores, deliveries; and who prints them."""
