"""The rate study: bonds, futures and a curve."""
