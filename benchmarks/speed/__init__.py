"""Time starlike and `face_recognition` side by side: `python -m benchmarks.speed`.

Every contender runs in a process of its own, which is asked over a pipe and times itself; they take
turns photo by photo, so that whatever else the machine does meets all of them alike.
"""
