"""The contract for stores: subclass it, give ``fresh()``, and let pytest tell which laws your store keeps."""

from ownership.testing.stores.declaration import Declaration
from ownership.testing.stores.faults import Faults
from ownership.testing.stores.history import History
from ownership.testing.stores.interleavings import Interleavings
from ownership.testing.stores.joining import Joining
from ownership.testing.stores.outboxes import Outboxes
from ownership.testing.stores.privacy import Privacy
from ownership.testing.stores.records import Records
from ownership.testing.stores.units import Units


class StoreContract(Declaration, Records, Units, Outboxes, History, Interleavings, Faults, Joining, Privacy):
    """Every law of the storage port, to be run against a store.

    Subclass it in a test file, under a name that begins with Test, and give :meth:`fresh`: a context manager that
    yields the URL of an empty place and clears it away. A store that is not reached by a URL can be yielded itself; say
    then what it claims in ``capabilities``. An adapter that is not installed is named in ``plugins``, as in
    :func:`~ownership.open_workspace`.

    Examples:
        >>> from contextlib import contextmanager
        >>> from ownership.testing import StoreContract
        >>> class TestMemory(StoreContract):
        ...     @contextmanager
        ...     def fresh(self):
        ...         yield "memory:"
    """
