"""API: ticket types, tickets and what can be done with them. One call is one call of a service."""
