#include "checks/grammar_values.h"

#include <algorithm>

namespace decomp {
namespace {

constexpr std::size_t deepest = 6;  // lists of lists of ...: no honest model needs more

Held join(const Held& a, const Held& b, bool any, std::size_t depth) {
  if (a.tag == Held::nothing) return b;
  if (b.tag == Held::nothing) return a;
  if (depth > deepest) return Held::plain();
  if (a.tag == b.tag && (a.tag != Held::tuple || a.items.size() == b.items.size())) {
    Held joined = a;
    joined.mixed = a.mixed || b.mixed;
    joined.items.resize(std::max(a.items.size(), b.items.size()));
    for (std::size_t i = 0; i < joined.items.size(); ++i)
      joined.items[i] = join(i < a.items.size() ? a.items[i] : Held{}, i < b.items.size() ? b.items[i] : Held{}, any, depth + 1);
    return joined;
  }
  if (!any) {
    // A list of children and containers of children is still one of modules.
    if (a.is_module() && b.is_module()) return a.tag == Held::container ? a : b;
    return Held::plain();
  }
  Held stronger = a.tag >= b.tag ? a : b;
  const Held& weaker = a.tag >= b.tag ? b : a;
  stronger.mixed = stronger.mixed || !weaker.is_module();
  return stronger;
}

}  // namespace

bool Held::holds_class() const {
  return tag == child_class || std::any_of(items.begin(), items.end(), [](const Held& item) { return item.holds_class(); });
}

bool Held::holds_module() const {
  return is_module() || std::any_of(items.begin(), items.end(), [](const Held& item) { return item.holds_module(); });
}

Held Held::item() const {
  if ((tag == sequence || tag == container) && !items.empty()) return items[0].tag == nothing ? plain() : items[0];
  if (tag == tuple) {
    Held joined;
    for (const Held& one : items) joined = join_any(joined, one);
    return joined.tag == nothing ? plain() : joined;
  }
  return plain();
}

Held join_any(const Held& a, const Held& b) { return join(a, b, true, 0); }
Held join_all(const Held& a, const Held& b) { return join(a, b, false, 0); }

bool holds_only_children(const Held& held) {
  switch (held.tag) {
    case Held::nothing:
    case Held::child: return !held.mixed;
    case Held::container: return true;
    case Held::sequence:
    case Held::tuple:
      return std::all_of(held.items.begin(), held.items.end(), [](const Held& item) {
        // ("name", child), as ModuleDict and OrderedDict take them
        const bool pair = item.tag == Held::tuple && item.items.size() == 2 && item.items[0].tag == Held::value;
        return pair ? item.items[1].is_module() : item.tag == Held::nothing || item.is_module();
      });
    default: return false;
  }
}

}  // namespace decomp
