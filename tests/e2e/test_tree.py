"""decomposition_tree.json, the log and the reports of a decomposition: one thing is changed per test, and exactly that is found.

Usage: test_tree.py DECOMP
"""

import json
import shutil
import sys
import unittest
from pathlib import Path

from decomposition_copy import DecompositionCopy

DecompositionCopy.decomp = str(Path(sys.argv.pop()).resolve())
STEP_2 = "steps/step_2_swiglu_to_kernels"


class Copy(DecompositionCopy):
    """Changes that do not touch each other are judged by one check: a check costs seconds."""

    def path(self, name: str = "decomposition_tree.json") -> Path:
        return self.root / self.block / name

    def edit(self, name: str, *changes: tuple[str, str]) -> None:
        self.replace(f"{self.block}/{name}", *changes)

    def tree(self, *changes: tuple[str, str]) -> None:
        self.edit("decomposition_tree.json", *changes)

    def place_of(self, text: str, name: str = "decomposition_tree.json") -> tuple[int, int]:
        """Line and column of the first place that holds `text`; columns count from 1."""
        before = self.path(name).read_text().split(text)[0]
        return before.count("\n") + 1, len(before) - before.rfind("\n")

    def assert_found(self, report: dict, *expected: tuple[str, tuple[int, int], str], name: str = "decomposition_tree.json") -> None:
        """Exactly these errors, all of them in the file `name`: rule, place, message."""
        found = [(f["rule"], (f["line"], f["column"]), f["message"], f["file"]) for f in self.findings(report) if f["severity"] == "error"]
        self.assertEqual(sorted(found), sorted((*e, f"{self.block}/{name}") for e in expected))
        self.assertEqual((report["status"], report["exit"]), ("FAIL", 1))


class Tree(Copy):
    def test_the_example_as_it_is(self) -> None:
        report = self.check()
        self.assert_passes(report)
        self.assertEqual([f for f in self.findings(report) if f["severity"] == "warning"], [])

    def test_a_tree_that_calls_itself_partial(self) -> None:
        self.tree(('"verification_status": "PASSED"', '"verification_status": "PARTIAL"'))
        self.assert_found(self.check(), ("tree-partial", self.place_of('"PARTIAL"'), "the decomposition says of itself that it is PARTIAL"))

    def test_no_json(self) -> None:
        self.tree(('"nodes": {', '"nodes": {,'))
        finding = self.finding(self.check(), "tree-json")
        self.assertEqual((finding["line"], finding["column"]), self.place_of(',\n    "root"'))
        self.assertIn("is no valid JSON", finding["message"])

    def test_schema(self) -> None:
        self.tree(('"children": ["norm", "mlp"]', '"children": "norm"'))
        report = self.check()
        self.assert_errors(report, ("tree-json", "decomposition_tree.json"))
        finding = self.finding(report, "tree-json")
        self.assertEqual((finding["line"], finding["column"]), self.place_of('"norm",'))
        self.assertIn("at /nodes/root/children", finding["message"])

    def test_ids_paths_and_own_counts(self) -> None:
        self.tree(
            ('"id": "up_proj"', '"id": "sigmoid"'),
            ('"silu", "up_proj", "down_proj"]', '"up_proj", "down_proj", "bias"]'),
            ("level_0_kernel/linear_1376x512_nobias_fp32.py", "level_0_kernel/linear_fp32.py"),
            ("level_0_kernel/rms_norm_512_fp32.py", "steps/step_1_mlp_block_to_fusions/children/rms_norm_512_fp32.py"),
            ('"total_components": 7', '"total_components": 8'),
            ('"kernel": 5}', '"kernel": 4}'),
            ('"unique_kernels": 4', '"unique_kernels": 5'),
        )
        self.assert_found(
            self.check(),
            ("tree-id", self.place_of('"sigmoid"'), "the node `up_proj` has the id `sigmoid`"),
            ("tree-id", self.place_of('"bias"'), "`mlp` has a child `bias`, and there is no such node"),
            ("tree-id", self.place_of('{\n      "id": "silu"'), "`silu` is no node's child, as the root `root` is"),
            ("tree-path", self.place_of('"level_0_kernel/linear_fp32.py"'), "`down_proj` has the path level_0_kernel/linear_fp32.py, and there is no such file"),
            ("tree-path", self.place_of('"steps/step_1'), "`norm` has the path steps/step_1_mlp_block_to_fusions/children/rms_norm_512_fp32.py, "
             "which is no file of a level folder"),
            ("tree-path", self.place_of('{\n    "root"'), "no node has the path level_0_kernel/linear_1376x512_nobias_fp32.py"),
            ("tree-path", self.place_of('{\n    "root"'), "no node has the path level_0_kernel/rms_norm_512_fp32.py"),
            ("tree-count", self.place_of('8,\n    "by_level"'), "total_components is 8; the tree has 7 nodes"),
            ("tree-count", self.place_of("4},"), "by_level.kernel is 4; the tree has 5 nodes of this level"),
            ("tree-count", self.place_of('5,\n    "verification_status"'), "unique_kernels is 5; the tree's kernels have 4 distinct paths"),
        )  # fmt: skip

    def test_levels(self) -> None:
        self.tree(('"level": "fusion"', '"level": "layer"'), ('{"layer": 1, "fusion": 1, "kernel": 5}', '{"layer": 2, "kernel": 5}'))
        self.assert_found(
            self.check(),
            ("tree-level", self.place_of('"mlp"],\n'), "`mlp` is a layer, and so its parent `root`, a layer, is not above it"),
            ("tree-level", self.place_of('"layer",\n      "path": "level_1_fusion'), "`mlp` is a layer here, and its file lies in level_1_fusion/"),
        )  # fmt: skip

    def test_leaf_that_is_no_kernel(self) -> None:
        tree = json.loads(self.path().read_text())
        tree["nodes"]["root"]["children"] += tree["nodes"]["mlp"]["children"]
        tree["nodes"]["mlp"]["children"] = []
        self.path().write_text(json.dumps(tree))
        report = self.check()
        self.assert_errors(report, ("tree-level", "decomposition_tree.json"))
        self.assertEqual(self.finding(report, "tree-level")["message"], "`mlp` is a fusion without children: all leaves are kernels")

    def test_recorded_children_shapes_and_flow(self) -> None:
        text = self.path().read_text().replace('"instance_count": 2', '"instance_count": 3', 1)
        before, after = text.split('"up_proj": {')
        self.path().write_text(before + '"up_proj": {' + after.replace('{"x": [4, 128, 512]}', '{"x": [1, 128, 512]}', 1))
        self.tree(
            ('["norm", "mlp"]', '["norm", "mlp", "silu"]'),
            ('"output_dtypes": {"output": "float32"}\n    },\n    "norm"', '"output_dtypes": {"output": "bfloat16"}\n    },\n    "norm"'),
            ('{"from": "norm", "to": "mlp"', '{"from": "down_proj", "to": "norm"'),
            ('{"from": "up_proj", "to": "down_proj"', '{"from": "down_proj", "to": "gate_proj"'),
            ('{"from": "silu", "to": "down_proj"', '{"from": "relu", "to": "down_proj"'),
            ('"to": "silu", "tensor_name": "x", "shape": [4, 128, 1376]', '"to": "silu", "tensor_name": "x", "shape": [4, 1376]'),
        )
        step_1, step_2 = f"{self.block}/steps/step_1_mlp_block_to_fusions", f"{self.block}/{STEP_2}"
        self.assert_found(
            self.check(),
            ("tree-children", self.place_of('"silu"]'), f"`root` has a child `silu` (level_0_kernel/silu_fp32.py), which {step_1} does not use"),
            ("tree-count", self.place_of('3,\n      "children"'), "instance_count of `gate_proj` is 3; 2 nodes of the tree have the path "
             "level_0_kernel/linear_512x1376_nobias_fp32.py, and 2 instances with 2 calls in one run of the model were recorded"),
            ("tree-shape", self.place_of("[1, 128, 512]"), "`up_proj` receives `x` float32 [1, 128, 512] by the tree; "
             f"`up_proj` in {step_2} receives x float32 [4, 128, 512]"),
            ("tree-shape", self.place_of('[4, 128, 512]},\n      "input_dtypes"'),
             f"`root` returns `output` bfloat16 [4, 128, 512] by the tree; {step_1} returns float32 [4, 128, 512]"),
            ("tree-flow", self.place_of('{"from": "down_proj", "to": "norm"'), "nothing flows from `down_proj` to `norm`: nothing that the first makes "
             "reaches the second in the recorded run"),
            ("tree-flow", self.place_of('{"from": "down_proj", "to": "gate_proj"'), "nothing flows from `down_proj` to `gate_proj`: nothing that the first makes "
             "reaches the second in the recorded run"),
            ("tree-id", self.place_of('"relu"'), "the edge goes from `relu`, and there is no such node"),
            ("tree-flow", self.place_of("[4, 1376]"), "from `gate_proj` to `silu` goes no tensor float32 [4, 1376]; "
             "what was recorded there: float32 [4, 128, 1376]"),
        )  # fmt: skip

    def test_one_node_for_several_instances(self) -> None:
        tree = json.loads(self.path().read_text())
        del tree["nodes"]["up_proj"]
        tree["nodes"]["mlp"]["children"].remove("up_proj")
        tree["data_flow"] = [{"from": "norm", "to": "gate_proj", "dtype": "float32"}, {"from": "gate_proj", "to": "down_proj", "shape": [4, 128, 1376]}]
        tree["metadata"] |= {"total_components": 6, "by_level": {"layer": 1, "fusion": 1, "kernel": 4}}
        self.path().write_text(json.dumps(tree, indent=1, sort_keys=True))
        self.assert_passes(self.check())
        self.tree(('"instance_count": 2', '"instance_count": 1'))
        report = self.check()
        self.assert_errors(report, ("tree-count", "decomposition_tree.json"))
        self.assertIn("2 instances with 2 calls in one run of the model were recorded", self.finding(report, "tree-count")["message"])


class Artefacts(Copy):
    def test_missing(self) -> None:
        expected = {
            "decomposition_tree.json": "error",
            "verification/coverage_summary.json": "error",
            "verification/step_verification_summary.json": "warning",
            "verification/test_results.json": "warning",
            "decomposition_log.json": "warning",
        }
        for name in expected:
            self.path(name).unlink()
        self.path("decomposition_analysis.md").write_text("\n \n")
        report = self.check(self.block, "--source", "examples/mlp_block.py")
        found = {(f["file"].removeprefix(self.block + "/"), f["severity"], f["message"]) for f in self.findings(report) if f["rule"] == "artefact-missing"}
        missing = {(name, severity, "there is no such file") for name, severity in expected.items()}
        self.assertEqual(found, missing | {("decomposition_analysis.md", "warning", "is empty")})
        self.assertEqual(report["exit"], 1)

    def test_only_warnings(self) -> None:
        for name in ("verification/step_verification_summary.json", "verification/test_results.json", "decomposition_log.json", "decomposition_analysis.md"):
            self.path(name).unlink()
        self.assert_passes(self.check())

    def test_no_kernels(self) -> None:
        shutil.rmtree(self.path("level_0_kernel"))
        self.assertIn(("artefact-missing", "level_0_kernel"), self.errors(self.check()))

    def test_untrue_log(self) -> None:
        self.edit("decomposition_log.json", ("level_2_layer/mlp_block.py has", "level_2_layer/block.py has"))
        text = self.path("decomposition_log.json").read_text()
        self.path("decomposition_log.json").write_text(text.replace("step_2_swiglu_to_kernels", "step_3_swiglu_to_kernels", 1))
        report = self.check()
        place = self.place_of('"step_3', "decomposition_log.json")
        self.assert_found(report, ("log-untrue", place, "the entry is about step_3_swiglu_to_kernels, and there is no such folder in steps/"), name="decomposition_log.json")
        self.assertEqual([f["message"] for f in self.findings(report) if f["severity"] == "warning"],
                         ["the entry speaks of level_2_layer/block.py, and there is no such file"])  # fmt: skip

    def test_documents_of_another_form(self) -> None:
        self.edit("decomposition_log.json", ('"type": "deviation"', '"type": "remark"'))
        self.edit("verification/coverage_summary.json", ('"coverage_pct": 100.0', '"coverage_pct": 60.0'))
        self.path(f"{STEP_2}/verification_result.json").write_text('{"status": "PASS",')
        report = self.check()
        log, summary = "decomposition_log.json", "verification/coverage_summary.json"
        self.assert_errors(report, ("log-json", log), ("artefact-json", summary), ("artefact-json", f"{STEP_2}/verification_result.json"))
        found = {f["file"].removeprefix(self.block + "/"): (f["line"], f["column"], f["message"]) for f in self.findings(report)}
        self.assertEqual(found[log][:2], self.place_of('"remark"', log))
        self.assertEqual(found[summary][:2], self.place_of("60.0", summary))
        self.assertIn("does not fit its schema at /coverage/coverage_pct", found[summary][2])
        self.assertIn("is no valid JSON", found[f"{STEP_2}/verification_result.json"][2])


class Coverage(Copy):
    def test_component_without_step(self) -> None:
        shutil.rmtree(self.root / self.block / STEP_2)
        report = self.check()
        silu = next(f for f in self.findings(report) if f["rule"] == "coverage-missing" and "silu" in f["message"])
        self.assertEqual(silu["message"], "`silu` in `mlp` is made by no kernel")
        text = (self.root / silu["file"]).read_text().splitlines()  # the line of the original that calls it
        self.assertIn("silu(", text[silu["line"] - 1])


class Components(Copy):
    def test_a_component_that_its_own_test_refuses(self) -> None:
        copies = [f for f in (self.root / self.block).rglob("silu_fp32.py")]
        self.assertGreaterEqual(len(copies), 2)
        for copy in copies:
            copy.write_text(copy.read_text().replace("return [(4, 128, 1376)]", "return [(4, 128, 99)]"))
        report = self.check()
        self.assertEqual({s["status"] for s in report["steps"] + report["compositions"]}, {"PASS"})
        failed = [c for c in report["components"] if c["status"] != "PASS"]
        self.assertEqual([c["file"] for c in failed], [f"{self.block}/level_0_kernel/silu_fp32.py"])
        self.assertEqual({f["rule"] for f in failed[0]["findings"]}, {"component-self-test", "component-output-shape"})
        self.assertEqual(report["exit"], 1)


if __name__ == "__main__":
    unittest.main()
