"""The client: what a laptop does to share a workspace through a server or a relay."""
