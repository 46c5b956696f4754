"""A clean made-up township written as the untidy spreadsheets that offices really have, with the truth
beside.
"""

from shouwang.generator.untidy.folder import untidy

__all__ = ["untidy"]
