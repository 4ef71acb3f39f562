"""The page that shows an evaluation: figures, plots, and where the model goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlike import reports
from starlike.evaluate import comparison, plots, wording
from starlike.files import storage
from starlike.metrics.figures import Figures, OfClass
from starlike.metrics.shown import percent

FILE_NAME = "report.html"

_WORST, _CONFUSIONS = 30, 50

_ALT = {
    plots.CALIBRATION: "Reliability diagram: how often first answers are right, by the probability "
    "that the network gives.",
    plots.BY_IMAGES: "Right first answers by how many training images a person has.",
    plots.SIMILARITY: "Histogram of the first answer's similarity, for known and for unknown "
    "people.",
    plots.PAIRS: "Histograms of the similarity of two photos of one person, of unknown people and "
    "the first star named for them, and of two different people.",
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
    text = reports.render(
        "evaluate/report.html.j2",
        figures=figures,
        lines=comparison.lines(figures),
        over_models=wording.over_models(figures),
        pictures={
            name: (reports.data_uri(data, "image/png"), _ALT[name])
            for name, data in pictures.items()
        },
        similarities=wording.similarities(figures.similarity),
        recognised=wording.recognised(figures.recognition),
        share=percent.text,
        headlines=comparison.headlines(figures),
        fewest=wording.fewest(figures.declared),
        tables=comparison.tables(figures),
        confusions=figures.confusions[:_CONFUSIONS],
        worst=worst(figures)[:_WORST],
    )
    file = out / FILE_NAME
    storage.write_text(file, text)
    return file


def worst(figures: Figures) -> list[OfClass]:
    """Classes with a wrong answer, by accuracy, and of equal ones the best tested first."""
    wrong = [item for item in figures.by_class if item.right < item.test_images]
    return sorted(wrong, key=lambda item: (item.right / item.test_images, -item.test_images))
