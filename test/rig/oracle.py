"""Evaluates a corpus with Python's jinja2 or with ansible-core's Templar; one JSON case a line in, one answer a line out."""

import json
import os
import sys
import tempfile
import types


def plain(value):
    """What leaves the language: lists for tuples and generators, plain text for marked text."""
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, types.GeneratorType)):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return ''.join(value)
    if type(value).__name__ == 'StrictUndefined':
        str(value)
    return value


def answer(value, ordered):
    value = plain(value)
    if not ordered and isinstance(value, list):
        value = sorted(value, key=repr)
    return {'repr': repr(value)}


class Jinja:
    def __init__(self):
        import jinja2
        self.jinja2 = jinja2
        self.version = jinja2.__version__

    def environment(self, case):
        options = case.get('options', {})
        return self.jinja2.Environment(
            undefined=self.jinja2.StrictUndefined,
            extensions=['jinja2.ext.do'],
            loader=self.jinja2.DictLoader(case.get('files', {})),
            trim_blocks=options.get('trim_blocks', True),
            lstrip_blocks=options.get('lstrip_blocks', False),
            keep_trailing_newline=options.get('keep_trailing_newline', False),
        )

    def evaluate(self, case):
        environment = self.environment(case)
        if case['kind'] == 'expression':
            return environment.compile_expression(case['text'], undefined_to_none=False)(**case['variables'])
        return environment.from_string(case['text']).render(**case['variables'])


class Ansible:
    def __init__(self):
        from ansible.parsing.dataloader import DataLoader
        from ansible.release import __version__
        from ansible.template import Templar, trust_as_template
        from ansible.module_utils.common.text.converters import to_text
        from ansible.plugins.loader import init_plugin_loader
        init_plugin_loader([])
        self.loader, self.templar, self.trust, self.to_text = DataLoader, Templar, trust_as_template, to_text
        self.version = __version__

    def trusted(self, value):
        if isinstance(value, dict):
            return {key: self.trusted(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.trusted(item) for item in value]
        return self.trust(value) if isinstance(value, str) else value

    def evaluate(self, case):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in case.get('files', {}).items():
                path = os.path.join(folder, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, 'w', encoding='utf-8') as file:
                    file.write(text)
            loader = self.loader()
            loader.set_basedir(folder)
            variables = {'role_path': folder, 'playbook_dir': folder, **self.trusted(case['variables'])}
            templar = self.templar(loader=loader, variables=variables)
            text = self.trust(case['text'])
            if case['kind'] == 'expression':
                return templar.evaluate_expression(text, escape_backslashes=False)
            result = templar.template(text, escape_backslashes=case['kind'] == 'template', overrides=case.get('options') or None)
            return result if case['kind'] == 'template' else '' if result is None else self.to_text(result)


def main():
    os.environ['FROM_THE_ORACLE'] = 'here'
    engine = Jinja() if sys.argv[1] == 'jinja2' else Ansible()
    print(json.dumps({'version': engine.version}), flush=True)
    for line in sys.stdin:
        case = json.loads(line)
        try:
            result = answer(engine.evaluate(case), case.get('ordered', True))
        except Exception as error:  # every failure is an answer
            result = {'error': type(error).__name__ + ': ' + str(error).split('\n')[0]}
        print(json.dumps(result), flush=True)


main()
