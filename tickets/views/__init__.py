"""The pages: `portal` for partners, `request_form` for both sides, `confirm` for the parties of a move, `resellers` and `customers`."""
