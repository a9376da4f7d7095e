"""Writes a map that is nothing but brackets."""
with open("weight_map.json", "w") as file:
    file.write('{"fc1.weight": ' + "[" * 200000 + "]" * 200000 + "}")
