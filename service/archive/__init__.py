"""Where documents lie for years: two stores, each file written once and locked until its day."""
