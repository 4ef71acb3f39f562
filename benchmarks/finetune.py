"""Fine-tune the last blocks of dlib's face ResNet, and judge it on people who are left out.

What the lower blocks make of the images is computed once, by ONNX Runtime; the last block (E) or
the last two (B) and the dense layer are trained in JAX, from dlib's weights. A pull holds every
embedding to the original one. See `unknown_people.py` for the people and the figures.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import onnx
from jax.example_libraries import optimizers

from benchmarks.unknown_people import COLUMNS, REPORTED, Block, blocks, figures
from starlike import onnx_model, photo
from starlike.classifiers.nearest_mean import NearestMean
from starlike.draws import order_key
from starlike.embeddings import class_means
from starlike.faces import align, augment, weights
from starlike.faces.onnx_encoder import INPUT
from starlike.files import sample
from starlike.files.sample import Labelled, Sample
from starlike.records import Box, Face, Floats

VIEWS = 4  # the plain chip and three changed views
IMAGES_A_PERSON = 7
BATCH = 64
SIDE, CHANNELS = 4, 256  # of what the last two blocks take
HIDDEN = 1e9
LEAST_AGREEMENT, LEAST_OTHERS = 1e-3, 1e-5  # keep logarithms finite
FARTHEST = 0.05  # from an embedding computed here, of rounded activations, to that in the sample

Half = npt.NDArray[np.float16]
Parameters = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """How to train: Adam, whose rate falls along a cosine, on two images of each person a step."""

    blocks: int
    loss: Callable[..., Any]
    sharpness: float  # of the softmax over squared distances
    pull: float  # weighs the squared distance to the original embedding
    rate: float
    steps: int
    people: int


def few(prepared: Sample, people: int | None) -> Labelled:
    """A few training images of everybody, or of so many people and of those reported on."""
    images = sample.select(prepared, "augmented", split="train")
    if people:
        several = np.flatnonzero(np.bincount(images.labels) > 1)
        names = sorted(
            (images.classes[k] for k in several), key=lambda n: order_key(0, "left out", n)
        )
        kept = sorted(names[: REPORTED + people])
        images = sample.select(prepared, "augmented", split="train", classes=kept)
    taken: dict[int, list[int]] = {}
    for row in sorted(
        range(len(images)), key=lambda row: order_key(0, "image", images.images[row])
    ):
        taken.setdefault(int(images.labels[row]), []).append(row)
    return images.take(np.array([row for own in taken.values() for row in own[:IMAGES_A_PERSON]]))


def activations(prepared: Sample, images: Labelled, folder: Path, cache: Path | None) -> Half:
    """What the last two blocks take, (N, V, 4, 4, 256), from the cache if it is of these images."""
    if cache and cache.is_file():
        with np.load(cache) as kept:
            if tuple(kept["images"].tolist()) == images.images:
                return np.asarray(kept["activations"], dtype=np.float16)
    model = onnx.load(weights.path(weights.RESNET))
    relus = [node.output[0] for node in model.graph.node if node.op_type == "Relu"]
    shape: list[str | int | None] = ["N", CHANNELS, SIDE, SIDE]
    # Every block has two; the fifth from the end is what ends the last block but two.
    cut = onnx.helper.make_tensor_value_info(relus[-5], onnx.TensorProto.FLOAT, shape)
    model.graph.output.pop()
    model.graph.output.append(cut)
    session = onnx_model.open_session(model.SerializeToString())
    found = np.empty((len(images), VIEWS, SIDE, SIDE, CHANNELS), dtype=np.float16)
    rows = prepared.columns("image", "sha256", "detector", *Box._fields)
    faces = {image: facts for image, *facts in rows}
    for index, image in enumerate(images.images):
        content, detector, *box = faces[image]
        face, opened = [Face(box=Box(*box), detector=detector)], photo.open(folder / image)
        plain = align.cut(opened, face, "photo")
        changed = augment.chips(opened, face, [int(content[:8], 16)])  # as `prepare` made them
        chips = np.concatenate([plain, changed[0, : VIEWS - 1]])
        found[index] = session.run([cut.name], {INPUT: chips})[0].transpose(0, 2, 3, 1)
    if cache:
        np.savez(cache, images=np.array(images.images), activations=found)
    return found


def original_parameters() -> Parameters:
    """The last two blocks and the dense layer as dlib has them."""
    graph = onnx.load(weights.path(weights.RESNET)).graph
    constants = {item.name: onnx.numpy_helper.to_array(item) for item in graph.initializer}
    folded = [
        (constants[node.input[1]].transpose(2, 3, 1, 0), constants[node.input[2]])
        for node in graph.node
        if node.op_type == "Conv"
    ]
    dense = next(node for node in graph.node if node.op_type == "MatMul")
    return {"first": folded[-4:-2], "last": folded[-2:], "dense": constants[dense.input[1]]}


def first_block(parameters: Parameters, seen: Any) -> Any:
    """Through the last block but one, (N, 4, 4, 256) both."""
    one, two = parameters["first"]
    return jax.nn.relu(seen + _convolve(jax.nn.relu(_convolve(seen, one)), two))


def encode(parameters: Parameters, seen: Any) -> Any:
    """Embeddings (N, 128) of what the first of these blocks takes, (N, 4, 4, 256)."""
    if "first" in parameters:
        seen = first_block(parameters, seen)
    one, two = parameters["last"]
    branch = _convolve(jax.nn.relu(_convolve(seen, one, stride=2, padding=0)), two)
    branch = jnp.pad(branch, ((0, 0), (0, 1), (0, 1), (0, 0)))
    shortcut = seen.reshape(-1, SIDE // 2, 2, SIDE // 2, 2, CHANNELS).mean(axis=(2, 4))
    return jax.nn.relu(shortcut + branch).mean(axis=(1, 2)) @ parameters["dense"]


def _convolve(seen: Any, layer: Any, *, stride: int = 1, padding: int = 1) -> Any:
    """As one matrix product: on a CPU faster than XLA's own convolution."""
    filters, biases = layer
    size, ends = len(filters), (padding, padding)
    seen = jnp.pad(seen, ((0, 0), ends, ends, (0, 0)))
    reach = seen.shape[1] - size + 1
    patches = [
        seen[:, top : top + reach : stride, left : left + reach : stride]
        for top in range(size)
        for left in range(size)
    ]
    return jnp.concatenate(patches, axis=-1) @ filters.reshape(-1, filters.shape[-1]) + biases


def through(run: Callable[..., Any], parameters: Parameters, seen: Half) -> Any:
    """What one of the two above makes of every view, (N, V, ...) of (N, V, 4, 4, 256)."""
    run, flat = jax.jit(run), seen.reshape(-1, *seen.shape[2:]).astype(np.float32)
    starts = range(0, len(flat), BATCH)
    made = np.concatenate([np.asarray(run(parameters, flat[i : i + BATCH])) for i in starts])
    return made.reshape(*seen.shape[:2], *made.shape[1:])


def _squares(some: Any, others: Any) -> Any:
    return (some**2).sum(1)[:, None] + (others**2).sum(1) - 2 * some @ others.T


def _star(setting: Setting, one: Any, other: Any, means: Any, own: Any) -> Any:
    """As in `starlike.classifiers.likeness`: pairs agree on a star, and different people do not."""
    hidden = HIDDEN * (own[:, None] == jnp.arange(len(means)))
    near = (-setting.sharpness * _squares(images, means) - hidden for images in (one, other))
    first, second = (jax.nn.softmax(nearness) for nearness in near)
    agree, both = (first * second).sum(1), (first + second) / 2
    others = (both.mean(0) ** 2).sum() - (both**2).sum() / len(own) ** 2
    return jnp.log(others + LEAST_OTHERS) - jnp.log(agree + LEAST_AGREEMENT).mean()


def _nce(setting: Setting, one: Any, other: Any, *_: Any) -> Any:
    """As van den Oord et al., "Representation Learning with Contrastive Predictive Coding"."""
    near = -setting.sharpness * _squares(one, other)
    both = jax.nn.log_softmax(near, axis=1) + jax.nn.log_softmax(near, axis=0)
    return -jnp.diagonal(both).mean() / 2


SETTINGS = {
    "E star": Setting(1, _star, 20, pull=20, rate=1e-4, steps=200, people=128),
    "E nce": Setting(1, _nce, 10, pull=2, rate=3e-4, steps=100, people=256),
    "B star": Setting(2, _star, 20, pull=20, rate=1e-4, steps=120, people=96),
    "B nce": Setting(2, _nce, 10, pull=5, rate=1e-4, steps=120, people=96),
}


def tune(setting: Setting, start: Parameters, learning: Labelled, seen: Half) -> Parameters:
    """Train on images (N), whose embeddings are the original ones, by their views (N, V, ...)."""
    rng = np.random.default_rng(0)
    means, counts = class_means(learning.embeddings, learning.labels, len(learning.classes))
    several = np.flatnonzero(counts > 1)
    owned = [np.flatnonzero(learning.labels == label) for label in range(len(means))]
    begin, update, current = optimizers.adam(
        lambda step: setting.rate * (1 + jnp.cos(jnp.pi * step / setting.steps)) / 2, b2=0.99
    )

    @jax.jit
    def step(number: Any, state: Any, taken: Any, original: Any, own: Any) -> Any:
        def loss(parameters: Parameters) -> Any:
            made = encode(parameters, taken)
            aim = setting.loss(setting, *jnp.split(made, 2), means, own)
            return aim + setting.pull * ((made - original) ** 2).sum(1).mean()

        return update(number, jax.grad(loss)(current(state)), state)

    state = begin(start)
    for number in range(setting.steps):
        people = rng.choice(several, min(setting.people, len(several)), replace=False)
        rows = np.array([rng.choice(owned[label], 2, replace=False) for label in people]).T.ravel()
        taken = seen[rows, rng.integers(0, VIEWS, len(rows))].astype(np.float32)
        state = step(number, state, taken, learning.embeddings[rows], people)
    return dict(current(state))


def original(part: Labelled) -> Floats:
    """Embeddings (N, 128) of the network as it is, averaged over as many views."""
    return np.asarray(part.augmented[:, :VIEWS].mean(axis=1), dtype=np.float32)


def embeddings_of(
    block: Block, images: Labelled, seen: Half
) -> Iterator[tuple[str, Callable[[Labelled], Floats]]]:
    """Everything that is compared; `seen` are the activations of all images."""
    yield "original, one view", lambda part: part.augmented[:, 0]
    yield f"original, {VIEWS} views", original
    yield "original, 9 views", lambda part: part.embeddings
    row = {image: number for number, image in enumerate(images.images)}
    learning = replace(block.learning, embeddings=original(block.learning))
    own = [row[image] for image in learning.images]
    for name, setting in SETTINGS.items():
        start, taken = original_parameters(), seen
        if setting.blocks == 1:
            taken = through(first_block, start, seen).astype(np.float16)
            del start["first"]
        made = through(encode, tune(setting, start, learning, taken[own]), taken).mean(axis=1)
        tuned = {image: made[number] for image, number in row.items()}
        yield f"{name}, {VIEWS} views", partial(_tuned, tuned, 1.0)
        yield f"{name}, averaged with the original", partial(_tuned, tuned, 0.5)


def _tuned(embeddings: dict[str, Floats], share: float, part: Labelled) -> Floats:
    """Of each image so much of its tuned embedding, and the rest of its original one."""
    found = np.stack([embeddings[image] for image in part.images])
    return np.asarray(share * found + (1 - share) * original(part), dtype=np.float32)


def main() -> None:
    """Judge the original and every setting on every block, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("sample", type=Path, help="the folder that prepare wrote")
    parser.add_argument("--images", type=Path, required=True, help="the folder that was prepared")
    parser.add_argument("--cache", type=Path, help="an .npz file, to keep activations in")
    parser.add_argument("--blocks", type=int, default=4, help="blocks of unknown people")
    parser.add_argument("--unknown", type=int, default=100, help="people in a block")
    parser.add_argument("--people", type=int, help="so many people in all; by default everybody")
    asked = parser.parse_args()
    prepared = sample.read(asked.sample)
    images = few(prepared, asked.people)
    made = list(blocks(images, asked.blocks, asked.unknown))
    first = made[0]  # which has everybody who is ever asked about
    used = {*first.learning.images, *first.known.images, *first.unknown.images}
    images = images.take(np.array([image in used for image in images.images]))
    seen = activations(prepared, images, asked.images, asked.cache)
    apart = through(encode, original_parameters(), seen) - images.augmented[:, :VIEWS]
    if np.linalg.norm(apart, axis=2).max() > FARTHEST:
        raise SystemExit(f"{asked.images}: these are not the images that the sample was made of")
    results: dict[str, list[tuple[float, ...]]] = {}
    for block in made:
        for name, embeddings in embeddings_of(block, images, seen):
            parts = (block.learning, block.known, block.unknown)
            other = Block(*(replace(part, embeddings=embeddings(part)) for part in parts))
            results.setdefault(name, []).append(figures(other, NearestMean.of(other.learning)))
    print(f"| embedding | {' | '.join(COLUMNS)} |\n|---|{'---:|' * len(COLUMNS)}")
    for name, measured in results.items():
        values = 100 * np.array(measured)
        spread = [
            f" ± {of:.2f}" if len(made) > 1 else "" for of in values.std(axis=0, ddof=len(made) > 1)
        ]
        cells = map("{:.2f}{} %".format, values.mean(axis=0), spread)
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
