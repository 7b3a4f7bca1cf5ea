"""The platform-neutral kernel: what is said, who asks, and how a request meets its command.

It knows nothing of interviews and nothing of any platform.
"""
