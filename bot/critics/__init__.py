"""Critics: what says something about an answer. One file per critic, and what it is made of."""
