"""The machine room: compiled array functions and nothing of finance. Nothing is compiled or loaded at import."""
