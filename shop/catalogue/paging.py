from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class PageLinks:
    """The links below a list: previous, some numbers around the current one, next."""

    previous: str | None
    numbers: list[Link]
    next: str | None


def page_links(page, url_of):
    """Return the PageLinks of a paginator's page; url_of gives the address of a page number."""
    if page is None or not page.has_other_pages():
        return None
    elided = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return PageLinks(
        url_of(page.previous_page_number()) if page.has_previous() else None,
        [Link(n, url_of(n) if isinstance(n, int) else "", n == page.number) for n in elided],
        url_of(page.next_page_number()) if page.has_next() else None,
    )
