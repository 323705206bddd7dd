"""What cannot be run here is read closely: ObjectScript by a grammar, manifests and units by what pgiris knows of itself."""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import tree_sitter_objectscript
import yaml
from tree_sitter import Language, Node, Parser

from pgiris.config.options import OPTIONS
from pgiris.config.sources import Sources
from pgiris.observe import http

DEPLOY = Path(__file__).parents[2] / "deploy"
CLASSES = sorted((DEPLOY / "ipm" / "src").rglob("*.cls"))
VARIABLES = {option.variable for option in OPTIONS}


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _nodes(child)


@pytest.mark.parametrize("path", CLASSES, ids=lambda path: path.stem)
def test_objectscript_follows_the_grammar(path: Path) -> None:
    parser = Parser(Language(tree_sitter_objectscript.language_objectscript()))
    tree = parser.parse(path.read_bytes())
    wrong = [f"line {node.start_point[0] + 1}" for node in _nodes(tree.root_node) if node.is_error or node.is_missing]
    assert wrong == []


def test_the_grammar_finds_mistakes() -> None:
    parser = Parser(Language(tree_sitter_objectscript.language_objectscript()))
    assert parser.parse(b"Class A.B {\nClassMethod C( {\n Set x = \n}\n}\n").root_node.has_error


def _methods(path: Path) -> set[str]:
    return set(re.findall(r"^(?:Class)?Method (\w+)\(", path.read_text(), re.MULTILINE))


def test_methods_that_are_called_exist() -> None:
    known = {f"PGIRIS.{path.stem}": _methods(path) for path in CLASSES}
    for path in [*CLASSES, DEPLOY / "ipm" / "ZSTART.example.mac"]:
        text = path.read_text()
        for name, method in re.findall(r"##class\((PGIRIS\.\w+)\)\.(\w+)", text):
            assert method in known[name], f"{path.name} calls {name}.{method}"
        for method in re.findall(r"(?<![.\w#])\.\.([A-Z]\w*)\(", text):
            assert method in _methods(path), f"{path.name} calls ..{method}"


def test_python_within_objectscript_is_python_and_imports_what_exists() -> None:
    bodies = [
        body for path in CLASSES for body in re.findall(r"\[ Language = python \]\n\{\n(.*?)\n\}\n", path.read_text(), re.DOTALL)
    ]
    assert bodies
    for body in bodies:
        for node in ast.walk(ast.parse(body)):
            if isinstance(node, ast.ImportFrom):
                module = __import__(node.module or "", fromlist=["x"])
                assert all(hasattr(module, alias.name) for alias in node.names)


def test_the_package_names_its_classes_and_version() -> None:
    module = ElementTree.parse(DEPLOY / "ipm" / "module.xml").getroot().find("Document/Module")
    assert module is not None
    resources = {element.get("Name") for element in module.iter("Resource")}
    assert resources == {f"PGIRIS.{path.stem}.CLS" for path in CLASSES}
    project = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text())["project"]
    assert module.findtext("Version") == project["version"]
    requirements = (DEPLOY / "ipm" / "requirements.txt").read_text()
    assert f"pgiris>={project['version']}" in requirements
    assert "intersystems" not in requirements


def _check_configuration(text: str, folder: Path) -> None:
    file = folder / "pgiris.toml"
    file.write_text(text)
    Sources(environment={}, file=file).load()


def test_the_container_starts_with_a_configuration_that_is_right(tmp_path: Path) -> None:
    _check_configuration((DEPLOY / "container" / "pgiris.toml").read_text(), tmp_path)


@pytest.mark.parametrize("name", ["Containerfile", "Containerfile.gateway"])
def test_container_files_copy_what_is_there_and_set_what_pgiris_knows(name: str) -> None:
    text = (DEPLOY / "container" / name).read_text()
    for sources in re.findall(r"^COPY (.*) \S+$", text, re.MULTILINE):
        for source in sources.split():
            assert (DEPLOY.parent / source).exists(), source
    assert set(re.findall(r"\bPGIRIS_\w+", text)) <= VARIABLES


def test_the_unit_runs_commands_that_exist() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.read(DEPLOY / "systemd" / "pgiris.service")
    service = unit["Service"]
    assert re.fullmatch(r"/opt/pgiris/bin/pgiris serve --config /etc/pgiris/pgiris.toml", service["ExecStart"])
    assert service["ExecStartPre"].split()[1] == "check"
    assert "HUP" in service["ExecReload"]
    default = next(option.default for option in OPTIONS if option.name == "shutdown_deadline_s")
    assert float(service["TimeoutStopSec"]) > default


def test_the_manifests_agree_with_pgiris(tmp_path: Path) -> None:
    documents = {d["kind"]: d for d in yaml.safe_load_all((DEPLOY / "kubernetes" / "pgiris.yaml").read_text())}
    text = documents["ConfigMap"]["data"]["pgiris.toml"]
    _check_configuration(text, tmp_path)
    options = tomllib.loads(text)
    pod = documents["Deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert ports["metrics"] == options["metrics"]["metrics_port"]
    assert pod["terminationGracePeriodSeconds"] > options["server"]["shutdown_deadline_s"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"]["path"] in Path(http.__file__).read_text()
        assert container[probe]["httpGet"]["port"] in ports
    mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert {str(Path(options["iris"]["iris_password_file"]).parent), str(Path(options["tls"]["tls_cert"]).parent)} <= mounted
    assert {volume["name"] for volume in pod["volumes"]} == {mount["name"] for mount in container["volumeMounts"]}
    keys = documents["Secret"]["stringData"]
    assert Path(options["iris"]["iris_password_file"]).name in keys
