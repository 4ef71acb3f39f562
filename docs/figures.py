"""The figures of the model that ships, as the documents write them: `{{ top_1 }}` in a sentence.

They come from its `metrics.json`, so no document tells others than the model card.
"""

from __future__ import annotations

from starlike.metrics import figures, percent, similarity
from starlike.model import store


def read() -> dict[str, str]:
    """Every figure by its name, ready to be put into a sentence."""
    measured = figures.read(store.default_folder() / store.METRICS)
    spreads, pairs = measured.network.spreads, measured.similarity
    one_person, unknown, different = pairs.one_person, pairs.unknown, pairs.different
    if one_person is None or unknown is None or different is None:
        raise SystemExit("the model that ships was measured without unknown people")
    return {
        "people": f"{measured.about.sample_people:,}",
        "top_1": percent.text(spreads["top_1"].mean),
        "calibration_error": percent.text(spreads["calibration_error"].mean),
        "agreement": percent.text(spreads["top_1_agreement"].mean),
        "agreement_together": percent.text(spreads["top_1_agreement_of_two"].mean),
        "one_person_median": similarity.text(one_person.median),
        "one_person_low": similarity.text(one_person.low),
        "one_person_high": similarity.text(one_person.high),
        "one_person_reach_90": percent.text(one_person.reach_90),
        "unknown_median": similarity.text(unknown.median),
        "different_median": similarity.text(different.median),
        "different_reach_50": percent.text(different.reach_50),
    }
