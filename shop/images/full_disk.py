"""Files that find no room: said beside the field they came in, with all else that was typed."""

import errno
from contextlib import contextmanager

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
SENTENCE = "No files can be saved at the moment. Please choose this one again in a few minutes."


@contextmanager
def full_disk_told(form):
    """Let errors of a full disk become errors of the form whose files are saved within."""
    try:
        yield
    except OSError as error:
        names = [name for name in form.fields if form.add_prefix(name) in form.files]
        if error.errno not in NO_ROOM or not names:
            raise
        for name in names:
            form.add_error(name, SENTENCE)
