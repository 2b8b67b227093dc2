"""``python -m ownership.cli`` is the same as ``ownership``."""

import sys

from ownership.cli import main

sys.exit(main())
