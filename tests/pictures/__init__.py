"""Pictures of every screen, for eyes and for the contact sheet: `python -m tests.pictures`."""
