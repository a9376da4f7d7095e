"""decomp run-tests: one thing of one component is changed per test, and exactly that component must fail, with that finding.

Usage: test_run_tests.py DECOMP
"""

import shutil
import sys
import unittest
from pathlib import Path

import workspace

DECOMP = str(Path(sys.argv.pop()).resolve())
BLOCK = "examples/decomposed/mlp_block"
RESULTS = f"{BLOCK}/verification/test_results.json"
SILU = f"{BLOCK}/level_0_kernel/silu_fp32.py"
LINEAR = f"{BLOCK}/level_0_kernel/linear_512x1376_nobias_fp32.py"
STEP_2 = f"{BLOCK}/steps/step_2_swiglu_to_kernels"


class RunTests(workspace.Workspace):
    decomp = DECOMP

    def run_tests(self, *arguments: str) -> dict:
        self.outcome = self.report("run-tests", BLOCK, *arguments)
        results = self.read_json(RESULTS)
        self.assertEqual([r["status"] for r in results["component_results"]], [c["status"] for c in self.outcome["components"]])
        self.assertEqual(results["total_components"], results["passed"] + results["failed"] + results["not_decided"])
        return results

    def result(self, results: dict, file: str) -> dict:
        return next(r for r in results["component_results"] if f"{BLOCK}/{r['file']}" == file)

    def errors(self, results: dict) -> list[tuple[str, str]]:
        """(file, rule) of every finding of severity error."""
        return [(r["file"], f["rule"]) for r in results["component_results"] for f in r["findings"] if f["severity"] == "error"]

    def message(self, results: dict, rule: str) -> str:
        return next(f["message"] for r in results["component_results"] for f in r["findings"] if f["rule"] == rule)

    def change(self, *changes: tuple[str, str], file: str = SILU) -> dict:
        """The results after a change of a level file; its copies in children/ follow, so that it stays one component."""
        copies = [str(f.relative_to(self.root)) for f in (self.root / BLOCK).rglob(Path(file).name)]
        self.replace(copies, *changes)
        return self.run_tests()

    def assert_only(self, results: dict, rule: str, *words: str, file: str = SILU) -> None:
        self.assertEqual(self.errors(results), [(str(Path(file).relative_to(BLOCK)), rule)])
        self.assertEqual((self.outcome["exit"], results["failed"]), (1, 1))
        for word in words:
            self.assertIn(word, self.message(results, rule))


class TheExample(RunTests):
    def test_passes_silently(self) -> None:
        before = self.files()
        results = self.run_tests()
        self.assertEqual(
            {key: results[key] for key in ("total_components", "passed", "failed", "composition_test", "max_difference")},
            {"total_components": 6, "passed": 6, "failed": 0, "composition_test": "NOT RUN", "max_difference": None},
        )
        self.assertEqual([r["findings"] for r in results["component_results"]], [[]] * 6)
        self.assertEqual({r["self_test"] for r in results["component_results"]}, {"passed"})
        linear = self.result(results, LINEAR)
        self.assertEqual((linear["level"], linear["inputs"], linear["outputs"]), ("kernel", ["float32 [4, 128, 512]"], ["float32 [4, 128, 1376]"]))
        self.assertIn("PASS", linear["printed"])
        after = self.files()
        del after[RESULTS]
        before.pop(RESULTS, None)
        self.assertEqual(after, before)

    def test_a_child_that_differs_from_its_level_file_is_tested_too(self) -> None:
        child = f"{STEP_2}/children/silu_fp32.py"
        self.replace(child, ("[(4, 128, 1376)]", "[(4, 128, 1377)]"))
        results = self.run_tests()
        self.assertEqual(results["total_components"], 7)
        self.assertEqual(
            sorted(self.errors(results)),
            [(str(Path(child).relative_to(BLOCK)), rule) for rule in ("component-output-shape", "component-self-test")],
        )

    def test_a_step_alone(self) -> None:
        report = self.report("run-tests", STEP_2, "--output", "results.json")
        self.assertEqual(report["exit"], 0)
        results = self.read_json("results.json")
        self.assertEqual([r["file"] for r in results["component_results"]],
                         [f"children/{name}.py" for name in ("linear_512x1376_nobias_fp32", "linear_1376x512_nobias_fp32", "silu_fp32")])
        self.assertEqual(results["passed"], 3)

    def test_what_is_nothing_to_test(self) -> None:
        (self.root / "empty").mkdir()
        for folder, code, message in (("empty", 4, "no component in empty"), ("nowhere", 2, "does not exist"), (SILU, 2, "is no folder")):
            done = self.run_decomp("run-tests", folder)
            self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
            self.assertIn(message, done.stderr)
        self.assertFalse((self.root / "empty/verification").exists())


class SelfTests(RunTests):
    """What run_tests() itself says."""

    def body(self, code: str) -> dict:
        text = (self.root / SILU).read_text()
        start = text.index("def run_tests")
        old = text[start : text.index("if __name__")]
        return self.change((old, "def run_tests():\n" + code + "\n\n\n"))

    def test_a_printed_pass_proves_nothing(self) -> None:
        results = self.body('    print("PASS")\n    return False')
        self.assert_only(results, "component-self-test", "returned False, although it printed PASS")
        self.assertEqual(self.result(results, SILU)["self_test"], "failed")

    def test_an_exception(self) -> None:
        results = self.body('    assert 1 == 2, "one is not two"')
        self.assert_only(results, "run-exception", "AssertionError: one is not two", "in run_tests()")
        self.assertEqual(self.result(results, SILU)["self_test"], "raised")
        place = next(f for f in self.result(results, SILU)["findings"] if f["rule"] == "run-exception")
        line = (self.root / SILU).read_text().splitlines().index('    assert 1 == 2, "one is not two"') + 1
        self.assertEqual((place["file"], place["line"]), (SILU, line))

    def test_exit_codes(self) -> None:
        results = self.body("    import sys\n    sys.exit(3)")
        self.assert_only(results, "component-self-test", "exit code 3")
        results = self.change(("sys.exit(3)", "sys.exit(0)"))
        self.assertEqual((self.errors(results), self.result(results, SILU)["self_test"]), ([], "passed"))

    def test_no_verdict_and_no_test_are_warnings(self) -> None:
        results = self.body("    Model(*get_init_inputs())(*get_inputs())")
        self.assertEqual((self.errors(results), self.result(results, SILU)["self_test"]), ([], "no verdict"))
        self.assertIn("returned None", self.message(results, "component-self-test"))
        self.replace(SILU, ("def run_tests", "def other_tests"))
        results = self.run_tests()
        self.assertEqual((self.errors(results), self.result(results, SILU)["self_test"]), ([], "absent"))
        self.assertEqual(self.report("run-tests", BLOCK, "--strict")["exit"], 1)

    def test_a_test_that_does_not_end(self) -> None:
        text = (self.root / SILU).read_text()
        start = text.index("def run_tests")
        copies = [str(f.relative_to(self.root)) for f in (self.root / BLOCK).rglob("silu_fp32.py")]
        self.replace(copies, (text[start : text.index("if __name__")], "def run_tests():\n    while True:\n        pass\n\n\n"))
        results = self.run_tests("--timeout", "4")
        self.assert_only(results, "run-timeout", "4 s in run_tests()")
        self.assertEqual(self.result(results, SILU)["self_test"], "ended")

    def test_a_test_that_reaches_out_is_stopped(self) -> None:
        results = self.body('    open("/etc/hostname").read()\n    return True')
        self.assert_only(results, "run-exception", "PermissionError")

    def test_a_test_that_agrees_with_a_broken_component(self) -> None:
        # The author's test is right for what the author wrote; decomp's holds it against the declarations.
        self.body("    return True")
        results = self.change(("return F.silu(x)", "return F.silu(x)[:, :64]"))
        self.assertEqual(
            sorted(self.errors(results)),
            [("level_0_kernel/silu_fp32.py", rule) for rule in ("component-header", "component-output-shape")],
        )
        self.assertEqual(self.result(results, SILU)["self_test"], "passed")


class Declarations(RunTests):
    """What a component declares, against what ran."""

    def always_true(self) -> None:
        """The author's own test out of the way."""
        for file in (self.root / BLOCK).rglob("*.py"):
            if "def run_tests" in file.read_text():
                text = file.read_text()
                start = text.index("def run_tests")
                file.write_text(text[:start] + "def run_tests():\n    return True\n\n\n" + text[text.index("if __name__") :])

    def setUp(self) -> None:
        super().setUp()
        self.always_true()

    def test_output_shape(self) -> None:
        results = self.change(("return [(4, 128, 1376)]", "return [(4, 128, 1375)]"))
        self.assert_only(results, "component-output-shape", "declares [4, 128, 1375] for output, which is [4, 128, 1376]")
        self.replace(SILU, ("return [(4, 128, 1375)]", "return [(4, 128, 1376), (1,)]"))
        self.assertIn("declares 2 tensors; the component returns 1", self.message(self.run_tests(), "component-output-shape"))

    def test_output_shapes_that_stop_early_or_say_nothing_are_notes(self) -> None:
        for text, words in (("return []", "0 of 1"), ("return None", "no list of shapes"), ("return 'large'", "no list of shapes")):
            self.setUp()
            results = self.change(("return [(4, 128, 1376)]", text))
            self.assertEqual(self.errors(results), [], text)
            self.assertIn(words, self.message(results, "component-output-shape"))

    def test_output_shape_without_a_list_around_it(self) -> None:
        results = self.change(("return [(4, 128, 1376)]", "return (4, 128, 1376)"))
        self.assertEqual(self.result(results, SILU)["findings"], [])

    def test_header_input(self) -> None:
        results = self.change(("- x: [4, 128, 1376] dtype=float32", "- x: [4, 128, 688] dtype=float32"))
        self.assert_only(results, "component-header", "input `x` is float32 [4, 128, 688]; it is float32 [4, 128, 1376]")

    def test_header_dtype(self) -> None:
        results = self.change(("- output: [4, 128, 1376] dtype=float32", "- output: [4, 128, 1376] dtype=bfloat16"))
        self.assert_only(results, "component-header", "output `output` is bfloat16 [4, 128, 1376]; it is float32")

    def test_header_weight(self) -> None:
        results = self.change(("- linear.weight: [1376, 512]", "- linear.weight: [512, 1376]"), file=LINEAR)
        self.assert_only(results, "component-header", "weight `linear.weight` is [512, 1376]; `linear.weight` is float32 [1376, 512]", file=LINEAR)

    def test_header_lists_a_weight_that_is_not_there(self) -> None:
        results = self.change(("- linear.weight: [1376, 512]", "- linear.weight: [1376, 512]\n  - linear.bias: [1376]"), file=LINEAR)
        self.assert_only(results, "component-header", "lists a weight `linear.bias` [1376]; the component owns no such tensor", file=LINEAR)

    def test_header_that_cannot_be_read_is_a_note(self) -> None:
        for old, new in (
            ("- x: [4, 128, 1376] dtype=float32", "- x: whatever the gate returns"),
            ("- x: [4, 128, 1376] dtype=float32", "- x: [batch, length, 1376]"),
            ("Input Shapes:", "What it takes:"),
        ):
            self.setUp()
            results = self.change((old, new))
            self.assertEqual(self.errors(results), [], new)

    def test_inputs_of_another_shape_than_declared(self) -> None:
        results = self.change(("torch.randn(4, 128, 1376)", "torch.randn(2, 8, 1376)"))
        rules = {rule for _, rule in self.errors(results)}
        self.assertEqual(rules, {"component-header", "component-output-shape"})

    def test_no_inputs(self) -> None:
        results = self.change(("def get_inputs", "def make_inputs"))
        self.assert_only(results, "step-no-inputs", "has no get_inputs()")

    def test_values_that_are_not_finite(self) -> None:
        results = self.change(("return F.silu(x)", "return F.silu(torch.log(x))"))
        self.assert_only(results, "component-nonfinite", "`log` makes them, and the model's makes none")


class Files(RunTests):
    def test_syntax_error(self) -> None:
        self.replace(SILU, ("def forward(self, x):", "def forward(self, x:"))
        results = self.run_tests()
        self.assertIn(("level_0_kernel/silu_fp32.py", "syntax-error"), self.errors(results))
        self.assertEqual(self.result(results, SILU)["self_test"], "")

    def test_no_model(self) -> None:
        results = self.change(("class Model(", "class SiLU("))
        self.assert_only(results, "grammar-no-model", "`SiLU`")

    def test_a_file_that_cannot_be_imported_says_so_once(self) -> None:
        results = self.change(("import torch.nn.functional as F", "import torch.nn.functional as F\nimport no_such_module"))
        self.assert_only(results, "run-exception", "ModuleNotFoundError", "while it was imported")

    def test_children_import_their_siblings(self) -> None:
        linear = (self.root / LINEAR).read_text()
        (self.root / f"{STEP_2}/children/gate.py").write_text(
            linear.replace("import torch.nn as nn", "import torch.nn as nn\nfrom silu_fp32 import Model as SiLU")
            .replace("return self.linear(x)", "return SiLU()(self.linear(x))")
        )
        results = self.run_tests()
        self.assertEqual((self.errors(results), results["total_components"]), ([], 7))
        # Its digest covers what it imports.
        digest = results["component_results"][-1]["digest"]
        self.replace(f"{STEP_2}/children/silu_fp32.py", ("F.silu(x)", "F.silu(x, inplace=False)"))
        again = self.run_tests()
        gate = next(r for r in again["component_results"] if r["file"].endswith("gate.py"))
        self.assertNotEqual(gate["digest"], digest)

    def test_level_files_import_from_lower_levels(self) -> None:
        fusion = self.root / f"{BLOCK}/level_1_fusion/swiglu.py"
        text = fusion.read_text()
        prologue = 'import sys\nfrom pathlib import Path\n\nsys.path.insert(0, str(Path(__file__).parent.parent / "level_0_kernel"))\n'
        fusion.write_text(
            text.replace("import torch\n", prologue + "import torch\nfrom silu_fp32 import Model as SiLU\n", 1).replace("F.silu(", "SiLU()(")
        )
        results = self.run_tests()
        self.assertEqual(self.errors(results), [])

    def test_a_link_out_of_the_workspace(self) -> None:
        outside = self.root / "outside.py"
        shutil.move(self.root / SILU, outside)
        (self.root / SILU).symlink_to(outside)
        results = self.run_tests()
        self.assertEqual(self.errors(results), [("level_0_kernel/silu_fp32.py", "file-unreadable")])


class Transformer(workspace.Workspace):
    decomp = DECOMP
    example = "simple_transformer"

    def test_a_mask_of_infinities_is_the_models_own(self) -> None:
        report = self.report("run-tests", self.block)
        self.assertEqual(report["exit"], 0)
        notes = [(Path(c["file"]).name, f["rule"], f["severity"]) for c in report["components"] for f in c["findings"]]
        self.assertEqual(notes, [("causal_mask_64x64_fp32.py", "component-nonfinite", "note")])

    def test_infinities_that_the_model_does_not_make(self) -> None:
        for file in (self.root / self.block).rglob("*.py"):
            text = file.read_text().replace('masked_fill(self.causal_mask[:length, :length], float("-inf"))', "masked_fill(self.causal_mask[:length, :length], -1e9)")
            file.write_text(text)
        report = self.report("run-tests", self.block)
        failed = [c["file"] for c in report["components"] if c["status"] != "PASS"]
        self.assertEqual([Path(f).name for f in failed], ["causal_mask_64x64_fp32.py"])


if __name__ == "__main__":
    unittest.main()
