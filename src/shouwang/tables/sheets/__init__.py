"""Opening office files into grids of cells, safely: :func:`open_book`."""

from shouwang.tables.sheets.grid import Book, MergedRange, Sheet, Value, cell_name
from shouwang.tables.sheets.reading import open_book

__all__ = ["Book", "MergedRange", "Sheet", "Value", "cell_name", "open_book"]
