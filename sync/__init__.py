"""Replication between machines: server, client and relay; two replicas in one process use app/storage/replica.py and delivery.py."""
