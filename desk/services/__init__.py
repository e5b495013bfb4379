"""Services of the desk beyond a single ticket's own life cycle: bulk changes, macros, automations, drafts, saved views."""
