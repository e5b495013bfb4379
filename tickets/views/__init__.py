"""The pages: `portal` for partners, `desk` for the care team, `request_form` for both, `confirm` for the parties of a move."""
