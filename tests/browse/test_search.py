import unicodedata

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shop.browse.models import SearchDocument
from shop.browse.search.query import Query, stem_of
from shop.browse.search.results import Search
from shop.catalogue.models import Product
from shop.fields.folding import fold
from shop.fields.texts import clean_line
from tests.factories import CategoryFactory, ProductFactory
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue():
    kitchen = CategoryFactory(name="Kitchen", slug="kitchen")
    boards = CategoryFactory(name="Chopping boards", slug="boards", parent=kitchen)
    ProductFactory(title="Walnut board", brand="Grain", category=boards, description="For bread and cheese.")
    ProductFactory(title="Café au lait bowl", brand="Kiln", category=kitchen, description="Holds coffee.")
    ProductFactory(title="Bread bin", brand="Tinsmith", category=kitchen, description="Enamelled.")
    ProductFactory(
        title="Notebook dv7-1211ea", brand="HP", specifications=[["Memory", "16 GB"], ["Colour", "Red"]]
    )


def titles(client, query):
    return [product.title for product in client.get("/products/", {"q": query}).context["products"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("walnut board", ["Walnut board"]),
        ("WALNUT boards", ["Walnut board"]),
        ("cafe bowls", ["Café au lait bowl"]),
        ("CAFÉ", ["Café au lait bowl"]),
        ("chopping", ["Walnut board"]),
        ('"chopping boards" walnut', ["Walnut board"]),
        ("bread", ["Bread bin", "Walnut board"]),
        ('"bread bin"', ["Bread bin"]),
        ("bread -cheese", ["Bread bin"]),
        ("waln", ["Walnut board"]),
        ("dv7-1211ea", ["Notebook dv7-1211ea"]),
        ("1211ea", ["Notebook dv7-1211ea"]),
        ("notebook 16gb", ["Notebook dv7-1211ea"]),
        ("note book", ["Notebook dv7-1211ea"]),
        ("memory 16 gb note book", ["Notebook dv7-1211ea"]),
        ("walnutboard", ["Walnut board"]),
        ("walnutt bored", ["Walnut board"]),
        ("the", []),
        ("zzzzzz", []),
        ('"bin bread"', []),
        ("🫖", []),
        ("-walnut", ["Walnut board"]),
    ],
)
def test_what_is_found(client, catalogue, query, found):
    assert sorted(titles(client, query)) == found


def test_words_may_be_of_different_fields(client, catalogue):
    assert set(titles(client, "kitchen bread")[:2]) == {"Bread bin", "Walnut board"}


def test_products_with_some_of_the_words_follow_those_with_all(client, catalogue):
    response = client.get("/products/?q=bread+cheese")
    assert response.context["products"][0].title == "Walnut board"
    assert "Few products have all of these words" in response.content.decode()


def test_products_with_some_of_the_words_are_shown_where_none_has_all(client, catalogue):
    response = client.get("/products/?q=bread+teapot")
    assert {product.title for product in response.context["products"]} == {"Bread bin", "Walnut board"}
    assert "No product has all of these words" in response.content.decode()


def test_correction_is_said_and_can_be_refused(client, catalogue):
    page = client.get("/products/?q=walnut+bord").content.decode()
    assert "Showing results for <strong>walnut board</strong>" in page
    assert "/products/?literal=1&amp;q=walnut+bord" in page
    literal = client.get("/products/?q=walnut+bord&literal=1")
    assert "Showing results for" not in literal.content.decode()


def test_joined_words_are_parted_where_they_follow_one_another(client, catalogue):
    page = client.get("/products/?q=breadbin").content.decode()
    assert "Showing results for <strong>bread bin</strong>" in page
    assert titles(client, "cheesebread") == []


def test_neighbours_may_be_written_as_one_word_that_is_not_another_form_of_either():
    query = Query.parse("mac book silver ring")
    assert query.spellings["macbook"] == ("mac", "book")
    assert "silverring" not in query.spellings
    assert Query.parse("16gb card").spellings["16gb"] == ("16", "gb")


def test_neighbours_are_looked_for_as_one_word_only_where_something_has_it(catalogue):
    listed = Product.objects.listed()
    assert Search("walnut board", listed).query.joined == {}
    assert Search("red note book", listed).query.joined == {1: "notebook"}


def test_title_that_says_it_in_a_row_comes_first():
    ProductFactory(title="Board for bread, with a bin")
    ProductFactory(title="Bread bin")
    ProductFactory(title="Bin of steel", description="For bread.")
    assert [Product.objects.get(pk=pk).title for pk in found("bread bin")] == [
        "Bread bin",
        "Board for bread, with a bin",
        "Bin of steel",
    ]


@pytest.mark.parametrize("asked", ["16gb card", "16 gb card"])
def test_measures_count_in_either_spelling(asked):
    ProductFactory(title="Card of 32 GB, not of 16")
    ProductFactory(title="Card with 16GB")
    ProductFactory(title="Card with 16 GB")
    best = [Product.objects.get(pk=pk).title for pk in found(asked)]
    assert set(best[:2]) == {"Card with 16GB", "Card with 16 GB"}


def test_best_match_can_be_sorted_otherwise(client, catalogue):
    response = client.get("/products/?q=bread&sort=name")
    assert [product.title for product in response.context["products"]] == ["Bread bin", "Walnut board"]
    assert "Best match" in response.content.decode()


def test_index_follows_every_kind_of_write(catalogue):
    board = Product.objects.get(title="Walnut board")
    Product.objects.filter(pk=board.pk).update(title="Olive board")
    assert found("olive") == [board.pk]
    assert found("walnut") == []
    board.category.name = "Planks"
    board.category.save()
    assert found("planks") == [board.pk]
    Product.objects.filter(pk=board.pk).update(status="archived")
    assert found("olive") == []
    Product.objects.all()[0].delete()
    assert SearchDocument.objects.count() == Product.objects.listed().count()


def test_renamed_parent_is_found_by_its_new_name(catalogue):
    board = Product.objects.get(title="Walnut board")
    board.category.parent.name = "Scullery"
    board.category.parent.save()
    assert board.pk in found("scullery")
    assert found("kitchen") == []


def test_rolled_back_write_is_not_found(catalogue):
    with pytest.raises(RuntimeError):
        roll_back()
    assert found("ebony") == []


def roll_back():
    from django.db import transaction

    with transaction.atomic():
        Product.objects.update(title="Ebony")
        raise RuntimeError


def found(text):
    listed = Product.objects.listed()
    return Search(text, listed, is_literal=True).best(listed)


@pytest.mark.parametrize(
    "text",
    [
        *["-red", '""', "-", "' OR 1=1", "a:* & | ! <->", "NEAR(a b)", "*", "\\", '"'],
        *[
            "a b c d e f g h i j k l m n",
            "bread" * 20,
            "🍞bread 🫖",
            "\u202ebread \u0644\u0648\u062d",
            "1 2 3gb 4",
        ],
    ],
)
def test_operators_and_metacharacters_are_words_or_nothing(client, catalogue, text):
    assert client.get("/products/", {"q": text}).status_code == 200


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=100))
def test_any_text_has_an_answer(text):
    listed = Product.objects.listed()
    search = Search(text.replace("\0", ""), listed)
    assert search.best(listed) == []
    assert search.narrow(listed).count() == 0


def test_query_is_read_as_people_type_it():
    query = Query.parse('Oak  "serving bowl" -red −"very big" for')
    assert query.terms == (("oak",), ("serving", "bowl"))
    assert query.excluded == (("red",), ("very", "big"))


def test_words_of_a_long_text_are_bounded():
    assert len(Query.parse(" ".join(f"w{n}" for n in range(1000))).terms) == 12


def test_rebuilding_finds_what_was_written_behind_our_back(catalogue, raw_writes_are_expected):
    from django.core.management import call_command

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM browse_searchdocument")
    assert found("walnut") == []
    call_command("rebuild_search")
    assert len(found("walnut")) == 1


# What PostgreSQL can hold.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80)


@pytest.fixture
def renamed():
    """Return a function that gives the only product another title."""
    product = ProductFactory(category=CategoryFactory(name="Éclairage & Ærø", slug="eclairage"))

    def rename(title):
        Product.objects.filter(pk=product.pk).update(title=title)
        return product.pk

    return rename


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TEXTS)
@example("Straße 5 m² Pyrex™ 가마 도자기 हिन्दी İstanbul ΣΟΦΟΣ ﬁn ½ №5 Stein\u00adgut が Women's 24\" A&B")
@example("x" * 61 + " " + "花" * 70)
@example("ꭰ Ꭰ ǆ ᾳ \u0345 a\u0301\u0323 \U0001e900 \U000e0100")
def test_every_word_of_a_title_finds_its_product(renamed, title):
    pk = renamed(title)
    words = [word for word in clean_line(title).split() if fold(word) and word[0] not in "-−"]
    assert [word for word in words if found(word) != [pk]] == []


@settings(max_examples=50, deadline=None)
@given(text=TEXTS)
def test_text_is_folded_once_and_by_the_database_alike(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT browse_fold(%s)", [text])
        assert cursor.fetchone() == (fold(text),)
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@pytest.mark.parametrize("text", ["éclairage", "ECLAIR", "clairage ae", "ærø", "Æro"])
def test_category_is_suggested_however_it_is_typed(client, renamed, text):
    response = client.get("/suggestions/", {"q": text})
    assert [category.name for category in response.context["categories"]] == ["Éclairage & Ærø"]


def test_search_without_results_is_understood_once(client, catalogue, django_assert_max_num_queries):
    words = " ".join(f"qwert{letter}" for letter in "abcdefghijkl")
    narrowed = {"brand": ["Kiln", "HP"], "price_min": 3, "price_max": 90, "in_stock": 1, "rating": 3}
    with django_assert_max_num_queries(80):
        response = client.get("/products/", {"q": words, "category": "kitchen"} | narrowed)
    assert response.context["page_obj"].paginator.count == 0


def test_stems_are_right_in_many_threads():
    words = [f"{word}{n % 7}s" for n, word in enumerate(["running", "plates", "happily", "vases"] * 500)]
    stem = stem_of.__wrapped__
    expected = [stem(word) for word in words]
    assert at_once(*[lambda: [stem(word) for word in words]] * 4) == [expected] * 4
