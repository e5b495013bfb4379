"""The demo's desk: its care team, and the history of its requests."""
