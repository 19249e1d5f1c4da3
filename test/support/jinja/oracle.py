"""Renders templates with Jinja2: one JSON case a line on stdin, one JSON answer a line on stdout."""
import json
import sys
import traceback

import jinja2

UNDEFINED = {
    "default": jinja2.Undefined,
    "strict": jinja2.StrictUndefined,
    "chainable": jinja2.ChainableUndefined,
}


def line_of(error, names):
    """The line of the innermost frame that stands in a template."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename in names or frame.filename == "<template>"]
    return lines[-1] if lines else None


def answer(case):
    options = dict(case.get("env") or {})
    undefined = UNDEFINED[options.pop("undefined", "default")]
    extensions = ["jinja2.ext." + name for name in options.pop("extensions", [])]
    templates = dict(case.get("templates") or {})
    templates["main"] = case["template"]
    try:
        environment = jinja2.Environment(
            loader=jinja2.DictLoader(templates), undefined=undefined, extensions=extensions, **options
        )
        if "jinja2.ext.i18n" in extensions:
            environment.install_null_translations()
        text = environment.get_template("main").render(json.loads(case["context"]))
        text.encode("utf-8")
        return {"text": text}
    except RecursionError:
        return {"type": "RecursionError", "message": "", "line": None}
    except Exception as error:  # every refusal is an answer
        return {"type": type(error).__name__, "message": str(error), "line": line_of(error, set(templates))}


for request in sys.stdin:
    print(json.dumps(answer(json.loads(request))), flush=True)
