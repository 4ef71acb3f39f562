"""Which celebrity do you look like? Photo in, ranked classes out.

    >>> import starlike
    >>> model = starlike.load_model()
    >>> faces = model.match("photo.jpg", top=5)

Importing this loads no training framework, no dlib and no `face_recognition`: each is loaded
where it is first used.
"""

from starlike import errors
from starlike.errors import (
    ModelError,
    NamesError,
    NoFaceError,
    PhotoError,
    PluginError,
    StarlikeError,
)
from starlike.faces.base import Detector, Encoder
from starlike.model.among import Among
from starlike.photo import Limits
from starlike.pipeline import Model, load_model
from starlike.records import (
    Box,
    ChildLikeness,
    Compared,
    Comparison,
    Embedding,
    EncoderCard,
    Face,
    FaceMatches,
    Landmarks,
    Match,
    Pair,
    Photo,
    Ranking,
)
from starlike.version import __version__ as __version__

__all__ = [
    "Among",
    "Box",
    "ChildLikeness",
    "Compared",
    "Comparison",
    "Detector",
    "Embedding",
    "Encoder",
    "EncoderCard",
    "Face",
    "FaceMatches",
    "Landmarks",
    "Limits",
    "Match",
    "Model",
    "ModelError",
    "NamesError",
    "NoFaceError",
    "Pair",
    "Photo",
    "PhotoError",
    "PluginError",
    "Ranking",
    "StarlikeError",
    "errors",
    "load_model",
]
