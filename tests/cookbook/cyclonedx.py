#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks bills of materials: cyclonedx.py SCHEMADIR FILE...

The schema is the public one (bom-1.5 with the two that it refers to), from the folder. Beyond it:
every reference of the dependencies is that of a component, and none stands twice.
"""
import json
import pathlib
import sys

import jsonschema


def load(folder, name):
    return json.loads(next(pathlib.Path(folder).glob(name + "*.schema.json")).read_text())


def references(node, out):
    if isinstance(node, dict):
        if "bom-ref" in node:
            out.append(node["bom-ref"])
        for value in node.values():
            references(value, out)
    elif isinstance(node, list):
        for value in node:
            references(value, out)


def main():
    schema = load(sys.argv[1], "bom-1.5")
    store = {}
    for name in ("spdx", "jsf-0.82"):
        for file in pathlib.Path(sys.argv[1]).glob(name + "*.schema.json"):
            part = json.loads(file.read_text())
            store[part["$id"]] = part
            store[schema["$id"].rsplit("/", 1)[0] + "/" + file.name] = part
    resolver = jsonschema.RefResolver.from_schema(schema, store=store)
    validator = jsonschema.Draft7Validator(schema, resolver=resolver)
    bad = 0
    for name in sys.argv[2:]:
        doc = json.load(open(name))
        for error in validator.iter_errors(doc):
            print(f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
            bad = 1
        refs = []
        references(doc, refs)
        named = [d["ref"] for d in doc["dependencies"]]
        named += [x for d in doc["dependencies"] for x in d.get("dependsOn", [])]
        for ref in sorted(set(named) - set(refs)):
            print(f"{name}: {ref} is no component")
            bad = 1
        if len(refs) != len(set(refs)):
            print(f"{name}: a reference stands twice")
            bad = 1
    return bad


sys.exit(main())
