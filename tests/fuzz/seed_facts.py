"""Writes the facts of the grammar's golden files (tests/cases), one file each: what the fuzzer of facts begins with.

    python tests/fuzz/seed_facts.py FOLDER
"""

import json
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "python_bridge"))
import facts  # noqa: E402

MOST_BYTES = 6000  # longer ones slow the fuzzer down and hold nothing new


def main(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for file in sorted((REPOSITORY / "tests/cases").glob("*/*.py")):
        text = json.dumps(facts.facts(file.read_bytes(), file.name), separators=(",", ":"))
        if len(text) <= MOST_BYTES:
            (folder / f"{file.parent.name}.{file.stem}").write_text(text)
            written += 1
    print(f"{written} files of facts")
    return 0 if written > 100 else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
