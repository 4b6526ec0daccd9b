"""How fast and how frugal: one module per benchmark, found by name; `make bench` runs them."""
