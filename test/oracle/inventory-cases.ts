/** An inventory of some form, as files below one folder; a name that ends in `!` is a program. */
export interface InventoryCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Below that folder, but for lists of hosts. */
  readonly sources: readonly string[];
  readonly playbookDir?: string;
  readonly hosts?: readonly string[];
}

const ini = (name: string, text: string, more: Readonly<Record<string, string>> = {}): InventoryCase => ({
  name,
  files: { hosts: text, ...more },
  sources: ['hosts'],
});

const yaml = (name: string, text: string, more: Readonly<Record<string, string>> = {}): InventoryCase => ({
  name,
  files: { 'hosts.yml': text, ...more },
  sources: ['hosts.yml'],
});

const iniCases: readonly InventoryCase[] = [
  ini('ini: hosts before any section', 'b\na\n\n[web]\nc\n'),
  ini('ini: sections, comments and blanks', '# top\n; too\n[web]   # here\n  a   \n\tb # there\n\n[db]\nc\n[web]\nd\n'),
  ini('ini: children declared later keep the order of their declaration', '[top:children]\nb\na\n\n[a]\nh1\n[b]\nh2\n'),
  ini(
    'ini: children of children',
    '[all_of:children]\neu\n[eu:children]\nweb\ndb\n[web]\nw1\nw2\n[db]\nd1\n[other]\nw1\n',
  ),
  ini('ini: an empty group and one with vars only', '[empty]\n[parent:children]\nempty\n[empty:vars]\nx=1\n'),
  ini('ini: vars of a group declared below', '[web:vars]\nport=80\n[web]\na\n'),
  ini(
    'ini: types of values on host lines',
    [
      'a i=1 f=1.5 neg=-3 t=True low=true n=None none=none s=abc q="a b" oct=0755 hex=0x1F under=1_000 exp=1e3 ip=10.0.0.1',
      `b l="[1, 'x', None]" d="{'k': [True]}" tup="(1, 2)" quoted='"5"' empty= eq=a=b url=http://x/?a=b#c`,
      `c secret="'03#pa33w0rd'" single='it' back="a\\\\b" mixed=a"b c"d esc=a\\ b`,
    ].join('\n'),
  ),
  ini(
    'ini: types of values in vars sections',
    '[web]\na\n[web:vars]\ni=23\nc=23 # comment\nt = True\nlow=true\ns=some words # kept\nq="quoted"\nl=[1, 2]\nd={"a": 1}\nempty=\neq=a=b\nspaced =  x  \n',
  ),
  ini('ini: comments on host lines begin anywhere', 'a x=1 # y=2\nb x="#1" y=3#4\n'),
  ini('ini: ranges of numbers', 'web[1:3]\ndb[01:03]\nnode[001:010:4]\n[x]\ny[:2]\n'),
  ini('ini: ranges of letters and several ranges', 'rack[a:c]\nr[x:z:2]\nn[1:2]-[a:b].example.org v=1\n'),
  ini(
    'ini: ports',
    'a:2222\nb.example.org:22 x=1\n[g]\na:3333\n[fe80::1]:2200\n[2001:db8::1]:22\n10.0.0.1:24\nn[1:2]:5\n',
  ),
  ini('ini: addresses', '10.0.0.1\n::1\nfe80::1\n2001:db8::7\n192.0.2.[1:2]\n'),
  ini('ini: one host in several groups', '[a]\nx v=1\n[b]\nx w=2\n[c]\nx v=3\n'),
  ini(
    'ini: variables of parents and children',
    '[p:children]\nc\n[p:vars]\nv=parent\nw=parent\n[c]\nh\n[c:vars]\nv=child\n[all:vars]\nv=all\nw=all\nx=all\n',
  ),
  ini(
    'ini: groups of one depth merge by name',
    '[b]\nh\n[a]\nh\n[c]\nh\n[a:vars]\nv=a\n[b:vars]\nv=b\n[c:vars]\nv=c\n',
  ),
  ini('ini: priority before name', '[b]\nh\n[a]\nh\n[a:vars]\nv=a\nansible_group_priority=10\n[b:vars]\nv=b\n'),
  ini(
    'ini: a deeper group wins over priority',
    '[p:children]\nc\n[c]\nh\n[c:vars]\nv=c\n[d]\nh\n[d:vars]\nv=d\nansible_group_priority=9\n',
  ),
  ini('ini: a section ungrouped', '[ungrouped]\na\n[web]\nb\na\n'),
  ini('ini: a group named all', '[all]\na x=1\nb\n[web]\na\n'),
  ini('ini: templates are not evaluated', 'a x="{{ y }}" y=1\n[all:vars]\nz={{ x }}\nw="{{ z }}"\n'),
  ini('ini: names with dashes and dots', '[k8s-cluster]\nnode-1.example.org\n[a.b]\nnode_2\n'),
  ini('ini: carriage returns', '[web]\r\na x=1\r\n[web:vars]\r\ny=2\r\n'),
  ini('ini: localhost by hand', 'localhost ansible_connection=local\n[web]\na\n'),
];

const yamlCases: readonly InventoryCase[] = [
  yaml(
    'yaml: all with hosts, vars and children',
    'all:\n  hosts:\n    b:\n    a: {x: 1}\n  vars: {y: 2}\n  children:\n    web:\n      hosts: {c: , a: }\n      vars: {x: 3}\n',
  ),
  yaml(
    'yaml: groups at the top',
    'web:\n  hosts:\n    a:\n    b:\ndb:\n  hosts:\n    c:\n  children:\n    primary:\n      hosts:\n        d:\n',
  ),
  yaml(
    'yaml: single names instead of mappings',
    'all:\n  children:\n    web:\n      hosts: a\n    top:\n      children: web\n',
  ),
  yaml(
    'yaml: empty groups and hosts',
    'all:\n  hosts:\n  children:\n    web:\n    db:\n      hosts:\n        a:\n      vars:\n',
  ),
  yaml('yaml: ranges and ports', 'web:\n  hosts:\n    n[01:03]: {x: 1}\n    "m:2222": {}\n    "[2001:db8::1]:99":\n'),
  yaml(
    'yaml: types of values',
    'all:\n  hosts:\n    a:\n      i: 1\n      f: 1.5\n      b: true\n      n: null\n      t: ~\n      s: text\n      q: "1"\n      l: [1, two, [3]]\n      d: {k: v, 2: w}\n      multi: |\n        one\n        two\n      folded: >-\n        one\n        two\n',
  ),
  yaml(
    'yaml: what YAML 1.1 reads differently',
    'all:\n  vars:\n    yes_: yes\n    no_: No\n    on_: ON\n    off_: off\n    y_: y\n    octal: 0644\n    bad_octal: 0899\n    under: 1_000\n    sixty: 1:30\n    time: 22:22:22\n    bin: 0b11\n    hex: 0xff\n    o: 0o17\n    exp: 1e3\n    exp2: 1.5e+3\n    exp3: 1.5e3\n    dot: .5\n    neg: -.5\n    plus: +1\n    zero: 0\n    inf_: "x"\n    mac: 00:11:22:33:44:55\n    version: 1.10\n    word: "yes"\n  hosts: {a: }\n',
  ),
  yaml(
    'yaml: anchors and merge keys',
    'all:\n  vars:\n    base: &base {a: 1, b: 2}\n    more:\n      <<: *base\n      b: 3\n    list: &list [1, 2]\n    again: *list\n  hosts: {h: *base}\n',
  ),
  yaml(
    'yaml: a group in two places',
    'all:\n  children:\n    eu:\n      children:\n        web:\n          hosts: {a: }\n    us:\n      children:\n        web:\n          hosts: {b: }\n          vars: {x: 1}\n',
  ),
  yaml(
    'yaml: the last value of a host counts',
    'web:\n  hosts:\n    a: {x: 1, y: {p: 1}}\ndb:\n  hosts:\n    a: {x: 2, y: {q: 2}}\n',
  ),
  yaml(
    'yaml: ungrouped by hand',
    'all:\n  children:\n    ungrouped:\n      hosts: {a: {x: 1}}\n    web:\n      hosts: {b: }\n',
  ),
  yaml(
    'yaml: priority',
    'a:\n  hosts: {h: }\n  vars: {v: a, ansible_group_priority: 5}\nb:\n  hosts: {h: }\n  vars: {v: b}\n',
  ),
  yaml(
    'yaml: json in a yaml file',
    '{"all": {"hosts": {"a": {"x": [1, 2.0, null]}}, "children": {"web": {"hosts": {"a": null}}}}}\n',
  ),
  { name: 'yaml: without an extension', files: { inv: 'web:\n  hosts:\n    a:\n' }, sources: ['inv'] },
  {
    name: 'yaml: a .json file',
    files: { 'inv.json': '{"web": {"hosts": {"a": {"x": "yes"}}, "vars": {"y": 0}}}' },
    sources: ['inv.json'],
  },
];

const program = (list: unknown, host?: unknown): string =>
  [
    '#!/bin/sh',
    'case "$1" in',
    `--list) cat <<'END'\n${JSON.stringify(list)}\nEND\n;;`,
    `--host) cat <<'END'\n${host === undefined ? '' : JSON.stringify(host)}\nEND\n;;`,
    'esac',
    '',
  ].join('\n');

const programCases: readonly InventoryCase[] = [
  {
    name: 'program: groups with _meta',
    files: {
      'inv!': program({
        web: { hosts: ['b', 'a'], vars: { x: 1, y: 'yes' }, children: ['sub'] },
        sub: { hosts: ['c'] },
        _meta: { hostvars: { a: { x: 2, deep: { l: [1, null, true, 1.5] } }, unknown: { z: 1 } } },
      }),
    },
    sources: ['inv'],
  },
  {
    name: 'program: without _meta it is asked for each host',
    files: { 'inv!': program({ web: { hosts: ['a', 'b'] }, db: ['c'] }, { from: 'host', n: 1 }) },
    sources: ['inv'],
  },
  {
    name: 'program: short forms',
    files: { 'inv!': program({ web: ['a', 'b'], alone: { x: 1, y: [2] }, _meta: { hostvars: {} } }) },
    sources: ['inv'],
  },
  {
    name: 'program: children that are declared later',
    files: {
      'inv!': program({
        top: { children: ['b', 'a'] },
        a: ['x'],
        b: ['y'],
        all: { vars: { v: 1 } },
        _meta: { hostvars: {} },
      }),
    },
    sources: ['inv'],
  },
];

const groupVars = {
  hosts: '[p:children]\nweb\n[web]\na v_host=ini\nb\n[db]\nb\n[all:vars]\nv_all=ini\n[web:vars]\nv_web=ini\n',
  'group_vars/all.yml': 'v_all: file\nfrom_all: 1\nv_web: all-file\n',
  'group_vars/web.yml': 'v_web: file\nmode: 0644\n',
  'group_vars/p': 'v_p: file without extension\n',
  'group_vars/db.json': '{"v_db": true}',
  'host_vars/a.yaml': 'v_host: file\n',
  'host_vars/b/1.yml': 'x: first\ny: first\n',
  'host_vars/b/2.yml': 'y: second\n',
  'host_vars/b/.hidden.yml': 'y: hidden\n',
  'host_vars/b/3.yml~': 'y: backup\n',
  'host_vars/b/4.txt': 'y: text\n',
  'host_vars/b/sub/z.json': '{"z": 1}',
  'host_vars/b/noext': 'w: 1\n',
};

const fileCases: readonly InventoryCase[] = [
  {
    name: 'files: group_vars and host_vars beside the inventory',
    files: groupVars,
    sources: ['hosts'],
    hosts: ['a', 'b'],
  },
  {
    name: 'files: group_vars beside the playbook win',
    files: {
      ...groupVars,
      'play/group_vars/all/x.yml': 'v_all: play\n',
      'play/group_vars/web.yml': 'v_web: play\n',
      'play/group_vars/p.yml': 'v_web: play-p\nv_p: play\n',
      'play/host_vars/a.yml': 'v_host: play\n',
    },
    sources: ['hosts'],
    playbookDir: 'play',
  },
  {
    name: 'files: without extension first, then .yml, .yaml, .json',
    files: {
      hosts: 'a\nb\nc\n',
      'host_vars/a': 'x: bare\n',
      'host_vars/a.yml': 'x: yml\ny: yml\n',
      'host_vars/b.yaml': 'x: yaml\n',
      'host_vars/b.json': '{"x": "json", "y": 1}',
      'host_vars/c.json': '{"x": "json"}',
      'host_vars/c.yml': 'x: yml\n',
    },
    sources: ['hosts'],
  },
  {
    name: 'files: hosts with dots and addresses',
    files: {
      hosts: 'node1.example.org\n10.0.0.1\n',
      'host_vars/node1.example.org': 'x: 1\n',
      'host_vars/10.0.0.1.yml': 'x: 2\n',
    },
    sources: ['hosts'],
  },
  {
    name: 'files: empty ones',
    files: {
      hosts: '[web]\na\n',
      'group_vars/all.yml': '',
      'group_vars/web.yml': '---\n# nothing\n',
      'host_vars/a.yml': '---\n',
    },
    sources: ['hosts'],
  },
  {
    name: 'sources: two files, the later one wins',
    files: {
      one: '[web]\na x=1 y=1\n[web:vars]\nv=1\n',
      two: '[web]\nb\na x=2\n[web:vars]\nv=2\n[db:children]\nweb\n',
    },
    sources: ['one', 'two'],
  },
  {
    name: 'sources: two folders with group_vars',
    files: {
      'one/hosts': '[web]\na\n[db]\na\n',
      'one/group_vars/web.yml': 'v: one-web\nw: one\n',
      'one/group_vars/db.yml': 'v: one-db\nd: one\n',
      'two/hosts': '[web]\nb\n',
      'two/group_vars/web.yml': 'd: two-web\n',
      'two/group_vars/db.yml': 'w: two-db\n',
      'two/group_vars/all.yml': 'all: two\n',
    },
    sources: ['one/hosts', 'two/hosts'],
  },
  {
    name: 'sources: a folder',
    files: {
      'inv/10-web': '[web]\na\n',
      'inv/20-db.yml': 'db:\n  hosts: {b: }\n',
      'inv/05-top': '[top:children]\n[other]\nz\n',
      'inv/30-prog!': program({ dyn: ['c'], _meta: { hostvars: { c: { x: 1 } } } }),
      'inv/ignored.bak': '[bad]\nbad1\n',
      'inv/ignored~': 'bad2\n',
      'inv/ignored.orig': 'bad3\n',
      'inv/ignored.cfg': 'bad4\n',
      'inv/ignored.retry': 'bad5\n',
      'inv/ignored.pyc': 'bad6\n',
      'inv/README.md': 'bad7\n',
      'inv/.hidden': 'bad8\n',
      'inv/sub/more': '[web]\nd\n',
      'inv/group_vars/web.yml': 'v: 1\n',
      'inv/host_vars/c.yml': 'y: 2\n',
      'inv/sub/group_vars/web.yml': 'v: not read\n',
    },
    sources: ['inv'],
  },
  { name: 'sources: a list of hosts', files: {}, sources: ['b,a:2222, 10.0.0.1 ,c,'] },
  { name: 'sources: a list with one host', files: {}, sources: ['host1,'] },
  { name: 'sources: a list beside a file', files: { hosts: '[web]\na x=1\n' }, sources: ['hosts', 'a,z'] },
  {
    name: 'sources: the same file twice',
    files: { hosts: '[web]\na x=1\n', 'group_vars/web.yml': 'v: 1\n' },
    sources: ['hosts', 'hosts'],
  },
];

export const inventoryCases: readonly InventoryCase[] = [...iniCases, ...yamlCases, ...programCases, ...fileCases];

/** What Ansible refuses. hlb refuses more, such as keys that a group does not have and ranges that stand for nothing. */
export const refusedCases: readonly InventoryCase[] = [
  ini('ini: a section with blanks', '[ web ]\na\n'),
  ini('ini: an unknown kind of section', '[web:hots]\na\n'),
  ini('ini: a group that is nowhere declared', '[top:children]\nmissing\n'),
  ini('ini: vars of a group that is nowhere declared', '[missing:vars]\nx=1\n'),
  ini('ini: no value in vars', '[web]\na\n[web:vars]\nnothing\n'),
  ini('ini: no value on a host line', 'a b\n'),
  ini('ini: a quote that is never closed', 'a x="1\n'),
  ini('ini: a backslash at the end', 'a x=1\\\n'),
  ini('ini: several words for a child', '[top:children]\na b\n[a]\n'),
  ini('ini: a host that ends in a colon', '[web]\na:\n'),
  ini('ini: a YAML file', '---\nall:\n  hosts: {a: }\n  - b\n'),
  ini('ini: a range without an end', 'a[1:]\n'),
  ini('ini: a range of unequal width', 'a[01:100]\n'),
  ini('ini: a range of letters backwards', 'a[c:a]\n'),
  ini('ini: a range with too many parts', 'a[1:2:3:4]\n'),
  ini('ini: a bracket that is never closed', 'a[1:2\n'),
  ini('ini: groups in a circle', '[a:children]\nb\n[b:children]\na\n'),
  ini('ini: a group below itself', '[a:children]\na\n'),
  ini('ini: a priority that is no number', '[a]\nh\n[a:vars]\nansible_group_priority=high\n'),
  yaml('yaml: a list', '- a\n- b\n'),
  yaml('yaml: a plugin', 'plugin: no.such.plugin\n'),
  yaml('yaml: hosts as a list', 'web:\n  hosts: [a, b]\n'),
  yaml('yaml: vars as a list', 'web:\n  vars: [a]\n'),
  yaml('yaml: a host with a text for its variables', 'web:\n  hosts:\n    a: text\n'),
  yaml('yaml: a host that is a number', 'web:\n  hosts:\n    10:\n'),
  yaml('yaml: a group that is a number', '10:\n  hosts: {a: }\n'),
  yaml('yaml: groups in a circle', 'a:\n  children:\n    b:\n      children:\n        a:\n'),
  yaml('yaml: two documents', 'a:\n---\nb:\n'),
  yaml('yaml: broken', 'a: [\n'),
  yaml('yaml: an unknown tag', 'all:\n  vars:\n    a: !no tag\n'),
  { name: 'program: one that fails', files: { 'inv!': '#!/bin/sh\necho {}; exit 1\n' }, sources: ['inv'] },
  { name: 'program: no JSON', files: { 'inv!': '#!/bin/sh\necho nothing\n' }, sources: ['inv'] },
  { name: 'program: a list', files: { 'inv!': program([]) }, sources: ['inv'] },
  { name: 'program: hosts that are a text', files: { 'inv!': program({ web: { hosts: 'a' } }) }, sources: ['inv'] },
  {
    name: 'program: vars that are a list',
    files: { 'inv!': program({ web: { hosts: ['a'], vars: [] } }) },
    sources: ['inv'],
  },
  {
    name: 'program: hostvars that are a list',
    files: { 'inv!': program({ web: { hosts: ['a'] }, _meta: { hostvars: [] } }) },
    sources: ['inv'],
  },
  { name: 'sources: one that is not there', files: {}, sources: ['missing'] },
  {
    name: 'files: variables that are a list',
    files: { hosts: 'a\n', 'group_vars/all.yml': '- a\n' },
    sources: ['hosts'],
  },
  {
    name: 'files: a vault without a password',
    files: { hosts: 'a\n', 'group_vars/all.yml': '$ANSIBLE_VAULT;1.1;AES256\n3031\n' },
    sources: ['hosts'],
  },
];
