"""The pages about a company and its people, for partners about their own and for staff about any; and where people arrive."""
