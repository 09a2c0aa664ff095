"""What a lane's arguments and its result are declared to be."""

from __future__ import annotations

import ast

from dag.language.lift import lifted_from
from dag.language.shapes import Shape
from dag.trace.boundaries import read_annotation
from dag.trace.frame import Frame
from dag.trace.functions import header_span
from dag.trace.statements import Result


def declared_arguments(tree: ast.FunctionDef) -> list[ast.arg]:
    """The arguments of a `def` that a lane may have."""
    return [*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs]


def argument_shapes(frame: Frame) -> dict[str, Shape]:
    """What a lane's arguments are declared to be; a missing or wrong annotation is reported and left out."""
    tree, annotations = frame.source.tree, frame.source.function.__annotations__
    for extra in (tree.args.vararg, tree.args.kwarg):
        if extra is not None:
            frame.report(
                "E040", extra, "arguments one by one", f"`*{extra.arg}`", "name every argument, or take a tuple"
            )
    shapes: dict[str, Shape] = {}
    lifted = lifted_from(frame.source.function)
    for argument in declared_arguments(tree):
        name = argument.arg
        if lifted is not None and name in lifted.fixed:
            continue
        shape = read_annotation(
            frame, argument.annotation, annotations.get(name), frame.span(argument), f"argument `{name}`"
        )
        if shape is not None:
            shapes[name] = shape
    return shapes


def result_of(frame: Frame) -> Result:
    """What a lane is declared to return; reported where it is missing or wrong."""
    tree = frame.source.tree
    held = frame.source.function.__annotations__.get("return")
    header = header_span(tree, frame.source.path, frame.source.file)
    shape = read_annotation(frame, tree.returns, held, header, f"the result of {tree.name}")
    return Result(shape, f"the result of {tree.name}", tree.returns)
