from dataclasses import dataclass

# Up to this many, pages say how many are left; above, just "in stock".
LOW_STOCK = 5
STOCK_SHOWN_LIMIT = LOW_STOCK + 1


@dataclass(frozen=True)
class Stock:
    """Return what pages show of a quantity; equal results look the same."""

    shown: int

    @classmethod
    def of(cls, quantity):
        return cls(min(quantity, STOCK_SHOWN_LIMIT))

    @property
    def is_out(self):
        return self.shown == 0

    @property
    def is_low(self):
        return 0 < self.shown <= LOW_STOCK

    def __str__(self):
        if self.is_out:
            return "Sold out"
        return f"Only {self.shown} left" if self.is_low else "In stock"
