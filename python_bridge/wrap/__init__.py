"""Writes one self-contained file of a model that lies in packages or many files: what ran is kept, what is configuration becomes a value."""
