"""What the desk’s pages show: from rows to the plain values that templates read. Nothing here decides or writes."""
