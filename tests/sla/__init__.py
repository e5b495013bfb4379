"""Business time, the clocks of tickets, and their effects."""
