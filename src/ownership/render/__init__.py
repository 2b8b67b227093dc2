"""Rendering: the overview as text and as one self-contained page."""
