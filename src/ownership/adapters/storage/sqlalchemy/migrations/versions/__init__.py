"""A file for each version; one that was released is never changed."""
