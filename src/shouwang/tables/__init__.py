"""The tables: what they are (dictionary), how they travel (exchange), how office spreadsheets become them (intake)."""
