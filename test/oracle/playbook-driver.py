"""Runs playbooks with ansible-playbook's own code, each in a fork of a process that has imported it already.

Reads a line of JSON a playbook, `{id, dir, args, log}`; prints a line of JSON for each that has ended, `{id, code, error,
steps, recap}`. Of a step it tells `{play, task, action, kind, host, outcome, ignored, result}` in the order that Ansible tells them.

What the tests wait for is Ansible's processor time, so what it only spends on being sent over a network and on waiting is
left out: the modules' code, which each run of one unpacks and compiles, lies unpacked and compiled on the disk; and who
waits for a worker looks less often.
"""
import base64
import dataclasses
import io
import json
import os
import sys
import tempfile
import time
import types
import zipfile

from ansible import cli
from ansible.cli.playbook import PlaybookCLI
from ansible.executor import module_common, playbook_executor, task_executor  # noqa: F401 (what each fork would import)
from ansible.executor.task_queue_manager import TaskQueueManager
from ansible.playbook.task_include import TaskInclude
from ansible.plugins.callback import CallbackBase
from ansible.plugins import loader, strategy
from ansible.plugins.strategy import free, linear  # noqa: F401
from ansible.template import Templar  # noqa: F401

AT_ONCE = 2


class Events(CallbackBase):
    CALLBACK_NAME = "events"

    def __init__(self):
        super().__init__()
        self.steps = []
        self.recap = {}
        self.play = ""
        self.batches = 0

    def v2_playbook_on_play_start(self, play):
        self.play = play.get_name()
        self.batches += 1  # each batch of a play starts it anew

    def tell(self, result, outcome, ignored=False):
        task = result.task
        self.steps.append({
            "play": self.play,
            "task": task.get_name().strip(),
            "id": f"{self.batches} {task._uuid}",
            "action": str(task.action).rpartition(".")[2],
            "kind": "include" if isinstance(task, TaskInclude) else "task",
            "host": result.host.get_name(),
            "outcome": outcome,
            "ignored": ignored,
            "result": json.loads(json.dumps(result.result, default=str)),
        })

    def v2_runner_on_ok(self, result):
        self.tell(result, "changed" if result.is_changed() else "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.tell(result, "failed", bool(ignore_errors))

    def v2_runner_on_unreachable(self, result):
        self.tell(result, "unreachable", bool(result.task.ignore_unreachable))

    def v2_runner_on_skipped(self, result):
        self.tell(result, "skipped")

    def v2_playbook_on_stats(self, stats):
        self.recap = {host: stats.summarize(host) for host in sorted(stats.processed)}


events = Events()


def load_callbacks(manager):
    if not manager._callback_plugins:
        events._init_callback_methods()
        manager._callback_plugins.append(events)


TaskQueueManager.load_callbacks = load_callbacks


def unpack_modules(folder):
    """Has Ansible's own modules import from `folder` the files that it sends with them otherwise, each time anew."""
    dump = module_common._CachedModule.dump

    def unpacked(module, path):
        if not os.path.basename(path).startswith("ansible.modules."):
            dump(module, path)
            return
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(module.zip_data))) as sent:
            # Modules that run now may read what they share with this one.
            new = [name for name in sent.namelist() if not os.path.exists(os.path.join(folder, name))]
            with tempfile.TemporaryDirectory(dir=folder) as work:
                sent.extractall(work, new)
                for name in new:
                    os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
                    os.rename(os.path.join(work, name), os.path.join(folder, name))
        nothing = io.BytesIO()
        zipfile.ZipFile(nothing, "w").close()
        dump(dataclasses.replace(module, zip_data=base64.b64encode(nothing.getvalue())), path)

    here = "sys.path.insert(0, modlib_path)"
    assert here in module_common._ANSIBALLZ_CODE
    module_common._ANSIBALLZ_CODE = module_common._ANSIBALLZ_CODE.replace(here, f"sys.path[:0] = [modlib_path, {folder!r}]")
    module_common._CachedModule.dump = unpacked


def load_plugins():
    """What each fork would read and compile anew; plugins of variables are kept as they were loaded, so not these."""
    loader.init_plugin_loader()
    cli.init_plugin_loader = lambda *_: None
    for kind in ("action", "become", "cache", "connection", "inventory", "shell"):
        for _ in getattr(loader, f"{kind}_loader").all(class_only=True):
            pass


def look_less_often():
    """Ten thousand times a second is what it does otherwise, in each of the runs."""
    strategy.time = types.SimpleNamespace(sleep=lambda seconds: time.sleep(max(seconds, 0.002)))


def play(case):
    os.chdir(case["dir"])
    log = os.open(case["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    code, error = 0, None
    try:
        code = PlaybookCLI(["ansible-playbook", *case["args"]]).run()
    except SystemExit as ended:
        code, error = ended.code, "exit"
    except Exception as problem:
        error = f"{type(problem).__name__}: {problem}"
    return {"id": case["id"], "code": code, "error": error, "steps": events.steps, "recap": events.recap}


def fork(case, answer):
    child = os.fork()
    if child != 0:
        return child
    status = 1
    try:
        told = play(case)
        with open(answer, "w") as file:
            json.dump(told, file)
        status = 0
    finally:
        os._exit(status)


def main():
    print(json.dumps("ready"), flush=True)
    running = {}
    load_plugins()
    look_less_often()
    with tempfile.TemporaryDirectory() as answers, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as modules:
        os.chmod(modules, 0o755)  # for those who run as somebody else
        unpack_modules(modules)

        def one_ends():
            child, status = os.wait()
            case, answer = running.pop(child)
            if status != 0:
                print(json.dumps({"id": case["id"], "code": -1, "error": f"The fork ended with {status}", "steps": [], "recap": {}}), flush=True)
                return
            with open(answer) as file:
                print(file.read(), flush=True)

        for line in sys.stdin:
            case = json.loads(line)
            if len(running) == AT_ONCE:
                one_ends()
            answer = os.path.join(answers, str(case["id"]))
            running[fork(case, answer)] = (case, answer)
        while running:
            one_ends()


main()
