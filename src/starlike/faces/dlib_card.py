"""The card of dlib's face ResNet, whichever library runs it."""

from starlike.records import EncoderCard

DLIB_RESNET = EncoderCard(
    name="dlib_face_recognition_resnet_model_v1",
    sha256="55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
    dimensions=128,
    same_person=0.6,
    usual_same=0.35,
)
"""`sha256` is that of dlib's own file, which all ways to run the network come from. 0.6 is the
radius that it was trained for, and where dlib's authors draw the line."""
