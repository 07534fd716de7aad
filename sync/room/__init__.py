"""War rooms: a relay on one laptop, found by those beside it on the local network, without internet."""
