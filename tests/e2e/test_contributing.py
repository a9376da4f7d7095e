"""CONTRIBUTING.md names files that exist, and its recipes name tables that exist."""

import re
import sys
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
TEXT = (REPOSITORY / "CONTRIBUTING.md").read_text()
# What the recipes add: not there yet, and their places are.
NEW_FILES = {
    "rules/texts/grammar-no-sorting.md", "tests/cases/grammar-no-sorting/", "engine/report/junit.cpp", "engine/cli/tree.cpp",
    "python_bridge/job_extract.cpp", "engine/checks/<rule>.cpp",
}  # fmt: skip
TABLES = {
    "engine/report/formats.cpp": '{"json", render_json},',
    "engine/report/render.h": "void render_json(const Report& report, const RenderOptions& options, std::ostream& out);",
    "engine/cli/main.cpp": '{"check", ',
    "engine/cli/command.h": "int cmd_check(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);",
    "python_bridge/worker_main.cpp": '{"model", model_job, true},',
    "python_bridge/job.h": "void model_job(Channel& channel, const Json& spec);",
    "rules/grammar.json": '"banned"',
}


def missing_paths(text: str) -> list[str]:
    words = re.findall(r"`([^`\s]+)`", text)
    paths = [w for w in words if "/" in w and re.match(r"(engine|python_bridge|rules|schemas|scripts|tests|cmake|examples)/", w)]
    return [p for p in paths if p not in NEW_FILES and not list(REPOSITORY.glob(p.rstrip("/")))]


class Contributing(unittest.TestCase):
    def test_every_file_that_it_names_exists(self) -> None:
        self.assertEqual(missing_paths(TEXT), [])
        self.assertEqual(missing_paths("`engine/no/such.cpp` and `rules/*.json`"), ["engine/no/such.cpp"])

    def test_new_files_of_the_recipes_are_named_and_new(self) -> None:
        for path in NEW_FILES:
            self.assertIn(path, TEXT)
            self.assertFalse((REPOSITORY / path).exists(), path)
            self.assertTrue((REPOSITORY / path).parent.is_dir(), path)

    def test_the_tables_of_the_recipes_look_as_described(self) -> None:
        for file, row in TABLES.items():
            self.assertIn(row, (REPOSITORY / file).read_text(), file)

    def test_it_is_one_page(self) -> None:
        self.assertLess(len(TEXT.splitlines()), 90)


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
