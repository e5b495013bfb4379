"""The steps of a request after it was submitted, for types whose steps do not fit in their own file."""
