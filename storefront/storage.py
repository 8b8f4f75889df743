from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """Files in folders, none left half written: on a full disk that would keep the last of its room."""

    def _save(self, name, content):
        was_there = self.exists(name)
        try:
            return super()._save(name, content)
        except OSError:
            if not was_there:
                self.delete(name)
            raise
