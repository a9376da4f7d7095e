"""Compiles a model file so that the value of every expression of its functions is shown to a recorder."""

import ast

from decompose.text import Text

SHOW = "__decomp_show__"


class Instrument(ast.NodeTransformer):
    """Wraps expressions: E becomes SHOW(number of E, E, self or None). What an expression evaluates first is shown first."""

    def __init__(self, numbers: dict[int, int]) -> None:
        self.numbers = numbers
        self.owner: list[str | None] = []
        self.in_class = False

    def statements(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return [new for s in body for visited in [self.visit(s)] for new in (visited if isinstance(visited, list) else [visited])]

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        outer, self.in_class = self.in_class, True
        node.body = [self.visit(s) if isinstance(s, (ast.FunctionDef, ast.ClassDef)) else s for s in node.body]
        self.in_class = outer
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        static = any(isinstance(d, ast.Name) and d.id in ("staticmethod", "classmethod") for d in node.decorator_list)
        if self.in_class and not static and node.args.args:
            self.owner.append(node.args.args[0].arg)
        else:
            self.owner.append(self.owner[-1] if self.owner else None)
        outer, self.in_class = self.in_class, False
        node.body = self.statements(node.body)
        self.in_class = outer
        self.owner.pop()
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """The variable of `x += ...` is shown before it changes."""
        node.value = self.visit(node.value)
        if not isinstance(node.target, ast.Name) or not self.owner:
            return node
        owner = ast.Name(self.owner[-1], ast.Load()) if self.owner[-1] else ast.Constant(None)
        arguments = [ast.Constant(self.numbers[id(node.target)]), ast.Name(node.target.id, ast.Load()), owner]
        return [ast.copy_location(ast.Expr(ast.Call(ast.Name(SHOW, ast.Load()), arguments, [])), node), node]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return node

    def visit_Delete(self, node: ast.Delete) -> ast.AST:
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        node.body = self.statements(node.body)
        return node

    def visit(self, node: ast.AST) -> ast.AST:
        number = self.numbers.get(id(node))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("super", "locals", "globals", "vars", "dir"):
            return node
        changed = super().visit(node)
        shown = isinstance(node, (ast.Call, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp, ast.Name, ast.Attribute,
                                  ast.Subscript, ast.Tuple, ast.List, ast.ListComp, ast.Lambda))
        if not shown or not self.owner or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return changed
        if isinstance(node, ast.Name) and node.id in ("super", "__class__"):
            return changed
        owner = ast.Name(self.owner[-1], ast.Load()) if self.owner[-1] else ast.Constant(None)
        call = ast.Call(ast.Name(SHOW, ast.Load()), [ast.Constant(number), changed, owner], [])
        return ast.copy_location(call, node)


def instrumented(text: Text, path: str):
    """A code object of the module."""
    tree = ast.parse(text.text)
    numbers = {id(node): number for number, node in enumerate(ast.walk(tree))}
    for definition in tree.body:
        if isinstance(definition, (ast.ClassDef, ast.FunctionDef)):
            if isinstance(definition, ast.FunctionDef) and definition.name in ("get_inputs", "get_init_inputs", "get_input_kwargs", "run_tests"):
                continue
            Instrument(numbers).visit(definition)
    ast.fix_missing_locations(tree)
    return compile(tree, path, "exec", dont_inherit=True)
