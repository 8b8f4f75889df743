import io
import runpy

from django.conf import settings


def test_form_that_the_shop_refuses_unread_is_read_before_it_is_answered(monkeypatch):
    monkeypatch.setattr("django.core.wsgi.get_wsgi_application", lambda: lambda environ, start: [b"refused"])
    application = runpy.run_path(settings.BASE_DIR / "storefront" / "wsgi.py")["application"]
    form = io.BytesIO(b"x" * 200_000)
    assert application({"wsgi.input": form}, None) == [b"refused"]
    assert form.read() == b""
