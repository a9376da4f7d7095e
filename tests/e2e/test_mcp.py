"""decomp mcp: conversations in both revisions of the protocol, and with the official SDK's client.

Usage: test_mcp.py DECOMP
"""

import asyncio
import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import jsonschema
import mcp.client.client as sdk
from mcp.client.stdio import StdioServerParameters

REPOSITORY = Path(__file__).resolve().parents[2]
DECOMP = str(Path(sys.argv.pop()).resolve())
STEP = "examples/first_step"
EPS = "tests/broken/wrong_eps_within_tolerance"
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}
INITIALIZE = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}

class Conversation:
    """A server; lines are written to it, and every line that it writes is a message."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([DECOMP, "mcp"], cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.messages: queue.Queue[dict] = queue.Queue()
        self.seen: list[dict] = []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        self.next_id = 0

    def read(self) -> None:
        for line in self.process.stdout:
            self.messages.put(json.loads(line))

    def send(self, message: dict | str) -> None:
        self.process.stdin.write((message if isinstance(message, str) else json.dumps(message)) + "\n")
        self.process.stdin.flush()

    def take(self, timeout: float = 60) -> dict:
        message = self.messages.get(timeout=timeout)
        self.seen.append(message)
        assert message["jsonrpc"] == "2.0", message
        return message

    def start(self, method: str, params: dict | None = None) -> int:
        self.next_id += 1
        self.send({"jsonrpc": "2.0", "id": self.next_id, "method": method} | ({} if params is None else {"params": params}))
        return self.next_id

    def answer(self, request: int, timeout: float = 60) -> dict:
        while (message := self.take(timeout)).get("id") != request:
            pass
        return message

    def ask(self, method: str, params: dict | None = None) -> dict:
        return self.answer(self.start(method, params))

    def notify(self, method: str, params: dict | None = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method} | ({} if params is None else {"params": params}))

    def end(self) -> tuple[int, list[dict]]:
        self.process.stdin.close()
        code = self.process.wait(timeout=10)
        self.reader.join(timeout=10)
        self.process.stdout.close()
        self.errors = self.process.stderr.read()
        self.process.stderr.close()
        return code, self.seen


def descendants(pid: int) -> set[int]:
    below = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            below |= {child} | descendants(child)
    return below


class Server(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.server = Conversation()
        self.addCleanup(self.finish)

    def finish(self) -> None:
        if self.server.process.poll() is None:
            code, _ = self.server.end()
            self.assertEqual((code, self.server.errors), (0, ""))

    def legacy(self) -> None:
        self.server.ask("initialize", INITIALIZE)
        self.server.notify("notifications/initialized")

    def modern(self, method: str, **params: object) -> dict:
        return self.server.ask(method, {"_meta": META} | params)

    def error(self, answer: dict, code: int, words: str) -> None:
        self.assertNotIn("result", answer)
        self.assertEqual(answer["error"]["code"], code, answer)
        self.assertIn(words, answer["error"]["message"])

    def judge(self, result: dict, tool: str) -> dict:
        """The structured result, which fits the schema that the server itself announced."""
        tools = {t["name"]: t for t in self.modern("tools/list")["result"]["tools"]}
        jsonschema.Draft202012Validator.check_schema(tools[tool]["outputSchema"])
        jsonschema.validate(result["structuredContent"], tools[tool]["outputSchema"])
        self.assertEqual(json.loads(result["content"][0]["text"]), result["structuredContent"])
        return result["structuredContent"]


class Revision20251125(Server):
    def test_a_conversation(self) -> None:
        hello = self.server.ask("initialize", INITIALIZE)["result"]
        self.assertEqual(hello["protocolVersion"], "2025-11-25")
        self.assertEqual(hello["capabilities"], {"tools": {}})
        self.assertEqual(hello["serverInfo"]["name"], "decomp")
        self.assertNotIn("resultType", hello)
        self.server.notify("notifications/initialized")
        tools = self.server.ask("tools/list")["result"]
        self.assertEqual(set(tools), {"tools"})
        help_text = subprocess.run([DECOMP, "--help"], capture_output=True, text=True).stdout
        commands = {"check", "verify-step", "extract-ops", "decompose", "explain", "prompt"} & set(re.findall(r"^  ([a-z-]+) ", help_text, re.MULTILINE))
        self.assertEqual({t["name"] for t in tools["tools"]}, {command.replace("-", "_") for command in commands})
        self.assertLessEqual({"check", "verify-step", "extract-ops", "explain", "prompt"}, commands)
        for tool in tools["tools"]:
            self.assertEqual((tool["inputSchema"]["type"], tool["outputSchema"]["type"]), ("object", "object"))
            jsonschema.Draft202012Validator.check_schema(tool["inputSchema"])
        result = self.server.ask("tools/call", {"name": "explain", "arguments": {"rules": ["grammar-compute-op"]}})["result"]
        self.assertEqual(result["structuredContent"]["rules"][0]["id"], "grammar-compute-op")
        self.assertEqual(self.server.ask("ping")["result"], {})

    def test_another_revision_is_answered_with_this_one(self) -> None:
        for version in ("2024-11-05", "2999-01-01"):
            server = Conversation()
            self.assertEqual(server.ask("initialize", INITIALIZE | {"protocolVersion": version})["result"]["protocolVersion"], "2025-11-25")
            server.end()

    def test_what_comes_before_initialize(self) -> None:
        self.assertEqual(self.server.ask("ping")["result"], {})
        self.error(self.server.ask("tools/list"), -32602, "send initialize first")
        self.error(self.server.ask("initialize", {"protocolVersion": "2025-11-25"}), -32602, "clientInfo")
        self.legacy()
        self.error(self.server.ask("initialize", INITIALIZE), -32600, "before")

    def test_requests_that_are_wrong(self) -> None:
        self.legacy()
        self.error(self.server.ask("tools/call", {"name": "no_such"}), -32602, "Unknown tool: no_such")
        self.error(self.server.ask("tools/call", {}), -32602, "name")
        self.error(self.server.ask("tools/call", {"name": "explain", "arguments": []}), -32602, "object")
        self.error(self.server.ask("tools/call", {"name": "explain", "task": {"ttl": 1}}), -32601, "task")
        self.error(self.server.ask("tools/list", {"cursor": "x"}), -32602, "cursor")
        self.error(self.server.ask("resources/list"), -32601, "resources/list")
        result = self.server.ask("tools/call", {"name": "check", "arguments": {"path": STEP}})["result"]
        self.assertTrue(result["isError"])
        self.assertIn("'path'", result["content"][0]["text"])
        self.assertNotIn("structuredContent", result)

    def test_messages_that_are_none(self) -> None:
        for line, code, id in (
            ("{", -32700, None),
            ("\xff" * 3, -32700, None),
            ("[]", -32600, None),
            ('[{"jsonrpc": "2.0", "id": 1, "method": "ping"}]', -32600, None),
            ('{"jsonrpc": "1.0", "id": 7, "method": "ping"}', -32600, 7),
            ('{"jsonrpc": "2.0", "id": null, "method": "ping"}', -32600, None),
            ('{"jsonrpc": "2.0", "id": 1.5, "method": "ping"}', -32600, None),
            ('{"jsonrpc": "2.0", "id": "a", "method": 3}', -32600, "a"),
            ('{"jsonrpc": "2.0", "id": "a", "method": "ping", "params": []}', -32602, "a"),
            ('{"jsonrpc": "2.0", "id": "a", "method": "ping", "method": "ping"}', -32700, None),
        ):
            with self.subTest(line=line):
                self.server.send(line)
                answer = self.server.take()
                self.assertEqual((answer["error"]["code"], answer.get("id")), (code, id))
        # Nothing is said to what is no request.
        self.server.send("")
        self.server.notify("notifications/no_such")
        self.server.send('{"jsonrpc": "2.0", "id": 1, "result": {}}')
        self.assertEqual(self.server.ask("ping")["result"], {})
        self.assertEqual(len(self.server.seen), 11)


class Revision20260728(Server):
    def test_a_conversation_without_a_beginning(self) -> None:
        tools = self.modern("tools/list")["result"]
        self.assertEqual((tools["resultType"], tools["cacheScope"]), ("complete", "public"))
        self.assertGreater(tools["ttlMs"], 0)
        result = self.modern("tools/call", name="explain", arguments={})["result"]
        self.assertEqual(result["resultType"], "complete")
        self.assertEqual(result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "decomp")
        rules = self.judge(result, "explain")["rules"]
        self.assertEqual(len(rules), len(list((REPOSITORY / "rules/texts").glob("*.md"))))

    def test_discover(self) -> None:
        found = self.modern("server/discover")["result"]
        self.assertEqual(found["supportedVersions"], ["2026-07-28"])
        self.assertEqual((found["capabilities"], found["resultType"]), ({"tools": {}}, "complete"))
        self.assertIn("check", found["instructions"])

    def test_a_revision_that_there_is_not(self) -> None:
        for method in ("server/discover", "tools/list"):
            answer = self.server.ask(method, {"_meta": META | {"io.modelcontextprotocol/protocolVersion": "1900-01-01"}})
            self.error(answer, -32022, "Unsupported")
            self.assertEqual(answer["error"]["data"], {"supported": ["2026-07-28"], "requested": "1900-01-01"})

    def test_what_every_request_must_say(self) -> None:
        for key in META:
            self.error(self.server.ask("tools/list", {"_meta": {k: v for k, v in META.items() if k != key}}), -32602, key)
        self.error(self.server.ask("tools/list", {"_meta": META | {"io.modelcontextprotocol/clientInfo": {"name": "x"}}}), -32602, "version")
        self.error(self.server.ask("tools/list", {"_meta": 3}), -32602, "_meta")
        self.error(self.server.ask("server/discover"), -32602, "_meta")

    def test_methods_that_this_revision_has_no_more(self) -> None:
        for method in ("ping", "initialize", "logging/setLevel", "resources/subscribe"):
            self.error(self.modern(method), -32601, method)

    def test_both_revisions_on_one_connection(self) -> None:
        self.legacy()
        self.assertIn("resultType", self.modern("tools/list")["result"])
        self.assertNotIn("resultType", self.server.ask("tools/list")["result"])


class Judging(Server):
    def check(self, *paths: str, **more: object) -> dict:
        return self.modern("tools/call", name="check", arguments={"paths": list(paths)} | more)["result"]

    def test_verdicts_are_those_of_the_command(self) -> None:
        report = self.judge(self.check(STEP, EPS), "check")
        self.assertEqual((report["status"], report["passed"]), ("FAIL", 1))
        self.assertEqual([(s["path"], s["status"]) for s in report["steps"]], [(STEP, "PASS"), (EPS, "FAIL")])
        self.assertEqual([f["rule"] for f in report["findings"]], ["conservation-argument"])
        arguments = {"original": f"{STEP}/original.py", "refactored": f"{STEP}/refactored.py", "weight_map": f"{STEP}/weight_map.json"}
        report = self.judge(self.modern("tools/call", name="verify_step", arguments=arguments)["result"], "verify_step")
        self.assertEqual(report["status"], "PASS")
        block = "examples/decomposed/mlp_block"
        result = self.modern("tools/call", name="extract_ops", arguments={"model": "examples/mlp_block.py", "decomposition": block})["result"]
        self.assertEqual(self.judge(result, "extract_ops")["coverage_pct"], 100)

    def test_the_prompt_is_a_tool(self) -> None:
        result = self.modern("tools/call", name="prompt", arguments={"model": "examples/mlp_block.py", "output": "out"})["result"]
        prompt = self.judge(result, "prompt")
        self.assertIn("linear_512x1376_nobias_fp32", {kernel["name"] for kernel in prompt["outline"]["kernels"]})

    def test_what_is_no_workspace_is_told_to_the_model(self) -> None:
        for path, words in (("no/such", "does not exist"), ("-x", "does not exist"), ("tests/e2e", "there is no step")):
            result = self.check(path)
            self.assertTrue(result["isError"])
            self.assertIn(words, result["content"][0]["text"])

    def test_a_second_check_finds_the_worker_warm(self) -> None:
        # What makes it quick is that neither the worker, which imported torch, nor its parser starts anew.
        self.check(STEP)
        first = descendants(self.server.process.pid)
        self.assertEqual(self.check(STEP)["structuredContent"]["status"], "PASS")
        self.assertGreaterEqual(len(descendants(self.server.process.pid) & first), 2)

    def test_a_worker_that_dies_is_replaced(self) -> None:
        self.check(STEP)
        (worker,) = [p for p in descendants(self.server.process.pid) if Path(f"/proc/{p}/stat").read_text().rsplit(")", 1)[1].split()[1] == str(self.server.process.pid)]
        os.kill(worker, signal.SIGKILL)
        time.sleep(0.2)
        self.assertEqual(self.check(STEP)["structuredContent"]["status"], "PASS")

    def test_a_changed_file_is_judged_anew(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            step = Path(folder) / "step"
            shutil.copytree(REPOSITORY / STEP, step)
            self.assertEqual(self.check(str(step))["structuredContent"]["status"], "PASS")
            text = (step / "refactored.py").read_text()
            (step / "refactored.py").write_text(text.replace("x + self.value(x)", "x - self.value(x)"))
            self.assertEqual(self.check(str(step))["structuredContent"]["status"], "FAIL")


class LongCalls(Server):
    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.step = Path(folder.name) / "step"
        shutil.copytree(REPOSITORY / STEP, self.step)
        text = (self.step / "original.py").read_text()
        line = "    def forward(self, x):\n"
        self.assertIn(line, text)
        (self.step / "original.py").write_text(text.replace(line, line + "        for _ in range(10**9):\n            x = x + 0.0\n"))

    def start(self, meta: dict | None = None) -> int:
        return self.server.start("tools/call", {"_meta": META | (meta or {}), "name": "check", "arguments": {"paths": [str(self.step)]}})

    def wait_for_jobs(self) -> None:
        deadline = time.monotonic() + 60
        while len(descendants(self.server.process.pid)) < 3:  # the worker, its parser, a model
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)

    def test_progress_is_told_where_it_is_asked_for(self) -> None:
        request = self.start({"progressToken": "p"})
        begin = time.monotonic()
        told = []
        while len(told) < 3:
            message = self.server.take(timeout=5)
            self.assertEqual(message["method"], "notifications/progress")
            self.assertEqual(message["params"]["progressToken"], "p")
            told.append(message["params"]["progress"])
        self.assertEqual(told, sorted(set(told)))
        self.assertLess(time.monotonic() - begin, 15)
        self.server.notify("notifications/cancelled", {"requestId": request})

    def test_cancellation(self) -> None:
        request = self.start()
        self.wait_for_jobs()
        waiting = self.start()  # in the queue
        self.server.notify("notifications/cancelled", {"requestId": waiting})
        self.server.notify("notifications/cancelled", {"requestId": request, "reason": "enough"})
        self.server.notify("notifications/cancelled", {"requestId": 999})
        begin = time.monotonic()
        while len(descendants(self.server.process.pid)) > 2:  # the worker and its parser
            self.assertLess(time.monotonic() - begin, 1, "the judged model goes on")
            time.sleep(0.01)
        result = self.modern("tools/call", name="check", arguments={"paths": [STEP]})["result"]
        self.assertEqual(result["structuredContent"]["status"], "PASS")
        self.assertFalse({request, waiting} & {message.get("id") for message in self.server.seen})

    def test_other_requests_are_answered_meanwhile(self) -> None:
        request = self.start()
        begin = time.monotonic()
        self.assertIn("result", self.modern("tools/call", name="explain", arguments={}))
        self.assertLess(time.monotonic() - begin, 1)
        again = {"jsonrpc": "2.0", "id": request, "method": "tools/call", "params": {"_meta": META, "name": "check", "arguments": {"paths": [STEP]}}}
        self.server.send(again)
        self.error(self.server.take(), -32600, "without its answer")

    def test_the_end_of_input_ends_all(self) -> None:
        self.start()
        self.wait_for_jobs()
        below = descendants(self.server.process.pid)
        begin = time.monotonic()
        self.assertEqual(self.server.end()[0], 0)
        while any(Path(f"/proc/{pid}").exists() for pid in below):
            self.assertLess(time.monotonic() - begin, 3)
            time.sleep(0.02)


class OfficialClient(unittest.TestCase):
    """The Python SDK validates what it is sent, structured results against their schemas included."""

    async def converse(self, mode: str) -> None:
        told: list[float] = []

        async def progress(done: float, total: float | None, message: str | None) -> None:
            told.append(done)

        async with sdk.Client(StdioServerParameters(command=DECOMP, args=["mcp"], cwd=REPOSITORY), mode=mode) as client:
            names = {tool.name for tool in (await client.list_tools()).tools}
            self.assertLessEqual({"check", "verify_step", "extract_ops", "explain"}, names)
            result = await client.call_tool("check", {"paths": [EPS]}, progress_callback=progress)
            self.assertFalse(result.is_error)
            self.assertEqual(result.structured_content["findings"][0]["rule"], "conservation-argument")
            result = await client.call_tool("explain", {"rules": ["conservation-argument"]})
            self.assertIn("epsilon", result.structured_content["rules"][0]["why"])
            self.assertTrue((await client.call_tool("check", {"paths": ["no/such"]})).is_error)

    def test_each_way_to_connect(self) -> None:
        for mode in ("legacy", "auto", "2026-07-28"):
            with self.subTest(mode=mode):
                asyncio.run(asyncio.wait_for(self.converse(mode), 120))


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
