"""What is kept from bar to bar: carried values, arrays, windows, held calls, and on which bars they move."""
