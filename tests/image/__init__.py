"""The container image and the compose files, without a container engine."""
