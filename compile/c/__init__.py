"""The C lowering: a row and vectors of rows, and the compiled library."""
