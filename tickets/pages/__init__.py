"""Page contexts: turn the rows of a ticket into the plain values that templates read. Nothing here decides or writes."""
