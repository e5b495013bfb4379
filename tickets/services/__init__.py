"""What can be done with a ticket, and what is read of it. One view, task or API call is one call of a function here."""
