"""A conversation's log as somebody asks for it again and again, where no stream reaches them."""

from changeover.chat.model import News
from changeover.chat.ports import ChatWork
from changeover.chat.shelf import owned
from changeover.chat.subscription import PAGE


def news_of(work: ChatWork, account: str, conversation: str, after: int) -> News:
    """The next that was stored after the event `after`, a page of it at most.

    Nothing of another's conversation: `NotFoundError`.
    """
    owned(work, account, conversation)
    since = min(after, work.chat_events.last(conversation))
    page = work.chat_events.after(conversation, since, PAGE)
    last = page[-1].seq if page else since
    return News(events=tuple(each.event for each in page), last_event=last)
