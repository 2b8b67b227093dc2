"""Composition: plugins come in by one door, each on its own, and nothing happens before a workspace is opened."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ownership import Adapter, Kind, Misconfigured, NotFound, PluginBroken, Registry, hookimpl, open_workspace
from ownership.adapters.storage import memory
from ownership.adapters.storage.memory import MemoryStore
from ownership.compose import resolve_secret
from ownership.domain.reflections import Prompt, PromptId, Theme
from ownership.ports.adapters import Address, RegisterAdapter
from ownership.ports.channels import Message, Outcome, Receipt, Receiver
from ownership.ports.content import MessageText, Pack, RegisterContent


class Pigeon:
    """A channel that needs a secret, and keeps it."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.password = address.secret("password")
        self.is_closed = False

    def can_reach(self, receiver: Receiver) -> bool:
        """Reach everyone."""
        return bool(receiver)

    def send(self, messages: list[Message]) -> list[Receipt]:
        """Deliver all."""
        return [Receipt(message.key, Outcome.DELIVERED) for message in messages]

    def close(self) -> None:
        """Remember that it was closed."""
        self.is_closed = True


class Vendor:
    """A plugin with a channel, as a host passes it."""

    scheme = "pigeon"

    @hookimpl
    def ownership_register_adapters(self, register: RegisterAdapter) -> None:
        """Register the channel."""
        register(Adapter(Kind.CHANNEL, (self.scheme,), Pigeon))


class OtherVendor(Vendor):
    """Another plugin with a channel of the same scheme."""


Announce = Callable[..., str]


@pytest.fixture
def announce(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Announce:
    """Give the way to install a distribution with one module that announces itself under some names."""

    def install(distribution: str, *names: str, code: str) -> str:
        module = f"plugin_of_{distribution}"
        place = tmp_path / distribution
        facts = place / f"{distribution}-1.5.dist-info"
        facts.mkdir(parents=True)
        (place / f"{module}.py").write_text(code, encoding="utf-8")
        metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.5\n"
        (facts / "METADATA").write_text(metadata, encoding="utf-8")
        lines = "".join(f"{name} = {module}\n" for name in names)
        (facts / "entry_points.txt").write_text(f"[ownership]\n{lines}", encoding="utf-8")
        monkeypatch.syspath_prepend(str(place))
        return module

    return install


CHANNEL = """
from ownership import Adapter, Kind, hookimpl

def make(address):
    return ("made by", __name__)

@hookimpl
def ownership_register_adapters(register):
    register(Adapter(Kind.CHANNEL, SCHEMES, make))
"""
CONTENT = """
from ownership import hookimpl
from ownership.ports.content import MessageText, Pack

@hookimpl
def ownership_register_content(register):
    register(Pack(messages={"hello": MessageText({"en": "Hi"}, {"en": "from " + __name__})}))
"""


def channel_code(*schemes: str) -> str:
    """Give the code of a plugin that brings channels."""
    return CHANNEL.replace("SCHEMES", repr(schemes))


# ------------------------------------------------------------------------------------------------------- the one door


def test_passed_plugin() -> None:
    """What a host passes is used, as a module or as an object with hooks."""
    assert isinstance(Registry([Vendor()]).open(Kind.CHANNEL, "pigeon:"), Pigeon)
    assert isinstance(Registry([memory]).open(Kind.STORAGE, "memory:"), MemoryStore)


def test_silent_adapters_are_known() -> None:
    """An adapter that does not say what leaves through it is told apart from one through which nothing does."""
    registry = Registry()
    registry.add(Adapter(Kind.CHANNEL, ("raven", "crow"), lambda _: None))
    registry.add(Adapter(Kind.CHANNEL, ("owl",), lambda _: None, egress=frozenset()))
    assert registry.silent == {"channel.raven", "channel.crow"}


def test_added_adapter() -> None:
    """An adapter can be added without packaging it, in place of one that is there."""
    registry = Registry([Vendor()])
    registry.add(Adapter(Kind.CHANNEL, ("pigeon", "dove"), lambda address: address.scheme))
    assert [registry.open(Kind.CHANNEL, url) for url in ("pigeon:", "dove:x")] == ["pigeon", "dove"]


def test_installed_plugin(announce: Announce) -> None:
    """An installed plugin is imported when a URL asks for it, and not before."""
    module = announce("alpha", "channel.alpha", code=channel_code("alpha"))
    registry = Registry()
    announced = {plugin.name: plugin for plugin in registry.announced()}
    assert (announced["channel.alpha"].distribution, announced["channel.alpha"].version) == ("alpha", "1.5")
    registry.open(Kind.STORAGE, "memory:")
    assert module not in sys.modules
    assert registry.open(Kind.CHANNEL, "alpha:") == ("made by", module)


def test_built_in_come_by_the_same_door() -> None:
    """What we ship is announced like a vendor's."""
    names = {plugin.name for plugin in Registry().announced()}
    assert {"storage.memory", "storage.sqlite", "directory.csv", "directory.sample", "content.ownership"} <= names


def test_one_module_under_two_names(announce: Announce) -> None:
    """One module can be announced under several names, and works under each."""
    names = ("channel.beta", "channel.gamma", "content.beta")
    module = announce("beta", *names, code=channel_code("beta", "gamma") + CONTENT)
    registry = Registry()
    for scheme in ("beta", "gamma"):
        assert registry.open(Kind.CHANNEL, f"{scheme}:") == ("made by", module)
    assert registry.content().message("hello", "en") == ("Hi", f"from {module}")
    assert registry.set_apart == {}


def test_passed_goes_before_installed(announce: Announce) -> None:
    """What a host passes goes before what is installed under the same name, which is not even imported."""
    module = announce("delta", "channel.pigeon", code=channel_code("pigeon"))
    assert isinstance(Registry([Vendor()]).open(Kind.CHANNEL, "pigeon:"), Pigeon)
    assert module not in sys.modules


def test_installed_does_not_displace(announce: Announce) -> None:
    """An installed plugin that brings another scheme besides its own does not take the place of what a host passed."""
    announce("eps", "channel.eps", code=channel_code("eps", "pigeon"))
    registry = Registry([Vendor()])
    assert registry.open(Kind.CHANNEL, "eps:")
    assert isinstance(registry.open(Kind.CHANNEL, "pigeon:"), Pigeon)


# ------------------------------------------------------------------------------------------------------- two claim one


def test_two_passed_plugins_claim_one_scheme() -> None:
    """Two plugins that bring the same scheme are refused by name; neither wins in silence."""
    with pytest.raises(PluginBroken, match=r"OtherVendor both bring channel\.pigeon"):
        Registry([Vendor(), OtherVendor()])


def test_two_distributions_announce_one_name(announce: Announce) -> None:
    """Two distributions that announce the same name are both named, and a host that passes one is served."""
    announce("first", "channel.both", code=channel_code("both"))
    announce("second", "channel.both", code=channel_code("both"))
    registry = Registry()
    with pytest.raises(Misconfigured, match=r"first and second both announce channel\.both"):
        registry.open(Kind.CHANNEL, "both:")
    assert registry.open(Kind.STORAGE, "memory:")
    import plugin_of_first  # type: ignore[import-not-found]

    assert Registry([plugin_of_first]).open(Kind.CHANNEL, "both:") == ("made by", "plugin_of_first")


def test_two_installed_plugins_bring_one_scheme(announce: Announce) -> None:
    """Of two installed plugins that bring one scheme the second is set apart, and the first stays."""
    announce("zeta", "channel.zeta", code=channel_code("zeta", "shared"))
    announce("eta", "channel.eta", code=channel_code("eta", "shared"))
    registry = Registry()
    registry.open(Kind.CHANNEL, "zeta:")
    with pytest.raises(PluginBroken, match=r"channel\.zeta and channel\.eta both bring channel\.shared"):
        registry.open(Kind.CHANNEL, "eta:")
    assert registry.open(Kind.CHANNEL, "shared:") == ("made by", "plugin_of_zeta")


# ------------------------------------------------------------------------------------------------- what is not there


def test_unknown_scheme() -> None:
    """An unknown scheme is refused with what is known and with what to install."""
    with pytest.raises(Misconfigured) as caught:
        open_workspace("postgres://localhost/hr")
    assert caught.value.field == "url"
    for part in (
        "'postgres'",
        "known are memory, ",
        "Install the package that announces storage.postgres",
        "plugins=[...]",
    ):
        assert part in str(caught.value)


def test_unknown_scheme_counts_what_was_passed() -> None:
    """What a host passed is among what is known."""
    with pytest.raises(Misconfigured, match="pigeon"):
        Registry([Vendor()]).open(Kind.CHANNEL, "pigeons:")


def test_a_clock_is_called() -> None:
    """A moment in the place of a clock would stand still, so it is refused at once."""
    moment: Any = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
    with pytest.raises(Misconfigured, match="clock: is nothing to call"):
        open_workspace(clock=moment)


@pytest.mark.parametrize("url", [Path("people.db"), None, "", "people.db", "/tmp/x", ":", "//host/x", "a b:c"])
def test_no_scheme(url: Any) -> None:
    """A URL without a scheme, or what is no text, is refused with an example of one."""
    with pytest.raises(Misconfigured, match="sqlite:///"):
        open_workspace(url)


def test_missing_extra() -> None:
    """When what an adapter needs is not installed, the error says what to install."""

    class Rich:
        @hookimpl
        def ownership_register_adapters(self, register: RegisterAdapter) -> None:
            register(Adapter(Kind.CHANNEL, ("rich",), "no_such_module:make", extra="ownership[rich]"))

    with pytest.raises(PluginBroken, match=r"install ownership\[rich\]"):
        Registry([Rich()]).open(Kind.CHANNEL, "rich:")


# ------------------------------------------------------------------------------------------------------- broken ones


HOOK = "from ownership import hookimpl\n@hookimpl\ndef ownership_register_adapters(register):\n    "
BROKEN = {
    "raises": "raise RuntimeError('a secret thing')",
    "imports": "import no_such_module_at_all",
    "registers": HOOK + "raise ValueError('a secret thing')",
    "nonsense": HOOK + "register('a secret thing')",
    "syntax": "def (",
}


@pytest.mark.parametrize("code", BROKEN.values(), ids=BROKEN)
def test_broken_plugin_is_set_apart(announce: Announce, code: str) -> None:
    """A plugin that fails is set apart and named, without its words, whenever it is asked for; the rest works."""
    announce("broken", "channel.broken", code=code)
    announce("sound", "channel.sound", code=channel_code("sound"))
    registry = Registry()
    for _ in range(2):
        with pytest.raises(PluginBroken, match=r"channel\.broken") as caught:
            registry.open(Kind.CHANNEL, "broken:")
        assert "secret thing" not in str(caught.value)
    assert set(registry.set_apart) == {"channel.broken"}
    assert registry.open(Kind.CHANNEL, "sound:") == ("made by", "plugin_of_sound")


def test_broken_content_is_set_apart(announce: Announce) -> None:
    """A pack that cannot be had is set apart and named, and everybody else's is there."""
    announce("sick", "content.sick", code="raise RuntimeError")
    failing = "from ownership import hookimpl\n@hookimpl\ndef ownership_register_content(register):\n    1 / 0"
    announce("ill", "content.ill", code=failing)
    announce("well", "plugin.well", code=CONTENT)
    registry = Registry()
    content = registry.content()
    assert content.message("hello", "en") == ("Hi", "from plugin_of_well")
    assert content.options("en")
    assert set(registry.set_apart) == {"content.sick", "content.ill"}


def test_failing_registration_leaves_nothing() -> None:
    """Of a plugin that fails half-way nothing is taken."""

    class HalfWay:
        @hookimpl
        def ownership_register_adapters(self, register: RegisterAdapter) -> None:
            register(Adapter(Kind.CHANNEL, ("half",), Pigeon))
            raise RuntimeError

    registry = Registry()
    with pytest.raises(PluginBroken):
        registry._register(HalfWay(), "half", installed=False)
    with pytest.raises(Misconfigured):
        registry.open(Kind.CHANNEL, "half:")


def test_misspelt_hook() -> None:
    """A hook with a name that is not ours is refused by that name, not ignored."""

    class Misspelt:
        @hookimpl
        def ownership_register_adaptors(self, register: RegisterAdapter) -> None:
            """Do nothing."""

    with pytest.raises(PluginBroken, match="ownership_register_adaptors"):
        open_workspace(plugins=[Misspelt()])


def test_wrong_signature() -> None:
    """A hook with arguments that it will not be given is refused."""

    class Greedy:
        @hookimpl
        def ownership_register_adapters(self, register: RegisterAdapter, database: object) -> None:
            """Do nothing."""

    with pytest.raises(PluginBroken, match="database"):
        Registry([Greedy()])


def test_hooks_that_would_never_run() -> None:
    """A hook that is async or a generator is refused: it would be called and never run."""

    class Async:
        @hookimpl
        async def ownership_register_adapters(self, register: RegisterAdapter) -> None:
            register(Adapter(Kind.CHANNEL, ("pigeon",), Pigeon))

    class AsyncContent:
        @hookimpl
        async def ownership_register_content(self, register: RegisterContent) -> None:
            register(Pack())

    class Generator:
        @hookimpl
        def ownership_register_adapters(self, register: RegisterAdapter) -> Any:
            register(Adapter(Kind.CHANNEL, ("pigeon",), Pigeon))
            yield

    for plugin in (Async(), AsyncContent(), Generator()):
        with pytest.raises(PluginBroken, match="plain function"):
            Registry([plugin])


def test_failed_open_closes_what_was_opened() -> None:
    """When one of the URLs is wrong, what was opened for the others is closed again."""
    opened: list[Pigeon] = []

    class Keeping(Vendor):
        @hookimpl
        def ownership_register_adapters(self, register: RegisterAdapter) -> None:
            def make(address: Address) -> Pigeon:
                opened.append(Pigeon(address))
                return opened[-1]

            register(Adapter(Kind.CHANNEL, ("pigeon",), make))

    with pytest.raises(Misconfigured):
        open_workspace(channels=["pigeon:", "nothing:"], plugins=[Keeping()])
    assert [pigeon.is_closed for pigeon in opened] == [True]


# -------------------------------------------------------------------------------------------------------------- secrets


@pytest.mark.parametrize(
    "url",
    [
        "pigeon://ada:hunter2@host",
        "pigeon:?password=hunter2",
        "pigeon:?password=env:hunter2",
        "pigeon://host?password=hunter2",
    ],
)
def test_literal_password(url: str) -> None:
    """A password in the clear is refused with the way out, and the error does not repeat it."""
    with pytest.raises(Misconfigured, match="@env:NAME") as caught:
        open_workspace(channels=[url], plugins=[Vendor()])
    assert "hunter2" not in str(caught.value) + repr(caught.value.args)


def test_secret_from_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """@env:NAME is the value of a variable, which prints nowhere; without it, the error names it."""
    monkeypatch.setenv("PIGEON_PASSWORD", "hunter2")
    pigeon = Registry([Vendor()]).open(Kind.CHANNEL, "pigeon://host?password=@env:PIGEON_PASSWORD")
    assert pigeon.password.reveal() == "hunter2"
    for told in (repr(pigeon.password), str(pigeon.password), repr(pigeon.address), str(pigeon.address)):
        assert "hunter2" not in told
    monkeypatch.delenv("PIGEON_PASSWORD")
    with pytest.raises(Misconfigured, match="PIGEON_PASSWORD"):
        Registry([Vendor()]).open(Kind.CHANNEL, "pigeon://host?password=@env:PIGEON_PASSWORD")


def test_secret_from_file(tmp_path: Path) -> None:
    """@file:PATH is what the file has, without the line end; without the file, the error names it."""
    file = tmp_path / "secret"
    file.write_text("hunter2\r\n", encoding="utf-8")
    url = f"pigeon:?password=@file:{file}"
    assert Registry([Vendor()]).open(Kind.CHANNEL, url).password.reveal() == "hunter2"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(Misconfigured, match="secret"):
        Registry([Vendor()]).open(Kind.CHANNEL, url)
    file.unlink()
    with pytest.raises(Misconfigured, match="cannot be read"):
        Registry([Vendor()]).open(Kind.CHANNEL, url)


def test_unknown_kind_of_secret() -> None:
    """A reference that is neither to the environment nor to a file is refused without repeating it."""
    with pytest.raises(Misconfigured) as caught:
        resolve_secret("@vault:hunter2")
    assert "hunter2" not in str(caught.value)


# -------------------------------------------------------------------------------------------------------------- content


def test_passed_content_comes_last() -> None:
    """What a host passes replaces what is installed under the same id, and adds to the rest."""

    class Own:
        @hookimpl
        def ownership_register_content(self, register: RegisterContent) -> None:
            text = MessageText({"en": "Ours"}, {"en": "Hi {name}"})
            prompt = Prompt(PromptId("ours"), Theme.ENERGY, {"en": "What gave energy?"})
            register(Pack(prompts=(prompt,), messages={"feedback_given": text}))

    content = Registry([Own()]).content()
    assert content.message("feedback_given", "nl", name="Ada") == ("Ours", "Hi Ada")
    assert content.prompt("ours").theme is Theme.ENERGY
    assert content.message("check_in_open", "en", name="Ada", until="today", other="")[0]


def test_pack_with_a_loose_end() -> None:
    """A pack whose prompt leads on to one that is nowhere is set apart under its name; what it leads to is named."""

    class Loose:
        @hookimpl
        def ownership_register_content(self, register: RegisterContent) -> None:
            words = {"en": "What gave energy?"}
            ours = Prompt(PromptId("ours"), Theme.ENERGY, words, follow_ups=(PromptId("start-what-i-need"),))
            loose = Prompt(PromptId("loose"), Theme.ENERGY, words, follow_ups=(PromptId("no-such"),))
            register(Pack(prompts=(ours, loose)))

    registry = Registry([Loose()])
    content = registry.content()
    assert content.prompt("start-what-i-need").opening
    with pytest.raises(NotFound):
        content.prompt("ours")
    (broken,) = registry.set_apart.values()
    assert "Loose" in broken.plugin
    assert "prompt loose: names the prompt 'no-such'" in str(broken)


def test_pack_that_leads_on_to_ours() -> None:
    """A pack's prompt may lead on to one of the starter pack, which comes before all others."""

    class Leading:
        @hookimpl
        def ownership_register_content(self, register: RegisterContent) -> None:
            after = (PromptId("start-what-i-need"),)
            register(Pack(prompts=(Prompt(PromptId("ours"), Theme.ENERGY, {"en": "What?"}, follow_ups=after),)))

    registry = Registry([Leading()])
    assert registry.content().prompt("ours").follow_ups == ("start-what-i-need",)
    assert registry.set_apart == {}


def test_pack_that_makes_no_sense() -> None:
    """A pack whose prompt cannot be asked is set apart with the name of the field."""

    class Mute:
        @hookimpl
        def ownership_register_content(self, register: RegisterContent) -> None:
            register(Pack(prompts=(Prompt(PromptId("mute"), Theme.ENERGY, {"nl": "Waarom?"}),)))

    registry = Registry([Mute()])
    assert registry.content().prompt("start-what-i-need").opening
    assert "prompt.texts" in str(*registry.set_apart.values())


def test_hooks_get_no_person() -> None:
    """A hook is given the way to register, and nothing of anybody."""
    given: list[dict[str, Any]] = []

    class Curious:
        @hookimpl
        def ownership_register_adapters(self, register: RegisterAdapter) -> None:
            given.append({"register": register})

        @hookimpl
        def ownership_register_content(self, register: RegisterContent) -> None:
            given.append({"register": register})

    secret = "Zq7canary"
    with open_workspace(channels=(), plugins=[Curious()]) as ws:
        ws.people.sync("sample:?people=10")
        ada = ws.acting_as(next(person.id for person in ws.people.all() if person.active))
        ada.goals.share(ada.goals.draft(title=secret), "everyone")
        ada.reflections.write(ada.reflections.next_prompt().id, secret)
        ws.run_due_work()
    assert len(given) == 2
    assert all(callable(arguments["register"]) for arguments in given)
    assert secret not in repr(given)


# ------------------------------------------------------------------------------------------------------------ at import


def test_import_opens_nothing() -> None:
    """Importing the library loads nothing that opens or scans, builds no converter and starts no thread."""
    code = """
import sys, threading
before = set(sys.modules)
import ownership
heavy = {"sqlite3", "importlib.metadata", "dateutil", "jinja2", "smtplib", "tomllib", "asyncio", "socket", "rich"}
print(sorted((heavy & set(sys.modules)) - before), {"attrs", "ownership.domain"} & set(sys.modules))
import ownership.compose
print(sorted((heavy & set(sys.modules)) - before))
from ownership import codec
print(codec.converter.cache_info().currsize, threading.active_count())
print([name for name in sys.modules if name.startswith("ownership.adapters.")])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split("\n")[:4] == ["[] set()", "[]", "0 1", "[]"]


def test_listing_imports_nothing() -> None:
    """Listing what is installed imports no plugin, ours included."""
    code = """
import sys
from ownership import Registry
assert len(Registry().announced()) >= 8
ours = ("ownership.adapters.", "ownership.sample.", "ownership.content.s")
print([name for name in sys.modules if name.startswith(ours)])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_public_names() -> None:
    """The public names are sorted, there, and nothing else is promised."""
    import ownership

    assert list(ownership.__all__) == sorted(ownership.__all__)
    assert all(hasattr(ownership, name) for name in ownership.__all__)
    assert not any(isinstance(getattr(ownership, name), ModuleType) for name in ownership.__all__)


def test_public_names_for_type_checkers() -> None:
    """What a type checker reads is what a program gets: the same names, from the same homes."""
    import ownership

    source = ast.parse(Path(ownership.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in source.body if isinstance(node, ast.If) and isinstance(node.test, ast.Name))
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    homes = {alias.name: node.module for node in imports for alias in node.names}
    assert homes.keys() | {"API"} == set(ownership.__all__)
    for name, home in homes.items():
        assert getattr(ownership, name) is getattr(import_module(str(home)), name)
    with pytest.raises(AttributeError, match="no attribute 'open_workspcae'"):
        getattr(ownership, "open_workspcae")  # noqa: B009 - a checker sees it otherwise
