"""What is known of the cores: campaigns, oracles, proofs, tiny formats."""
