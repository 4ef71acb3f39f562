"""Every error that a user can meet. Each has a stable `code`, shown in JSON and over HTTP."""

from __future__ import annotations

from typing import ClassVar


def one_line(text: str) -> str:
    """A text without line breaks and with single spaces, as errors and lists want it."""
    return " ".join(text.split())


class StarlikeError(Exception):
    """The family. The message is one line that says what is wrong and what to do about it."""

    code: ClassVar[str] = "error"


class PhotoError(StarlikeError):
    """A photo that cannot be answered. Never a reason to stop at the others."""

    code = "photo"


class PhotoNotFoundError(PhotoError):
    """There is no file of that name."""

    code = "not_found"


class PhotoIsDirectoryError(PhotoError):
    """A folder where a photo was asked for."""

    code = "is_directory"


class PhotoUnreadableError(PhotoError):
    """The file is there but cannot be read."""

    code = "unreadable"


class PhotoEmptyError(PhotoError):
    """Nothing in it: no bytes, or no pixels."""

    code = "empty"


class NotAPhotoError(PhotoError):
    """The content is no image of a format that is known here, or an array of a wrong shape."""

    code = "not_a_photo"


class PhotoBrokenError(PhotoError):
    """It begins as an image but cannot be decoded to its end."""

    code = "broken"


class PhotoTooLargeError(PhotoError):
    """More bytes or more pixels than the limits allow."""

    code = "too_large"


class NoFaceError(PhotoError):
    """No face was found in the photo."""

    code = "no_face"


class TooFewPhotosError(StarlikeError):
    """Fewer photos than a comparison takes."""

    code = "too_few_photos"


class TooManyPhotosError(StarlikeError):
    """More photos than can be compared at once."""

    code = "too_many_photos"


class WeightsError(StarlikeError):
    """The networks that find and encode faces are missing or damaged."""

    code = "weights"


class EncoderError(StarlikeError):
    """The encoder that was asked for cannot be used here."""

    code = "encoder"


class ModelError(StarlikeError):
    """A model folder that is missing, damaged, or of another format version."""

    code = "model"


class NamesError(StarlikeError):
    """A list of names or a group of people that cannot be used."""

    code = "names"


class CollectError(StarlikeError):
    """Collecting images in a way or into a place that cannot work."""

    code = "collect"


class SourceError(CollectError):
    """A source of names or images does not answer, or not as it should."""

    code = "source"


class PortraitsError(StarlikeError):
    """A folder of portraits that cannot be used or written."""

    code = "portraits"


class SampleError(StarlikeError):
    """A folder of images or a sample that a stage cannot work on."""

    code = "sample"


class TrainError(StarlikeError):
    """Training that was asked for in a way that cannot work."""

    code = "train"


class MissingPartError(StarlikeError):
    """An optional part of the program is not installed."""

    code = "missing_part"


class SettingsError(StarlikeError):
    """The server is asked to run with settings that cannot work."""

    code = "settings"


class PluginError(StarlikeError):
    """A part from outside that is not there, cannot be imported, or is not what is asked for."""

    code = "plugin"
