"""Business time, the clocks of tickets, and what follows from them."""
