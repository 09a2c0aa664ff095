"""A compiled graph inside a running process: load a bundle, bind parameters, step it bar by bar. Never imports jax."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compile.backend import Files, Runner
from compile.backends import find, records
from compile.c.backend import C, open_library
from compile.c.blocks import Blocks
from compile.c.library import Library
from compile.c.record import C_ROW
from compile.c.runner import CRunner, Entry
from dag.graphs.graph import Graph
from dag.values.types import Value
from dagc.binding.parameters import PINS, already_pinned, bound_columns, bound_values, is_table
from dagc.data.frames import called, frame, inputs_of
from dagc.data.tables import replay_batch
from dagc.live import ports
from dagc.live.c_instances import CInstances
from dagc.live.instance import Instance
from dagc.live.instances import Instances
from dagc.live.ports import Ports
from dagc.live.run import Run, rejections_of, status_name, tapped

if TYPE_CHECKING:
    from dagc.live.in_jax import JaxKernel


class NotInBundle(Exception):
    """The bundle was built without the lowering that is needed; the message says how to build it with it."""


def load(bundle: str | Path, *, keys: Iterable[str | Path] = (), least_serial: int = 0) -> Kernel:
    """The kernel in a folder that `dagc build` wrote, or in one file. Everything is checked against the manifest first.

    With `keys`, public keys of minisign, the manifest has to be signed with one of them, and its serial number to be at least
    `least_serial`; where the environment names keys in DAGC_TRUSTED_KEYS, with one of those as well. The compiled library of the
    bundle is used where this CPU can run it, else the C text is compiled here. Raises BundleProblem; Untrusted, which is one.
    """
    from compile.bundle.bundle import read_bundle
    from dagc.signing import check_policy

    found = read_bundle(Path(bundle))
    check_policy(found, Path(bundle), [Path(each) for each in keys], least_serial)
    return Kernel(found.graph, dict(found.files))


class Kernel:
    """One graph, compiled. It holds no state; `bind` makes instances that do."""

    def __init__(self, graph: Graph, files: Files) -> None:
        """`files` as `compile.c.backend.C.lower` returns them, optionally with the `kernel.so` made of them."""
        if C_ROW.file not in files:
            raise NotInBundle(f"`{graph.name}` was built without C: build it again with --emit {C_ROW.name}")
        self.graph = graph
        self._files = files
        self._library: Library = open_library(graph, files)
        self.__doc__ = self._help()  # `help(kernel)` is about this kernel, not about its class

    def bind(self, params: object = None, backend: str = C_ROW.name, threads: int = 1) -> Any:
        """An `Instance` for one set of parameters, or `Instances` for a table of them.

        One set: nothing (the defaults), a @params object, or a mapping of dotted names to values. A table: a mapping of
        names to columns, a numpy structured array, an Arrow table, or a list of such sets. Parameters that are left out
        have their defaults. `backend` may be "xla" for a table. In C, `threads` share the rows of a table, and give the same bits
        whatever their number. A bundle that was built with pins takes no parameters. Raises BindingProblem, listing every problem.
        """
        if params is not None and PINS in self._files:
            raise already_pinned(self.graph)
        if threads != 1 and (backend != C_ROW.name or not is_table(params)):
            raise ValueError(f"threads={threads}: they share the rows of a table of parameters, in C")
        if is_table(params):
            columns, rows = bound_columns(self.graph, params)
            if backend == C_ROW.name:
                if self.graph.breadth() > 1:  # whose words do not lie at one address an instance
                    return Instances(
                        self.graph, CRunner(self.graph, self._library, Entry.BATCH, Blocks(threads)), columns, rows
                    )
                return CInstances(self.graph, self._library, columns, rows, threads)
            return Instances(self.graph, self._batch_runner(backend), columns, rows)
        if backend != C_ROW.name:
            raise ValueError(f"backend {backend!r} steps tables of parameters only; one binding is stepped in C")
        return Instance(self.graph, self._library, bound_values(self.graph, params))

    def run(self, data: Any, params: object = None, taps: Sequence[str] = ()) -> Run:
        """Run the bars of `data` from the initial state, and return a column for each output and each of `taps`.

        data    a pandas, polars or Arrow table, a structured array or a mapping of columns [bars]; columns that the lane does not
                read are left aside, and a column `bid` also fits an input `quote.bid`
        params  one set of parameters, as `bind` takes it
        taps    names of values that any lane computes, as `Kernel.taps` lists them; "all" stands for all of them

        Raises DataProblem, BindingProblem, NameProblem.
        """
        found = frame(data)
        table = inputs_of(found, self.graph, called(data))
        nodes = tapped(self.graph, taps)
        instance = self.bind(params)
        if not isinstance(instance, Instance):
            raise TypeError("`run` takes one set of parameters; bind(table).run(columns) runs a table of them")
        batch = replay_batch(self.graph, table.columns, instance.params)
        runner = CRunner(self.graph, self._library, Entry.ROW)
        values = runner.run(batch, list(dict.fromkeys(nodes.values()))).nodes
        columns = {name: values[node][:, 0] for name, node in nodes.items()}
        status = columns[status_name(self.graph)]
        rejections = rejections_of(self.graph, status, table.columns, instance.params)
        times = {name: column for name, column in found.times.items() if name in table.ignored}
        ignored = [name for name in table.ignored if name not in times]
        return Run(self.graph, runner, batch, columns, nodes, rejections, ignored, times, found.index)

    def migrated(
        self,
        snapshot: bytes,
        old: Kernel,
        *,
        fed: bool = False,
        changed: bool = False,
        values: Mapping[str, Value] | None = None,
    ) -> bytes:
        """The snapshot that an instance, or a table of instances, of `old` took, as those of this kernel `restore` it.

        States that mean the same in both keep their words: what they would hold had this kernel always run. `dagc state plan` lists
        them. With `fed`, so do states that are updated as before by states that are not; with `changed`, states whose rule changed
        begin again; `values` say what others hold. Raises WrongSnapshot, naming every state that none of these takes.
        """
        from dagc.state.migration import migrate

        return migrate(snapshot, old.graph, self.graph, fed=fed, changed=changed, values=values)

    def in_jax(self) -> JaxKernel:
        """The kernel as a function that jax traces: `outputs, state = step(inputs, params, state)`; see `dagc.live.in_jax`.

        On CPU it is one call into C, with the bits of every other backend. Imports jax.
        """
        from dagc.live.in_jax import JaxKernel

        return JaxKernel(self.graph, self._library)

    @property
    def inputs(self) -> Ports:
        """What a bar brings, in the order of the lane's signature."""
        return ports.inputs_of(self.graph)

    @property
    def params(self) -> Ports:
        """What `bind` takes, with domains and defaults."""
        return ports.params_of(self.graph)

    @property
    def outputs(self) -> Ports:
        """What a bar gives, in the order of the lane's result; the value is what a rejected row gives."""
        return ports.outputs_of(self.graph)

    @property
    def states(self) -> Ports:
        """What an instance carries from bar to bar."""
        return ports.states_of(self.graph)

    @property
    def taps(self) -> Ports:
        """The variables of all lanes, by the names that `tap` and `run` take."""
        return ports.taps_of(self.graph)

    def __repr__(self) -> str:
        return f"<Kernel {self.graph.name} {self.graph.content_hash[:12]}>"

    def _repr_svg_(self) -> str:
        """The lanes and the values between them, for notebooks: the picture of `dagc graph --lanes --svg`."""
        from dagc.debugging.drawing.picture import of_lanes
        from dagc.debugging.drawing.svg import svg_text

        return svg_text(of_lanes(self.graph))

    def __str__(self) -> str:
        return f"{self!r}\n{self._ports()}"

    def _ports(self) -> str:
        listed = (self.inputs, self.params, self.outputs, self.states)
        return "\n".join([*(str(each) for each in listed if each), f"{len(self.taps)} taps"])

    def _help(self) -> str:
        said = self.graph.scopes[0].doc
        return (
            f"{said}\n\n" if said else ""
        ) + f"{self._ports()}\n\nrun(data) bind(params) in_jax(): see help(dagc.Kernel)"

    def _batch_runner(self, backend: str) -> Runner:
        record = find(backend)
        if record is None or record.runs_tables is None:
            others = [repr(each.name) for each in records() if each.runs_tables is not None]
            raise ValueError(
                f"backend {backend!r} does not step tables; there are {', '.join([repr(C_ROW.name), *others])}"
            )
        if record.file not in self._files:
            emit = f"{record.name},{C_ROW.name}"
            raise NotInBundle(f"`{self.graph.name}` was built without {record.name}: build it again with --emit {emit}")
        return record.runs_tables(self.graph, self._files)


def kernel_from_graph(graph: Graph) -> Kernel:
    """The kernel of a prepared graph, compiled here and now, without a bundle."""
    return Kernel(graph, C().lower(graph))
