#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the agent publishes, in a real Prometheus: scraped from node_exporter's textfile collector, judged by the alerts that are
shipped, asked by each query of the dashboard. Two users of one computer see one token.

usage: monitoring_test.py SOURCE METRICS     METRICS: a file that an agent has written
exit 77 with SKIPPED where Prometheus is not installed
"""
import json
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

SOURCE, METRICS = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
WAIT = 60
failures = []


def check(what, holds, seen=""):
    print(("ok: " if holds else "FAILED: ") + what + (f" ({seen})" if seen and not holds else ""))
    if not holds:
        failures.append(what)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url):
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as answer:
        return answer.read().decode()


def until(what, holds):
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        try:
            if found := holds():
                return found
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.2)
    raise SystemExit(f"FAILED: {what} within {WAIT} s")


def without_variables(expression):
    """As Grafana fills them in for "All"."""
    return re.sub(r"\$(user|bank)", ".*", expression)


def rows_of(prometheus, expression):
    answer = json.loads(fetch(f"{prometheus}/api/v1/query?" + urllib.parse.urlencode({"query": expression})))
    assert answer["status"] == "success", answer
    return answer["data"]["result"]


def rules(work):
    shutil.copy(SOURCE / "packaging/prometheus/koshin.rules.yml", work)
    shutil.copy(SOURCE / "tests/resident/koshin_rules_test.yml", work)
    for arguments in (["check", "rules", "koshin.rules.yml"], ["test", "rules", "koshin_rules_test.yml"]):
        run = subprocess.run(["promtool", *arguments], cwd=work, capture_output=True, text=True, check=False)
        check("promtool " + " ".join(arguments), run.returncode == 0, run.stdout + run.stderr)


def publish(work):
    """One user's file is the agent's own; another user of the computer sees the same token, and it has expired for the third."""
    own = METRICS.read_text()
    user = re.search(r'user="([^"]*)"', own)
    check("the agent says whose it is", user is not None and user.group(1) != "")
    folder = work / "textfiles"
    folder.mkdir()
    (folder / "koshin-one.prom").write_text(own)
    (folder / "koshin-other.prom").write_text(own.replace(user.group(0), 'user="hana"'))
    expired = re.sub(r"(not_after_timestamp_seconds\{.*\}) \d+", r"\1 1000000000", own)
    (folder / "koshin-third.prom").write_text(expired.replace(user.group(0), 'user="jiro"'))
    return folder, user.group(1)


def start(work, folder):
    exporter, prometheus = free_port(), free_port()
    (work / "prometheus.yml").write_text(
        "global: { scrape_interval: 1s, evaluation_interval: 1s }\n"
        "rule_files: [koshin.rules.yml]\n"
        "scrape_configs:\n  - job_name: node\n    static_configs:\n"
        f"      - targets: ['127.0.0.1:{exporter}']\n")
    programs = [
        ["prometheus-node-exporter", "--collector.disable-defaults", "--collector.textfile",
         f"--collector.textfile.directory={folder}", f"--web.listen-address=127.0.0.1:{exporter}"],
        ["prometheus", f"--config.file={work}/prometheus.yml", f"--storage.tsdb.path={work}/data",
         f"--web.listen-address=127.0.0.1:{prometheus}"]]
    log = open(work / "log", "w", encoding="utf-8")
    return [subprocess.Popen(one, stdout=log, stderr=log) for one in programs], exporter, prometheus


def ask(exporter, prometheus, user):
    text = until("node_exporter answers", lambda: fetch(f"http://127.0.0.1:{exporter}/metrics"))
    check("node_exporter takes the files", "node_textfile_scrape_error 0" in text)
    server = f"http://127.0.0.1:{prometheus}"
    users = until("Prometheus has the three users' samples",
                  lambda: (rows := rows_of(server, "koshin_certificate_not_after_timestamp_seconds")) and len(
                      {row["metric"]["user"] for row in rows}) == 3 and rows)
    check("no sample is lost to another user's", {row["metric"]["user"] for row in users} == {user, "hana", "jiro"})
    alerts = until("the expired one is told of", lambda: rows_of(server, 'ALERTS{alertname="KoshinCertificateExpired",alertstate="firing"}'))
    check("and only that one", [alert["metric"]["user"] for alert in alerts] == ["jiro"], alerts)
    dashboard = json.loads((SOURCE / "packaging/prometheus/koshin-dashboard.json").read_text())
    quiet = {"PINs that want attention"}  # nothing is wrong with this token's
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            rows = rows_of(server, without_variables(target["expr"]))
            check(f"dashboard: {panel['title']}", bool(rows) != (panel["title"] in quiet), rows)
    value = rows_of(server, without_variables(dashboard["panels"][0]["targets"][0]["expr"]))[0]["value"][1]
    check("it counts the expired one", value == "1", value)
    for variable in dashboard["templating"]["list"][1:]:
        label = re.search(r", (\w+)\)", variable["definition"]).group(1)
        answer = json.loads(fetch(f"{server}/api/v1/label/{label}/values"))
        check(f"the dashboard's choice of {label} can be asked for", answer["status"] == "success", answer)


def main():
    if missing := [one for one in ("promtool", "prometheus", "prometheus-node-exporter") if not shutil.which(one)]:
        print("SKIPPED: not installed: " + ", ".join(missing))
        return 77
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        rules(work)
        folder, user = publish(work)
        programs, exporter, prometheus = start(work, folder)
        try:
            ask(exporter, prometheus, user)
        finally:
            for program in programs:
                program.send_signal(signal.SIGTERM)
            for program in programs:
                program.wait(timeout=WAIT)
    print(f"{len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
