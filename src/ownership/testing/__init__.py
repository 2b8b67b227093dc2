"""What an adapter author needs to prove an adapter, and what a test of a host needs."""
