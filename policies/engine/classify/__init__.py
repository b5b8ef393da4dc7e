"""Lines of goods against the goods lists: which entries a line is under, and what speaks for others."""
