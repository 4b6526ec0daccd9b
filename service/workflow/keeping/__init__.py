"""Signed files into two stores, back out of them, and into packages to take along."""
