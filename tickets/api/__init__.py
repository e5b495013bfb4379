"""API: ticket types, tickets and actions on them. Each request makes one service call."""
