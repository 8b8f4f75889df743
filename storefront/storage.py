from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """File storage that removes half-written files, which would fill a full disk for good."""

    def _save(self, name, content):
        was_there = self.exists(name)
        try:
            return super()._save(name, content)
        except OSError:
            if not was_there:
                self.delete(name)
            raise
