"""The estate as a whole: its import from CSV files, the demo estate, and generated load for measurements."""
