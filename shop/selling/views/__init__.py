from .dashboard import Dashboard
from .drafts import DraftDelete, DraftKeep, EditWithdraw, PreviewStart
from .own_products import ArchiveProducts, ChangePrices, ListProducts, OwnProducts, SetStock
from .previews import DraftPreview, MarkdownPreview, ProductPreview
from .products import DraftUpdate, ProductCreate, ProductDelete, ProductUpdate
from .uploads import UploadCreate

__all__ = [
    "ArchiveProducts",
    "ChangePrices",
    "Dashboard",
    "DraftDelete",
    "DraftKeep",
    "DraftPreview",
    "DraftUpdate",
    "EditWithdraw",
    "ListProducts",
    "MarkdownPreview",
    "OwnProducts",
    "PreviewStart",
    "ProductCreate",
    "ProductDelete",
    "ProductPreview",
    "ProductUpdate",
    "SetStock",
    "UploadCreate",
]
