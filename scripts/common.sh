# shellcheck shell=bash
# Sourced by the scripts beside it: where the repository is, how a stage is shown, one build at a time.
# Exit codes are decomp's own: 2 usage, 3 the machine lacks something.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

say() { printf 'decomp: %s\n' "$*" >&2; }

# fail MESSAGE...: each argument is a line.
fail() {
  local line
  for line in "$@"; do say "$line"; done
  exit 3
}

# stage TITLE LOG COMMAND...: one line before, one after; what COMMAND says goes to LOG, its end is shown on failure.
# A terminal sees COMMAND's own progress as well when `live` is set.
stage() {
  local title=$1 log=$2 begin=$SECONDS
  shift 2
  say "$title ..."
  mkdir -p "$(dirname "$log")"
  if [ -n "${live:-}" ] && [ -t 2 ]; then
    "$@" >&2 </dev/null 9>&- || return 1
  elif ! "$@" >"$log" 2>&1 </dev/null 9>&-; then
    say "that failed; the end of $log:"
    tail -n 40 "$log" >&2
    return 1
  fi
  say "$title: done in $((SECONDS - begin)) s"
}

# Everything that changes files below build/ or .venv waits for the one before it. The lock lies on descriptor 9, and no
# command of a stage gets that: a service that a package starts would keep it.
take_lock() {
  mkdir -p "$root/build"
  exec 9>"$root/build/.lock"
  if ! flock --nonblock 9; then
    say "waiting for another set-up or build in $root"
    flock 9
  fi
}
release_lock() { exec 9>&-; }

# What a set-up depends on. When it changes, CMake starts afresh.
setup_key() {
  printf '%s\n' "$root" "${DECOMP_PYTHON:-}" "${CXX:-}"
  cksum "$root/scripts/setup" "$root/CMakePresets.json"
}

is_set_up() {
  local dir=$root/build/$1 python=${DECOMP_PYTHON:-$root/.venv/bin/python}
  [ -e "$dir/build.ninja" ] && [ -e "$dir/.setup_key" ] && command -v "$python" >/dev/null &&
    [ "$(<"$dir/.setup_key")" = "$(setup_key)" ]
}

# True when no source changed since the last whole build of these targets. The time of the last status change counts,
# because a copy may carry an older time of modification; a directory has a new one when a file in it came or went.
is_built() {
  local stamp=$root/build/$1/.built_$2
  local -a sources=(CMakeLists.txt cmake engine python_bridge rules schemas templates "build/$1/.setup_key")
  if [ "$2" = tests ]; then sources+=(tests); fi
  [ -e "$stamp" ] && [ -z "$(cd "$root" &&
    find "${sources[@]}" -name __pycache__ -prune -o -cnewer "$stamp" -print -quit 2>/dev/null)" ]
}

# As many compilers as the machine has memory for: a source that includes torch needs about 1.5 GB.
compile_jobs() {
  local available_kb
  available_kb=$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo)
  local by_memory=$((${available_kb:-1500000} / 1500000)) cores
  cores=$(nproc)
  [ "$by_memory" -ge 1 ] || by_memory=1
  [ "$by_memory" -lt "$cores" ] && cores=$by_memory
  printf '%s' "$cores"
}

# build PRESET NAME TARGET...: sets up and builds what is not up to date; NAME names the set of targets.
build() {
  local preset=$1 name=$2 stamp=$root/build/$1/.built_$2
  shift 2
  if is_set_up "$preset" && is_built "$preset" "$name"; then return 0; fi
  "$root/scripts/setup" "$preset" || exit $?
  take_lock
  if ! is_built "$preset" "$name"; then
    touch "$stamp.new" # what is changed from here on counts as changed
    live=1 stage "building $name ($preset; the first time takes minutes)" "$root/build/$preset/build.log" \
      cmake --build "$root/build/$preset" --parallel "$(compile_jobs)" --target "$@" || fail "decomp was not built"
    mv "$stamp.new" "$stamp"
  fi
  release_lock
}
