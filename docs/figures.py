"""The figures of the model that ships, as the documents write them: `{{ top_1 }}` in a sentence.

They come from its `metrics.json`, so no document tells others than the model card.
"""

from __future__ import annotations

import json
from typing import Any

from starlike.model import store


def read() -> dict[str, str]:
    """Every figure by its name, ready to be put into a sentence."""
    measured = json.loads((store.default_folder() / store.METRICS).read_text("utf-8"))
    network = measured["spreads"][0]
    pairs = measured["similarity"]
    one_person, unknown, different = (
        pairs[kind] for kind in ("one_person", "look_alike", "different")
    )
    return {
        "people": f"{measured['about']['sample_people']:,}",
        "top_1": _percent(network["top_1"]["mean"]),
        "calibration_error": _percent(network["calibration_error"]["mean"]),
        "agreement": _percent(network["first_answer"]["mean"]),
        "agreement_together": _percent(network["together"]["mean"]),
        "one_person_median": _similarity(one_person, "median"),
        "one_person_low": _similarity(one_person, "low"),
        "one_person_high": _similarity(one_person, "high"),
        "one_person_reach_90": _percent(one_person["reach_90"]),
        "unknown_median": _similarity(unknown, "median"),
        "different_median": _similarity(different, "median"),
        "different_reach_50": _percent(different["reach_50"]),
    }


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _similarity(pairs: dict[str, Any], which: str) -> str:
    return f"{pairs[which]:.0f}"
