"""Measurements against a warm server: python3 dev.py bench."""
