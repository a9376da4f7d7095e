#pragma once
// What an expression of a refactored class may hold, as far as it can be seen: children are told from everything else.

#include <string>
#include <vector>

namespace decomp {

struct Held {
  enum Tag {
    nothing,      // not known yet
    value,        // a tensor, a number, a string, or containers of these
    limits,       // torch.finfo(...), torch.iinfo(...)
    tuple,        // items: one per place
    sequence,     // a list, dict or iterator; items[0]: what it holds
    child,        // an instance of an imported child
    container,    // ModuleList, ModuleDict, Sequential; items[0]: what it holds
    child_class,  // the class of a child
  };
  Tag tag = nothing;
  std::vector<Held> items;
  bool mixed = false;  // a child here, a value there

  static Held plain() { return {value, {}, false}; }
  static Held sequence_of(Held item) { return {sequence, {std::move(item)}, false}; }
  static Held container_of(Held item) { return {container, {std::move(item)}, false}; }
  static Held tuple_of(std::vector<Held> items) { return {tuple, std::move(items), false}; }

  bool is_module() const { return tag == child || tag == container; }
  // Does it hold a child's class, at any depth?
  bool holds_class() const;
  // Does it hold a child or a container of children, at any depth?
  bool holds_module() const;
  // What one step of iteration or an index gives.
  Held item() const;
};

// For a name or attribute that is bound in several places: whatever is more than a value wins, and remembers.
Held join_any(const Held& a, const Held& b);
// For the items of one list: children only if all are.
Held join_all(const Held& a, const Held& b);

// May it be handed to nn.ModuleList and its like as the list of what to hold?
bool holds_only_children(const Held& held);

}  // namespace decomp
