import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Item:
    name: str
    quantity: int
    price_cents: int
    tags: set[str] = field(default_factory=set)

    @property
    def value_cents(self) -> int:
        return self.quantity * self.price_cents


class Inventory:
    def __init__(self) -> None:
        self._items: dict[str, Item] = {}

    def add(self, item: Item) -> None:
        known = self._items.get(item.name)
        if known is None:
            self._items[item.name] = item
            return
        if known.price_cents != item.price_cents:
            raise ValueError(f"{item.name} is already listed at another price")
        known.quantity += item.quantity
        known.tags |= item.tags

    def remove(self, name: str, quantity: int) -> None:
        item = self._items[name]
        if quantity > item.quantity:
            raise ValueError(f"only {item.quantity} of {name} are left")
        item.quantity -= quantity
        if item.quantity == 0:
            del self._items[name]

    def total_cents(self) -> int:
        return sum(item.value_cents for item in self._items.values())

    def save(self, path: Path) -> None:
        rows = [vars(item) | {"tags": sorted(item.tags)} for item in self._items.values()]
        path.write_text(json.dumps(rows, indent=2), encoding="utf-8")
