"""The page that shows an evaluation: figures, plots, and where the model goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlike import page, storage
from starlike.evaluate import comparison, plots
from starlike.evaluate.figures import Figures, OfClass

FILE_NAME = "report.html"

_WORST, _CONFUSIONS = 30, 50

_ALT = {
    plots.CALIBRATION: "Reliability diagram: how often first answers are right, by the probability "
    "that the network gives.",
    plots.BY_IMAGES: "Right first answers by how many training images a person has.",
    plots.SIMILARITY: "Histogram of the first answer's similarity, for known people and for people "
    "in no class.",
    plots.CONFUSIONS: "Bars: the pairs of people that are confused most often.",
}


def write(out: Path, figures: Figures, pictures: Mapping[str, bytes]) -> Path:
    """Write `report.html`.

    Args:
        out: the folder to write into.
        figures: what was measured.
        pictures: the plots, as PNG by file name.

    Returns:
        The page's path.
    """
    text = page.render(
        "evaluate/report.html.j2",
        figures=figures,
        lines=comparison.lines(figures.to_dict()["methods"]),
        pictures={
            name: (page.data_uri(data, "image/png"), _ALT[name]) for name, data in pictures.items()
        },
        confusions=figures.confusions[:_CONFUSIONS],
        worst=worst(figures)[:_WORST],
        groups=_groups(figures),
    )
    file = out / FILE_NAME
    storage.write_text(file, text)
    return file


def worst(figures: Figures) -> list[OfClass]:
    """Classes with a wrong answer, by accuracy, and of equal ones the best tested first."""
    wrong = [item for item in figures.by_class if item.right < item.test_images]
    return sorted(wrong, key=lambda item: (item.right / item.test_images, -item.test_images))


def _groups(figures: Figures) -> list[tuple[str, str, list[comparison.Line]]]:
    """The tables by group: what they are called, what a group is, and a line a group."""
    methods = figures.to_dict()["methods"]
    return [
        ("By source", "Source of the image", comparison.by_group(methods, "by_source")),
        (
            "By training images",
            "Training images of the person",
            comparison.by_group(methods, "by_images"),
        ),
    ]
