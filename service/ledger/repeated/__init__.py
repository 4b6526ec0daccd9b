"""Requests that may come twice."""
