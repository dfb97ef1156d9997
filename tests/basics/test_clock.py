import time

from changeover.basics.clock import this_moment


def test_a_pause_between_the_two_clocks_is_no_difference_of_theirs(monkeypatch):
    calm = this_moment()
    pauses = [0.2]
    read = time.time_ns

    def paused() -> int:
        found = read()
        if pauses:
            time.sleep(pauses.pop())
        return found

    monkeypatch.setattr(time, "time_ns", paused)
    moment = this_moment()
    assert not pauses
    apart = (moment.wall - calm.wall) / 1e6 - (moment.steady - calm.steady)
    assert abs(apart) < 0.05
