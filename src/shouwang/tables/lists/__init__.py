"""Two lists against each other: our registry and the national system's, or a department's (ALR-5, ALR-6).

``fields`` says which values are compared and how; ``compare`` compares rows, as pure functions without SQL that
the quality rules can use as well; ``ours`` and ``theirs`` read the two sides; ``work`` makes of the differences
rows that a person decides; ``giving_back`` reads the decisions; ``deciding`` and ``rewriting`` carry them out;
``national_shape`` writes what we know in the shape of the national system.
"""
