"""Results as cards: all words that people read are here.

Workers (the scheduled question) and commands (the same question on demand) show the same card.
"""
