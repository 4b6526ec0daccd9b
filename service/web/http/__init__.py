"""What every route has in common: who asks, how often, twice, with which body and answer."""
