"""Adds a sum of twenty thousand terms, which is a tree of that depth."""
with open("refactored.py", "a") as file:
    file.write("\n\nDEPTH = 1" + " + 1" * 20000 + "\n")
