"""What decomp gives to agents: the rule book, and findings in their terse form.

Usage: test_agents.py DECOMP
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DECOMP = str(Path(sys.argv.pop()).resolve())
EPS = "tests/broken/wrong_eps_within_tolerance"
RELU = "tests/broken/functional_relu_in_forward"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    own = {k: v for k, v in os.environ.items() if k not in ("AGENT", "CLAUDECODE")}
    return subprocess.run([DECOMP, *arguments], cwd=REPOSITORY, env=own | environment, capture_output=True, text=True, timeout=300)


class RuleBook(unittest.TestCase):
    def test_rules_readme_is_what_explain_prints(self) -> None:
        printed = run("explain", "--all", "--format", "markdown").stdout
        self.assertEqual((REPOSITORY / "rules/README.md").read_text(), printed,
                         "a rule changed: scripts/run explain --all --format markdown > rules/README.md")  # fmt: skip

    def test_every_rule_has_a_row_and_a_section(self) -> None:
        book = (REPOSITORY / "rules/README.md").read_text()
        ids = sorted(f.stem for f in (REPOSITORY / "rules/texts").glob("*.md"))
        self.assertEqual(re.findall(r"^\| \[([\w-]+)\]\(#\1\) \| (?:error|warning|note) \| .+ \|$", book, re.MULTILINE), ids)
        self.assertEqual(re.findall(r"^## ([\w-]+)$", book, re.MULTILINE), ids)
        self.assertEqual(re.findall(r"^# (.+)$", re.sub(r"^```.*?^```$", "", book, flags=re.DOTALL | re.MULTILINE), re.MULTILINE), ["The rules"])


class TerseFindings(unittest.TestCase):
    maxDiff = None

    def test_a_finding_is_one_line_with_rule_place_and_what_to_do(self) -> None:
        done = run("check", "--format", "agent", EPS, RELU)
        self.assertEqual(done.returncode, 1)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[-1], "FAIL 0/2")
        self.assertEqual(
            [re.match(r"([\w-]+) (\S+) .+? -> .+", line).groups() for line in lines[:-1]],
            [("conservation-argument", f"{EPS}/refactored.py"), ("grammar-compute-op", f"{RELU}/refactored.py:20:20")],
        )
        self.assertNotIn("\n  ", done.stdout)

    def test_a_pass_is_one_line(self) -> None:
        done = run("check", "--format", "agent", "examples/first_step")
        self.assertEqual((done.returncode, done.stdout), (0, "PASS 1/1\n"))

    def test_the_environment_chooses_it_and_a_flag_wins(self) -> None:
        terse = run("check", "--format", "agent", RELU).stdout
        for environment in ({"AGENT": "1"}, {"CLAUDECODE": "1"}):
            self.assertEqual(run("check", RELU, **environment).stdout, terse)
            self.assertIn("^^^^^^", run("check", "--format", "text", RELU, **environment).stdout)
        for environment in ({}, {"AGENT": ""}, {"CLAUDECODE": "0"}):
            self.assertIn("^^^^^^", run("check", RELU, **environment).stdout)

    def test_a_rule_that_fires_everywhere_is_cut_and_counted(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            step = Path(folder) / "step"
            shutil.copytree(REPOSITORY / RELU, step, ignore=shutil.ignore_patterns("__pycache__"))
            text = (step / "refactored.py").read_text()
            self.assertIn("        return x + F.relu(self.down(h))\n", text)
            (step / "refactored.py").write_text(text.replace("        return x + F.relu(self.down(h))\n", "        h = F.relu(h)\n" * 20 + "        return x + self.down(h)\n"))
            lines = run("check", "--format", "agent", str(step)).stdout.splitlines()
        self.assertEqual(sum(line.startswith("grammar-compute-op ") and ":" in line for line in lines), 12)
        self.assertEqual(sum(" -> " in line for line in lines), 1)
        self.assertIn("grammar-compute-op 8 more like these", lines)



TWO_LINEARS = """import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = nn.Linear(width, width)
        self.second = nn.Linear(width, width)

    def forward(self, x):
        return x + self.second(self.first(x))


def get_inputs():
    return [torch.randn(4, 16)]


def get_init_inputs():
    return [16]
"""


class Skeleton(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.model = Path(folder.name) / "two_linears.py"
        self.model.write_text(TWO_LINEARS)
        self.root = Path(folder.name) / "decomposition"

    def files(self) -> set[str]:
        return {str(p.relative_to(self.root)) for p in self.root.rglob("*") if p.is_file()}

    def test_what_is_made_of_the_templates_passes(self) -> None:
        self.assertEqual(run("init", str(self.root), "--model", str(self.model)).returncode, 0)
        step = self.root / "steps/step_1_model_to_layers"
        templates = self.root / "templates"
        shutil.copy(templates / "component.py", step / "children/linear_16x16_fp32.py")
        shutil.copy(templates / "refactored_parent.py", step / "refactored.py")
        shutil.copy(templates / "component.py", self.root / "level_0_kernel/linear_16x16_fp32.py")
        shutil.copy(templates / "composition_test.py", self.root / "verification/composition_test.py")
        report = json.loads(run("check", "--format", "json", str(step)).stdout)
        self.assertEqual((report["status"], report["steps"][0]["findings"]), ("PASS", []))
        for file in ("level_0_kernel/linear_16x16_fp32.py", "verification/composition_test.py"):
            alone = subprocess.run([sys.executable, self.root / file], capture_output=True, text=True, timeout=100)
            self.assertEqual((alone.returncode, alone.stdout.splitlines()[-1]), (0, "PASS"), alone.stderr)
        whole = json.loads(run("check", "--format", "json", str(self.root)).stdout)
        rules = {f["rule"] for f in whole["findings"] + whole["steps"][0]["findings"] if f["file"].endswith(".py") and f["severity"] != "note"}
        self.assertEqual(rules, set(), whole["findings"])

    def test_the_model_is_in_its_places_byte_by_byte(self) -> None:
        run("init", str(self.root), "--model", str(self.model))
        for copy in ("level_3_model/two_linears.py", "steps/step_1_model_to_layers/original.py"):
            self.assertEqual((self.root / copy).read_text(), TWO_LINEARS)
        metadata = json.loads((self.root / "decomposition_tree.json").read_text())["metadata"]
        self.assertEqual((self.root / metadata["source_file"]).resolve(), self.model.resolve())

    def test_without_a_model_there_is_no_step(self) -> None:
        run("init", str(self.root))
        self.assertNotIn("decomposition_tree.json", self.files())
        self.assertEqual(run("check", str(self.root)).returncode, 4)

    def test_nothing_is_written_over(self) -> None:
        self.root.mkdir()
        (self.root / "decomposition_log.json").write_text("mine")
        done = run("init", str(self.root), "--model", str(self.model))
        self.assertEqual(done.returncode, 2)
        self.assertIn("decomposition_log.json is there already", done.stderr)
        self.assertEqual((self.files(), (self.root / "decomposition_log.json").read_text()), ({"decomposition_log.json"}, "mine"))

    def test_a_model_that_is_none(self) -> None:
        self.assertEqual(run("init", str(self.root), "--model", "no/such.py").returncode, 2)
        self.assertFalse(self.root.exists())



def kernels_of(example: str) -> set[str]:
    return {f.stem for f in (REPOSITORY / f"examples/decomposed/{example}/level_0_kernel").glob("*.py")}


class Prompt(unittest.TestCase):
    maxDiff = None

    def prompt(self, model: str, *arguments: str) -> dict:
        done = run("prompt", model, "-o", "out", "--format", "json", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_modules_levels_and_kernels_are_those_of_the_decompositions_by_hand(self) -> None:
        levels = {}
        for example in ("attention_block", "mlp_block", "simple_transformer"):
            with self.subTest(example=example):
                prompt = self.prompt(f"examples/{example}.py")
                kernels = {k["name"]: k for k in prompt["outline"]["kernels"]}
                self.assertEqual(set(kernels), kernels_of(example))
                for name in kernels:
                    self.assertIn(f"| `{name}.py` |", prompt["text"])
                levels[example] = {m["path"]: m["level"] for m in prompt["outline"]["modules"]}
                if example == "simple_transformer":
                    self.assertEqual(kernels["linear_256x256_fp32"]["instances"], 16)
                    self.assertEqual((prompt["outline"]["inputs"], prompt["outline"]["outputs"]), (["int64 [2, 64]"], ["float32 [2, 64, 4096]"]))
        self.assertEqual({k: levels["simple_transformer"][k] for k in ("", "blocks.3", "blocks.3.attention", "blocks.3.mlp", "final_norm")},
                         {"": "model", "blocks.3": "layer", "blocks.3.attention": "fusion", "blocks.3.mlp": "fusion", "final_norm": "kernel"})  # fmt: skip
        self.assertEqual((levels["mlp_block"]["norm"], levels["mlp_block"]["mlp"]), ("kernel", "fusion"))

    def test_the_proposal_is_what_decompose_writes(self) -> None:
        model = "tests/decompose/sequential_stack.py"
        outline = self.prompt(model)["outline"]
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder, "made")
            self.assertEqual(run("decompose", model, "-o", str(made)).returncode, 0)
            tree = json.loads((made / "decomposition_tree.json").read_text())["nodes"].values()
            for level, members in (("kernel", outline["kernels"]), ("fusion", outline["fusions"])):
                written = {f.stem for f in next(made.glob(f"level_?_{level}")).glob("*.py")}
                self.assertEqual({m["name"] for m in members}, written, level)
            counts = {k["name"]: k["instances"] for k in outline["kernels"]}
            self.assertEqual(counts, {Path(n["path"]).stem: n["instance_count"] for n in tree if n["level"] == "kernel"})

    def test_what_the_plan_leaves_whole_is_told(self) -> None:
        prompt = self.prompt("tests/decompose_partial/other_objects.py")
        self.assertEqual([g["component"] for g in prompt["outline"]["gaps"]], ["turned"])
        self.assertNotIn("turned", {k["name"] for k in prompt["outline"]["kernels"]})
        self.assertIn("It knows no way into `turned` (line 31:", prompt["text"])

    def test_a_package_s_class_gets_phase_0(self) -> None:
        prompt = self.prompt("transformers:LlamaForCausalLM")
        self.assertEqual(prompt["phase"], 0)
        self.assertIn("`out/level_3_model/llama_for_causal_lm.py`".strip("`"), prompt["text"])
        self.assertIn("wrap transformers:LlamaForCausalLM --config config.json --inputs inputs.json", prompt["text"])

    def test_the_rules_are_those_of_this_build(self) -> None:
        text = self.prompt("examples/mlp_block.py")["text"]
        for file in (REPOSITORY / "rules/texts").glob("*.md"):
            severity, summary = re.search(r"^severity: (\w+)\n(.+?)\n\n", file.read_text(), re.MULTILINE | re.DOTALL).groups()
            line = f"- `{file.stem}`" + (" (warning)" if severity == "warning" else "") + ": " + summary.replace("\n", " ")
            self.assertEqual(line in text, severity != "note", file.stem)
        self.assertNotIn("{{", text)
        self.assertNotIn("%%", text)

    def test_its_commands_are_those_of_this_build(self) -> None:
        text = self.prompt("examples/mlp_block.py")["text"]
        commands = re.findall(rf"{re.escape(DECOMP)} ([\w-]+)", text)
        self.assertLessEqual({"check", "run-steps", "run-tests", "extract-ops", "explain"}, set(commands))
        for command in set(commands):
            self.assertEqual(run(command, "--help").returncode, 0, command)

    def test_phases_are_parts(self) -> None:
        parts = {phase: self.prompt("examples/mlp_block.py", "--phase", phase)["text"] for phase in "0123"}
        self.assertIn("### Kernels that you will need", parts["1"])
        self.assertNotIn("### Kernels that you will need", parts["2"])
        self.assertIn("RefactoredModel", parts["2"])
        self.assertIn("decomposition_tree.json`** has", parts["3"])
        self.assertIn("you asked for phase 0", parts["0"])

    def test_a_model_with_foreign_imports_gets_phase_0(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            model = Path(folder, "wrapped.py")
            model.write_text("from transformers import AutoModel\nfrom .parts import Block\n\n\nclass Model(AutoModel):\n    pass\n")
            prompt = self.prompt(str(model))
            self.assertEqual(prompt["phase"], 0)
            self.assertIn("it imports .parts, transformers, and it has no get_inputs, get_init_inputs", prompt["text"])
            done = run("prompt", str(model), "-o", "out", "--phase", "2")
            self.assertEqual(done.returncode, 2)
            self.assertIn("needs phase 0 first", done.stderr)

    def test_a_model_that_does_not_run(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            model = Path(folder, "broken.py")
            model.write_text(TWO_LINEARS.replace("torch.randn(4, 16)", "torch.randn(4, 17)"))
            done = run("prompt", str(model), "-o", "out")
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("run-exception", done.stderr)



class Skill(unittest.TestCase):
    TEXT = (REPOSITORY / "SKILL.md").read_text()

    def test_it_says_what_it_is_for(self) -> None:
        head = re.match(r"---\nname: ([a-z-]+)\ndescription: (.+)\n---\n", self.TEXT)
        self.assertEqual(head[1], "decomp")
        self.assertLess(len(head[2]), 1024)

    def test_its_commands_and_rules_are_those_of_this_build(self) -> None:
        commands = set(re.findall(r"decomp ([a-z][a-z-]+)(?= |`)", self.TEXT)) - {"finding"}
        self.assertLessEqual({"prompt", "init", "check", "explain", "mcp", "run-tests"}, commands)
        offered = set(re.findall(r"^  ([a-z-]+) ", run("--help").stdout, re.MULTILINE))
        self.assertLessEqual(commands, offered)
        ids = [f.stem for f in (REPOSITORY / "rules/texts").glob("*.md")]
        for family in re.findall(r"`([a-z]+-)`", self.TEXT):
            self.assertTrue(any(id.startswith(family) for id in ids), family)


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
