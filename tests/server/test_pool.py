"""The queue and the workers. A stopped worker stands for one that is busy, or hangs."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest

from tests.server.conftest import Serve, Server, run_serve

Later = Callable[[], "Future[httpx.Response]"]


@pytest.fixture(scope="module")
def small(serve: Serve) -> Server:
    """One worker, and room for one request more."""
    return serve(workers=1, queue=1, timeout=60)


@pytest.fixture
def later(portrait: bytes, small: Server) -> Iterator[Later]:
    """A function that asks without waiting for the answer."""
    with ThreadPoolExecutor() as threads:
        yield lambda: threads.submit(small.match, portrait)


def stopped(server: Server) -> psutil.Process:
    (worker,) = server.workers()
    worker.suspend()
    return worker


def wait_for(server: Server, metric: str, value: float) -> None:
    for _ in server.patiently(f"{metric} {value}"):
        if server.metric(metric) == value:
            return


def test_a_request_beyond_the_capacity_is_refused_at_once(
    small: Server, later: Later, portrait: bytes
) -> None:
    worker = stopped(small)
    answering = later()
    wait_for(small, "starlike_workers_busy", 1)
    waiting = later()
    wait_for(small, "starlike_queue_depth", 1)
    refused = small.match(portrait)
    assert refused.status_code == 503
    assert refused.json()["code"] == "busy"
    assert int(refused.headers["retry-after"]) >= 1
    assert not answering.done()
    worker.resume()
    assert answering.result().status_code == 200
    assert waiting.result().json() == answering.result().json()


def test_who_goes_away_while_waiting_leaves_room_for_others(
    small: Server, later: Later, portrait: bytes
) -> None:
    worker = stopped(small)
    answering = later()
    wait_for(small, "starlike_workers_busy", 1)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{small.client.base_url}/v1/match",
            content=portrait,
            headers={"Content-Type": "image/jpeg"},
            timeout=0.5,
        )
    wait_for(small, "starlike_queue_depth", 0)
    next_one = later()
    wait_for(small, "starlike_queue_depth", 1)
    worker.resume()
    assert answering.result().status_code == 200
    assert next_one.result().status_code == 200


def test_a_worker_that_dies_over_an_answer_is_replaced(
    small: Server, later: Later, portrait: bytes
) -> None:
    worker = stopped(small)
    answering = later()
    wait_for(small, "starlike_workers_busy", 1)
    worker.kill()
    lost = answering.result()
    assert lost.status_code == 503
    assert lost.json()["code"] == "worker_lost"
    assert lost.headers["retry-after"]
    assert small.match(portrait).status_code == 200


def test_a_worker_that_dies_while_it_waits_costs_nobody_anything(
    small: Server, portrait: bytes
) -> None:
    replaced = small.metric('starlike_workers_replaced_total{reason="died"}')
    (worker,) = small.workers()
    worker.kill()
    wait_for(small, 'starlike_workers_replaced_total{reason="died"}', replaced + 1)
    assert small.match(portrait).status_code == 200


def test_the_server_is_not_ready_while_no_worker_is(small: Server, portrait: bytes) -> None:
    (worker,) = small.workers()
    worker.kill()
    for _ in small.patiently("unready"):
        answer = small.client.get("/readyz")
        if answer.status_code == 503:
            break
    assert answer.json()["code"] == "not_ready"
    assert small.client.get("/healthz").status_code == 200
    assert small.match(portrait).status_code == 200
    assert small.client.get("/readyz").status_code == 200


def test_a_worker_that_hangs_is_replaced(serve: Serve, portrait: bytes) -> None:
    server = serve(timeout=3)
    stopped(server)
    hung = server.match(portrait)
    assert hung.status_code == 504
    assert hung.json()["code"] == "timeout"
    server.wait_ready(workers=1)
    assert server.match(portrait).status_code == 200


def test_who_waits_too_long_for_a_worker_is_told_that_all_are_busy(
    serve: Serve, portrait: bytes
) -> None:
    server = serve(timeout=3)
    stopped(server)
    with ThreadPoolExecutor() as threads:
        first = threads.submit(server.match, portrait)
        wait_for(server, "starlike_workers_busy", 1)
        second = threads.submit(server.match, portrait)
        assert first.result().json()["code"] == "timeout"
        assert second.result().json().get("code", "answered") in {"busy", "answered"}


@pytest.mark.parametrize("heard", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_the_server_finishes_what_is_in_hand(
    serve: Serve, portrait: bytes, heard: signal.Signals
) -> None:
    server = serve(timeout=60)
    worker = stopped(server)
    with ThreadPoolExecutor() as threads:
        answering = threads.submit(server.match, portrait)
        wait_for(server, "starlike_workers_busy", 1)
        waiting = threads.submit(server.match, portrait)
        wait_for(server, "starlike_queue_depth", 1)
        server.process.send_signal(heard)
        for _ in server.patiently("closing"):
            if "Shutting down" in server.log():
                break
        worker.resume()
        assert answering.result().status_code == 200
        assert waiting.result().status_code == 200
    assert server.process.wait(60) == 0
    assert not worker.is_running()


@pytest.mark.skipif(not Path("/proc").exists(), reason="only Linux tells which signals are heard")
def test_told_to_end_while_it_starts_the_server_leaves_at_once_and_quietly() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "starlike", "serve", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not hears(process.pid, signal.SIGTERM):
            assert process.poll() is None
            time.sleep(0.001)
        process.terminate()
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert said == ""


def hears(pid: int, told: signal.Signals) -> bool:
    """Whether a process has a handler for a signal."""
    status = Path(f"/proc/{pid}/status").read_text()
    (mask,) = re.findall(r"^SigCgt:\s+(\w+)$", status, re.M)
    return bool(int(mask, 16) >> (told - 1) & 1)


def test_workers_end_with_a_server_that_is_killed(serve: Serve) -> None:
    server = serve()
    workers = server.workers()
    server.process.kill()
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert not alive


def test_a_model_folder_that_is_damaged_is_told_before_anything_starts(tmp_path: Path) -> None:
    run = run_serve(model=tmp_path / "none")
    assert run.returncode == 2
    assert "there is no such model folder" in run.stderr
    assert "Traceback" not in run.stderr
