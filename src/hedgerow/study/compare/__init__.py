"""The comparison as a study: words, tables, report."""
