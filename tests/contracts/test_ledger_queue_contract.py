from changeover.ledger.entries import Entry
from tests.contracts.conftest import Ports


def entries(count: int) -> list[Entry]:
    return [Entry("call", b'{"n":%d,"of":"\t\\\\\xc3\xa9"}' % n) for n in range(count)]


def test_nothing_waits_in_an_empty_queue(ports: Ports):
    ports.queue.add([])
    assert ports.queue.empty()
    assert (ports.queue.count(), ports.queue.take(5), list(ports.queue.waiting())) == (0, [], [])


def test_what_waits_is_taken_out_in_the_order_of_its_coming(ports: Ports):
    first, *others = entries(5)
    ports.queue.add([first])
    ports.queue.add(others)
    assert not ports.queue.empty()
    assert list(ports.queue.waiting()) == [first, *others]
    assert ports.queue.take(2) == [first, others[0]]
    assert ports.queue.count() == 3
    assert ports.queue.take(10) == others[1:]
    assert ports.queue.empty()


def test_more_than_a_page_waits_whole(ports: Ports):
    many = entries(2300)
    ports.queue.add(many)
    assert ports.queue.count() == 2300
    assert list(ports.queue.waiting()) == many
    assert ports.queue.take(2200) == many[:2200]
    assert ports.queue.take(2200) == many[2200:]


def test_a_tree_that_nobody_holds_can_be_held(ports: Ports):
    assert ports.ledger.hold()
