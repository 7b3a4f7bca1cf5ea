"""The question bank on disk: reads questions/ into values and names every fault."""
