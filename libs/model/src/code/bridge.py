"""Runs OpenPAI's src/<service>/config/<service>.py, which is written for Python 2, on Python 3.6 or later.

One JSON object a line: requests on standard input, answers on file descriptor 3. wire.ts has the form
of values, python-bridge.ts the other end. What the modules print never mixes with the answers.
"""

import ast
import codecs
import collections
import collections.abc
import contextlib
import decimal
import functools
import importlib
import importlib.abc
import importlib.util
import io
import json
import logging
import os
import re
import subprocess
import sys
import traceback
import types
import urllib
import urllib.parse
import warnings

sys.dont_write_bytecode = True
warnings.simplefilter("ignore")

# Values on the wire: wire.ts has the same rules.


def from_wire(pairs):
    ((tag, body),) = pairs.items()
    if tag == "d":
        return dict(zip(body[0::2], body[1::2]))
    return float(body) if tag == "f" else int(body)


def to_wire(value, path, parents=()):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2 ** 53 else {"i": str(int(value))}
    if isinstance(value, float):
        return {"f": repr(value)} if value != value or value in (float("inf"), -float("inf")) or value.is_integer() else value
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "replace")
    if id(value) in parents:
        raise ValueError("%s holds itself" % path)
    inside = parents + (id(value),)
    if isinstance(value, collections.abc.Mapping):
        body = []
        for key, item in value.items():
            name = key.decode("utf-8", "replace") if isinstance(key, bytes) else str(key)
            body += [name, to_wire(item, "%s.%s" % (path, name), inside)]
        return {"d": body}
    if isinstance(value, collections.abc.Iterable):
        return [to_wire(item, "%s[%d]" % (path, index), inside) for index, item in enumerate(value)]
    raise TypeError("%s is a %s, which no template can use" % (path, type(value).__name__))


class Channel:
    """Both ends are moved away from the standard descriptors, out of reach of the modules and their children."""

    def __init__(self):
        self.requests = os.fdopen(os.dup(0), encoding="utf-8")
        self.answers = os.fdopen(os.dup(3), "w", encoding="utf-8")
        os.close(3)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)

    def tell(self, **message):
        self.answers.write(json.dumps(message) + "\n")
        self.answers.flush()

    def read(self):
        line = self.requests.readline()
        return json.loads(line, object_hook=self.revive) if line else None

    @staticmethod
    def revive(pairs):
        tagged = len(pairs) == 1 and next(iter(pairs)) in ("d", "f", "i")
        return from_wire(pairs) if tagged else types.SimpleNamespace(**pairs)


class Printed(io.TextIOBase):
    """Standard output and error of the modules: each line becomes a message."""

    def __init__(self, channel):
        self.channel = channel
        self.rest = ""

    def writable(self):
        return True

    def write(self, text):
        *lines, self.rest = (self.rest + str(text)).split("\n")
        for line in lines:
            self.say(line)
        return len(text)

    def say(self, line):
        if line.strip():
            self.channel.tell(printed=line)

    def end(self):
        self.say(self.rest)
        self.rest = ""


# Python 2 on Python 3.


def listed(function):
    return lambda *arguments: list(function(*arguments))


def rounded(number, digits=0):
    exact = decimal.Decimal(number).quantize(decimal.Decimal(1).scaleb(-digits), decimal.ROUND_HALF_UP)
    return float(exact)


def divided(left, right):
    if isinstance(left, int) and isinstance(right, int):
        return left // right
    return left / right


def called(target, method, *arguments, **named):
    """A method call that means what Python 2 means by it."""
    if isinstance(target, dict) and method in ("keys", "values", "items"):
        return list(getattr(target, method)())
    if isinstance(target, dict) and not hasattr(target, method):
        if method == "has_key":
            return arguments[0] in target
        if method.startswith("iter"):
            return iter(getattr(target, method[4:])())
        if method.startswith("view"):
            return getattr(target, method[4:])()
    if isinstance(target, str) and method in ("encode", "decode"):
        codec = str(arguments[0]).lower() if arguments else ""
        if codec in ("base64", "hex"):
            transform = codecs.encode if method == "encode" else codecs.decode
            return transform(target.encode("utf-8"), codec).decode("utf-8")
        if method == "decode":
            return target
    return getattr(target, method)(*arguments, **named)


METHODS = {"has_key", "encode", "decode", "keys", "values", "items"}
METHODS |= {prefix + name for prefix in ("iter", "view") for name in ("keys", "values", "items")}


class Python2(ast.NodeTransformer):
    """Leads the calls and divisions whose meaning changed through the functions above."""

    def __init__(self, tree):
        imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
        self.true_division = any(alias.name == "division" for node in imports for alias in node.names)

    def visit_Call(self, node):
        self.generic_visit(node)
        if not (isinstance(node.func, ast.Attribute) and node.func.attr in METHODS):
            return node
        head = [node.func.value, ast.Str(node.func.attr) if sys.version_info < (3, 8) else ast.Constant(node.func.attr)]
        return self.call("__pai_called__", head + node.args, node.keywords, node)

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if self.true_division or not isinstance(node.op, ast.Div):
            return node
        return self.call("__pai_divided__", [node.left, node.right], [], node)

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if self.true_division or not isinstance(node.op, ast.Div) or not isinstance(node.target, ast.Name):
            return node
        left = ast.copy_location(ast.Name(id=node.target.id, ctx=ast.Load()), node)
        value = self.call("__pai_divided__", [left, node.value], [], node)
        return ast.copy_location(ast.Assign(targets=[node.target], value=value), node)

    @staticmethod
    def call(name, arguments, keywords, node):
        made = ast.Call(func=ast.Name(id=name, ctx=ast.Load()), args=arguments, keywords=keywords)
        return ast.fix_missing_locations(ast.copy_location(made, node))


NAMES = dict(
    basestring=str, unicode=str, long=int, unichr=chr, xrange=range, reduce=functools.reduce,
    filter=listed(filter), map=listed(map), zip=listed(zip), range=listed(range), round=rounded,
    __pai_called__=called, __pai_divided__=divided,
)
RENAMED = {
    "urlparse": "urllib.parse", "urllib2": "urllib.request", "ConfigParser": "configparser",
    "StringIO": "io", "cStringIO": "io", "Queue": "queue", "__builtin__": "builtins",
}


class Loader(importlib.abc.Loader):
    def __init__(self, file):
        self.file = file

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        with open(self.file, "rb") as opened:
            tree = ast.parse(opened.read(), self.file)
        module.__file__ = self.file
        module.__dict__.update(NAMES)
        exec(compile(Python2(tree).visit(tree), self.file, "exec"), module.__dict__)


class Renamed(importlib.abc.Loader):
    def __init__(self, name):
        self.name = name

    def create_module(self, spec):
        return importlib.import_module(self.name)

    def exec_module(self, module):
        pass


class Finder(importlib.abc.MetaPathFinder):
    """Modules beside the service's own, and those that Python 3 renamed."""

    def __init__(self):
        self.folder = None

    def find_spec(self, name, path=None, target=None):
        beside = os.path.join(self.folder, name + ".py") if self.folder else ""
        if "." not in name and os.path.isfile(beside):
            return importlib.util.spec_from_loader(name, Loader(beside), origin=beside)
        if name in RENAMED:
            return importlib.util.spec_from_loader(name, Renamed(RENAMED[name]))
        return None

    @contextlib.contextmanager
    def inside(self, folder):
        before = set(sys.modules)
        self.folder = folder
        sys.path.insert(0, folder)
        try:
            yield
        finally:
            self.folder = None
            sys.path.remove(folder)
            # Two services may each have a helper of the same name.
            for name in set(sys.modules) - before:
                if (getattr(sys.modules[name], "__file__", None) or "").startswith(folder + os.sep):
                    del sys.modules[name]


def yaml_module(channel):
    """The part of PyYAML that config modules use, so that it need not be installed; pai reads the text."""
    module = types.ModuleType("yaml")

    class YAMLError(Exception):
        pass

    def load(stream, Loader=None):
        text = stream.read() if hasattr(stream, "read") else stream
        channel.tell(yaml=text.decode("utf-8") if isinstance(text, bytes) else text)
        answer = channel.read()
        if hasattr(answer, "error"):
            raise YAMLError(answer.error)
        return answer.value

    def dump(*arguments, **named):
        del sys.modules["yaml"]
        try:
            return importlib.import_module("yaml").dump(*arguments, **named)
        finally:
            sys.modules["yaml"] = module

    module.__dict__.update(YAMLError=YAMLError, dump=dump, safe_dump=dump)
    module.__dict__.update({name: load for name in ("load", "safe_load", "full_load")})
    module.__dict__.update({name: name for name in ("Loader", "SafeLoader", "FullLoader", "CLoader", "CSafeLoader")})
    return module


class Docker:
    """Keeps `docker login` from running, which has the password among its arguments: pai makes the credential."""

    command = re.compile(r"(^|[\s;&|/])docker(\s|$)|\.docker/")

    def __init__(self):
        self.wanted = False

    def refuses(self, command):
        words = command if isinstance(command, (str, bytes)) else " ".join(map(os.fsdecode, command))
        if not self.command.search(os.fsdecode(words)):
            return False
        self.wanted = True
        return True


def adapt(channel, docker):
    urllib.__dict__.update({
        name: getattr(urllib.parse, name)
        for name in ("urlencode", "quote", "quote_plus", "unquote", "unquote_plus")
    })
    for name in collections.abc.__all__:
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name))
    sys.modules["yaml"] = yaml_module(channel)

    class Popen(subprocess.Popen):
        def __init__(self, args, *arguments, **named):
            if docker.refuses(args):
                args = "exit 127"
                named["shell"] = True
            super().__init__(args, *arguments, **named)

    check_output, system = subprocess.check_output, os.system

    def text_output(*arguments, **named):
        if not {"text", "universal_newlines", "encoding"} & set(named):
            named["universal_newlines"] = True
        return check_output(*arguments, **named)

    subprocess.Popen, subprocess.check_output = Popen, text_output
    os.system = lambda command: 127 << 8 if docker.refuses(command) else system(command)


class Records(logging.Handler):
    def __init__(self, channel, docker):
        super().__init__(logging.WARNING)
        self.channel, self.docker = channel, docker

    def emit(self, record):
        # What follows a refused docker login is talk about a credential that pai makes itself.
        if not self.docker.wanted:
            self.channel.tell(printed=record.getMessage())


class Refused(Exception):
    pass


class Bridge:
    def __init__(self):
        self.channel = Channel()
        self.docker = Docker()
        self.finder = Finder()
        self.services = {}
        self.parsers = {}
        self.model = {}

    def serve(self):
        adapt(self.channel, self.docker)
        sys.meta_path.insert(0, self.finder)
        sys.stdout = sys.stderr = self.printed = Printed(self.channel)
        logging.getLogger().addHandler(Records(self.channel, self.docker))
        while True:
            request = self.channel.read()
            if request is None:
                return
            self.channel.tell(**getattr(self, request.do)(request))

    def prepare(self, request):
        self.services = {service.name: service for service in request.services}
        failed = self.each(request.services, "load", lambda service: self.load(service, request.machines))
        ready = [service for service in request.services if service.name in self.parsers]
        failed += self.each(ready, "validation_pre", lambda service: self.check(service, "validation_pre"))
        self.leave_out(failed)
        return {"failed": failed}

    def run(self, request):
        ready = list(self.services.values())
        failed = self.each(ready, "run", self.run_one)
        self.leave_out(failed)
        values = self.values(failed)
        self.leave_out(failed)
        return {"failed": failed, "values": {"d": values}}

    def check_model(self, request):
        """The values of the other services come in; values may change here, as validation_post gets the whole model."""
        self.model.update(request.others)
        ready = list(self.services.values())
        failed = self.each(
            ready, "validation_post", lambda service: self.check(service, "validation_post", self.model)
        )
        return {"failed": failed, "values": {"d": self.values(failed)}}

    def leave_out(self, failed):
        """The next phases go on without these services."""
        for failure in failed:
            self.services.pop(failure["service"], None)

    def load(self, service, machines):
        name = service.name.replace("-", "_")
        loader = Loader(service.file)
        module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader, origin=service.file))
        before = sys.modules.get(name)
        sys.modules[name] = module
        try:
            loader.exec_module(module)
        finally:
            if before is None:
                del sys.modules[name]
            else:
                sys.modules[name] = before
        class_name = service.name.replace("-", " ").title().replace(" ", "")
        if not hasattr(module, class_name):
            raise Refused("has no class %s" % class_name)
        self.parsers[service.name] = getattr(module, class_name)(machines, service.override, service.defaults)

    def check(self, service, method, *arguments):
        result = getattr(self.parsers[service.name], method)(*arguments)
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise Refused("%s gives %s; it has to give a pair of True or False and a message" % (method, type(result).__name__))
        if result[0] is False:
            raise Refused(str(result[1]))

    def run_one(self, service):
        self.model[service.name] = self.parsers[service.name].run()

    def values(self, failed):
        body = []
        for name, service in self.services.items():
            found = self.each([service], "run", lambda service: body.extend([name, to_wire(self.model[name], name)]))
            failed += found
        return body

    def each(self, services, phase, work):
        failed = []
        for service in services:
            self.channel.tell(service=service.name, phase=phase)
            self.docker.wanted = False
            try:
                with self.finder.inside(os.path.dirname(service.file)):
                    work(service)
            except Refused as error:
                failed.append({"service": service.name, "phase": phase, "message": str(error)})
            except BaseException as error:
                failed.append(dict(describe(error, service), service=service.name, phase=phase))
            self.printed.end()
        return failed


def describe(error, service):
    folder = os.path.dirname(service.file) + os.sep
    found = {"error": type(error).__name__, "message": str(error)}
    if isinstance(error, SyntaxError) and error.filename and error.filename.startswith(folder):
        return dict(found, message=error.msg, file=error.filename, line=error.lineno)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(folder)]
    return dict(found, file=frames[-1].filename, line=frames[-1].lineno) if frames else found


if __name__ == "__main__":
    Bridge().serve()
