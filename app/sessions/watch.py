"""Those who watch sessions: every step, action and look, to each of them, as it happens or as they can take it."""

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from .elsewhere import listen
from .errors import NoSuchPlace, StoreUnavailable, TooManyWatchers, UnknownSession
from .news import Happening, News, Place
from .store import Store

KEPT = 256  # happenings of a session that are at hand for all its watchers; who is further behind reads the log
HEARTBEAT = 15.0  # seconds of silence after which a sign of life is sent, so that no proxy cuts the line
AGAIN = 1.0  # seconds until a store that failed is asked again
PATIENCE = 10.0  # seconds that somebody who opens a stream waits for the store

T = TypeVar("T")
Encode = Callable[[Happening], bytes]


class Channel:
    """What is known of one session that is watched. All of it belongs to the event loop, so nothing here waits for anything."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.watchers = 0
        self.place: Place | None = None
        self.look: bytes | None = None  # the last one, as it is stored
        self.first = 0  # the number of the oldest event in `events`
        self.events: deque[tuple[Place, bytes, bool]] = deque()  # where the session was after it; the event; whether it is a look
        self.is_gone = False
        self.reading: asyncio.Task[None] | None = None
        self.is_stale = False  # something happened since the reading began
        self.changed = asyncio.Event()

    @property
    def end(self) -> int:
        """The number that the next event will have."""
        return self.first + len(self.events)

    def take_in(self, news: News, encode: Encode) -> None:
        """Hands on what happened; encoded once for all."""
        if self.place is None:
            self.place, self.look = news.now, news.look
            return
        happened = list(news.happened)
        last = happened[-1].place if happened else self.place
        if last.of_run == news.now.of_run and news.now.looks > last.looks and news.look is not None:
            happened.append(Happening("look", news.now, news.look))
        for one in happened:
            self.events.append((one.place, encode(one), one.kind == "look"))
            self.place = one.place
            if one.kind == "look":
                self.look = one.content
        while len(self.events) > KEPT:
            self.events.popleft()
            self.first += 1
        if happened:
            self.wake()

    def after(self, place: Place) -> int | None:
        """The number of the event that follows `place`, where it is at hand or will be the next; else None."""
        if place == self.place:
            return self.end
        for number, (at, _, _) in enumerate(self.events, start=self.first):
            if at == place:
                return number + 1
        return None

    def wake(self) -> None:
        # whoever waits keeps the old one; a new one is there before anybody can wait again
        changed, self.changed = self.changed, asyncio.Event()
        changed.set()


class Watching:
    """The watchers of this process. Methods are called on the event loop, but for `tell` and `end`."""

    def __init__(self, store: Store, encode: Encode, *, max_watchers: int = 2000, max_watchers_per_session: int = 500) -> None:
        self._store = store
        self._encode = encode
        self._max_watchers = max_watchers
        self._max_watchers_per_session = max_watchers_per_session
        self._channels: dict[str, Channel] = {}
        self._loop = asyncio.get_running_loop()
        # threads of its own: those of the requests may all be busy with the requests of those who were told;
        # and others for those who are behind, so that no one waits for them
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="watching")
        self._threads_behind = ThreadPoolExecutor(1, thread_name_prefix="behind")
        self._listening: asyncio.Task[None] | None = None
        self.is_closed = False

    @property
    def count(self) -> int:
        return sum(channel.watchers for channel in self._channels.values())

    @property
    def ids(self) -> list[str]:
        """The sessions that are watched here."""
        return [id for id, channel in self._channels.items() if not channel.is_gone]

    def has(self, id: str) -> bool:
        """Whether a session is there for certain: it is watched, and its end would have been told."""
        channel = self._channels.get(id)
        return channel is not None and channel.place is not None and not channel.is_gone

    def tell(self, id: str) -> None:
        """A session has changed. May be called from any thread."""
        with suppress(RuntimeError):  # the loop is closed: nobody watches any more
            self._loop.call_soon_threadsafe(self._look_at, id)

    def end(self, id: str) -> None:
        """A session was deleted by this process: whoever asks next finds it gone, before its end is read. May be called from any thread."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._end, id)

    async def open(self, id: str, place: Place | None) -> "Watcher":
        """Someone who wants to know what happens after `place`; from now on, where it is None.

        Raises:
            UnknownSession, StoreUnavailable.
            TooManyWatchers: of this session, or in all.
            NoSuchPlace: the session never was there.
        """
        if self.count >= self._max_watchers:
            raise TooManyWatchers(self._max_watchers, "in all")
        channel = self._channels.get(id) or self._channels.setdefault(id, Channel(id))
        if channel.watchers >= self._max_watchers_per_session:
            raise TooManyWatchers(self._max_watchers_per_session, "of one session")
        channel.watchers += 1
        watcher = Watcher(self, channel)
        try:
            if self._listening is None:
                self._listening = asyncio.create_task(listen(self._store.database, self._look_at, self.beside))
            if channel.place is None:
                await self.read(channel)
            elif place is not None and not place.is_within(channel.place):
                await self.read(channel)  # told of faster than this process has read it
            if channel.is_gone or channel.place is None:
                raise UnknownSession(id)
            if channel.watchers == 1:  # the first here: it counts as read until the next sweep says that it is watched
                await self.beside(partial(self._store.read, id))
            if place is not None and not await self._was_at(channel, place):
                raise NoSuchPlace(place, channel.place)
            watcher.begin(place or channel.place, channel.look if place is None else None)
        except BaseException:
            watcher.close()
            raise
        return watcher

    async def _was_at(self, channel: Channel, place: Place) -> bool:
        assert channel.place is not None
        if not place.is_within(channel.place):
            return False
        if place.of_run == channel.place.of_run or channel.after(place) is not None:
            return True
        return await self.beside(lambda: self._store.was_at(channel.id, place.step, place.edits))

    def release(self, channel: Channel) -> None:
        channel.watchers -= 1
        if channel.watchers == 0 and self._channels.get(channel.id) is channel:
            del self._channels[channel.id]
            if not self._channels and self._listening is not None:
                self._listening.cancel()
                self._listening = None

    async def beside(self, work: Callable[[], T]) -> T:
        """Runs what waits for the database beside the event loop."""
        return await self._loop.run_in_executor(self._threads, work)

    async def since(self, channel: Channel, place: Place) -> News | None:
        """A part of the log, for someone who is far behind."""
        return await self._loop.run_in_executor(self._threads_behind, lambda: self._store.since(channel.id, place, channel.place))

    def encode(self, happened: Happening) -> bytes:
        return self._encode(happened)

    async def read(self, channel: Channel) -> None:
        """Reads on in a session, and waits for it. Raises StoreUnavailable."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await asyncio.shield(self._begin_reading(channel))
                if channel.place is not None or channel.is_gone:
                    return
        raise StoreUnavailable("it does not answer")

    def close(self) -> None:
        """Ends every stream, and waits for the readings that are under way: each holds a connection of the store, which is closed next."""
        self.is_closed = True
        if self._listening is not None:
            self._listening.cancel()
        for channel in self._channels.values():
            channel.wake()
        for threads in (self._threads, self._threads_behind):
            threads.shutdown(wait=True, cancel_futures=True)

    def _look_at(self, id: str | None) -> None:
        """Reads on in a session, or in all that are watched."""
        channels = list(self._channels.values()) if id is None else filter(None, [self._channels.get(id)])
        for channel in channels:
            self._begin_reading(channel)

    def _end(self, id: str) -> None:
        if channel := self._channels.get(id):
            channel.is_gone = True
            channel.wake()

    def _begin_reading(self, channel: Channel) -> asyncio.Task[None]:
        channel.is_stale = True
        if channel.reading is None or channel.reading.done():
            channel.reading = self._loop.create_task(_quietly(self._read_on(channel)))
        return channel.reading

    async def _read_on(self, channel: Channel) -> None:
        """One reading for all watchers; again, as long as more has happened meanwhile."""
        while channel.is_stale and not channel.is_gone and channel.watchers and not self.is_closed:
            channel.is_stale = False
            place = channel.place
            try:
                news = await self.beside(partial(self._store.since, channel.id, place))
            except StoreUnavailable:
                if place is None:
                    return  # whoever opened it is told
                channel.is_stale = True
                await asyncio.sleep(AGAIN)
                continue
            if news is None:
                channel.is_gone = True
                channel.wake()
                return
            channel.take_in(news, self._encode)
            if place is not None and channel.place is not None and channel.place.of_run != news.now.of_run:
                channel.is_stale = True  # there was more than fits one reading


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    with suppress(RuntimeError):  # the threads are gone: the server ends
        await work


class Watcher:
    """One who watches. What is at hand comes from memory, shared by all; who reads slowly goes on in the log, and holds up nobody."""

    def __init__(self, watching: Watching, channel: Channel) -> None:
        self._watching = watching
        self._channel = channel
        self._is_open = True
        self._look: bytes | None = None  # that it begins with
        self.place = Place(0, 0, 0)  # what happened up to there it was told, or knows

    def begin(self, place: Place, look: bytes | None) -> None:
        self.place = place
        self._look = look

    @property
    def is_gone(self) -> bool:
        """Whether the session was deleted."""
        return self._channel.is_gone

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            self._watching.release(self._channel)

    async def events(self) -> AsyncIterator[bytes]:
        """Events as they are encoded; an empty one where there was nothing for a while. Ends when the session or the server does."""
        channel = self._channel
        if self._look is not None:
            yield self._watching.encode(Happening("look", self.place, self._look))
        following: int | None = channel.after(self.place)
        while not self._watching.is_closed:
            changed = channel.changed  # before anything is looked at, so that nothing is missed
            if channel.is_gone:
                yield self._watching.encode(Happening("deleted", self.place))
                return
            if following is not None and following < channel.first:
                following = None  # too slow
            if following is None:
                try:
                    if (events := await self._catch_up()) is None:
                        await self._watching.read(channel)  # it is gone, which the channel will know now
                    else:
                        yield events
                except StoreUnavailable:
                    return  # the client comes again, and says where it was
                following = channel.after(self.place)
            elif following < channel.end:
                ready = [channel.events[number - channel.first] for number in range(following, channel.end)]
                following = channel.end
                self.place = ready[-1][0]
                looks = [event for _, event, is_look in ready if is_look]
                yield b"".join(event for _, event, is_look in ready if not is_look or event is looks[-1])
            else:
                try:
                    async with asyncio.timeout(HEARTBEAT * random.uniform(0.8, 1)):  # not all at the same moment
                        await changed.wait()
                except TimeoutError:
                    yield b""

    async def _catch_up(self) -> bytes | None:
        """The next events on the way to where the others are, from the log; None where there are none."""
        channel, place = self._channel, self.place
        assert channel.place is not None
        if place.of_run == channel.place.of_run:
            self.place = channel.place
            return b"" if channel.look is None else self._watching.encode(Happening("look", self.place, channel.look))
        news = await self._watching.since(channel, place)
        if news is None or not news.happened:
            return None
        self.place = news.happened[-1].place
        return b"".join(map(self._watching.encode, news.happened))
