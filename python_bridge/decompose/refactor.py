"""The refactored parent: the author's methods with calls of children in the place of computation, and an __init__ that builds
those children."""

import ast
import inspect
import textwrap

import torch

from decompose.component import Component, Use
from decompose.construct import author_init
from decompose.expressions import Expressions
from decompose.kernels import all_constructor_values, constructor_arguments, init_of, kind_of, parameters_of
from decompose.ladder import child_name
from decompose.literal import is_literal, literal
from decompose.recorder import CONTAINERS, Meta, Opaque, metas
from decompose.text import Edits, Unsupported, camel, imports_for, indented, names_in, names_read, needed, snake, sorted_imports

PYTHON_DTYPES = {"bool": "torch.bool", "int": "torch.int64", "float": "torch.float64"}


class Refactored:
    """Writes one parent. `alias` of a child is the name that its class is imported under."""

    def __init__(self, planner, component: Component) -> None:
        self.planner = planner
        self.recorder = planner.recorder
        self.text = planner.text
        self.component = component
        self.module = component.module
        self.parts = component.parts
        self.expressions: Expressions = component.parts[0].expressions
        self.alias = aliases(component)

    def arguments(self, use: Use) -> str:
        """Constructor arguments as literals."""
        component, module = use.component, use.module if use.module is not None else use.lead
        explicit = self.planner.kernels.arguments.get(id(component))
        if getattr(component, "make", None) is None or explicit is None:
            return ", ".join(component.init_inputs)
        values = explicit["values"]
        if module is not None and kind_of(module) is explicit["kind"]:
            values = {k: v for k, v in constructor_arguments(module, self.recorder).items() if k != "_opaque"}
        elif isinstance(module, torch.nn.Identity) or module is not None and self.planner.is_author(module) and "p" in parameters_of(explicit["kind"]):
            return "p=0.0"
        signature = parameters_of(explicit["kind"])
        parts = []
        for name in [n for n in signature if n in values]:
            if signature[name].kind is inspect.Parameter.VAR_POSITIONAL:
                return ", ".join(literal(v) for v in values[name])
            optional = signature[name].default is not inspect.Parameter.empty
            parts.append(f"{name}={literal(values[name])}" if optional else literal(values[name]))
        return ", ".join(parts)

    def construction(self, use: Use) -> str:
        return f"{self.alias[id(use.component)]}({self.arguments(use)})"

    # -- methods -------------------------------------------------------------------------------------------------------

    def edited_methods(self) -> tuple[list[str], set[str]]:
        """Texts of the methods, and the attributes of self that they read."""
        texts = []
        for part in reversed(self.parts):
            texts += self._part_methods(part)
        reads = set()
        for source in texts:
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
                    reads.add(node.attr)
        return texts, reads

    def _part_methods(self, part) -> list[str]:
        edits, expressions = Edits(self.text), part.expressions
        for site in expressions.sites.values():
            if id(site) in self.component.attributes:
                expressions.call_text(site, edits, self.component.attributes[id(site)])
        expressions.adopted_edits(edits, part.place, part.own_name)
        expressions.base_calls(edits)
        expressions.static_edits(edits)
        self.expressions = expressions
        for method in expressions.methods:
            self._fold_attributes(method, edits)
        for body in [*expressions.methods, *expressions.lambdas.values()]:
            self._call_parts(part, body, edits)
            if part.path:
                self._move(part, body, edits)
        for method in expressions.methods:
            self._drop_local_names(method, edits)
            self._drop_dead_code(method, edits)
        if not part.path:
            self._call_fusions(edits)
        texts = [expressions.lambda_method(name, edits) for name in expressions.lambdas]
        if part.path:
            texts = ["def " + part.own_name(t.removeprefix("def ")) for t in texts]
        for method in sorted(expressions.methods, key=lambda m: (m.name == "forward", m.lineno)):
            own = part.own_name(expressions.names[id(method)])
            if own != method.name:
                edits.replace(self.text.start(method) + 4, self.text.start(method) + 4 + len(method.name), own)
            texts.append(self.text.statement(method, edits).rstrip())
        self.expressions = self.parts[0].expressions
        return texts

    def _call_fusions(self, edits: Edits) -> None:
        """One call in the place of a run's: what the run began with goes in, the statements above the last one go."""
        text = self.text
        for run, attribute in sorted(self.component.grouping.method_runs, key=lambda r: text.end(r[0].items[-1].node)):
            given = ", ".join(edits.node(n) for n in run.lead.operands)
            last = run.items[-1].node
            call = f"self.{attribute}({given})"
            edits.forget_inside(last)
            edits.replace_node(last, f"{last.target.id} = {call}" if isinstance(last, ast.AugAssign) else call)
            for statement in run.statements:
                end = text.data.find(b"\n", text.end(statement)) + 1
                while end and (line := text.data[end : text.data.find(b"\n", end) + 1]) and not line.strip():
                    end += len(line)
                edits.replace(text.starts[statement.lineno - 1], end, "")

    def _call_parts(self, part, body: ast.AST, edits: Edits) -> None:
        """A call of a module that is opened here becomes a call of its forward, which is a method now."""
        for node in ast.walk(body):
            if isinstance(node, ast.Call):
                callee = part.expressions.callee(node)
                other = next((p for p in self.parts if p.module is callee), None)
                if other is not None:
                    edits.replace_node(node.func, f"self.{other.own_name('forward')}")

    def _move(self, part, body: ast.AST, edits: Edits) -> None:
        """What an opened module's method reads of itself lies below its path now, or is written out."""
        methods = {m.name for m in part.expressions.methods} | set(part.expressions.lambdas)
        for node in ast.walk(body):
            if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"):
                continue
            if node.attr in methods:
                edits.replace_node(node, f"self.{part.own_name(node.attr)}")
            elif part.module._modules.get(node.attr) is not None:
                edits.replace_node(node, f"{part.place}.{node.attr}")
            elif node.attr != "training" and hasattr(part.module, node.attr) and not isinstance(getattr(part.module, node.attr), torch.Tensor):
                value = getattr(part.module, node.attr)
                if is_literal(value):
                    edits.replace_node(node, literal(value))

    def _fold_attributes(self, method: ast.FunctionDef, edits: Edits) -> None:
        """self.config.width, self.linear.out_features, self.norm.weight.dtype: a plain value below an object, a child or a tensor of the
        model is written out; a device is that of an argument."""
        for node in ast.walk(method):
            if isinstance(node, ast.keyword) and node.arg == "dtype" and isinstance(node.value, ast.Name) and node.value.id in PYTHON_DTYPES:
                edits.replace_node(node.value, PYTHON_DTYPES[node.value.id])
            if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
                continue
            if isinstance(node.value, ast.Name) and (node.value.id == "self" or not self.expressions.is_module(node.value)):
                continue
            seen, below = self.expressions.seen(node), self.expressions.seen(node.value)
            if seen is None or below is None or seen.varies:
                continue
            own = isinstance(below.value, Meta) and below.value.owned is not None and self.expressions.owned_key(node.value) is not None
            if not own and not isinstance(below.value, Opaque):
                continue
            value = seen.value
            if own and isinstance(value, torch.device) and (given := self._tensor_argument(method)):
                edits.replace_node(node, f"{given}.device")
                continue
            if metas(value) or isinstance(value, Opaque):
                continue
            above = self.text.parent[id(node)]
            item = self.expressions.seen(above) if isinstance(above, ast.Subscript) and above.value is node else None
            if item is not None and not item.varies and is_literal(item.value):
                edits.replace_node(above, literal(item.value))
            else:
                edits.replace_node(node, literal(value))

    def _drop_local_names(self, method: ast.FunctionDef, edits: Edits) -> None:
        """`weight = self.norm.weight`: where the name is read, the kernel that owns the tensor is called now."""
        for node in ast.walk(method):
            if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Attribute, ast.Name)) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name) and \
                    id(node.value) not in self.expressions.sites and self.expressions.owned_key(node.value):
                self._keep_only(node, [], edits)

    def _tensor_argument(self, method: ast.FunctionDef) -> str:
        """The name of an argument that is a tensor each time; "" where there is none."""
        for argument in method.args.posonlyargs + method.args.args:
            read = next((n for n in ast.walk(method) if isinstance(n, ast.Name) and n.id == argument.arg and isinstance(n.ctx, ast.Load) and self.expressions.seen(n)), None)
            if read is not None and isinstance(self.expressions.seen(read).value, Meta):
                return argument.arg
        return ""

    def _drop_dead_code(self, method: ast.FunctionDef, edits: Edits) -> None:
        """A branch that the recorded run never took goes, where it computes: its test is a constant of this component, or an argument that
        was never given. Such an argument is refused from then on."""
        refused: set[str] = set()
        for node in reversed(list(ast.walk(method))):
            if isinstance(node, ast.Compare) and self._owned_below(node.left) and isinstance(node.ops[0], (ast.Is, ast.IsNot)):
                edits.replace_node(node, literal(self.expressions.seen(node).value))
            known = self._known_test(node) if isinstance(node, ast.If) else None
            if known is not None and (node.body if known else node.orelse or not self._ran(node.body)):
                self._keep_only(node, node.body if known else node.orelse, edits)
            elif isinstance(node, ast.Try) and not any(self._ran(h.body) for h in node.handlers) and not node.orelse and not node.finalbody:
                self._keep_only(node, node.body, edits)
            elif isinstance(node, ast.If) and not self._ran(node.body) and not node.orelse and self._owned_below(node):
                self._keep_only(node, [], edits)
            elif isinstance(node, ast.If):
                taken = self._taken(node)
                if taken is not None:
                    self._keep_only(node, taken, edits)
                    refused |= self._absent(method, node.test)
            elif isinstance(node, ast.IfExp):
                seen_body, seen_else = self.expressions.seen(node.body), self.expressions.seen(node.orelse)
                constant = isinstance(node.body, ast.Constant) or isinstance(node.orelse, ast.Constant)
                if not constant and (seen_body is None) != (seen_else is None):
                    kept = node.body if seen_body is not None else node.orelse
                    edits.replace(self.text.start(node), self.text.start(kept), "")
                    edits.replace(self.text.end(kept), self.text.end(node), "")
                    refused |= self._absent(method, node.test)
        body = method.body[1:] if ast.get_docstring(method) is not None and len(method.body) > 1 else method.body
        indent = " " * body[0].col_offset
        for name in sorted(refused) if body[0].lineno > method.lineno else ():
            at = self.text.statement_start(body[0])
            edits.replace(at, at, f"{indent}if {name} is not None:\n{indent}    raise NotImplementedError(\"`{name}` was never given when this was recorded\")\n")

    def _absent(self, method: ast.FunctionDef, test: ast.expr) -> set[str]:
        """The arguments in a test that no recorded call gave: they are None by default, and were."""
        arguments = method.args.posonlyargs + method.args.args
        defaults = list(zip(arguments[len(arguments) - len(method.args.defaults):], method.args.defaults)) + list(zip(method.args.kwonlyargs, method.args.kw_defaults))
        optional = {a.arg for a, value in defaults if isinstance(value, ast.Constant) and value.value is None}
        found = set()
        for node in ast.walk(test):
            if isinstance(node, ast.Name) and node.id in optional:
                seen = self.expressions.seen(node)
                if seen is not None and seen.value is None and not seen.varies:
                    found.add(node.id)
        return found

    def _known_test(self, node: ast.If) -> bool | None:
        """Of `if self.bias is not None`, where bias is a parameter or nothing: it is known what it says of this component."""
        test = node.test
        if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], (ast.Is, ast.IsNot)):
            return None
        left, right = test.left, test.comparators[0]
        if not (isinstance(right, ast.Constant) and right.value is None and isinstance(left, ast.Attribute) and isinstance(left.value, ast.Name)):
            return None
        seen = self.expressions.seen(left)
        nothing = seen is not None and seen.value is None and not seen.varies
        if left.value.id != "self" or seen is None or not (nothing or self.expressions.owned_key(left)):
            return None
        return nothing == isinstance(test.ops[0], ast.Is)

    def _is_elif(self, node: ast.AST) -> bool:
        return isinstance(node, ast.If) and self.text.data[self.text.start(node) :].startswith(b"elif")

    def _taken(self, node: ast.If) -> list[ast.stmt] | None:
        """The statements that always ran, where the others compute; None where both stay."""
        body, orelse = self._ran(node.body), self._ran(node.orelse)
        if body and not orelse and self._computes(node.orelse):
            return node.body
        if body or not self._computes(node.body):
            return None
        if len(node.orelse) == 1 and self._is_elif(node.orelse[0]):
            other = node.orelse[0]
            inner = self._taken(other)
            if inner is None and self._ran(other.body) and not any(self.expressions.seen(n) for s in other.orelse for n in ast.walk(s)):
                return other.body
            if inner is None:
                raise Unsupported(f"line {node.lineno}: a branch that never ran stands before two that did")
            return inner
        return node.orelse

    def _owned_below(self, node: ast.AST) -> bool:
        return any(self.expressions.owned_key(n) for n in ast.walk(node))

    def _ran(self, statements: list[ast.stmt]) -> bool:
        return any(self.expressions.seen(n) for s in statements for n in ast.walk(s)) or \
            (bool(statements) and all(isinstance(s, (ast.Pass, ast.Continue, ast.Break, ast.Raise)) for s in statements))

    def _computes(self, statements: list[ast.stmt]) -> bool:
        return any(isinstance(n, (ast.Call, ast.MatMult)) for s in statements for n in ast.walk(s) if not isinstance(s, ast.Raise))

    def _keep_only(self, node: ast.stmt, statements: list[ast.stmt], edits: Edits) -> None:
        siblings = getattr(self.text.parent[id(node)], "body", [])
        if not statements and len(siblings) > 1 and node in siblings:
            end = self.text.data.find(b"\n", self.text.end(node))
            edits.replace(self.text.statement_start(node), end + 1 if end >= 0 else self.text.end(node), "")
            return
        if not statements:
            edits.replace(self.text.start(node), self.text.end(node), "else:\n" + " " * (node.col_offset + 4) + "pass" if self._is_elif(node) else "pass")
            return
        first, last = self.text.statement_start(statements[0]), self.text.end(statements[-1])
        kept = textwrap.dedent(edits.applied(first, last))
        new = indented(kept, node.col_offset).lstrip(" ")
        if self._is_elif(node):
            new = "else:\n" + indented(kept, node.col_offset + 4)
        edits.replace(self.text.start(node), self.text.end(node), new)

    # -- __init__ ------------------------------------------------------------------------------------------------------

    def literal_init(self, reads: set[str]) -> tuple[str, set[str]]:
        """An __init__ of literals: every child with its values, every plain attribute that a method reads."""
        init = init_of(self.text, type(self.module))
        head = self._head(init)
        lines = [head, "    super().__init__()"]
        names = {child_name(self.module, name) for name, _ in self.module.named_children()}
        grouping = self.component.grouping
        for name in sorted(reads - names - {m.name for m in self.expressions.methods} - set(self.expressions.lambdas) - {"training"}):
            if name in {a for a in self.component.attributes.values()}:
                continue
            lines += self.plain_attribute(name)
        for own, child in self.module.named_children():
            name = child_name(self.module, own)
            fusion = next((u for u in self.component.uses if u.lead is child and u.original == name), None)
            if fusion is not None:
                lines.append(f"    self.{fusion.path} = {self.construction(fusion)}")
                continue
            text = self.child_expression(child, name) if name not in grouping.gone else None
            if text is not None:
                lines.append(f"    self.{name} = {indented(text, 4).lstrip()}")
        lines += self.site_lines()
        source = "\n".join(lines)
        return source, names_in(source)

    def _head(self, init: ast.FunctionDef | None) -> str:
        if init is None:
            return f"def __init__({', '.join(['self'] + self.component.init_names)}):"
        if getattr(self.component, "inside", None):
            return f"def __init__({', '.join(['self'] + self.component.init_names)}):"
        if not all(isinstance(d, (ast.Constant, ast.UnaryOp, ast.Tuple)) for d in init.args.defaults + init.args.kw_defaults if d is not None):
            return f"def __init__({self._plain_parameters(init)}):"
        source = self.text.data[self.text.start(init) : self.text.start(init.body[0])].decode()
        head = source[: source.rindex(":") + 1] if "#" not in source else f"def __init__({ast.unparse(init.args)}):"
        return textwrap.dedent(head)

    def _plain_parameters(self, init: ast.FunctionDef) -> str:
        """The author's parameters, with None in the place of a default that is a class or a function: nothing here reads it."""
        arguments = ast.parse(f"def f({ast.unparse(init.args)}): pass").body[0].args
        plain = lambda d: d if d is None or isinstance(d, (ast.Constant, ast.UnaryOp, ast.Tuple)) else ast.Constant(None)
        arguments.defaults = [plain(d) for d in arguments.defaults]
        arguments.kw_defaults = [plain(d) for d in arguments.kw_defaults]
        return ast.unparse(arguments)

    def class_constants(self, code: str) -> list[str]:
        """Statements of the author's class body that set what the code reads."""
        definition = self.text.defined.get(type(self.module).__name__)
        found = []
        for statement in getattr(definition, "body", []):
            if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                if any(isinstance(t, ast.Name) and f".{t.id}" in code for t in targets):
                    found.append(self.text.statement(statement).rstrip())
        return found

    def plain_attribute(self, name: str) -> list[str]:
        if not hasattr(self.module, name) or name in dir(torch.nn.Module):
            return []
        if name not in vars(self.module) and name not in self.module._parameters and name not in self.module._buffers and \
                any(name in vars(k) for k in type(self.module).__mro__ if k.__module__ == "decomp_judged"):
            return []  # of the class
        value = getattr(self.module, name)
        if isinstance(value, torch.Tensor) and name in self.parts[0].expressions.state:
            dtype = "" if value.dtype == torch.float32 else f", dtype={value.dtype}"
            return [f"    self.{name} = torch.zeros({literal(tuple(value.shape))}{dtype})"]
        if isinstance(value, torch.Tensor):
            if any(name == self.planner.kernels._local_key(self.module, k) for p in self.parts for s in p.expressions.sites.values() for k in s.owned.values()):
                return []
            raise Unsupported(f"the tensor attribute {name} is read as it is")
        if is_literal(value):
            return [f"    self.{name} = {literal(value)}"]
        if inspect.isroutine(value):
            return []
        raise Unsupported(f"the attribute {name} holds a {type(value).__name__}")

    def site_lines(self, by_name: bool = False) -> list[str]:
        """`by_name`: constructor values that __init__ receives are passed on."""
        sites = {use.path: use for use in self.component.uses if use.module is None and use.lead is None}
        given = {k: literal(v) for k, v in all_constructor_values(self.module, self.recorder).items() if is_literal(v)} if by_name else {}
        lines = []
        for path, use in sites.items():
            names, values = use.component.init_names, use.component.init_inputs
            passed = names and len(names) == len(values) and all(given.get(n) == v for n, v in zip(names, values))
            own = f"{self.alias[id(use.component)]}({', '.join(names)})" if passed and getattr(use.component, "make", None) is None else self.construction(use)
            lines.append(f"    self.{path} = {own}")
        return lines

    def child_expression(self, child: torch.nn.Module, path: str) -> str | None:
        """Source that builds a child or a container of children; None where nothing below is called."""
        planner, grouping = self.planner, self.component.grouping
        use = next((u for u in self.component.uses if (u.module is not None or u.lead is not None) and (u.original or u.path) == path), None)
        if use is not None:
            return self.construction(use)
        if path in grouping.gone or not planner.is_container(child):
            return None
        members = {f"{path}.{name}": c for name, c in child.named_children()}
        layout = grouping.layouts.get(path) or [(p, p) for p in members]
        if len(layout) == 1 and layout[0][1] == path:
            return self.child_expression(members[layout[0][0]], layout[0][0])
        if planner.stands_for(child):
            return self.child_expression(next(child.children()), next(iter(members)))
        parts = {new.rpartition(".")[2]: self.child_expression(members[old], old) for old, new in layout}
        kind = type(child) if id(child) not in planner.straight else torch.nn.Sequential
        if not parts and kind is torch.nn.Sequential:
            return "nn.Sequential()"
        if not any(parts.values()):
            return None
        if issubclass(kind, (torch.nn.Sequential, torch.nn.ModuleList)) and all(n.isdigit() for n in parts):
            kind = torch.nn.ModuleList if kind is not torch.nn.Sequential else kind
            if None in parts.values():
                raise Unsupported(f"only some modules of {path} are called")
            texts = list(parts.values())
            if kind is torch.nn.ModuleList and len(texts) > 1 and len(set(texts)) == 1 and "\n" not in texts[0]:
                return f"nn.ModuleList({texts[0]} for _ in range({len(texts)}))"
            if kind is torch.nn.Sequential:
                texts = folded(texts)
            brackets = ("[", "]") if kind is torch.nn.ModuleList else ("", "")
            inner = ",\n".join(texts)
            return f"nn.{kind.__name__}({brackets[0]}\n{indented(inner, 4)},\n{brackets[1]})"
        if kind is torch.nn.Sequential:
            inner = ",\n".join(f'("{n}", {t})' for n, t in parts.items() if t)
            return f"nn.Sequential(OrderedDict([\n{indented(inner, 4)},\n]))"
        inner = ",\n".join(f'"{n}": {t}' for n, t in parts.items() if t)
        return f"nn.ModuleDict({{\n{indented(inner, 4)},\n}})"

    # -- the file ------------------------------------------------------------------------------------------------------

    def source(self, step: int) -> str:
        methods, reads = self.edited_methods()
        init = None
        try:
            init = author_init(self, reads)
        except Unsupported as reason:
            self.component.notes.append(f"__init__ of literals: {reason}")
        if init is None:
            init = self.literal_init(reads)
        init_text, _ = init
        title = f"Step {step}: {self.component.name} as calls of its children."
        definition = self.text.defined.get(type(self.module).__name__)
        doc = ast.get_docstring(definition) if isinstance(definition, ast.ClassDef) else None
        body = [f"class RefactoredModel(nn.Module):"]
        if doc:
            shown = doc if "\n" not in doc else doc + "\n"
            body.append(indented('"""' + shown.replace("\\", "\\\\") + '"""', 4) + "\n")
        body += [indented(init_text, 4)] + ["\n" + indented(m, 4) for m in methods]
        constants = self.class_constants("\n".join(body))
        if constants:
            body.insert(2 if doc else 1, indented("\n".join(constants), 4) + "\n")
        code = "\n".join(body)
        reached = names_in(code)
        classes = {n for n, s in self.text.defined.items() if isinstance(s, ast.ClassDef) and not is_record(s)}
        statements = needed(self.text, reached - set(self.alias.values()) - classes)
        keep = [s for s in statements if not isinstance(s, ast.ClassDef) or is_record(s)]
        functions = self.input_functions()
        module_constants = "".join(self.text.statement(s).rstrip() + ("\n\n\n" if isinstance(s, (ast.FunctionDef, ast.ClassDef)) else "\n") for s in keep
                            if not any(self.text.statement(s).strip() in functions for _ in [0]))
        reached |= set().union(*[names_read(s) for s in keep], names_in(functions)) | {"torch", "nn"}
        if "OrderedDict(" in code:
            reached.add("OrderedDict")
        imports = {line for line in imports_for(self.text, reached) if line} | {"import sys", "from pathlib import Path"}
        if "OrderedDict(" in code and not any("OrderedDict" in line for line in imports):
            imports.add("from collections import OrderedDict")
        children = sorted(f"from children.{c.name} import Model as {self.alias[id(c)]}" for c in self.component.children())
        lines = [f'"""{title}"""', "", *sorted_imports(imports), "", "sys.path.insert(0, str(Path(__file__).resolve().parent))", "",
                 *children, ""]
        text = "\n".join(lines)
        if module_constants:
            text += ("\n\n" if isinstance(keep[0], (ast.ClassDef, ast.FunctionDef)) else "\n") + module_constants.rstrip() + "\n"
        return text + "\n\n" + code + "\n\n\n" + functions

    def input_functions(self) -> str:
        from decompose.component import get_functions

        if self.component.whole_text:
            names = {n for n in ("get_inputs", "get_init_inputs", "get_input_kwargs") if n in self.text.defined}
            statements = needed(self.text, names)
            statements = [s for s in statements if not isinstance(s, ast.ClassDef)]
            result = ""
            for s in statements:
                block = isinstance(s, ast.FunctionDef)
                result += ("\n\n" if block and result else "") + self.text.statement(s).strip("\n") + "\n"
            return result
        return get_functions(self.component)

    def weight_map(self) -> dict:
        """Original key -> key here, for all that do not keep their name."""
        found: dict[str, list] = {}
        for use in self.component.uses:
            for key, own in use.weight_pairs:
                found.setdefault(key, []).append(f"{use.path}.{own}")
        state = self.parts[0].expressions.state if hasattr(self, "parts") else set()
        tied = self._tied_to(found)
        result = {key: None for key, _, _ in self.component.weights if key not in found and key not in state and key not in tied}
        for key, places in found.items():
            if places != [key]:
                result[key] = places[0] if len(places) == 1 else places
        return result


    def _tied_to(self, found: dict[str, list]) -> set[str]:
        """Keys of tensors that have another key, too, which is mapped."""
        if getattr(self.component, "module", None) is None:
            return set()
        path = self.recorder.paths[id(self.component.module)]
        below = path + "." if path else ""
        same = [[k.removeprefix(below) for k in keys if k.startswith(below)] for keys in self.recorder.owned_keys.values()]
        return {k for keys in same if any(k in found for k in keys) for k in keys}


def folded(texts: list[str]) -> list[str]:
    """Three or more equal lines in a row as one."""
    result: list[str] = []
    at = 0
    while at < len(texts):
        end = at
        while end < len(texts) and texts[end] == texts[at]:
            end += 1
        many = end - at > 2 and "\n" not in texts[at]
        result += [f"*[{texts[at]} for _ in range({end - at})]"] if many else texts[at:end]
        at = end
    return result


def refactored_form(planner, component: Component) -> "Refactored | RefactoredRun":
    return Refactored(planner, component) if getattr(component, "fusion", None) is None else RefactoredRun(planner, component)


class RefactoredRun(Refactored):
    """The step of a fusion."""

    def __init__(self, planner, component: Component) -> None:
        self.planner = planner
        self.recorder = planner.recorder
        self.component = component
        self.alias = aliases(component)

    def source(self, step: int) -> str:
        def construction(use: Use, module) -> str:
            return self.construction(Use(use.path, use.component, module))

        return self.component.fusion.refactored_source(step, self.alias, construction)


def aliases(component: Component) -> dict[int, str]:
    """Import names: by operation where that is unique, by attribute where one attribute holds it, else by the whole name."""
    children = component.children()
    words: dict[str, list] = {}
    for child in children:
        words.setdefault(short_word(child), []).append(child)
    result, taken = {}, {"RefactoredModel", "Model", "Path", "OrderedDict"}
    for child in children:
        paths = {use.path.split(".")[-1] for use in component.uses if use.component is child}
        word = getattr(child, "kind_name", "") if child.level > 0 else ""
        word = word or class_name(short_word(child))
        alike = words[short_word(child)]
        choices = [word] if len(alike) == 1 else []
        if len(paths) == 1 and not next(iter(paths)).isdigit() and not getattr(child, "words", ()):
            own = next(iter(paths))
            said = child.level > 0 or any(part in own for part in ("proj", "linear", "conv", "fc", "norm", "embed", "pool", word.lower()))
            choices.append(class_name(own) + ("" if said else word))
        parts = {id(c): [p for p in c.name.removeprefix(short_word(c)).split("_") if p] for c in alike}
        own = [p for p in parts[id(child)] if not all(p in others for others in parts.values())]
        choices += ["_".join([word, *own]), "_".join([word, *parts[id(child)]])]
        name = next((c for c in choices if c.isidentifier() and c not in taken), class_name(child.name) + "Child")
        taken.add(name)
        result[id(child)] = name
    return result


SPELLED = {"relu": "ReLU", "relu6": "ReLU6", "gelu": "GELU", "silu": "SiLU", "elu": "ELU", "selu": "SELU", "celu": "CELU", "prelu": "PReLU", "mlp": "MLP",
           "lstm": "LSTM", "gru": "GRU", "sdpa": "SDPA", "swiglu": "SwiGLU", "glu": "GLU", "rms": "RMS", "bn": "BN", "rnn": "RNN", "qkv": "QKV"}


def class_name(words: str) -> str:
    """conv_bn_relu -> ConvBNReLU."""
    return "".join(SPELLED.get(part, camel(part)) for part in words.split("_"))


def short_word(component: Component) -> str:
    """The leading words of a name, without dimensions and dtypes."""
    if getattr(component, "words", ()):
        return "_".join(component.words)
    if component.level > 0:
        return snake(getattr(component, "kind_name", "")) or component.name
    words = []
    for part in component.name.split("_"):
        if not part or part[0].isdigit() or (words and part in ("fp32", "fp64", "fp16", "bf16", "i64", "nobias", "dimlast")) or \
                (words and any(c.isdigit() for c in part) and not part.endswith(("1d", "2d", "3d"))):
            break
        words.append(part)
    return "_".join(words)


def is_record(statement: ast.stmt) -> bool:
    """A NamedTuple or dataclass of the author's for what a forward returns: fields, and no methods."""
    if not isinstance(statement, ast.ClassDef) or any(isinstance(s, ast.FunctionDef) for s in statement.body):
        return False
    marks = [ast.unparse(n).split("(")[0].split(".")[-1] for n in statement.bases + statement.decorator_list]
    return "NamedTuple" in marks or "dataclass" in marks
