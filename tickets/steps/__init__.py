"""What happens to a request step by step after it was taken in: a file for what has more steps than the file of its type holds."""
