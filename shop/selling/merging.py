"""Two people's changes to one content: what each of them changed is kept, and what both did is named."""

from .content import TEXTS

KEYED = ("photos", "variants")


def merged(base, theirs, mine):
    """Return mine, with theirs where only they changed what both had started from."""
    return {
        **{name: _pick(base[name], theirs[name], mine[name]) for name in (*TEXTS, "specifications")},
        **{
            kind: _merged_rows(*(_by_key(content[kind]) for content in (base, theirs, mine)))
            for kind in KEYED
        },
    }


def _pick(base, theirs, mine):
    return theirs if mine == base else mine


def _by_key(rows):
    return {row["key"]: row for row in rows}


def _merged_rows(base, theirs, mine):
    leading, other = (theirs, mine) if list(mine) == list(base) else (mine, theirs)
    rows = [_merged_row(base.get(key), theirs.get(key), mine.get(key)) for key in leading | other]
    return [row for row in rows if row is not None]


def _merged_row(base, theirs, mine):
    """Return a row, or None if it is gone: a row that one removed stays only if the other changed it."""
    if base is None:
        return mine or theirs
    if mine is None:
        return None
    if theirs is None:
        return None if mine == base else mine
    return {name: _pick(base[name], theirs[name], mine[name]) for name in mine}
