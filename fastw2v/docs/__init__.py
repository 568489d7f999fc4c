"""The pages for users, and the parts of them that are made from the code."""
