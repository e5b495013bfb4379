"""The living desk of the demo: who works there, and what has happened."""
