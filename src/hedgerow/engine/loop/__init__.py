"""The array form: any book and any hedger, all paths at a time, step by step."""
