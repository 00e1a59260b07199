"""Text as arrays: what is asked of the characters and pieces of thousands of lines at once."""
