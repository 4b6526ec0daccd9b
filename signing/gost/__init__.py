"""GOST R 34.10-2012 signatures over Streebog (GOST R 34.11-2012) digests."""
