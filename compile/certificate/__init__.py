"""What a bundle says of itself, worked out from its files."""
