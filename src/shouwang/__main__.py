"""``python -m shouwang`` is the ``shouwang`` command."""

import sys

from shouwang.cli.main import main

sys.exit(main())
