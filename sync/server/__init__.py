"""The server: a process of its own that gives logs their order, or passes commits on, over HTTP."""
