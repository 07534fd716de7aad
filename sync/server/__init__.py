"""The server side of replication, a process of its own that the desktop starts and never contains."""
