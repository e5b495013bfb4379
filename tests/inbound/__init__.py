"""Answers to e-mails."""
