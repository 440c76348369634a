"""Measures aerospike-py with its AsyncClient: the same loops, keys and records as the JavaScript clients.

`measure.py <job as JSON>` connects, warms up and prints `result: "ready"`; then it measures a round for each line of
standard input, and prints it as JSON.
"""

import asyncio
import gc
import json
import resource
import sys
import time

import aerospike_py
from aerospike_py import AsyncClient

RECORDS = 10_000
NAMESPACE, GET_SET, PUT_SET, OPERATE_SET = "test", "bench-get", "bench-put", "bench-operate"
WRITE_EVERY = 5
MASK = 0xFFFFFFFF


def random_indexes(loop):
    """The same sequence as `randomIndexes` of suites/data.ts."""
    state = ((loop + 1) * 2_654_435_761) & MASK
    while True:
        state = (state * 1_664_525 + 1_013_904_223) & MASK
        yield (state >> 8) % RECORDS


def user_bins(index):
    return {"name": f"user {index} of the benchmark", "visits": index, "score": index + 0.5}


def operations_of(client, suite):
    """An async function of an index, which checks its result."""

    async def get(index):
        record = await client.get((NAMESPACE, GET_SET, f"user-{index}"))
        if record.bins["visits"] != index:
            raise RuntimeError("the record is not what is stored")

    async def put(index):
        await client.put((NAMESPACE, PUT_SET, f"user-{index}"), user_bins(index))

    async def exists(index):
        found = await client.exists((NAMESPACE, GET_SET, f"user-{index}"))
        if found.meta is None:
            raise RuntimeError("the record is missing")

    async def mixed(index):
        await (put(index) if index % WRITE_EVERY == 0 else get(index))

    from aerospike_py import list_operations, map_operations

    async def operate(index):
        record = await client.operate(
            (NAMESPACE, OPERATE_SET, f"user-{index}"),
            [
                list_operations.list_get_by_rank_range("scores", -3, aerospike_py.LIST_RETURN_VALUE, 3),
                map_operations.map_put("counts", "last", index),
            ],
        )
        if sum(record.bins["scores"]) != 7 + 8 + 9:
            raise RuntimeError("the scores are not what is stored")

    return {"get": get, "put": put, "exists": exists, "mixed": mixed, "operate": operate}[suite]


async def run(work, job, latencies):
    left = job["operations"]
    # Calls that find no free connection fail in this client, and open its circuit breaker.
    free = asyncio.Semaphore(job["connections"])

    async def loop(number):
        nonlocal left
        for index in random_indexes(number):
            if left <= 0:
                return
            left -= 1
            start = time.perf_counter_ns()
            async with free:
                await work(index)
            latencies.append(time.perf_counter_ns() - start)

    await asyncio.gather(*(loop(number) for number in range(job["inFlight"])))


def cpu_us():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1e6


def resident_mib():
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize() / 2**20
    except OSError:
        return None


def percentile(ordered, share):
    return ordered[max(0, -int(-len(ordered) * share // 1) - 1)] / 1000


# As in harness/job.ts.
ROUND_WARMUP_MS = 200


async def warm_up(work, job, ms):
    end = time.perf_counter() + ms / 1000
    while True:
        await run(work, job, [])
        if time.perf_counter() >= end:
            break


async def measure_round(work, job):
    await warm_up(work, job, min(job["warmupMs"], ROUND_WARMUP_MS))
    gc.collect()
    latencies = []
    cpu, thread, start = cpu_us(), time.thread_time_ns(), time.perf_counter()
    await run(work, job, latencies)
    seconds = time.perf_counter() - start
    cpu, thread = cpu_us() - cpu, time.thread_time_ns() - thread
    latencies.sort()
    return {
        "operations": len(latencies),
        "seconds": seconds,
        "p50Us": percentile(latencies, 0.5),
        "p95Us": percentile(latencies, 0.95),
        "p99Us": percentile(latencies, 0.99),
        "p999Us": percentile(latencies, 0.999),
        "cpuUs": cpu,
        "jsUs": thread / 1000,
        "rssMiB": resident_mib(),
        "peakRssMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def report(result):
    print(f"result: {json.dumps(result)}", flush=True)


async def main():
    job = json.loads(sys.argv[1])
    policy = {"total_timeout": job["timeoutMs"]}
    client = AsyncClient(
        {
            "hosts": [(job["host"], job["port"])],
            "max_conns_per_node": job["connections"],
            "policies": {"read": policy, "write": policy},
        }
    )
    await client.connect()
    work = operations_of(client, job["suite"])
    await warm_up(work, job, job["warmupMs"])
    report("ready")
    # Read by another thread, so that the client's own tasks go on.
    while await asyncio.to_thread(sys.stdin.readline):
        report(await measure_round(work, job))
    await client.close()


asyncio.run(main())
