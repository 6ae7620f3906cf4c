"""A CSV of one's own: numbers come back as they were written, in any dialect, and what is wrong is told with its place."""

import contextlib
import csv
import io
import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.data import DEFAULT_BOUNDS, BadTable, Bounds, find_kind, given_again, load_dataset, preview, settle
from app.data.columns import read_columns
from app.data.csv_numbers import NUMBER, Marks, to_exact, to_number
from app.data.misread import PLAIN
from app.data.own_csv import OwnCsv
from app.data.table import DELIMITERS, read_table
from app.engine import EngineError, OutOfBounds, UnknownName, UnknownParameter, WrongType

# two columns of numbers and one of classes, five rows
SMALL = [
    ["height", "width", "kind"],
    ["1.5", "2", "red"],
    ["0.5", "-3", "blue"],
    ["2.25", "1e3", "red"],
    ["4", "0", "blue"],
    ["8", "7", "red"],
]


def write(rows, delimiter=",", decimal=".", newline="\n", quoting=csv.QUOTE_MINIMAL, quote='"'):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting, quotechar=quote)
    writer.writerows([[cell.replace(".", decimal) for cell in row] for row in rows])
    return out.getvalue()


def settled(text, **config):
    return settle({"name": "csv", "text": text, "target": "kind", **config}, DEFAULT_BOUNDS)


def load(text, **config):
    found, content = settled(text, **config)
    return load_dataset(found, seed=0, dtype="float64", content=content)


def everything(text, **config):
    """(X, labels or Y) of all rows, as they stand in the file."""
    found, content = settled(text, **{"standardise": False, **config})
    examples = find_kind(found, content).load(np.random.default_rng(0))
    return examples.X, examples.labels if examples.labels is not None else examples.Y


class TestDialects:
    @pytest.mark.parametrize("delimiter", DELIMITERS)
    @pytest.mark.parametrize("decimal", [".", ","])
    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    def test_are_found(self, delimiter, decimal, newline, quoting):
        text = "\ufeff" + write(SMALL, delimiter, decimal, newline, quoting)
        table = read_table(text, DEFAULT_BOUNDS)
        assert table.names == ("height", "width", "kind")
        assert (table.dialect.delimiter, table.dialect.marks, table.dialect.header) == (delimiter, Marks(decimal), True)
        X, labels = everything(text)
        assert X.tolist() == [[1.5, 0.5, 2.25, 4, 8], [2, -3, 1000, 0, 7]]
        assert labels.tolist() == [1, 0, 1, 0, 1]  # blue, red

    def test_may_be_given_instead(self):
        table = read_table("1,5\n2,5\n3,5\n", DEFAULT_BOUNDS, {"delimiter": ";", "decimal": ",", "header": False})
        assert table.names == ("column 1",)
        assert table.rows == [["1,5"], ["2,5"], ["3,5"]]

    def test_quotes_may_hold_anything(self):
        rows = [["a", "b", "kind"], ["1", "2", 'the "red", one'], ["3", "4", "line\nbreak; x"], ["5", "6", "line\nbreak; x"]]
        assert load(write(rows)).class_names == ("line\nbreak; x", 'the "red", one')
        apostrophes = write(rows, quote="'", quoting=csv.QUOTE_ALL).replace('"', "")
        assert read_table(apostrophes, DEFAULT_BOUNDS).rows[0] == ["1", "2", "the red, one"]

    def test_unicode_stays(self):
        text = "größe,幅,kind\n1,2,été\n−3,4,🦊\n5,6,été\n"
        data = load(text)
        assert data.feature_names == ("größe", "幅")
        assert data.class_names == ("été", "🦊")
        assert everything(text)[0][0].tolist() == [1, -3, 5]

    @pytest.mark.parametrize(
        ("text", "header"),
        [
            ("a,b\n1,2\n3,4\n", True),
            ("1,2\n3,4\n5,6\n", False),
            ("red,1\nblue,2\nred,3\n", False),
            ("colour,size\nred,big\nblue,small\nred,small\n", True),
            ("red,big\nblue,small\nred,small\n", False),
            ("a;b\n1,5;2,5\n3,5;4,5\n", True),
            ("1,5;2,5\n3,5;4,5\n", False),
        ],
    )
    def test_headers_are_told_from_data(self, text, header):
        # the second and third lines of `red,1` name no number column above a number: its own cells come again
        assert read_table(text, DEFAULT_BOUNDS).dialect.header is header

    def test_lines_without_content_are_left_out_and_counted(self):
        text = "a,b,kind\n\n1,2,x\n,,\n3,oops,y\n5,6,x\n7,8,y\n"
        with pytest.raises(BadTable) as refusal:
            settled(text)
        assert (refusal.value.value, refusal.value.row, refusal.value.column) == ("oops", 5, 2)

    def test_what_was_found_out_is_written_down(self, monkeypatch):
        found, content = settled(write(SMALL, ";", ","))
        before = load_dataset(found, seed=0, dtype="float64", content=content)
        monkeypatch.setattr("clevercsv.Detector.detect", lambda *_, **__: pytest.fail("looked for the dialect again"))
        again = load_dataset(found, seed=0, dtype="float64", content=content)
        assert (before.X_train == again.X_train).all()


finite = st.floats(allow_nan=False, allow_infinity=False, width=64)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(finite, finite, st.sampled_from(["a b", "c,d", "e;f", 'g"h', "é"])), min_size=4, max_size=12),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([".", ","]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_numbers_come_back_to_the_last_bit(rows, delimiter, decimal, newline, quoting):
    """What is written with a point or a comma, quoted or not, is read as the same float64."""
    classes = [kind for _, _, kind in rows]
    assume(len(set(classes)) > 1)
    cells = [["x", "y", "kind"], *([repr(x), repr(y), kind] for x, y, kind in rows)]
    text = write(cells, delimiter, decimal, newline, quoting)
    # the marks are given: a handful of rows of any numbers need not show them, as 1,5 may be two cells
    X, labels = everything(text, delimiter=delimiter, decimal=decimal, quote='"', header=True)
    np.testing.assert_array_equal(X, np.array([[x for x, _, _ in rows], [y for _, y, _ in rows]]))
    names = [kind.replace(".", decimal) for kind in classes]
    assert labels.tolist() == [sorted(set(names)).index(name) for name in names]


measured = st.floats(-1e4, 1e4).map(lambda x: f"{x:.3f}")


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(measured, measured, st.sampled_from(["red fox", "jay"])), min_size=8, max_size=30),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([".", ","]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_measurements_come_back_without_a_word_about_the_dialect(rows, delimiter, decimal, newline):
    assume(len({kind for _, _, kind in rows}) > 1)
    if delimiter == decimal:  # a file of nothing but numbers such as 1,234 and commas is read with thousands
        rows = [("0.500", "0.500", "jay"), *rows]
    X, _ = everything(write([["x", "y", "kind"], *rows], delimiter, decimal, newline))
    np.testing.assert_array_equal(X, np.array([[float(x) for x, _, _ in rows], [float(y) for _, y, _ in rows]]))


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300) | st.text(alphabet=",;\t| \"'\n\r1.-eaN", max_size=300), st.sampled_from(["a", "column 1", None]))
def test_any_text_is_read_or_refused(text, target):
    """No other exception: what is refused says so as data."""
    try:
        told = preview(text, {} if target is None else {"target": target}, DEFAULT_BOUNDS)
    except EngineError:
        return
    assert told["problem_count"] >= len(told["problems"])
    is_clean = told["refusal"] is None and not told["problem_count"]
    config = {"name": "csv", "text": text, "target": told["target"]}
    if is_clean:  # then a session takes it
        assert load(text, target=told["target"]).X_train.shape[1] == told["training_count"]
    elif told["target"] is not None:
        with pytest.raises(EngineError):
            settle(config, DEFAULT_BOUNDS)


class TestKinds:
    def test_numbers_and_categories_are_told_apart(self):
        told = preview("id,width,empty,kind\n1,2.5,,x\n2,oops,,y\n3,NA,,x\n4,5,,y\n", {}, DEFAULT_BOUNDS)
        assert [(column["kind"], column["missing"], column["wrong"]) for column in told["columns"]] == [
            ("number", 0, 0),
            ("number", 1, 1),
            ("empty", 4, 0),
            ("category", 0, 0),
        ]
        assert told["columns"][1]["low"] == 2.5
        assert told["columns"][3]["values"] == ["x", "y"]
        assert (told["target"], told["features"], told["targets"]) == ("kind", ["id", "width"], "classes")
        assert told["first_rows"][1] == ["2", "oops", "", "y"]
        assert told["usable_count"] == 2
        assert [(one["row"], one["column"], one["name"], one["value"]) for one in told["problems"]] == [
            (3, 2, "width", "oops"),
            (4, 2, "width", "NA"),
        ]

    @pytest.mark.parametrize(
        ("cells", "targets", "names"),
        [
            (["1.5", "2.5", "3.5", "4.5"], "numbers", ()),
            (["0", "1", "0", "1"], "classes", ("0", "1")),
            (["0", "10", "2", "10", "2", "0"], "classes", ("0", "2", "10")),  # in the order of numbers, not of text
            (["1", "2", "3", "4"], "numbers", ()),  # no value comes again
            (["0.5", "1", "0.5", "1"], "numbers", ()),
            (["1.0", "1", "2", "2.0"], "classes", ("1", "2")),  # one class, written in two ways
        ],
    )
    def test_targets_that_are_numbers(self, cells, targets, names):
        data = load(write([["a", "kind"], *([str(i), cell] for i, cell in enumerate(cells))]))
        assert (data.targets, data.class_names) == (targets, names)
        assert data.target_names == (names or ("kind",))

    def test_targets_as_wished(self):
        text = write([["a", "kind"], *([str(i), str(i % 2)] for i in range(10))])
        assert load(text, targets="numbers").targets == "numbers"
        assert load(text, targets="numbers", standardise=False).Y_test.tolist() == [[0.0, 1.0]]
        assert load(text, targets="classes").targets == "classes"

    def test_features_as_wished_and_in_their_order(self):
        X, _ = everything(write(SMALL), features=["width", "height"])
        assert X[:, 0].tolist() == [2, 1.5]

    def test_standardised_if_wished(self):
        text = write([["a", "kind"], *([str(i * i), str(i + 0.5)] for i in range(20))])
        data = load(text)
        np.testing.assert_allclose([data.X_train.mean(), data.Y_train.mean()], 0, atol=1e-12)
        np.testing.assert_allclose([data.X_train.std(), data.Y_train.std()], 1)
        plain = load(text, standardise=False)
        np.testing.assert_allclose(data.Y_test * data.target_scale.std[0] + data.target_scale.mean[0], plain.Y_test)
        assert plain.target_scale is None

    def test_rows_with_problems_are_left_out_if_wished(self):
        text = "a,b,kind\n1,2,x\n3,,y\n5,6\n7,8,y\n9,1e400,x\n11,12,\n13,14,y\n"
        X, labels = everything(text, skip_incomplete=True)
        assert X.tolist() == [[1, 7, 13], [2, 8, 14]]
        assert labels.tolist() == [0, 1, 1]

    def test_a_column_nobody_uses_may_hold_anything(self):
        X, _ = everything("a,b,kind\n1,?,x\n2,oops,y\n3,7,x\n4,8,y\n", features=["a"])
        assert X.tolist() == [[1, 2, 3, 4]]


def told(text, **given):
    """Of a preview: what each column looks like, and what is wrong with the whole."""
    found = preview(text, given, DEFAULT_BOUNDS)
    return [column["looks_like"] for column in found["columns"]], found["refusal"] and found["refusal"]["found"]


@pytest.mark.parametrize(
    ("cells", "delimiter", "expected"),
    [
        (["1,234.5", "12", "1,000,000"], ";", ("thousands", 2, 2, "1,234.5", ",")),
        (["950", "1.234,5", "2.000,5"], ";", ("thousands", 2, 3, "1.234,5", ".")),
        (["1 234", "2 345,5", "NA"], ";", ("thousands", 2, 2, "1 234", " ")),
        (["1\u202f234", "2’345", "950"], ",", ("thousands", 2, 2, "1\u202f234", " ")),
        (["1’234", "2’345", "950"], ",", ("thousands", 2, 2, "1’234", "'")),
        (["1,234", "5,678", "910"], ";", ("thousands", 2, 2, "1,234", ",")),  # read as 1.234, and maybe meant so
        (["1,234", "5,678", "910"], ",", ("decimals", 2, 2, "1,234", ",")),  # read as 1234, and maybe not meant so
        (["1,234", "5,678", "910.5"], ",", None),  # as it is written with both marks
        (["1,234", "5,678,910", "7"], ",", None),
        (["1.234", "5.678", "910"], ";", ("thousands", 2, 2, "1.234", ".")),
        (["1.234", "5.678", "910"], ",", None),
        (["$2", "$1,200.50", "- $3"], ",", ("currency", 3, 2, "$2", None)),
        (["5 €", "5,50€", "7"], ";", ("currency", 2, 2, "5 €", None)),
        (["0,234", "5,678", "1,000"], ";", None),
        (["1,2345", "5,678", "1,000"], ";", None),
        (["10%", "NA", "12.5 %"], ",", ("percent", 2, 2, "10%", None)),
        (["10%", "red", "blue"], ",", None),
        (["2020-01-02", "1,2,3", "+49 123 456"], ";", None),
    ],
)
def test_numbers_with_marks_in_them_are_told(cells, delimiter, expected):
    text = "a" + delimiter + "kind\n" + "".join(f'"{cell}"{delimiter}{"xy"[i % 2]}\n' for i, cell in enumerate(cells))
    found = told(text, delimiter=delimiter)[0][0]
    assert found == (expected and dict(zip(("kind", "count", "row", "value", "mark"), expected, strict=True)))


def test_decimals_with_another_mark_than_the_files_are_told():
    """A column of them is a category, which would be left out without a word."""
    rows = [f"{i},5;0.{i};1.234;{'xy'[i % 2]}\n" for i in range(12)]
    a, b, c, _ = told("a;b;c;kind\n" + "".join(rows))[0]
    assert a == {"kind": "decimals", "count": 12, "row": 2, "value": "0,5", "mark": ","}
    assert (b, c and c["kind"]) == (None, "thousands")
    assert told("a;kind\n0.5;x\n0.25;y\n1.125;x\n", decimal=",")[0][0] == {
        "kind": "decimals",
        "count": 3,
        "row": 2,
        "value": "0.5",
        "mark": ".",
    }


PRICES = 'price,area,kind\n"1,200",3.5,x\n"12,200",4,y\n950,5.25,x\n"1,200,300.5",6,y\n'


class TestThousands:
    def test_are_read_where_commas_stand_between_cells_too(self):
        found, content = settled(PRICES)
        assert (found["decimal"], found["thousands"], found["rules"]) == (".", ",", 3)
        assert everything(PRICES)[0].tolist() == [[1200, 12200, 950, 1200300.5], [3.5, 4, 5.25, 6]]
        again, _ = settle(given_again(found, content), DEFAULT_BOUNDS)
        assert again == found

    @pytest.mark.parametrize(
        ("given", "prices"),
        [
            ({}, [1200, 12200, -950]),
            ({"thousands": ","}, [1200, 12200, -950]),
            ({"thousands": "none"}, [1.2, 12.2, -950]),
            ({"decimal": ","}, [1.2, 12.2, -950]),
            ({"rules": 2}, [1.2, 12.2, -950]),
        ],
    )
    def test_are_what_is_given(self, given, prices):
        assert everything('price,kind\n"1,200",x\n"12,200",y\n−950,x\n', **given)[0].tolist() == [prices]

    @pytest.mark.parametrize("others", [["0,5"], ["1,25", "1,234"], ["1234,567"]])
    def test_are_not_found_where_commas_stand_before_fractions(self, others):
        text = write([["a", "kind"], *([cell, "xy"[i % 2]] for i, cell in enumerate([*others, "1,234", "2,5"]))], ",")
        assert read_table(text, DEFAULT_BOUNDS).dialect.marks == Marks(",")

    @pytest.mark.parametrize(
        ("mark", "cells"),
        [(".", ["1.234,5", "0,5"]), (" ", ["1 234,5", "0,5"]), (" ", ["1\u202f234.5", "1\u00a0234.5"]), ("'", ["1'234.5", "1\u2019234.5"])],
    )
    def test_may_have_any_mark(self, mark, cells):
        X, _ = everything(
            "a;kind\n" + "".join(f"{cell};{kind}\n" for cell, kind in zip(cells, "xy", strict=True)), thousands=mark, quote='"'
        )
        assert X.tolist() == [[1234.5, 0.5 if cells[1] == "0,5" else 1234.5]]

    @given(st.integers(1, 10**12), st.booleans(), st.sampled_from([",", " ", "'"]))
    def test_come_back_to_the_last_digit(self, number, is_negative, mark):
        cell = f"{'-' * is_negative}{number:,}.25".replace(",", mark)
        assert to_exact(cell, Marks(".", mark)) == to_exact(cell.replace(mark, ""), Marks("."))

    @pytest.mark.parametrize("cell", ["0,234", "1,23", "1,2345", "1234,567", ",234", "1,,234", "1,234,", "1.5,000", "1,234.5.6"])
    def test_are_groups_of_three(self, cell):
        assert to_number(cell, Marks(".", ",")) is None


class TestTheLineThatNamesTheDelimiter:
    @pytest.mark.parametrize("line", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n', "\ufeffsep=; \r"])
    def test_is_taken_at_its_word_and_counts_as_no_row(self, line):
        text = line + "a;kind\n1,5;x\n2,5;y\noops;x\n3,5;y\n"
        table = read_table(text, DEFAULT_BOUNDS)
        assert (table.names, table.dialect.delimiter, table.dialect.marks.decimal) == (("a", "kind"), ";", ",")
        with pytest.raises(BadTable, match="row 4, column 1"):
            settled(text)
        found, content = settled(text, skip_incomplete=True)
        assert content.decode() == text
        assert find_kind(found, content).load(np.random.default_rng(0)).X.tolist() == [[1.5, 2.5, 3.5]]

    def test_says_less_than_what_is_given(self):
        assert read_table("sep=:\na|b\n1|2\n", DEFAULT_BOUNDS, {"delimiter": "|"}).names == ("a", "b")

    @pytest.mark.parametrize(
        ("text", "found"),
        [("sep=:\na:b\n1:2\n", "names ':' as its delimiter, in its first line"), ("sep=;\n \n", "has nothing below its first line")],
    )
    def test_is_refused_where_it_leads_nowhere(self, text, found):
        assert told_refusal(text) == found

    def test_was_a_row_of_the_table_before(self):
        assert read_table("sep=;\na;b\n1;2\n", DEFAULT_BOUNDS, {"rules": 2, "delimiter": ";", "header": True}).names == ("sep=", "column 2")


def told_refusal(text):
    with pytest.raises(BadTable) as refusal:
        preview(text, {}, DEFAULT_BOUNDS)
    return refusal.value.found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("My data from lab\nx,y,kind\n1,2,a\n3,4,b\n", "has 1 cell in row 1 and 3 in rows 2 to 4"),
        ("My data\n\nx,y,kind\n1,2,a\n1,2\n3,4,b\n", "has 1 cell in row 1 and 3 in 3 rows from 3 to 6"),
        ("x,y,kind\n", "has a header and no row of data"),
        ("<!DOCTYPE html>\n<html><body>a, b</body></html>", "is a page (HTML or XML)"),
        ("x,y,kind\n1,2,a\n", "has 1 row of data without a problem"),
        ("x,kind\n1,a\n2,b\n3,a,4\n", None),
    ],
)
def test_what_is_no_table_is_told_in_words_about_what_it_is(text, found):
    assert told(text)[1] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a,kind\n1,x\n\0,y\n", "has a NUL character in line 3"),
        ('a,kind\n1,"x\n2,y\n', "has a cell whose quote (\") is never closed, in row 2, which begins with '1,\"x'"),
        ('a,kind\n1,"x"y\n2,y\n', 'has a cell that goes on behind its closing quote ("), in row 2, which begins with \'1,"x"y\''),
        (
            'a,kind\n1,"x\ny"\n"2"2,y\n',
            'has a cell that goes on behind its closing quote ("), in row 3 (line 4), which begins with \'"2"2,y\'',
        ),
        (f"a,kind\n1,{'x' * 140_000}\n", f"has a cell of more than 131,072 characters, in row 2, which begins with '1,{'x' * 38}…'"),
        ("a,a,kind\n1,2,x\n3,4,y\n", "has the name 'a' twice in its header, for columns 1 and 2"),
        ("a,kind\n1,x\n2,y,z\n3,x\n4,y\n", "has 3 cells"),
        ("", "has nothing in it"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_cannot_be_read_is_told_with_its_place_and_the_files_own_text(text, found):
    with pytest.raises(BadTable) as refusal:
        settled(text, delimiter=",", quote='"')
    assert refusal.value.found == found


def targets(cells, **config):
    """A file of these targets, twelve times each: (names, how many are of each class)."""
    text = "a,id\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells * 12))
    told = preview(text, {"target": "id", **config}, DEFAULT_BOUNDS)
    assert told["refusal"] is None
    assert told["columns"][1]["distinct"] == len(told["class_names"])
    data = load(text, target="id", **config)
    assert list(data.class_names) == told["class_names"]
    assert data.X_train.shape[1] == told["training_count"]
    return data.class_names, (data.Y_train.sum(axis=1) + data.Y_test.sum(axis=1)).tolist()


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        # float64 holds the first two as one number, and 15 digits show all of them as 1e+15 or 1e+16
        (["10000000000000000", "10000000000000001", "10000000000000002"], ()),
        (["1000000000000000", "1000000000000001", "1000000000000002"], ()),
        (["0.1", "0.10000000000000000001"], ()),
        (["-0.5", "1e3"], ()),
        (["1", "1.0", " 1", "2.50", "2.5", "+2.5"], ("1", "2.5")),
    ],
)
def test_classes_are_what_stands_in_the_file(cells, names):
    names = names or tuple(cells)
    assert targets(cells, targets="classes") == (names, [12 * len(cells) / len(names)] * len(names))


def test_classes_that_are_numbers_have_the_name_that_most_of_their_cells_have():
    assert targets(["1.0", "1.0", "1", "0.0"])[0] == ("0.0", "1.0")
    assert targets(['"1,50"', '"1,5"', '"0,5"'], targets="classes", decimal=",")[0] == ("0,5", "1,5")
    assert targets(["0", "1e-99999999999999999999", "1"])[0] == ("0", "1")  # an exponent that nothing holds


def test_digits_beyond_float64_are_read_only_of_texts_that_share_one(monkeypatch):
    exact = []
    monkeypatch.setattr("app.data.columns.to_exact", lambda text, marks: exact.append(text) or to_exact(text, marks))
    (column,) = read_columns(read_table("a\n" + "0.30\n-7\n1e3\n0.3\n2\n0.30\n", DEFAULT_BOUNDS, {"delimiter": ","}))
    assert column.distinct == ("-7", "0.30", "2", "1e3")
    assert column.distinct is column.distinct
    assert sorted(exact) == ["0.3", "0.30"]


class TestSettledByTheFirstRules:
    """Configurations as they were stored before there were others."""

    def stored(self, text, **config):
        found, content = settled(text, **config)
        assert (found.pop("rules"), found.pop("thousands")) == (3, "none")
        return found, content

    def test_classes_stay_as_they_were(self):
        cells = ["0.1", "0.10000000000000001", "2", "2e0", "1.0"] * 5
        found, content = self.stored("a,id\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells)), target="id", targets="classes")
        kind = find_kind(found, content)
        assert kind.class_names == ("0.1", "1", "2")
        assert kind.load(np.random.default_rng(0)).labels.tolist() == [0, 0, 2, 2, 1] * 5
        # and so they do in what is given again
        again, _ = settle(given_again(found, content), DEFAULT_BOUNDS)
        assert again == {**found, "thousands": "none", "rules": 1}
        assert find_kind(again, content).class_names == kind.class_names
        assert find_kind({**found, "rules": 2}, content).class_names == ("0.1", "0.10000000000000001", "1.0", "2")

    @pytest.mark.parametrize("targets", ["classes", "numbers"])
    def test_what_hardly_varies_still_loads(self, targets):
        text = "a,y\n" + "".join(f"{i % 3 + 1}e-158,{i % 2}\n" for i in range(10))
        found, content = self.stored(text, target="y", targets=targets)
        assert load_dataset(found, seed=0, dtype="float64", content=content).X_train.std() > 0
        with pytest.raises(BadTable, match="a spread that is beyond float64"):
            load_dataset({**found, "rules": 2}, seed=0, dtype="float64", content=content)
        found, content = settle({"name": "inline", "X": [[1e-158, 2e-158, 3e-158]], "Y": [[0, 1, 0]], "standardise": True}, DEFAULT_BOUNDS)
        assert load_dataset({**found, "rules": 1}, seed=0, dtype="float64", content=content).X_train.std() > 0

    @pytest.mark.parametrize("rules", [0, 4, True, "2"])
    def test_rules_that_there_are_none_of_are_refused(self, rules):
        with pytest.raises(OutOfBounds) as refusal:
            settled(write(SMALL), rules=rules)
        assert (refusal.value.field, refusal.value.value) == ("dataset.rules", rules)
        assert refusal.value.bound == "a whole number from 1 to 3, or left out for the latest"


class TestNumbersThatStandardisingCarriesAway:
    @pytest.mark.parametrize(
        ("cells", "found", "value"),
        [
            (["1e308", "-1e308", "1e308"], "-1e308 (row 3) to 1e308 (row 2)", "-1e308"),
            (["1e-320", "2e-320", "1e-320", "3e-320"], "1e-320 (row 2) to 3e-320 (row 5)", "3e-320"),
            (["1e-162", "2e-162", "3e-162"], "1e-162 (row 2) to 3e-162 (row 4)", "3e-162"),  # whose squares would lose digits
            (["1", "2", "1", "", "-1e300"], "-1e300 (row 6) to 2 (row 3)", "-1e300"),
        ],
    )
    def test_are_refused_with_their_column_and_the_preview_says_so(self, cells, found, value):
        text = "b,a,kind\n" + "".join(f"{i},{cell},{'xy'[i % 2]}\n" for i, cell in enumerate(cells))
        with pytest.raises(BadTable) as refusal:
            load(text, skip_incomplete=True)
        told = preview(text, {}, DEFAULT_BOUNDS)["refusal"]
        assert (refusal.value.field, refusal.value.value, refusal.value.row, refusal.value.column) == ("dataset.text", value, None, 2)
        assert refusal.value.found == f"has numbers from {found} in column 2 (a), a spread that is beyond float64 when it is standardised"
        assert told == {"field": "text", "value": value, "bound": refusal.value.bound, "found": refusal.value.found}
        assert preview(text, {"standardise": False}, DEFAULT_BOUNDS)["refusal"] is None
        load(text, skip_incomplete=True, standardise=False)

    def test_are_refused_in_the_target_too(self):
        with pytest.raises(BadTable, match=r"in column 2 \(y\)"):
            load("a,y\n0,-1e308\n" + "1,1e308\n" * 4, target="y", targets="numbers")

    def test_are_refused_at_their_cell_where_one_alone_is_at_fault(self):
        rows = [f"{'red' if i % 4 else 'blue'},{i}{'e300' if i == 8 else ''},{'xy'[i % 2]}\n" for i in range(20)]
        found, content = settled("color,a,kind\n" + "".join(rows), features=["color", "a"])
        for standardise in (True, False):  # it is the fifth of its class, and so left for the test
            with pytest.raises(BadTable) as refusal:
                load_dataset({**found, "standardise": standardise}, seed=0, dtype="float32", content=content)
            assert (refusal.value.value, refusal.value.row, refusal.value.column) == ("8e300", 10, 2)
            assert "float32 holds" in refusal.value.bound
            assert refusal.value.bound.endswith("in row 10, column 2 (a)")


def test_the_name_of_the_file_is_kept():
    config, content = settled(write(SMALL), file=" flowers.csv ")
    assert config["file"] == "flowers.csv"
    assert OwnCsv.given(config, content)["file"] == "flowers.csv"
    assert "file" not in settled(write(SMALL))[0]


@pytest.mark.parametrize(
    ("text", "config", "error", "field", "value", "bound"),
    [
        ("", {}, BadTable, "text", "", "a table"),
        ("\ufeff \r\n\n", {}, BadTable, "text", " \r\n\n", "a table"),
        (",,\n,,\n", {}, BadTable, "text", ",,\n,,\n", "a table"),
        (5, {}, WrongType, "text", 5, "text"),
        ("a,kind\n1,x\n\0,y\n", {}, BadTable, "text", "\0", "in UTF-16"),
        ("a,kind\n1,x\n2,y,z\n3,x\n4,y\n", {}, BadTable, "text", "3 cells", "2 cells, like the first row in row 3"),
        ("a,kind\n1,x\n2\n3,x\n4,y\n", {"delimiter": ","}, BadTable, "text", "1 cell", "row 3"),
        ('a,kind\n1,"x\n2,y\n', {"delimiter": ","}, BadTable, "text", '1,"x', "whose quotes are closed"),
        ('a,kind\n1,"x"y\n2,y\n', {"delimiter": ","}, BadTable, "text", '1,"x"y', "a delimiter behind each closing quote"),
        ("a,a,kind\n1,2,x\n3,4,y\n", {}, BadTable, "text", "a", "columns have names of their own"),
        (f"{'a' * 201},kind\n1,x\n2,y\n", {}, BadTable, "text", "a" * 201, "at most 200 characters"),
        ("a,kind\n1,x\n1e400,y\n3,x\n4,y\n", {}, BadTable, "text", "1e400", "a finite number in row 3, column 1 (a)"),
        ("a,kind\n1,x\n-1e400,y\n3,x\n4,y\n", {}, BadTable, "text", "-1e400", "a finite number in row 3"),
        ("a,kind\n1,x\nabc,y\n3,x\n,y\n", {}, BadTable, "text", "abc", "row 3, column 1 (a); 1 more like it"),
        ("a,kind\n1,x\n2,\n3,x\n4,y\n", {}, BadTable, "text", "", "given in row 3, column 2 (kind)"),
        ("a,kind\n1,x\n2,x\n3,x\n", {}, OutOfBounds, "target", "kind", "2 to 100 classes; kind has 1 in 3 rows"),
        ("a,kind\n" + "".join(f"{i},class {i}\n" for i in range(101)), {}, OutOfBounds, "target", "kind", "kind has 101 in 101 rows"),
        ("a,kind\n1,x\n", {}, BadTable, "text", "1 row", "at least 2 such rows"),
        ("a,kind\n", {"delimiter": ","}, BadTable, "text", "a", "at least 2 rows below its header"),
        ("My data\na,kind\n1,x\n2,y\n3,x\n", {}, BadTable, "text", "My data", "If row 1 is a title, take it out"),
        ("2024\na,kind\n1,x\n2,y\n3,x\n", {"delimiter": ","}, BadTable, "text", "2024", "If row 1 is a title, take it out"),
        (write(SMALL), {"file": 5}, WrongType, "file", 5, "the name of a file"),
        (write(SMALL), {"file": "x" * 256}, OutOfBounds, "file", "x" * 256, "at most 255 characters"),
        (write(SMALL), {"file": "a\nb.csv"}, OutOfBounds, "file", "a\nb.csv", "without control characters"),
        ("kind,other\nx,y\ny,z\nx,y\n", {}, OutOfBounds, "features", None, "no column beside the target kind holds numbers"),
        ("kind\nx\ny\nx\n", {"delimiter": ","}, BadTable, "text", "kind", "another column to learn from"),
        ("a,b,kind\n1,2,\n3,4,\n", {}, OutOfBounds, "target", "kind", "something in it"),
        (write(SMALL), {"target": "sort"}, UnknownName, "target", "sort", "height"),
        (write(SMALL), {"target": None}, OutOfBounds, "target", None, "given"),
        (write(SMALL), {"target": 3}, UnknownName, "target", 3, "height"),
        (write([[f"c{i:03}" for i in range(300)], ["1"] * 300]), {}, UnknownName, "target", "kind", "c000, c001"),
        (write(SMALL), {"features": []}, WrongType, "features", [], "a list of names"),
        (write(SMALL), {"features": "height"}, WrongType, "features", "height", "a list of names"),
        (write(SMALL), {"features": ["height", "sort"]}, UnknownName, "features[1]", "sort", "width"),
        (write(SMALL), {"features": [["height"]]}, UnknownName, "features[0]", ["height"], "width"),
        (write(SMALL), {"features": ["height", "height"]}, OutOfBounds, "features[1]", "height", "named once"),
        (write(SMALL), {"features": ["kind"]}, OutOfBounds, "features[0]", "kind", "another column than the target"),
        ("a,b,kind\n1,,x\n2,,y\n", {"features": ["b"]}, WrongType, "features[0]", "b", "column 2 (b) holds nothing"),
        (
            "a,color,kind\n1,red,x\n2,,y\n3,blue,x\n",
            {"features": ["a", "color"]},
            BadTable,
            "text",
            "",
            "given in row 3, column 2 (color)",
        ),
        (write(SMALL), {"targets": "numbers"}, OutOfBounds, "targets", "numbers", "holds 'blue'"),
        (write(SMALL), {"targets": "ranks"}, OutOfBounds, "targets", "ranks", "classes or numbers"),
        (write(SMALL), {"delimiter": "::"}, OutOfBounds, "delimiter", "::", "one of"),
        (write(SMALL), {"decimal": 5}, OutOfBounds, "decimal", 5, "one of"),
        (write(SMALL), {"thousands": "_"}, OutOfBounds, "thousands", "_", "one of: 'none' ','"),
        (write(SMALL), {"thousands": ",", "decimal": ","}, OutOfBounds, "thousands", ",", "another mark than the decimal mark"),
        (write(SMALL), {"quote": []}, OutOfBounds, "quote", [], "one of"),
        (write(SMALL), {"header": "yes"}, WrongType, "header", "yes", "true, false"),
        (write(SMALL), {"standardise": 1}, WrongType, "standardise", 1, "true or false"),
        (write(SMALL), {"encoding": "latin-1"}, UnknownParameter, "encoding", "latin-1", "left out"),
        (write(SMALL), {"content": {"sha256": ""}}, UnknownParameter, "content", {"sha256": ""}, "left out"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_refuses_with_field_value_and_bound(text, config, error, field, value, bound):
    with pytest.raises(error) as refusal:
        settled(text, **config)
    assert refusal.value.field == f"dataset.{field}"
    assert refusal.value.value == value
    assert bound in refusal.value.bound


COLORS = "size,color,kind\n1,red,x\n2,blue,y\n3,red,x\n4,green,y\n5,blue,x\n6,red,y\n"


class TestCategories:
    def test_each_value_is_a_feature_in_the_order_of_text(self):
        found, content = settled(COLORS, features=["color", "size"], standardise=False)
        kind = find_kind(found, content)
        assert kind.feature_names == ("color=blue", "color=green", "color=red", "size")
        assert (kind.features, found["features"]) == (4, ["color", "size"])
        X, labels = everything(COLORS, features=["color", "size"])
        assert X.tolist() == [[0, 1, 0, 0, 1, 0], [0, 0, 0, 1, 0, 0], [1, 0, 1, 0, 0, 1], [1, 2, 3, 4, 5, 6]]
        assert labels.tolist() == [0, 1, 0, 1, 0, 1]

    def test_are_learned_from_only_where_they_are_named(self):
        assert everything(COLORS)[0].tolist() == [[1, 2, 3, 4, 5, 6]]
        alone = "color,kind\nred,x\nblue,y\nred,y\n"
        with pytest.raises(OutOfBounds, match="of categories those are learned from that are named"):
            settled(alone)
        # a preview has a target all the same, and what else there is to choose from
        told = preview(alone, {}, DEFAULT_BOUNDS)
        assert (told["target"], told["targets"], told["class_names"], told["features"]) == ("kind", "classes", ["x", "y"], [])
        assert (told["refusal"]["field"], told["refusal"]["found"]) == ("features", "is missing")
        assert everything(alone, features=["color"])[0].tolist() == [[0, 1, 0], [1, 0, 1]]

    def test_rows_with_a_missing_one_are_left_out_if_wished_and_so_is_a_value_of_them_alone(self):
        text = COLORS + ",violet,x\n7,,y\n"
        found, content = settled(text, features=["size", "color"], skip_incomplete=True)
        kind = find_kind(found, content)
        assert kind.feature_names == ("size", "color=blue", "color=green", "color=red")
        assert kind.load(np.random.default_rng(0)).X.shape == (4, 6)
        told = preview(text, {"target": "kind", "features": ["size", "color"]}, DEFAULT_BOUNDS)
        assert [(one["row"], one["column"], one["name"], one["value"]) for one in told["problems"]] == [
            (8, 1, "size", ""),
            (9, 2, "color", ""),
        ]

    def test_a_preview_tells_which_features_they_become(self):
        told = preview(COLORS, {"target": "kind", "features": ["size", "color"]}, DEFAULT_BOUNDS)
        assert told["encodings"] == [{"column": "color", "count": 3, "features": ["color=blue", "color=green", "color=red"]}]
        assert (told["feature_count"], told["refusal"]) == (4, None)
        assert preview(COLORS, {}, DEFAULT_BOUNDS)["encodings"] == []

    def test_a_number_can_be_told_from_them(self):
        X, Y = everything(COLORS, target="size", features=["color", "kind"])
        assert X.shape == (5, 6)
        assert Y.tolist() == [[1, 2, 3, 4, 5, 6]]

    @pytest.mark.parametrize(
        ("bounds", "field", "bound"),
        [
            ({"max_csv_categories": 2}, "features[1]", "at most 2 values, each of which becomes a feature; color has 3"),
            ({"max_csv_columns": 3}, "features", "at most 3 features"),
            ({"max_data_cells": 20}, "features", "at most 20 cells"),
        ],
    )
    def test_hold_their_bounds_and_the_preview_says_so(self, bounds, field, bound):
        config = {"target": "kind", "features": ["size", "color"]}
        with pytest.raises(OutOfBounds) as refusal:
            settle({"name": "csv", "text": COLORS, **config}, Bounds(**bounds))
        assert refusal.value.field == f"dataset.{field}"
        assert bound in refusal.value.bound
        told = preview(COLORS, config, Bounds(**bounds))["refusal"]
        assert told["field"] == field
        assert bound in told["bound"]


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        ({"max_csv_bytes": 50}, "has 83 bytes"),
        ({"max_csv_columns": 2}, "has 3 columns"),
        ({"max_data_examples": 4}, "has more than 4 rows"),
        ({"max_data_cells": 14}, "has more than 14 cells"),
    ],
)
def test_holds_the_bounds(bounds, found):
    text = write(SMALL)
    limit = next(iter(bounds.values()))
    settle({"name": "csv", "text": text, "target": "kind"}, Bounds(**{name: bound * 2 for name, bound in bounds.items()}))
    with pytest.raises(OutOfBounds) as refusal:
        settle({"name": "csv", "text": text, "target": "kind"}, Bounds(**bounds))
    assert refusal.value.field == "dataset.text"
    assert f"at most {limit}" in refusal.value.bound
    assert refusal.value.found == found.replace("83", str(len(text)))


@pytest.mark.parametrize("cell", ["a.", "1.1", "1" * 8, "http://a.", "a@b.", "\\", "''", '""', "a b "], ids=repr)
def test_no_text_takes_long_to_look_through(cell):
    """Without a cell cut short, clevercsv's patterns take the square: far longer than any test may (`faulthandler_timeout`)."""
    with contextlib.suppress(EngineError):
        preview(cell * (600_000 // len(cell)), {}, DEFAULT_BOUNDS)


# the same in plain words; each takes the square of a long cell's length
PLAINLY = [(NUMBER, r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"), (PLAIN, r"[+-]?[0-9]*[.,]?[0-9]+")]


@pytest.mark.parametrize(("pattern", "plainly"), PLAINLY, ids=["number", "plain"])
class TestLongCells:
    @given(st.text(alphabet="019+-.,eEx\n", max_size=8))
    def test_are_read_as_short_ones_are(self, pattern, plainly, text):
        assert bool(pattern.fullmatch(text)) == bool(re.fullmatch(plainly, text))

    @pytest.mark.parametrize("end", ["x", ".x", "e", ",1x"])
    def test_take_time_by_their_length_and_not_by_its_square(self, pattern, plainly, end):
        assert not pattern.fullmatch("1" * 1_000_000 + end)  # by its square it would be hours, and no test has them
