#include "pipeline/equal_inputs.h"

#include <map>
#include <stdexcept>

#include "checks/custody.h"
#include "core/digest.h"
#include "core/error.h"
#include "pipeline/components.h"
#include "pipeline/custody_files.h"
#include "pipeline/step_context.h"
#include "pipeline/step_groups.h"

namespace decomp {
namespace {

// The bytes of a value, each part with its kind and length. A list and a tuple of arguments are one thing.
void write(const Value& value, std::string& bytes) {
  const bool sequence = value.kind == Value::Kind::list || value.kind == Value::Kind::tuple;
  bytes += std::to_string(static_cast<int>(sequence ? Value::Kind::list : value.kind)) + "(" + std::to_string(value.items.size()) + ":" + std::to_string(value.text.size()) + ":" + value.text + value.type;
  for (const std::string& key : value.keys) bytes += std::to_string(key.size()) + ":" + key;
  if (value.kind == Value::Kind::tensor) {
    bytes += dtype_name(value.tensor.scalar_type());
    for (const std::int64_t size : value.tensor.sizes()) bytes += " " + std::to_string(size);
    bytes += sha256({static_cast<const char*>(value.tensor.const_data_ptr()), value.tensor.nbytes()});
  }
  for (const Value& item : value.items) write(item, bytes);
  bytes += ")";
}

// Digest of what the file declares; "" where that cannot be told.
std::string declared(Session& session, const std::vector<Component>& all, const Component& component, const std::vector<std::int64_t>& seeds) {
  try {
    ModelSide side(session.worker(), session.model_job(), side_file(component), imported_files(all, component), component.grammar.model_class);
    side.load();
    const Shipment init = side.init_inputs(construct_seed);
    if (init.tree.contains("opaque")) return "";
    std::string bytes;
    if (init.tree.contains("value")) {
      const Value value = decode_value(init.tree["value"], init.file);
      if (!value.items.empty()) write(value, bytes);  // no function and an empty list are one thing
    }
    const Shipment inputs = side.inputs(seeds);
    for (const Json& trial : inputs.tree.at("trials"))
      for (const char* part : {"args", "kwargs"}) write(decode_value(trial.at(part), inputs.file), bytes);
    return sha256(bytes);
  } catch (const StepStop&) {  // its own step says what is wrong with it
  } catch (const std::invalid_argument&) {
  } catch (const Json::exception&) {
  }
  return "";
}

void equate_in(Session& session, const DecompositionFolder& folder, const std::vector<std::int64_t>& seeds) {
  std::vector<Component> all = read_components(session, folder.shown);
  if (const auto source = find_source_file(folder, session.named_source(folder.root)))
    for (Component& file : read_component_files(session, {*source})) all.push_back(std::move(file));
  std::map<std::string, std::map<std::string, const Component*>> models;  // by model, then by all that counts
  for (const Component& component : all)
    if (component.facts && component.source && component.imports.empty())
      if (const std::string model = model_identity(*component.facts); !model.empty()) models[model].emplace(code_identity(*component.facts), &component);
  for (const auto& [model, ways] : models) {
    if (ways.size() < 2) continue;
    std::map<std::string, std::string> first;  // by what is declared
    for (const auto& [identity, component] : ways) {
      const std::string values = declared(session, all, *component, seeds);
      if (values.empty()) continue;
      const auto [at, fresh] = first.emplace(values, identity);
      if (!fresh) session.equate(identity, at->second);
    }
  }
}

}  // namespace

void equate_components(Session& session, const std::vector<StepFiles>& steps) {
  std::vector<std::int64_t> seeds;
  for (int i = 0; i < session.options().num_trials; ++i) seeds.push_back(first_public_seed + i);
  const std::string random = random_bytes(7);
  std::int64_t own = 0;
  for (const char c : random) own = own * 256 + static_cast<unsigned char>(c);
  seeds.push_back(own);
  for (const StepGroup& group : decompositions_of(steps)) equate_in(session, *group.folder, seeds);
}

}  // namespace decomp
