"""Runs ansible-inventory and host patterns over many inventories. Reads and prints JSON."""
import contextlib
import io
import json
import multiprocessing
import os
import sys
import zlib

# A source that cannot be read is an error, as it is in hlb, and not the warning that it is by default.
os.environ["ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED"] = "1"

from ansible.cli.inventory import InventoryCLI
from ansible.inventory.group import Group
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader


def run_inventory(sources, basedir, args):
    command = ["ansible-inventory", *[part for source in sources for part in ("-i", source)], *args]
    if basedir:
        command += ["--playbook-dir", basedir]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            InventoryCLI(command).run()
        except SystemExit:
            pass
    return out.getvalue()


def match_hosts(sources, patterns, seed):
    # Ansible walks groups as a set, in the order of their addresses in memory; here the seed decides.
    Group.__hash__ = lambda group: zlib.crc32(group.name.encode(), seed)
    found = []
    for one in patterns:
        try:
            manager = InventoryManager(DataLoader(), sources)
            manager.subset(one.get("limit"))
            found.append([host.name for host in manager.get_hosts(one["pattern"], order=one.get("order"))])
        except Exception as error:
            found.append({"error": str(error)})
    return found


def answer(job):
    kind, *args = job
    with contextlib.redirect_stderr(io.StringIO()):
        try:
            return match_hosts(*args) if kind == "match" else run_inventory(*args)
        except Exception as error:
            return {"error": str(error)}


def jobs_of(case):
    sources, basedir = case["sources"], case.get("playbookDir")
    yield ("run", sources, basedir, ["--list"])
    yield ("run", sources, basedir, ["--graph"])
    for host in case.get("hosts", []):
        yield ("run", sources, basedir, ["--host", host])
    if "patterns" in case:
        for seed in range(6):
            yield ("match", sources, case["patterns"], seed)


if __name__ == "__main__":
    cases = json.load(sys.stdin)
    # A process each: the options of Ansible's command line can be set once in the life of one.
    with multiprocessing.get_context("fork").Pool(2, maxtasksperchild=1) as pool:
        print(json.dumps([pool.map(answer, jobs_of(case), chunksize=1) for case in cases]))
