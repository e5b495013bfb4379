"""The estate as a whole: its import from CSV files, and the demo estate."""
