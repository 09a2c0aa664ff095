"""The compiler: passes, lowerings, proofs and campaigns."""
