"""Reading and writing the folder that a build produces."""
