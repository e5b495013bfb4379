"""Operations on tickets, and queries for them. Each view, task or API call makes one call to a function here."""
