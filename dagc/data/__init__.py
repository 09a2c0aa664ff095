"""Data files: bars from CSV, Parquet and Arrow."""
