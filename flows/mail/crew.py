"""Several mails on their way at the same time, drawn and told about one by one. Knows no ledger."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue

from flows.mail.door import Mailer, StopSending
from flows.rules.email import UNKNOWN, Delivery, Email

DOUBTS = 8  # unknown outcomes in a row; more of them would only leave more to find out

Done = tuple[Email, Delivery | None]  # None: it did not leave


class Crew:
    """Carries mails, `mailer.width` at a time. `may_leave` is asked just before each one leaves, in its own thread.

    Whoever is told about the mails may set `stop` to what went wrong there; then no further mail leaves.
    """

    def __init__(self, mailer: Mailer, may_leave: Callable[[Email], bool]) -> None:
        self._mailer, self._may_leave = mailer, may_leave
        self._todo: SimpleQueue[Email | None] = SimpleQueue()
        self._done: SimpleQueue[Done] = SimpleQueue()
        self._doubts = 0
        self.stop: BaseException | None = None

    def carry(self, emails: Iterator[Email]) -> Iterator[Done]:
        """Carry the mails; each with what became of it, in the order in which that is known.

        `emails` is drawn from here and only as fast as mails leave. What stops the batch is raised at the end, after
        every mail that was drawn has been told about.
        """
        yield from self.alone(emails) if self._mailer.width == 1 else self.together(emails)
        if self.stop:
            raise self.stop

    def alone(self, emails: Iterator[Email]) -> Iterator[Done]:
        """One after the other, in this thread."""
        for email in emails:
            yield email, self._one(email)
            if self.stop:
                return

    def together(self, emails: Iterator[Email]) -> Iterator[Done]:
        """In threads, with as many mails waiting as there are under way, so that nobody is ever idle."""
        threads: list[threading.Thread] = []
        drawn = told = 0
        try:
            while True:
                while drawn - told < 2 * self._mailer.width and (email := self._draw(emails)):
                    if len(threads) < self._mailer.width:
                        threads.append(threading.Thread(target=self._work, daemon=True))
                        threads[-1].start()
                    self._todo.put(email)
                    drawn += 1
                if told == drawn:
                    return
                try:
                    done = self._done.get()
                except KeyboardInterrupt as stop:  # what is under way is still told about
                    self.stop = stop
                    continue
                told += 1
                yield done
        finally:
            for _ in threads:
                self._todo.put(None)

    def _draw(self, emails: Iterator[Email]) -> Email | None:
        try:
            return None if self.stop else next(emails, None)
        except BaseException as error:  # the next mail cannot be made; those under way are still told about
            self.stop = error
            return None

    def _work(self) -> None:
        while email := self._todo.get():
            self._done.put((email, self._one(email)))

    def _one(self, email: Email) -> Delivery | None:
        if self.stop:
            return None
        try:
            if not self._may_leave(email) or self.stop:
                return None
        except Exception as error:  # it has not left, whatever went wrong
            self.stop = self.stop or error
            return None
        try:
            delivery = self._mailer.send(email)
        except StopSending as stop:
            self.stop = self.stop or stop
            return None
        except Exception as error:  # a fault of ours: nobody knows how far it got
            self.stop = self.stop or error
            return Delivery(UNKNOWN, detail=f"cut off by {type(error).__name__}")
        self._count(delivery)
        return delivery

    def _count(self, delivery: Delivery) -> None:
        self._doubts = self._doubts + 1 if delivery.status == UNKNOWN else 0
        if self._doubts >= DOUBTS:
            self.stop = self.stop or StopSending(
                f"{self._mailer.where}: {DOUBTS} mails in a row have an unknown outcome ({delivery.detail}); the rest "
                "waits for the next run",
                passing=True,
            )
