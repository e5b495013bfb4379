"""Replies by e-mail: read from a mailbox and added to their tickets; and the personal data kept about a person."""
