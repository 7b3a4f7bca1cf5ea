"""The second critic: a language model behind any server that speaks OpenAI's chat completions.

It is asked for evidence, never for a score; merge.py decides what of that counts.
"""
