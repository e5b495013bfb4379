"""What pages show: from the rows of a ticket to the plain values that templates read. Nothing here decides or writes."""
