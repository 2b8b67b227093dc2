"""A file of an HRIS is read as it is, or refused by file, line and field."""

from __future__ import annotations

import csv
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path

import pluggy
import pytest

from ownership import hooks
from ownership.adapters.directories.csv import PROBLEM_LIMIT, open_csv
from ownership.domain.directory import DirectoryRow, Snapshot
from ownership.errors import InvalidInput, Misconfigured
from ownership.ports.adapters import Adapter, Address, Kind
from ownership.sample.people import COLUMNS, organisation, write_csv

ON = date(2026, 1, 15)
MEGABYTE = 1024 * 1024

Read = Callable[..., Snapshot]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a file named people.csv and read it, with options as in its URL."""

    def read(content: str | bytes, options: str = "") -> Snapshot:
        path = tmp_path / "people.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_csv(Address.parse(f"csv:{path}?{options}")).read(ON)

    return read


def refused(read: Read, content: str | bytes, options: str = "") -> list[str]:
    """Say with which problems a file is refused."""
    with pytest.raises(InvalidInput) as caught:
        read(content, options)
    return [str(problem) for problem in caught.value.problems]


def reported(snapshot: Snapshot) -> list[str]:
    """Say what was wrong in a file that was read."""
    return [str(problem) for problem in snapshot.problems]


def ids(snapshot: Snapshot) -> list[str]:
    """Say who was read."""
    return [row.external_id for row in snapshot.rows]


# What is read


@pytest.mark.parametrize("seed", [7, 8])
def test_sample_file(tmp_path: Path, seed: int) -> None:
    """A file of 250 people is read back cell for cell, without a problem."""
    rows = organisation(250, seed=seed, on=ON)
    write_csv(rows, tmp_path / "people.csv")
    snapshot = open_csv(Address.parse(f"csv:{tmp_path}/people.csv?complete=yes")).read(ON)
    assert (snapshot.source, snapshot.is_complete, snapshot.problems) == ("csv", True, ())
    yes_no = {True: "yes", False: "no", None: ""}
    for number, (told, row) in enumerate(zip(rows, snapshot.rows, strict=True), start=2):
        assert row.place == f"people.csv:{number}"
        shown = {name: getattr(row, name) for name in COLUMNS}
        shown |= {name: yes_no[shown[name]] for name in ("active", "on_leave")}
        shown |= {name: str(shown[name] or "") for name in ("start_on", "end_on")}
        assert shown == told


def test_absent_and_empty(read: Read) -> None:
    """A column that is absent is not told; an empty cell empties a text and tells nothing of a day or a yes or no."""
    assert read("external_id,display_name\nE1,Ada\n").rows == (DirectoryRow("E1", "Ada", "people.csv:2"),)
    (row,) = read(f"{','.join(COLUMNS)}\nE1,Ada{',' * 13}\n").rows
    days_and_answers = {"active", "on_leave", "start_on", "end_on"}
    assert {name for name in COLUMNS if getattr(row, name) is None} == days_and_answers
    assert {name for name in COLUMNS if getattr(row, name) == ""} == {*COLUMNS[2:]} - days_and_answers


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_found(read: Read, delimiter: str) -> None:
    """The delimiter is found in the header, in any order of columns and between quotes or not."""
    header = delimiter.join(("title", '" External_ID "', " DISPLAY_name"))
    (row,) = read(f"{header}\n{delimiter.join(('Cook', ' E1 ', '  Ada '))}\n").rows
    assert (row.external_id, row.display_name, row.title) == ("E1", "Ada", "Cook")


@pytest.mark.parametrize("option", [";", "%3B", "tab", "%09", ","])
def test_delimiter_told(read: Read, option: str) -> None:
    """A delimiter that is told is used, whatever stands in the header."""
    delimiter = {"tab": "\t", "%09": "\t", ",": ","}.get(option, ";")
    snapshot = read(
        f"external_id{delimiter}display_name{delimiter}a|b\nE1{delimiter}Ada{delimiter}x\n", f"delimiter={option}"
    )
    assert ids(snapshot) == ["E1"]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_encoding(read: Read, mark: bytes, ending: str) -> None:
    """UTF-8 is read with and without a byte order mark, with both line ends, and without one at the end."""
    (row,) = read(mark + ending.join(("external_id,display_name", "E1,Renée Øß 👩‍⚕️")).encode()).rows
    assert row.display_name == "Renée Øß 👩‍⚕️"


def test_lines_counted_as_in_the_file(read: Read) -> None:
    """A place is the line where the row starts, after blank lines, empty rows and cells of several lines too."""
    snapshot = read('\n\nexternal_id,display_name,title\nE1,Ada,"a\nb\r\nc"\n\n,,\n"E\n2",Sam,\nE3,Liam,\n')
    assert [(row.external_id, row.place) for row in snapshot.rows] == [
        ("E1", "people.csv:4"),
        ("E\n2", "people.csv:9"),
        ("E3", "people.csv:11"),
    ]
    assert snapshot.rows[0].title == "a\nb\r\nc"
    assert snapshot.problems == ()


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("yes", True),
        ("True", True),
        ("1", True),
        ("JA", True),
        ("no", False),
        ("FALSE", False),
        ("0", False),
        ("Nee", False),
    ],
)
def test_yes_and_no(read: Read, word: str, meaning: bool) -> None:
    """Yes and no are read in the words of both languages, whatever their case."""
    (row,) = read(f"external_id,display_name,active,on_leave\nE1,Ada,{word},{word}\n").rows
    assert (row.active, row.on_leave) == (meaning, meaning)


@pytest.mark.parametrize("text", ["2027-06-01", "01-06-2027"])
def test_days(read: Read, text: str) -> None:
    """Days are read as ISO 8601 and as Dutch exports write them."""
    (row,) = read(f"external_id,display_name,start_on,end_on\nE1,Ada,{text},{text}\n").rows
    assert row.start_on == row.end_on == date(2027, 6, 1)


def test_options(read: Read) -> None:
    """A source can be named, and a file is complete only when it is said to be."""
    content = "external_id,display_name\nE1,Ada\n"
    assert (read(content).source, read(content).is_complete) == ("csv", False)
    named = read(content, "source=afas&complete=yes")
    assert (named.source, named.is_complete) == ("afas", True)
    assert read(content, "complete=no").is_complete is False


def test_large_file(read: Read) -> None:
    """The limit is of a row, not of the file: many megabytes of rows are read."""
    snapshot = read("external_id,display_name\n" + "".join(f"E{number},{'a' * 99}\n" for number in range(30_000)))
    assert len(snapshot.rows) == 30_000


# What is reported, while the rest goes on


@pytest.mark.parametrize("cells", ["perhaps,", ",2", "y,", ",on"])
def test_neither_yes_nor_no(read: Read, cells: str) -> None:
    """Another word than yes or no is reported and not told."""
    snapshot = read(f"external_id,display_name,active,on_leave\nE1,Ada,{cells}\n")
    name = "on_leave" if cells.startswith(",") else "active"
    assert reported(snapshot) == [f"people.csv:2:{name}: is neither yes nor no; it is left out"]
    assert getattr(snapshot.rows[0], name) is None


@pytest.mark.parametrize(
    "text", ["2027-02-30", "30-02-2027", "1-6-2027", "06/01/2027", "20270601", "2027-W03-4", "soon", "\u0662027-06-01"]
)
def test_no_day(read: Read, text: str) -> None:
    """What is no day, or could be two, is reported and not told."""
    snapshot = read(f"external_id,display_name,start_on\nE1,Ada,{text}\n")
    assert reported(snapshot) == [
        "people.csv:2:start_on: is not a day such as 2027-06-01 or 01-06-2027; it is left out"
    ]
    assert snapshot.rows[0].start_on is None


def test_rows_left_out(read: Read) -> None:
    """A row without an id or a name, or with too few cells, is left out and reported; the others are read."""
    snapshot = read("external_id,display_name,title\n,Ada,Cook\nE2, ,Cook\n , ,Cook\nE4,Sam\nE5,Liam,\n")
    assert ids(snapshot) == ["E5"]
    assert reported(snapshot) == [
        "people.csv:2:external_id: is empty; the row is left out",
        "people.csv:3:display_name: is empty; the row is left out",
        "people.csv:4:external_id: is empty; the row is left out",
        "people.csv:4:display_name: is empty; the row is left out",
        "people.csv:5: has 2 cells where the header has 3; the row is left out",
    ]


def test_left_out_rows_make_nobody_leave(read: Read) -> None:
    """A complete file of which a row was left out no longer counts as complete, and says so."""
    snapshot = read("external_id,display_name\nE1,Ada\nE2,\n", "complete=yes")
    assert snapshot.is_complete is False
    assert reported(snapshot)[-1] == (
        "people.csv: does not count as complete, since rows were left out (1); nobody leaves for not being named"
    )


def test_unknown_columns(read: Read) -> None:
    """Columns that mean nothing here are named once, and ignored."""
    snapshot = read("external_id,salary,display_name,Shoe Size,,\nE1,100,Ada,38,,\nE2,200,Sam,44,,\n")
    assert ids(snapshot) == ["E1", "E2"]
    assert reported(snapshot) == ["people.csv:1: has columns that are ignored: 'salary', 'shoe size'"]


# What is refused as a whole


def test_no_file(tmp_path: Path) -> None:
    """A file that is not there is refused, with the directory that was looked in."""
    with pytest.raises(InvalidInput, match=f"people.csv: is not there; looked in {tmp_path}"):
        open_csv(Address.parse(f"csv:{tmp_path}/people.csv")).read(ON)


def test_directory(tmp_path: Path) -> None:
    """A directory is no file of people."""
    with pytest.raises(InvalidInput, match="is a directory; name a file in it"):
        open_csv(Address.parse(f"csv:{tmp_path}")).read(ON)


def test_unreadable(tmp_path: Path) -> None:
    """A file that the operating system does not open is refused, with its reason."""
    (tmp_path / "exports").touch()
    with pytest.raises(InvalidInput, match=r"people.csv: cannot be read \(Not a directory\)"):
        open_csv(Address.parse(f"csv:{tmp_path}/exports/people.csv")).read(ON)


@pytest.mark.parametrize("content", ["", "\ufeff", "\n\r\n\n"])
def test_empty(read: Read, content: str) -> None:
    """An empty file is refused: nobody works here is never meant."""
    assert refused(read, content) == [
        "people.csv: is empty; it needs a header with at least external_id and display_name"
    ]


def test_header_alone(read: Read) -> None:
    """A header without rows names nobody; whether that may be is for the guard."""
    assert read("external_id,display_name\n").rows == ()


def test_missing_column(read: Read) -> None:
    """A needed column that is missing is named, with the columns that are there."""
    assert refused(read, "display_name,e-mail\nAda,ada@example.org\n") == [
        "people.csv:1:external_id: is missing; the columns are 'display_name', 'e-mail'"
    ]
    assert [problem.split(": ")[0] for problem in refused(read, "\n\nemail,title\n")] == [
        "people.csv:3:external_id",
        "people.csv:3:display_name",
    ]


def test_thousands_of_columns(read: Read) -> None:
    """A header of thousands of columns makes a short message all the same."""
    (problem,) = refused(read, "external_id," + ",".join(f"column {number}" for number in range(9_000)))
    assert len(problem) < 1_000
    assert problem.endswith("and 8981 more")


def test_no_header(read: Read) -> None:
    """A person where the header should stand is not shown in the error."""
    (problem,) = refused(read, "E1,Ada de Vries,ada@example.org\n")
    assert problem.startswith("people.csv:1: is not a header: no column bears a name known here (external_id, display_")
    assert "Ada" not in problem
    assert "ada@" not in problem


def test_duplicate_column(read: Read) -> None:
    """A column that stands twice is refused, whatever its case: nobody can tell which is meant."""
    assert refused(read, "external_id,display_name,Email,title, EMAIL\n") == [
        "people.csv:1:email: stands 2 times in the header; one must go"
    ]


def test_too_many_cells(read: Read) -> None:
    """Rows with more cells than the header refuse the file, each with its line: their cells may have shifted."""
    assert refused(read, "external_id,display_name\nE1,Ada\nE2,Vries, Sam\nE3,Liam\nE4,a,b,c\n") == [
        "people.csv:3: has 3 cells where the header has 2; put a cell that holds a delimiter between quotes",
        "people.csv:5: has 4 cells where the header has 2; put a cell that holds a delimiter between quotes",
    ]


def test_nul(read: Read) -> None:
    """A NUL byte refuses the file, with its line."""
    assert refused(read, "external_id,display_name\nE1,Ada\nE2,S\0m\n") == [
        "people.csv:3: has a NUL byte: this is no CSV file, or one in another encoding; save it as CSV in UTF-8"
    ]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "cp850"])
def test_other_encoding(read: Read, encoding: str) -> None:
    """Another encoding than UTF-8 refuses the file, with every line that shows it."""
    content = "external_id,display_name\nE1,Renée\nE2,Sam\nE3,Zoë\n"
    assert refused(read, content.encode(encoding)) == [
        "people.csv:2: is not UTF-8; save it as CSV in UTF-8",
        "people.csv:4: is not UTF-8; save it as CSV in UTF-8",
    ]


def test_utf_16(read: Read) -> None:
    """UTF-16 is called by its name when a mark tells it, and refused for its NUL bytes without."""
    content = "external_id,display_name\nE1,Ada\n"
    assert refused(read, content.encode("utf-16")) == ["people.csv:1: is UTF-16; save it as CSV in UTF-8"]
    assert "in another encoding" in refused(read, content.encode("utf-16-le"))[0]


@pytest.mark.parametrize("rest", ["", "E3,Sam\n" * 3])
def test_open_quote(read: Read, rest: str) -> None:
    """A quote that is still open at the end of the file is refused where its row starts."""
    assert refused(read, 'external_id,display_name\nE1,Ada\nE2,"Liam\n' + rest) == [
        "people.csv:3: has a quote that is never closed"
    ]


def test_text_after_quote(read: Read) -> None:
    """Text after a closing quote is refused, and not glued to what stood in it."""
    assert refused(read, 'external_id,display_name\nE1,"Ada" de Vries\n') == [
        "people.csv:2: has text after a closing quote; inside a field, write a quote twice"
    ]


def test_carriage_returns(read: Read) -> None:
    """Carriage returns as only line ends are refused, with the way out."""
    assert refused(read, "external_id,display_name\rE1,Ada\r") == [
        "people.csv:1: has a carriage return alone; save the file with the usual line ends"
    ]


def test_long_field(read: Read) -> None:
    """A field that no person has is refused before a row is made of it."""
    assert refused(read, f"external_id,display_name\nE1,{'a' * 200_000}\n") == [
        "people.csv:2: has a field that is too long to be about a person"
    ]


def test_problems_are_counted(read: Read) -> None:
    """Of very many problems the first hundred are named, and the others counted."""
    problems = refused(read, b"external_id,display_name\n" + b"E,\xe9\n" * 1_234)
    assert len(problems) == PROBLEM_LIMIT + 1
    assert problems[-1] == "people.csv: and 1134 more"


def _one_line(size: int) -> list[bytes]:
    return [b"external_id,display_name\nE1,Ada\nE2,", *[b"a" * MEGABYTE] * size, b"\nE3,Sam\n"]


def _many_cells(size: int) -> list[bytes]:
    return [b"external_id,display_name\nE1,Ada\nE2", *[b"," * MEGABYTE] * size]


def _open_quote(size: int) -> list[bytes]:
    return [b'external_id,display_name\nE1,Ada\nE2,"', *[(b"a,b," * 255 + b"a,b\n") * 1024] * size]


def _no_header(size: int) -> list[bytes]:
    return [b"a" * MEGABYTE] * size


@pytest.fixture(params=[None, 2**31 - 1], ids=["", "lifted"])
def _field_limit(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the csv module's limit be, or lift it as a host with large fields of its own may do."""
    before = csv.field_size_limit()
    csv.field_size_limit(request.param or before)
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("_field_limit")
@pytest.mark.parametrize(
    ("content", "line"),
    [(_one_line, 3), (_many_cells, 3), (_open_quote, 3), (_no_header, 1)],
    ids=["one-field", "many-cells", "open-quote", "no-header"],
)
def test_hundred_megabytes_in_a_row(tmp_path: Path, content: Callable[[int], list[bytes]], line: int) -> None:
    """A row of 100 MB is refused within a second and in less than 20 MB, also when the csv module's limit is lifted."""
    path = tmp_path / "people.csv"
    with path.open("wb") as file:
        file.writelines(content(100))
    directory = open_csv(Address.parse(f"csv:{path}"))
    started = time.perf_counter()
    with pytest.raises(InvalidInput, match=rf"^people.csv:{line}: (is longer than 1 MB|has a field that is too long)"):
        directory.read(ON)
    assert time.perf_counter() - started < 1
    tracemalloc.start()
    with pytest.raises(InvalidInput):
        directory.read(ON)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000
    path.unlink()


# The URL


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("csv:", "csv"),
        ("csv:?complete=yes", "csv"),
        ("csv://host/people.csv", "csv"),
        ("csv:a%00b.csv", "csv"),
        ("csv:people.csv?complete=perhaps", "csv:?complete"),
        ("csv:people.csv?source=", "csv:?source"),
        ("csv:people.csv?source=%20", "csv:?source"),
        ("csv:people.csv?source=a%0Ab", "csv:?source"),
        ("csv:people.csv?delimiter=", "csv:?delimiter"),
        ("csv:people.csv?delimiter=|", "csv:?delimiter"),
        ("csv:people.csv?compleet=yes", "csv:?compleet"),
    ],
)
def test_wrong_url(url: str, field: str) -> None:
    """A URL that is not right is refused before any file is opened, by its part."""
    with pytest.raises(Misconfigured) as caught:
        open_csv(Address.parse(url))
    assert caught.value.field == field


def test_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path is looked for in the current directory."""
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text("external_id,display_name\nE1,Ada\n", encoding="utf-8")
    assert ids(open_csv(Address.parse("csv:people.csv")).read(ON)) == ["E1"]


def test_registered() -> None:
    """The directory comes in by the door that a vendor's has."""
    door = pluggy.PluginManager(hooks.PROJECT)
    door.add_hookspecs(hooks)
    door.register(import_module(open_csv.__module__))
    adapters: list[Adapter] = []
    door.hook.ownership_register_adapters(register=adapters.append)
    (adapter,) = adapters
    assert (adapter.kind, adapter.schemes) == (Kind.DIRECTORY, ("csv",))
    assert adapter.factory == f"{open_csv.__module__}:{open_csv.__name__}"
