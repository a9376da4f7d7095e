"""decomp wrap and decomp verify-wrapper: a model of several files, models of transformers (tiny), wrappers that are wrong.

Usage: test_wrap.py DECOMP
"""

import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DECOMP = str(Path(sys.argv.pop()).resolve())
NET = f"{REPOSITORY}/examples/two_files/net.py:TokenEncoder"
INPUTS = f"{REPOSITORY}/examples/two_files/inputs.json"
LLAMA = {"model_type": "llama", "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
         "num_key_value_heads": 2, "vocab_size": 40, "max_position_embeddings": 32}
TOKENS = {"input_ids": {"shape": [2, 6], "dtype": "int64", "high": 40}, "attention_mask": {"shape": [2, 6], "dtype": "int64", "value": 1}}
RESNET = {"model_type": "resnet", "embedding_size": 8, "hidden_sizes": [8, 12], "depths": [1, 1], "layer_type": "basic"}
T5 = {"model_type": "t5", "d_model": 16, "d_kv": 4, "d_ff": 32, "num_layers": 1, "num_heads": 4, "vocab_size": 40}


def run(*arguments: str) -> tuple[int, dict]:
    done = subprocess.run([DECOMP, *arguments, "--format", "json"], capture_output=True, text=True)
    assert done.returncode in (0, 1), done
    return done.returncode, json.loads(done.stdout)


class Folder(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="decomp_wrap."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name: str, text: str) -> str:
        place = self.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        return str(place)

    def rules(self, report: dict) -> set[str]:
        return {f["rule"] for step in report["steps"] for f in step["findings"] if f["severity"] != "note"}


class SeveralFiles(Folder):
    def wrapped(self) -> str:
        place = str(self.folder / "encoder.py")
        code, report = run("wrap", NET, "--inputs", INPUTS, "-o", place)
        self.assertEqual((code, self.rules(report)), (0, set()), report)
        return Path(place).read_text()

    def verify(self, text: str) -> tuple[int, set[str], dict]:
        code, report = run("verify-wrapper", "--original", NET, "--wrapper", self.write("wrapper.py", text))
        return code, self.rules(report), report["steps"][0]

    def test_is_written_and_proved_and_wrong_ones_are_refused(self) -> None:
        text = self.wrapped()
        self.assertIn("# Rows of probabilities, one per query.", text)  # the author's comments live on
        self.assertNotIn("from blocks", text)
        self.assertNotIn("torch.relu", text)  # never ran
        code, rules, step = self.verify(text)
        self.assertEqual((code, rules, step["grade"]), (0, set(), "bit_exact"))
        # An operation left out, and a constant.
        code, rules, _ = self.verify(text.replace("hidden * torch.sigmoid(gate)", "hidden"))
        self.assertEqual((code, rules), (1, {"output-value"}))
        code, rules, _ = self.verify(text.replace("eps=1e-05", "eps=1e-01"))
        self.assertEqual((code, rules), (1, {"output-value"}))
        # Another structure of weights.
        code, rules, _ = self.verify(text.replace("nn.Linear(16, 64)", "nn.Linear(16, 64, bias=False)"))
        self.assertEqual((code, rules), (1, {"wrapper-weights"}))
        # Reaching out: an import, a file.
        code, rules, _ = self.verify("import blocks\n" + text)
        self.assertEqual((code, rules), (1, {"wrapper-not-self-contained"}))
        code, rules, _ = self.verify(text.replace("        super().__init__()\n        self.embed", "        super().__init__()\n        self.note = open('/etc/hostname').read()\n        self.embed"))
        self.assertEqual((code, rules), (1, {"wrapper-not-self-contained"}))

    def test_a_prefix_and_outputs_by_order(self) -> None:
        text = self.wrapped().replace("class Model(nn.Module)", "class Encoder(nn.Module)")
        outer = "class Model(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.model = Encoder()\n\n    def forward(self, tokens):\n        return {}\n\n\ndef get_inputs"
        code, rules, step = self.verify(text.replace("def get_inputs", outer.format("tuple(self.model(tokens))"), 1))
        self.assertEqual((code, rules), (0, set()), step)
        self.assertEqual({w["how"] for w in step["weights"]}, {"prefix"})
        code, rules, step = self.verify(text.replace("def get_inputs", outer.format("self.model(tokens).logits"), 1))
        self.assertEqual((code, rules), (0, {"wrapper-output-left-out"}), step)
        code, rules, step = self.verify(text.replace("def get_inputs", outer.format("self.model(tokens).hidden"), 1))
        self.assertEqual(code, 1)
        self.assertIn("output-shape", rules)

    def test_inside_a_decomposition(self) -> None:
        whole = self.folder / "whole"
        shutil.copytree(REPOSITORY / "examples/decomposed/mlp_block", whole)
        shutil.copy(REPOSITORY / "examples/mlp_block.py", self.folder)
        native = self.write("whole/native/mlp.py", (whole / "level_2_layer/mlp_block.py").read_text())
        script = "import sys\nfrom pathlib import Path\n\nsys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'native'))\nfrom mlp import Model, get_init_inputs\n\noriginal = Model(*get_init_inputs())\noriginal.eval()\n\nprint('PASS')\nsys.exit(0)\n"
        self.write("whole/steps/step_0_preparation/verify_wrapper.py", script)

        def prepared() -> dict:
            _, report = run("check", str(whole), "--source", str(self.folder / "mlp_block.py"))
            return next(s for s in report["steps"] if s["path"].endswith("step_0_preparation"))

        self.assertEqual(prepared()["status"], "PASS")
        text = Path(native).read_text()  # the native model is another one now
        changed = text.replace("forward(self, x):\n", "forward(self, x):\n        x = x * 1.5\n", 1)
        self.assertNotEqual(changed, text)
        Path(native).write_text(changed)
        self.assertEqual({f["rule"] for f in prepared()["findings"] if f["severity"] == "error"}, {"output-value"})


class Transformers(Folder):
    def wrapped(self, name: str, config: dict, inputs: dict) -> str:
        place = str(self.folder / "model.py")
        code, report = run("wrap", f"transformers:{name}", "--config", self.write("config.json", json.dumps(config)), "--inputs",
                           self.write("inputs.json", json.dumps(inputs)), "-o", place)
        self.assertEqual((code, self.rules(report) - {"wrapper-output-left-out"}, report["steps"][0]["grade"]), (0, set(), "bit_exact"), report["steps"][0]["findings"])
        text = Path(place).read_text()
        self.assertNotIn("import transformers", text)
        self.assertNotIn("config", text.partition('"""\n')[2])
        return text

    def test_a_decoder(self) -> None:
        text = self.wrapped("LlamaForCausalLM", LLAMA, TOKENS)
        self.assertIn("# Fully Connected", text)

    def test_an_encoder_and_decoder(self) -> None:
        self.wrapped("T5ForConditionalGeneration", T5, {"input_ids": TOKENS["input_ids"], "decoder_input_ids": {"shape": [2, 4], "dtype": "int64", "high": 40}})

    def test_a_convolutional_network(self) -> None:
        self.wrapped("ResNetForImageClassification", RESNET, {"pixel_values": {"shape": [2, 3, 32, 32]}})


if __name__ == "__main__":
    unittest.main(verbosity=2)
