"""Answers to mails."""
