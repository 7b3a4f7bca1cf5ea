"""Drillmate: the interview partner that lives where people already talk."""
