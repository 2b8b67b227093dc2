"""The workspace: every use case, each with an actor.

``records`` turns values into records and back, ``desk`` is what all use cases share, ``sight`` is the one place where
others' items are looked at (decided, and journalled), ``actor`` is a person at work. The rest is a file per noun, and
``jobs`` for what is due.
"""
