"""What agents can do beside a single ticket’s own life: many at once, by macro, by automation, drafts and views of their own."""
