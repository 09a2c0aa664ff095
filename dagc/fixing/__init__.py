"""`dagc lint --fix`: mistakes whose remedy takes no thought, put right in the file."""
