"""Views of companies and their people, for partners (their own) and staff (any), and the home page."""
