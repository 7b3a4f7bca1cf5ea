"""Work that nobody asked for just now: making deliveries of what is due, and sending them."""
