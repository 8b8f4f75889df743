import pytest
from django.core.management import CommandError, call_command

from tests.factories import ProductFactory


# One job: the test's database in memory is one connection.
@pytest.mark.django_db(transaction=True)
def test_warm_cache_asks_for_every_page_of_the_sitemap(live_server, settings, capsys):
    # The guard of reads hangs on the connection, which the server's threads share in this test.
    settings.CACHE_GUARD_RAISES = False
    products = [ProductFactory() for _ in range(3)]
    pages = 2 + len(products) * 3  # with a category and a seller each
    call_command("warm_cache", url=live_server.url, rate=1000, jobs=1)
    assert f"{pages} pages: {pages} miss" in capsys.readouterr().out
    call_command("warm_cache", url=live_server.url, rate=1000, jobs=1)
    assert f"{pages} pages: {pages} hit" in capsys.readouterr().out


def test_warm_cache_says_what_is_wrong():
    with pytest.raises(CommandError, match="refused"):
        call_command("warm_cache", url="http://127.0.0.1:9")
    with pytest.raises(CommandError, match="more than 0"):
        call_command("warm_cache", rate=0)


@pytest.mark.django_db
def test_cache_stats_prints_ratios_by_view(client, capsys):
    product = ProductFactory()
    for _ in range(3):
        client.get(product.get_absolute_url())
    call_command("cache_stats")
    output = capsys.readouterr().out
    assert "product_detail" in output
    assert "hit ratio" in output
    assert output.splitlines()[-1].startswith("all")


def test_cache_stats_names_a_memcached_that_is_away(settings, capsys):
    settings.CACHES = settings.CACHES | {"shared": {"LOCATION": ["127.0.0.1:9"]}}
    call_command("cache_stats")
    assert "memcached 127.0.0.1:9: " in capsys.readouterr().out
