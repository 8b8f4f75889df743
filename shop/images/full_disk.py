"""A full disk becomes an error of the form, so that nothing typed is lost."""

import errno
from contextlib import contextmanager

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
SENTENCE = "No files can be saved at the moment. Please choose this one again in a few minutes."


@contextmanager
def full_disk_told(form):
    """Turn the errors of a full disk into errors of the form whose files are saved in the block."""
    try:
        yield
    except OSError as error:
        names = [name for name in form.fields if form.add_prefix(name) in form.files]
        if error.errno not in NO_ROOM or not names:
            raise
        for name in names:
            form.add_error(name, SENTENCE)
