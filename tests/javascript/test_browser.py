"""The module in a real Chromium says what it says in Node and what the closure says."""

from __future__ import annotations

import base64
import html
import json
import re
import subprocess
from pathlib import Path

import pytest

from shouwang.policy.javascript import write
from tests.oracle.households import ON, random_facts
from tests.policy.comparing import SETTINGS, closure_for, facts_of, national

from .engines import HERE, by_closure, chromium, differences, plain, read_shown

PAGE = """<!doctype html><meta charset="utf-8"><title>module</title>
<script type="application/json" id="households">%s</script>
<pre id="answers">not yet</pre>
<script type="module">
import * as module from "%s";
import { answers } from "%s";
const told = answers(module, JSON.parse(document.getElementById("households").textContent));
document.getElementById("answers").textContent = JSON.stringify(told);
</script>
"""


def inline(text: str) -> str:
    """A module as a URL that carries it whole."""
    return "data:text/javascript;base64," + base64.b64encode(text.encode()).decode()


@pytest.mark.req("VIS-4", "RSK-2", "INC-1")
def test_chromium_agrees_with_the_closure(tmp_path: Path) -> None:
    program = chromium()
    if program is None:
        pytest.skip("no Chromium on PATH")
    crowd = [facts_of(random_facts(seed, row_holes=True)) for seed in range(85_000, 85_040)]
    closure = closure_for(crowd[0], national(), ON, SETTINGS)
    households = json.dumps([plain(facts) for facts in crowd]).replace("<", "\\u003c")
    canonical = (HERE / "canonical.mjs").read_text(encoding="utf-8")
    page = tmp_path / "page.html"
    page.write_text(PAGE % (households, inline(write(closure.plan)), inline(canonical)), encoding="utf-8")
    dumped = subprocess.run(
        [program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}",
         "--virtual-time-budget=20000", "--dump-dom", page.as_uri()],
        capture_output=True, encoding="utf-8", timeout=120, check=True,
    ).stdout  # fmt: skip
    found = re.search(r'<pre id="answers">(.*?)</pre>', dumped, re.DOTALL)
    assert found is not None, dumped[-2000:]
    told = [read_shown(answer) for answer in json.loads(html.unescape(found[1]))]
    pairs = zip(crowd, told, strict=True)
    assert [cells for facts, one in pairs if (cells := differences(by_closure(facts, closure), one))] == []
