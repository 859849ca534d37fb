"""Conditions and values that meet: few names, few values, every kind."""

from hypothesis import strategies as st

from apps.core.json_types import Json

NAMES = ["a", "b", "a.b", "a.b.c", "title"]
TEXTS = ["", "a", "A", "VP of Sales", "vp", "é", "10"]
SCALARS = (
    st.none() | st.booleans() | st.sampled_from([-1, 0, 1, 10, 1.0, 10.5]) | st.sampled_from(TEXTS)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3)
    ),
    max_leaves=6,
)
SITUATIONS = st.dictionaries(st.sampled_from(["a", "b", "title"]), VALUES)


def leaf(field: Json = "a.b", op: Json = "gt", value: Json = 3) -> dict[str, Json]:
    return {"field": field, "op": op, "value": value}


LEAVES = st.one_of(
    st.builds(
        leaf,
        st.sampled_from(NAMES),
        st.sampled_from(["gt", "gte", "lt", "lte"]),
        st.sampled_from([-1, 0, 1.0, 10, "a", "10"]),
    ),
    st.builds(leaf, st.sampled_from(NAMES), st.sampled_from(["eq", "neq"]), SCALARS),
    st.builds(
        leaf,
        st.sampled_from(NAMES),
        st.just("contains"),
        st.sampled_from(["a", "VP", 1, True, 10.5]),
    ),
    st.builds(
        leaf, st.sampled_from(NAMES), st.just("matches"), st.sampled_from(["^a$", "(?i)vp", "."])
    ),
)
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: (
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)})
        | st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)})
        | st.fixed_dictionaries({"not": inner})
    ),
    max_leaves=8,
).filter(lambda document: str(document).count("'not'") + str(document).count("[") < 8)
