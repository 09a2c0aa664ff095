"""A lane beside the code that it is to replace: `dagc parity`."""
