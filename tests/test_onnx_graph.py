"""Models built node by node, asked as they are asked in answering."""

from __future__ import annotations

import numpy as np
import onnx
import pytest

from starlike import onnx_model
from starlike.onnx_graph import Graph


def line(factor: float = 3.0) -> Graph:
    """`y = factor * x + 0.5` of any number of pairs of whole numbers."""
    graph = Graph("line")
    wide = graph.cast(graph.input("x", ["N", 2], np.int64), np.float32)
    steep = graph.add("Mul", wide, graph.constant(factor))
    graph.add("Add", steep, graph.constant([0.5, 0.5], "offsets"), name="y")
    graph.output("y", ["N", 2])
    return graph


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_graph_answers_what_it_computes_for_any_number_of_rows(count: int) -> None:
    asked = np.arange(2 * count, dtype=np.int64).reshape(count, 2)
    (answered,) = onnx_model.open_session(line().serialise()).run(["y"], {"x": asked})
    assert answered.dtype == np.float32
    np.testing.assert_allclose(answered, 3 * asked + 0.5)


def test_the_same_graph_gives_the_same_bytes_and_another_one_others() -> None:
    assert line().serialise() == line().serialise()
    assert line().serialise() != line(4.0).serialise()


def test_a_graph_that_cannot_be_run_is_not_written() -> None:
    graph = line()
    graph.add("Mul", "nowhere", "offsets", name="z")
    with pytest.raises(onnx.checker.ValidationError, match="nowhere"):
        graph.serialise()
