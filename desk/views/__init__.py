"""Views of the agents’ desk, one module per subject."""
