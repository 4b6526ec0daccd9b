"""From a snapshot to pages: what is ordered, planned, laid out and printed again the same."""
