#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the agent publishes, in a real Prometheus: scraped from node_exporter's textfile collector, judged by the alerts that are
shipped, asked by each query of the dashboard. Three users of one computer, accounts of their own, publish in one folder as
docs/agent.md makes it: two of them see one token, the third one's certificate has expired. Needs root.

usage: monitoring_test.py SOURCE METRICS BUILD     METRICS: a file that root's agent has written
exit 77 with SKIPPED where Prometheus is not installed, or no users can be made
"""
import os
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

SOURCE, METRICS, BUILD = (pathlib.Path(one) for one in sys.argv[1:4])
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


class Person:
    """A user of this machine, with a token, settings that root has written, and an agent; removed at the end."""

    def __init__(self, work, name, group):
        self.name, self.home = f"koshin-{name}-{os.getpid()}", work / name
        self.home.mkdir()
        command("useradd", "--no-create-home", "--home-dir", self.home, "--shell", "/usr/sbin/nologin", "--user-group", "--groups", group, self.name)
        shutil.chown(self.home, self.name, self.name)
        self.home.chmod(0o700)
        self.agent = None

    def environment(self):
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.home), "XDG_STATE_HOME": f"{self.home}/state", "XDG_RUNTIME_DIR": f"{self.home}/run",
                "XDG_CONFIG_HOME": f"{self.home}/config", "SOFTHSM2_CONF": f"{self.home}/softhsm2.conf", "PCSCLITE_CSOCK_NAME": f"{self.home}/no-pcscd"}

    def words(self, *words):
        return ["setpriv", f"--reuid={self.name}", f"--regid={self.name}", "--init-groups", *map(str, words)]

    def run(self, *words):
        return subprocess.run(self.words(*words), env=self.environment(), cwd="/", capture_output=True, text=True, check=False)

    def take_token(self, tokens):
        """A copy of these files of SoftHSM's."""
        shutil.copytree(tokens, self.home / "tokens")
        (self.home / "run").mkdir(mode=0o700)
        (self.home / "softhsm2.conf").write_text(f"directories.tokendir = {self.home}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
        command("chown", "-R", f"{self.name}:", self.home)

    def start_agent(self, settings):
        log = open(self.home.parent / f"{self.name}.log", "w", encoding="utf-8")
        # As in its unit, where UMask=0077 is set: the exporter reads the file all the same.
        self.agent = subprocess.Popen(self.words(self.home.parent / "bin/koshin-agent", "--settings", settings), env=self.environment(), cwd="/", umask=0o077,
                                      stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def said(self):
        return (self.home.parent / f"{self.name}.log").read_text()

    def remove(self):
        if self.agent:
            self.agent.terminate()
            self.agent.wait(timeout=WAIT)
        subprocess.run(["userdel", "--force", self.name], capture_output=True, check=False)


def command(*words):
    subprocess.run([str(word) for word in words], check=True, capture_output=True)


def make_folder(work, group):
    """As the shipped file of tmpfiles.d says, below `work`, with this test's group in koshin-metrics' place."""
    text = (SOURCE / "packaging/prometheus/koshin-metrics.tmpfiles.conf").read_text()
    recipe = work / "tmpfiles.conf"
    recipe.write_text(text.replace("/var/lib/koshin", f"{work}/koshin").replace("koshin-metrics -", f"{group} -"))
    command("systemd-tmpfiles", "--create", recipe)
    folder = work / "koshin/node-exporter"
    status = folder.stat()
    check("the folder is root's, sticky, and its group's to write to", (oct(status.st_mode), status.st_uid, folder.group()) == ("0o41775", 0, group), oct(status.st_mode))
    return folder


def tokens_of(work, name, days):
    """A token with a certificate that expires in so many days."""
    place = work / f"made-{name}"
    place.mkdir()
    made = subprocess.run([BUILD / "bin/koshin-provision", place, str(days)], env={**os.environ, "HOME": str(place)}, check=True, capture_output=True, text=True)
    facts = dict(line.split("=", 1) for line in made.stdout.splitlines())
    tokens = re.search(r"directories.tokendir *= *(.*)", pathlib.Path(facts["SOFTHSM2_CONF"]).read_text()).group(1)
    return tokens, facts["MODULE"]


def publish(work, people, group):
    """Each by a real agent; root's file is the demonstration's."""
    folder = make_folder(work, group)
    tokens, module = tokens_of(work, "shared", 200)
    expired, _ = tokens_of(work, "expired", -1)
    settings = work / "koshin.toml"
    settings.write_text(f'token.modules = ["{module}"]\ntoken.rescan_interval = 60\nmetrics.textfile = "{folder}/koshin-%u.prom"\n')
    settings.chmod(0o644)
    hana, jiro, saburo = people
    for person, taken in ((hana, tokens), (jiro, tokens), (saburo, expired)):
        person.take_token(taken)
        person.start_agent(settings)
        file = folder / f"koshin-{person.name}.prom"
        until(f"{person.name}'s agent publishes: {person.said()}", file.exists)
        check("its file is its user's own", file.owner() == person.name and oct(file.stat().st_mode) == "0o100644", oct(file.stat().st_mode))
    (folder / "koshin-root.prom").write_text(METRICS.read_text())
    (folder / "koshin-root.prom").chmod(0o644)
    return folder, settings


def harm(folder, settings, people):
    """What docs/agent.md says of users who mean harm to each other."""
    hana, jiro, _ = people
    file = folder / f"koshin-{hana.name}.prom"
    before = file.read_text()
    check("another user reads it", jiro.run("cat", file).stdout == before)
    for words in (["rm", "-f", file], ["mv", "-f", file, folder / "aside.prom"], ["sh", "-c", f"echo >>'{file}'"], ["chmod", "666", file],
                  ["sh", "-c", f"echo 'x 1' >'{folder}/own' && mv -f '{folder}/own' '{file}'"], ["ln", "-sfT", "/dev/null", file]):
        check(f"another user cannot: {words[0]} {words[-2]}", jiro.run(*words).returncode != 0)
    check("and it is as it was", file.read_text() == before and file.owner() == hana.name)
    jiro.run("rm", "-f", folder / "own")
    # A name that is not taken yet.
    hana.agent.terminate()
    hana.agent.wait(timeout=WAIT)
    file.unlink()
    check("another user takes the name", jiro.run("sh", "-c", f"echo 'x 1' >'{file}'").returncode == 0)
    hana.start_agent(settings)
    until("its agent says so", lambda: "The metrics could not be written" in hana.said())
    check("and goes on", hana.agent.poll() is None)
    file.unlink()  # root
    hana.agent.terminate()
    hana.agent.wait(timeout=WAIT)
    hana.start_agent(settings)
    until("it publishes again", file.exists)
    # Samples that claim to be hana's.
    claim = folder / "claim.prom"
    script = f"sed 's/^\\(koshin_certificate_not_after.*}}\\) .*/\\1 77/' '{file}' >'{claim}' && chmod 644 '{claim}'"
    check("another user claims to be this one", jiro.run("sh", "-c", script).returncode == 0 and "} 77" in claim.read_text(), script)
    return claim


def start(work, folder):
    exporter, prometheus = free_port(), free_port()
    (work / "prometheus.yml").write_text(
        "global: { scrape_interval: 1s, evaluation_interval: 1s }\n"
        "rule_files: [koshin.rules.yml]\n"
        "scrape_configs:\n  - job_name: node\n    static_configs:\n"
        f"      - targets: ['127.0.0.1:{exporter}']\n")
    programs = [
        ["prometheus-node-exporter", "--collector.disable-defaults", "--collector.textfile",
         f"--collector.textfile.directory={folder.parent.parent}/*/node-exporter", f"--web.listen-address=127.0.0.1:{exporter}"],
        ["prometheus", f"--config.file={work}/prometheus.yml", f"--storage.tsdb.path={work}/data",
         f"--web.listen-address=127.0.0.1:{prometheus}"]]
    log = open(work / "log", "w", encoding="utf-8")
    return [subprocess.Popen(one, stdout=log, stderr=log) for one in programs], exporter, prometheus


def ask(exporter, prometheus, people, claim):
    page = f"http://127.0.0.1:{exporter}/metrics"
    until("node_exporter answers", lambda: fetch(page))
    server = f"http://127.0.0.1:{prometheus}"
    check("the file that comes first by its name stands in for the other", re.search(rf'not_after_timestamp_seconds{{.*user="{people[0].name}".*}} 77$', fetch(page), re.M))
    counted = re.search(r'handler_errors_total{cause="gathering"} (\d+)', fetch(page))
    check("node_exporter counts that", counted and int(counted.group(1)) > 0, counted)
    claim.unlink()
    check("node_exporter takes the files", "node_textfile_scrape_error 0" in fetch(page))
    wanted = {"root", *(person.name for person in people)}
    users = until("Prometheus has all users' samples",
                  lambda: (rows := rows_of(server, "koshin_certificate_not_after_timestamp_seconds")) and
                  {row["metric"]["user"] for row in rows} == wanted and rows)
    serials = {row["metric"]["user"]: row["metric"]["serial"] for row in users}
    hana, jiro, saburo = (person.name for person in people)
    check("two users see one token", serials[hana] == serials[jiro] and len(set(serials.values())) == 3, serials)
    until("the expired one is told of, and only that one",
          lambda: [row["metric"]["user"] for row in rows_of(server, 'ALERTS{alertname="KoshinCertificateExpired",alertstate="firing"}')] == [saburo])
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


def bring_programs(work):
    """Where every user can read them, whatever the permissions of the folders above the build."""
    (work / "bin").mkdir()
    for program in ("koshin-agent", "koshin-worker", "koshin-slot-watch", "koshin-libp11-view.so"):
        shutil.copy(BUILD / "bin" / program, work / "bin")


def watch(work, people, group):
    bring_programs(work)
    rules(work)
    folder, settings = publish(work, people, group)
    claim = harm(folder, settings, people)
    programs, exporter, prometheus = start(work, folder)
    try:
        ask(exporter, prometheus, people, claim)
    finally:
        for program in programs:
            program.send_signal(signal.SIGTERM)
        for program in programs:
            program.wait(timeout=WAIT)


def main():
    if missing := [one for one in ("promtool", "prometheus", "prometheus-node-exporter", "systemd-tmpfiles", "useradd", "setpriv") if not shutil.which(one)]:
        print("SKIPPED: not installed: " + ", ".join(missing))
        return 77
    group, people = f"koshin-m-{os.getpid()}", []
    if subprocess.run(["groupadd", "--system", group], check=False).returncode != 0:
        print("SKIPPED: groupadd makes no group here")
        return 77
    with tempfile.TemporaryDirectory(dir="/var/lib", prefix="koshin-monitoring-") as name:
        work = pathlib.Path(name)
        work.chmod(0o755)
        try:
            for one in ("hana", "jiro", "saburo"):
                people.append(Person(work, one, group))
            watch(work, people, group)
        finally:
            for person in people:
                person.remove()
            subprocess.run(["groupdel", group], check=False)
    print(f"{len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
