from .dashboard import Dashboard
from .drafts import DraftDelete, DraftKeep, EditWithdraw, PreviewStart
from .own_products import BulkArchive, BulkList, BulkPrices, BulkStock, OwnProducts
from .previews import DraftPreview, MarkdownPreview, ProductPreview
from .products import DraftUpdate, ProductCreate, ProductDelete, ProductUpdate
from .uploads import UploadCreate

__all__ = [
    "BulkArchive",
    "BulkList",
    "BulkPrices",
    "BulkStock",
    "Dashboard",
    "DraftDelete",
    "DraftKeep",
    "DraftPreview",
    "DraftUpdate",
    "EditWithdraw",
    "MarkdownPreview",
    "OwnProducts",
    "PreviewStart",
    "ProductCreate",
    "ProductDelete",
    "ProductPreview",
    "ProductUpdate",
    "UploadCreate",
]
