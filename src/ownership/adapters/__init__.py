"""Adapters: the outside, spoken to through ports. They do not know each other, and nothing below knows them."""
