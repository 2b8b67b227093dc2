"""The inbox: every message to a person, in the tool itself, so that nobody needs an e-mail address to take part."""

from __future__ import annotations

from attrs import field, frozen

from ownership.domain.reminders import Delivery, DeliveryId, DeliveryStatus
from ownership.workspace.letters import texts_of
from ownership.workspace.records import id_of
from ownership.workspace.seat import Seat


@frozen
class InboxMessage:
    """A message as its reader reads it."""

    delivery: Delivery
    subject: str = field(repr=False)
    body: str = field(repr=False)

    @property
    def id(self) -> DeliveryId:
        """The id of the message."""
        return self.delivery.id

    @property
    def is_read(self) -> bool:
        """Whether it was marked as read."""
        return self.delivery.read_on is not None


class Inbox:
    """The messages to the actor."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def messages(self) -> tuple[InboxMessage, ...]:
        """Give the messages that were sent to the actor, the newest first, in the actor's language."""
        with self._seat.reading() as sight:
            sent = [d for d in sight.unit.all_of(self._seat.person_id, Delivery) if d.status is DeliveryStatus.SENT]
            names = sight.names(d.other_id for d in sent if d.other_id)
            sent.sort(key=lambda delivery: (str(delivery.sent_at), delivery.id), reverse=True)
            content = self._seat.desk.content
            return tuple(InboxMessage(delivery, *texts_of(delivery, sight.viewer, names, content)) for delivery in sent)

    def read(self, message: InboxMessage | DeliveryId | str) -> Delivery:
        """Mark a message as read.

        Raises:
            NotFound: there is no such message to the actor.
        """
        with self._seat.writing() as sight:
            delivery = sight.own(Delivery, id_of(message))
            return delivery if delivery.read_on else sight.unit.save(delivery.read(self._seat.today(sight)))
