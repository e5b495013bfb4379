"""The agents’ desk."""
