"""Views of the portal, pages shared by both sides, and pages for the parties of a move. The agents' own are in desk/views/."""
