"""Evidence about the cores: campaigns, oracles, proofs, tiny formats."""
