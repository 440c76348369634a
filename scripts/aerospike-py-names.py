"""Writes the public names of aerospike-py to scripts/client-names.json, by owner. Run it when a new version appears, with
a Python that has the package:

    python3 -m venv venv && venv/bin/pip install aerospike-py
    venv/bin/python scripts/aerospike-py-names.py
"""

import inspect
import json
from importlib.metadata import version
from pathlib import Path

import aerospike_py
from aerospike_py import (
    bit_operations,
    exception,
    exp,
    hll_operations,
    list_operations,
    map_operations,
    numpy_batch,
    predicates,
    types,
)

# Re-exported names of the standard library.
FOREIGN = {"Any", "NamedTuple", "Optional", "PackageNotFoundError", "TypeAlias", "TypedDict", "logger", "logging"}
# Documented, but missing in the typed dictionaries.
DOCUMENTED = {"BatchRecords": ["batch_records"], "QueryPolicy": ["expressions"]}
DOCUMENTED |= {"ReadPolicy": ["expressions"], "WritePolicy": ["expressions"]}
OPERATIONS = {"lists": list_operations, "maps": map_operations, "bits": bit_operations, "hll": hll_operations}


def public(thing):
    return sorted(name for name in dir(thing) if not name.startswith("_") and name not in FOREIGN)


def fields(cls):
    """The fields of a named tuple, a typed dictionary or a class, and its methods."""
    names = set(getattr(cls, "__annotations__", {}))
    if not issubclass(cls, dict):
        members = public(cls)
        names |= {name for name in members if name not in dir(tuple)}
    return sorted(name for name in names if not name.startswith("_"))


def functions(module):
    return [name for name in public(module) if inspect.isroutine(getattr(module, name))]


owners = {}
everything = public(aerospike_py)
errors = {name for name in public(exception) if inspect.isclass(getattr(exception, name))}
# The deprecated aliases are not in dir().
owners["exceptions"] = sorted(errors | {"IndexError", "TimeoutError"})
owners["constants"] = [name for name in everything if name.isupper()]
owners["module"] = [name for name in everything if not name.isupper() and name not in owners["exceptions"]]
for name in owners["module"] + public(types):
    cls = getattr(aerospike_py, name, getattr(types, name, None))
    if inspect.isclass(cls) and cls.__module__.startswith(("aerospike_py", "_aerospike", "builtins")) and fields(cls):
        owners[name] = fields(cls)
owners["NumpyBatchRecords"] = fields(numpy_batch.NumpyBatchRecords)
owners["predicates"] = functions(predicates)
owners["exp"] = functions(exp)
owners["exp.types"] = [name for name in public(exp) if name.startswith("EXP_TYPE_")]
for name, more in DOCUMENTED.items():
    owners[name] = sorted({*owners.get(name, []), *more})
for name, module in OPERATIONS.items():
    owners[name] = functions(module)

path = Path(__file__).with_name("client-names.json")
names = json.loads(path.read_text())
names["aerospikePyVersion"] = version("aerospike-py")
names["aerospike-py"] = dict(sorted(owners.items()))
path.write_text(json.dumps(names, indent=2) + "\n")
print(f"client-names.json written: {sum(map(len, owners.values()))} names of aerospike-py {version('aerospike-py')}")
