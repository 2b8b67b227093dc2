"""Channels: how messages reach people."""
