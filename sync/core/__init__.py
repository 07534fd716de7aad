"""The replication state machine, without input or output: time, chance, network and disk are passed in."""
