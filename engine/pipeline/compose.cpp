#include "pipeline/compose.h"

#include <algorithm>
#include <map>

#include "checks/loaders.h"
#include "pipeline/compose_file.h"
#include "pipeline/compose_text.h"
#include "pipeline/compositions.h"
#include "pipeline/custody.h"
#include "pipeline/custody_files.h"
#include "pipeline/engine.h"
#include "pipeline/step.h"
#include "pipeline/step_context.h"
#include "pipeline/step_memory.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

// One step, as far as its text and its weights go.
struct StepPart {
  StepContext step;
  std::shared_ptr<const Facts> facts;  // of refactored.py
  std::vector<ModuleInstance> modules;
  const CodeForm* original = nullptr;
};

// A tensor of the composed model and where its values come from.
struct ComposedTensor {
  std::string composed;
  MapTarget from;  // in the original of the part
};

class Composing {
 public:
  Composing(Session& session, const DecompositionFolder& folder, const std::vector<StepFiles>& steps, const fs::path& source)
      : session_(session), folder_(folder), forms_(session), step_files_(steps), named_source_(source) {}

  Composition run(bool prove) {
    if (read_steps() && find_parts()) {
      const Json map = weight_map();
      const ComposedText text = compose_text(text_parts_, composition_file_names());
      result_.text = composition_file(text, model_name(), original_path(), map);
      if (!prove) return std::move(result_);
      StepFiles files = composition_in(folder_, source_path_);
      files.weight_map.reset();
      files.composition->text = result_.text;
      StepEvidence evidence;
      result_.proof = verify(session_, files, evidence);
    }
    return std::move(result_);
  }

 private:
  bool refuse(const std::string& file, const std::string& message, const std::string& help) {
    result_.findings.push_back({"composition-incomplete", Severity::error, {file}, message, help});
    return false;
  }

  bool read_steps() {
    for (const StepFiles& files : step_files_) {
      auto part = std::make_unique<StepPart>(StepPart{{session_, files, {}}, nullptr, {}, nullptr});
      StepContext& step = part->step;
      try {
        for (auto stage : {read_sources, judge_sources, judge_memory, build_models, map_step_weights}) {
          stage(step);
          if (step.has_errors()) break;
        }
      } catch (const StepStop& stop) {
        step.add(stop.finding);
      } catch (const StepUndecided& undecided) {
        result_.findings.push_back(undecided.finding);
        result_.undecided = true;
        return false;
      }
      if (step.has_errors()) {
        for (Finding& f : step.report.findings)
          if (f.severity == Severity::error) result_.findings.push_back(std::move(f));
        return refuse(files.shown, "the composition needs this step, and it cannot be used", "Make it pass first: decomp check " + files.shown);
      }
      LoadsAsImports loads = loads_as_imports(*session_.parse(*step.refactored));
      if (std::any_of(loads.loaded.begin(), loads.loaded.end(), [](const LoadedName& l) { return l.gives == LoadedName::maker; }))
        return refuse(files.shown, "its refactored.py has a loader build children with their own get_init_inputs(), which the composition cannot repeat",
                      "Give it the children's classes, and write the values where they are built: `child(\"linear_6x8_fp32\")(6, 8)`.");
      part->facts = std::make_shared<const Facts>(std::move(loads.facts));
      part->modules = module_instances(step.b->modules(), step.child_modules);
      part->original = forms_.known(step.original->sha256);
      step.a.reset();  // the processes are not needed any more
      step.b.reset();
      parts_.push_back(std::move(part));
    }
    return true;
  }

  const StepPart* step_of(const CodeForm* form) const {
    for (const auto& part : parts_)
      if (form != nullptr && part->original != nullptr && !form->identity.empty() && part->original->identity == form->identity) return part.get();
    return nullptr;
  }

  bool find_parts() {
    levels_ = read_level_folders(forms_, folder_, result_.findings);
    std::vector<Finding> about_source;
    const auto source = read_source_model(forms_, folder_, named_source_, levels_, about_source);
    const auto path = find_source_file(folder_, named_source_);
    if (!source || !path) {
      result_.findings.insert(result_.findings.end(), about_source.begin(), about_source.end());
      return refuse(folder_.shown, "what was decomposed is not known", "Name the model that was decomposed: --source FILE.");
    }
    source_path_ = *path;
    source_form_ = source->form;
    const StepPart* root = step_of(source->form);
    if (root == nullptr) return refuse(source->shown, "no step takes the source model apart", "Add the step whose original.py is this file.");
    return add_part(*root, "") >= 0;
  }

  // The place of the step's part in text_parts_, -1 when something below it is missing.
  int add_part(const StepPart& part, const std::string& component) {
    if (const auto known = places_.find(&part); known != places_.end()) return known->second;
    const int place = static_cast<int>(text_parts_.size());
    places_[&part] = place;
    of_place_.push_back(&part);
    std::string text = part.step.refactored->bytes;
    if (text.rfind("\xef\xbb\xbf", 0) == 0) text.erase(0, 3);
    text_parts_.push_back({component, part.facts.get(), std::move(text), part.step.refactored_grammar.model_class, {}});
    for (const Source& child : part.step.children) {
      const CodeForm* form = forms_.known(child.sha256);
      ComposePart::Child made;
      if (const std::string kernel = kernel_of(child.module, form); !kernel.empty()) {
        made.kernel = kernel;
      } else if (const StepPart* below = step_of(form); below != nullptr && below != &part) {
        made.part = add_part(*below, child.module);
        if (made.part < 0) return -1;
      } else {
        refuse(child.path, "no step takes this component apart, and level_0_kernel/ does not hold it",
               "Add its step, or, where it is one operation, copy it into level_0_kernel/.");
        return -1;
      }
      text_parts_[static_cast<std::size_t>(place)].children[child.module] = made;
    }
    return place;
  }

  std::string kernel_of(const std::string& module, const CodeForm* form) const {
    std::string found;
    for (const CustodyFile& file : levels_)
      if (file.level == 0 && form != nullptr && file.form != nullptr && file.form->identity == form->identity && (found.empty() || file.name == module))
        found = file.name;
    return found;
  }

  // The tensors of a part once it holds kernels only.
  const std::vector<ComposedTensor>& tensors_of(int place) {
    if (const auto known = tensors_.find(place); known != tensors_.end()) return known->second;
    const StepPart& part = *of_place_[static_cast<std::size_t>(place)];
    std::vector<ComposedTensor> tensors;
    for (const auto& [key, target] : part.step.weights.by_refactored) {
      const ModuleInstance* owner = nullptr;
      for (const ModuleInstance& m : part.modules)
        if (!m.component.empty() && m.component == m.path && key.rfind(m.path + ".", 0) == 0) owner = &m;
      const auto& children = text_parts_[static_cast<std::size_t>(place)].children;
      const auto child = owner != nullptr ? children.find(owner->child) : children.end();
      if (child == children.end() || child->second.part < 0) {
        tensors.push_back({key, target});
        continue;
      }
      const std::string inner = key.substr(owner->path.size() + 1);
      for (const ComposedTensor& below : tensors_of(child->second.part)) {
        if (below.from.original != inner) continue;
        ComposedTensor made{owner->path + "." + below.composed, target};
        if (below.from.row_begin >= 0) {
          const std::int64_t base = std::max<std::int64_t>(0, target.row_begin);
          made.from.row_begin = base + below.from.row_begin;
          made.from.row_end = base + below.from.row_end;
        }
        tensors.push_back(std::move(made));
      }
    }
    return tensors_[place] = std::move(tensors);
  }

  // {original key: targets}; a tensor that nothing takes goes to null.
  Json weight_map() {
    Json map = Json::object();
    for (const ComposedTensor& tensor : tensors_of(0)) {
      Json target = tensor.composed;
      if (tensor.from.row_begin >= 0) target = {{"key", tensor.composed}, {"rows", {tensor.from.row_begin, tensor.from.row_end}}};
      map[tensor.from.original].push_back(std::move(target));
    }
    for (const std::string& key : of_place_[0]->step.weights.unmapped_original)
      if (!map.contains(key)) map[key] = nullptr;
    return map;
  }

  // Inside the decomposition: the level file that is the source, else the root step's original.
  std::string original_path() const {
    for (auto file = levels_.rbegin(); file != levels_.rend(); ++file)
      if (file->form != nullptr && source_form_ != nullptr && file->form->identity == source_form_->identity)
        return std::string(level_folders[file->level]) + "/" + file->name + ".py";
    return "steps/" + of_place_[0]->step.files.root.filename().string() + "/original.py";
  }

  std::string model_name() const { return source_path_.stem().string(); }

  Session& session_;
  const DecompositionFolder& folder_;
  CodeForms forms_;
  const std::vector<StepFiles>& step_files_;
  const fs::path named_source_;
  fs::path source_path_;
  const CodeForm* source_form_ = nullptr;
  std::vector<std::unique_ptr<StepPart>> parts_;
  std::vector<CustodyFile> levels_;
  std::vector<ComposePart> text_parts_;
  std::vector<const StepPart*> of_place_;  // by place in text_parts_
  std::map<const StepPart*, int> places_;
  std::map<int, std::vector<ComposedTensor>> tensors_;
  Composition result_;
};

}  // namespace

Composition compose(Session& session, const DecompositionFolder& folder, const std::vector<StepFiles>& steps, const fs::path& source, bool prove) {
  return Composing(session, folder, steps, source).run(prove);
}

Report run_compose(const ComposeRequest& request, const CheckOptions& options, SpawnedWorker spawned) {
  const auto start = Clock::now();
  validate_source(options, request.steps);
  Session session(options, spawned);
  Composition made;
  try {
    made = compose(session, request.folder, request.steps, options.source);
  } catch (const Error&) {
    if (request.interrupted == nullptr || *request.interrupted == 0) throw;
  }
  if (request.interrupted != nullptr && *request.interrupted != 0) {  // what ended by itself is not told from what was ended
    made = {};
    made.undecided = true;
    made.findings.push_back({"run-interrupted", Severity::error, {request.folder.shown}, "was interrupted before the composition was proved", "Run it again."});
  }
  Report report;
  report.findings = std::move(made.findings);
  const bool failed = std::any_of(report.findings.begin(), report.findings.end(), [](const Finding& f) { return f.severity == Severity::error; });
  report.status = made.undecided ? Status::not_decided : made.proof && !failed ? made.proof->status : Status::fail;
  if (made.proof) report.compositions.push_back(std::move(*made.proof));
  *request.text = std::move(made.text);
  report.versions = session.versions();
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return report;
}

}  // namespace decomp
