"""The second critic against a server that plays every fault, and its opinions merged."""
