"""The program that verifies exported proofs; it is written beside them, and knows nothing of Launchbook."""

from pathlib import Path

VERIFIER = Path(__file__).with_name("verify_proof.py")
