"""What Discord accepts, refuses and does, as pure functions: no network and no state."""
