"""A snapshot comes in: parsed, surveyed class by class, judged with every fault in its place."""
