"""The pages of partners, those that both sides open, and those for the parties of a move. The agents’ own are in desk/views/."""
