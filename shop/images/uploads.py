from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

# An import with its ZIP file of photos, and some overhead.
MOST_BYTES = 260 * 2**20


class UploadsOfMembers(FileUploadHandler):
    """Drop files of visitors who are not signed in, and reset connections that send too much."""

    def __init__(self, request=None):
        super().__init__(request)
        self.kept = 0

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            raise SkipFile

    def receive_data_chunk(self, raw_data, start):
        self.kept += len(raw_data)
        if self.kept > MOST_BYTES:
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size):
        return None
