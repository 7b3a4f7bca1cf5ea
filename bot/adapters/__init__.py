"""One folder for each platform, with the same four files in each.

adapter.py connects and serves, publish.py shows the platform our commands, inbound.py turns what
comes in into a Request, render.py turns a Card into what the platform shows. Knowing one is knowing
all; no adapter knows another, and nothing below an adapter knows a platform.
"""
