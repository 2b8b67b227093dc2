"""Ports: what the workspace asks of the outside, in a few words each.

``storage`` keeps records, ``channels`` carry messages, ``directories`` tell who works here, ``content`` brings prompts
and other words, ``adapters`` declares who can do one of these.
"""
