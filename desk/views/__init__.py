"""The agents’ pages, by noun."""
