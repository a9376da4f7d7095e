#include "pipeline/compose_file.h"

#include <algorithm>
#include <set>

#include "pipeline/workspace.h"

namespace decomp {
namespace {

// After the composed model: what only the file's own test needs. Nothing of it runs when decomp judges the file.
constexpr const char* test_part = R"py(def load_original():
    """The module of the source model."""
    spec = importlib.util.spec_from_file_location("original_model", ORIGINAL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tensor_at(model, key):
    """The parameter, buffer or attribute of this name."""
    for part in key.split("."):
        if isinstance(model, dict):
            model = model[part]
        elif isinstance(model, (list, tuple)):
            model = model[int(part)]
        else:
            model = getattr(model, part)
    return model


def transfer_weights(original, composed):
    """Copies every tensor of the original to where WEIGHT_MAP says."""
    for key, targets in WEIGHT_MAP.items():
        for target in targets if isinstance(targets, list) else [targets]:
            source = tensor_at(original, key) if target is not None else None
            if isinstance(target, dict):
                first, last = target["rows"]
                source = source[first:last]
                target = target["key"]
            if target is not None:
                tensor_at(composed, target).copy_(source)


def perturb(model):
    """Moves every parameter off its default: zero biases and unit norms would hide a wrong map."""
    for parameter in model.parameters():
        if parameter.is_floating_point():
            parameter.add_(0.05 * torch.randn_like(parameter))


def leaves(value):
    """The tensors of a result, in order; numbers become tensors."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (bool, int, float)):
        return [torch.tensor(value)]
    if isinstance(value, dict):
        value = list(value.values())
    elif hasattr(value, "__dataclass_fields__"):
        value = list(vars(value).values())
    elif not isinstance(value, (list, tuple)):
        return []
    return [leaf for item in value for leaf in leaves(item)]


def largest_difference(expected, actual):
    """Over all results; None when one is not equal within its tolerance."""
    if len(expected) != len(actual):
        return None
    largest = 0.0
    for a, b in zip(expected, actual):
        if a.shape != b.shape or a.dtype != b.dtype:
            return None
        rtol, atol = TOLERANCES.get(a.dtype, (0.0, 0.0))
        if not torch.allclose(b, a, rtol=rtol, atol=atol, equal_nan=True):
            return None
        if a.numel() > 0 and a.is_floating_point():
            largest = max(largest, (a - b).abs().nan_to_num().max().item())
    return largest


@torch.no_grad()
def run_tests():
    source = load_original()
    arguments = source.get_init_inputs() if hasattr(source, "get_init_inputs") else []
    passed = True
    for seed in SEEDS:
        torch.manual_seed(seed)
        original = source.Model(*arguments).eval()
        perturb(original)
        composed = ComposedModel(*arguments).eval()
        transfer_weights(original, composed)
        results = []
        for model in (original, composed):
            torch.manual_seed(seed)
            inputs = source.get_inputs()
            options = source.get_input_kwargs() if hasattr(source, "get_input_kwargs") else {}
            results.append(leaves(model(*inputs, **options)))
        difference = largest_difference(*results)
        print(f"seed {seed}: " + ("different" if difference is None else f"max difference {difference:.2e}"))
        passed = passed and difference is not None
    print("PASS" if passed else "FAIL: the composed model is not the original")
    return passed


if __name__ == "__main__":
    sys.exit(0 if run_tests() else 1)
)py";

constexpr const char* tolerances = R"py(# (rtol, atol) by the dtype of a result; all other dtypes must be equal.
TOLERANCES = {
    torch.float64: (1e-7, 1e-8),
    torch.float32: (1e-4, 1e-5),
    torch.complex64: (1e-4, 1e-5),
    torch.float16: (1e-3, 1e-3),
    torch.bfloat16: (1e-3, 1e-3),
}
SEEDS = (42, 43, 44)
)py";

std::string python_text(const std::string& text) { return Json(text).dump(-1, ' ', true); }

std::string path_expression(const std::string& relative) {
  std::string expression = "ROOT";
  for (std::size_t at = 0, end; at <= relative.size(); at = end + 1) {
    end = std::min(relative.find('/', at), relative.size());
    expression += " / " + python_text(relative.substr(at, end - at));
  }
  return expression;
}

std::string target_text(const Json& target) {
  if (target.is_null()) return "None";
  if (target.is_string()) return python_text(target.get<std::string>());
  return "{\"key\": " + python_text(target.at("key").get<std::string>()) + ", \"rows\": " + target.at("rows").dump() + "}";
}

std::string targets_text(const Json& targets) {
  if (targets.is_array() && targets.size() != 1) {
    std::string text = "[";
    for (const Json& target : targets) text += (text.size() > 1 ? ", " : "") + target_text(target);
    return text + "]";
  }
  return target_text(targets.is_array() ? targets[0] : targets);
}

// `import x` before `from x import y`, the standard library before torch.
std::string import_block(const std::vector<std::string>& imports) {
  std::set<std::string> future, standard = {"import importlib.util", "import sys", "from pathlib import Path"}, torch = {"import torch"};
  for (const std::string& line : imports) {
    const std::string module = line.substr(line.find(' ') + 1);
    (module.rfind("__future__", 0) == 0 ? future : module.rfind("torch", 0) == 0 ? torch : standard).insert(line);
  }
  std::string text;
  for (const auto* group : {&future, &standard, &torch}) {
    if (group->empty()) continue;
    for (const bool from : {false, true})
      for (const std::string& line : *group)
        if ((line.rfind("from ", 0) == 0) == from) text += line + "\n";
    text += "\n";
  }
  return text;
}

}  // namespace

const std::vector<std::string>& composition_file_names() {
  static const std::vector<std::string> names = {
      "ROOT", "ORIGINAL", "WEIGHT_MAP", "TOLERANCES", "SEEDS", "sys", "Path", "importlib", "load_original", "tensor_at",
      "transfer_weights", "perturb", "leaves", "largest_difference", "run_tests", "get_inputs", "get_init_inputs"};
  return names;
}

std::string composition_file(const ComposedText& composed, const std::string& model, const std::string& original, const Json& weight_map) {
  std::string text = "\"\"\"" + model + " from the kernels of level_0_kernel/ only, held against the source model.\n\n" +
                     "Written by `decomp compose` from the steps' refactored models. Run it with Python and torch: it prints PASS or FAIL.\n\"\"\"\n\n";
  text += import_block(composed.imports);
  text += "ROOT = Path(__file__).resolve().parent.parent\nORIGINAL = " + path_expression(original) + "\n";
  text += "sys.path.insert(0, str(ROOT / \"level_0_kernel\"))\n\n";
  for (const auto& [kernel, name] : composed.kernels)
    text += "from " + kernel + " import Model" + (name == "Model" ? "" : " as " + name) + "\n";
  text += std::string("\n") + tolerances + "\n\n" + composed.body + "\n\n";
  text += "# Each tensor of the source model, and the tensors of ComposedModel that take its values.\nWEIGHT_MAP = {\n";
  std::vector<std::string> keys;
  for (const auto& [key, targets] : weight_map.items()) keys.push_back(key);
  std::sort(keys.begin(), keys.end(), natural_less);
  for (const std::string& key : keys) text += "    " + python_text(key) + ": " + targets_text(weight_map.at(key)) + ",\n";
  return text + "}\n\n\n" + test_part;
}

}  // namespace decomp
