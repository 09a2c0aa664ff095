"""The certificate of a bundle, computed from its files."""
