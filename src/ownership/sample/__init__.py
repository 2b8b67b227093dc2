"""A believable organisation, seeded: its people, and months of their lives at work."""
