"""What the program, the runners and the local cloud agree on; it knows none of them."""
