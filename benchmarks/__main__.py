"""``python -m benchmarks``: everything that is measured; options are passed on to :mod:`benchmarks.screening`."""

from benchmarks.screening import main

main()
