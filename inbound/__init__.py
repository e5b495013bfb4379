"""Answers to Careline's mails: taken from a mailbox, and put on their tickets."""
