"""Directories: who works here."""
