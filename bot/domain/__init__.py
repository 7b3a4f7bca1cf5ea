"""Pure rules and values: no I/O, no clock, no SQL. Time and data come in as arguments."""
