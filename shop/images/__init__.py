"""The one door for pictures that people upload: checked, decoded within limits, and redrawn.

models     Picture: file, size, tint and digest, for the apps to inherit from
renditions a picture's widths and formats, made when it is stored
uploads    what of a body is kept at all, before any view sees it
fields     form fields for one picture or several, opened at once or when their sender may
allowance  how many pictures somebody may have opened in an hour
outside    what can be seen of a file without opening it: kind, size, scans
sandbox    a few pictures at a time, each opened by a process of its own
decoding   that process: it has Pillow, limits, and nothing of the shop
"""
