// Each error and warning is reported with its code and its place: the line and column to correct.
import { expect, test } from 'vitest'
import { ERRORS, WARNINGS } from '../../../../src/rules/load/codes.js'
import { codes, load, messages, named, rule } from './texts.js'

const R = 'evt.type = open'

const CASES: readonly (readonly [what: string, text: string, told: readonly string[], message: RegExp])[] = [
  ['no YAML', '- rule: "x\n', ['LOAD_ERR_YAML_PARSE 2:1'], /closing/],
  ['a map at the top', 'rule: x\n', ['LOAD_ERR_YAML_VALIDATE 1:1'], /a list of items/],
  ['a text at the top', 'hello\n', ['LOAD_ERR_YAML_VALIDATE 1:1'], /a list of items/],
  ['an item that is no map', '- hello\n', ['LOAD_ERR_YAML_VALIDATE 1:3'], /an item must be a map/],
  ['an unknown item', '- ruel: x\n', ['LOAD_UNKNOWN_ITEM 1:3'], /none of the keys/],
  ['a missing key', '- rule: r\n  desc: d\n', ['LOAD_ERR_YAML_VALIDATE 1:3'], /the key 'condition' is missing/],
  ['an empty key', rule("''"), ['LOAD_ERR_YAML_VALIDATE 5:14'], /'condition' is empty/],
  ['null', rule('~'), ['LOAD_ERR_YAML_VALIDATE 5:14'], /'condition' is empty/],
  ['a list for a text', rule('[a, b]'), ['LOAD_ERR_YAML_VALIDATE 5:14'], /must be a string, not a list/],
  ['a wrong switch', rule(R, '  enabled: maybe\n'), ['LOAD_ERR_YAML_VALIDATE 6:12'], /true or false, not 'maybe'/],
  ['a wrong number', rule(R, '  capture_duration: 5s\n'), ['LOAD_ERR_YAML_VALIDATE 6:21'], /a whole number, not '5s'/],
  [
    'a wrong priority',
    rule(R).replace('Debug', 'High'),
    ['LOAD_ERR_YAML_VALIDATE 4:13'],
    /one of Emergency.*not 'High'/,
  ],
  ['tags that are no list', rule(R, '  tags: a\n'), ['LOAD_ERR_YAML_VALIDATE 6:9'], /'tags' must be a list/],
  ['a map among items', '- list: a\n  items: [x, {y: z}]\n', ['LOAD_ERR_YAML_VALIDATE 2:14'], /a list of strings/],
  ['an unknown key', rule(R, '  prio: x\n'), ['LOAD_UNKNOWN_KEY 6:3'], /'prio' is not a key of this item/],
  ['a key that stands twice', rule(R, '  desc: e\n'), ['LOAD_UNKNOWN_KEY 6:3'], /only the first is used/],
  [
    'a wrong field',
    rule('evt.type = open and proc.nmae = cat'),
    ['LOAD_ERR_COMPILE_CONDITION 5:34'],
    /did you mean proc\.name/,
  ],
  ['a wrong type of events', rule('evt.type = opne'), ['LOAD_ERR_COMPILE_CONDITION 5:25'], /did you mean open/],
  ['a wrong value', rule('evt.type = open and fd.num = x'), ['LOAD_ERR_COMPILE_CONDITION 5:43'], /'x' is not a number/],
  ['a wrong syntax', rule('evt.type = open or or evt.num=1'), ['LOAD_ERR_COMPILE_CONDITION 5:33'], /joins two checks/],
  ['a word that is compared', rule('name = cat'), ['LOAD_ERR_COMPILE_CONDITION 5:14'], /'name' is not a field/],
  [
    'a wrong output',
    rule(R).replace('output: o', 'output: a %proc.nmae'),
    ['LOAD_ERR_COMPILE_OUTPUT 3:14'],
    /did you mean proc\.name/,
  ],
  ['no macro of that name', rule(`${R} and nosuch`), ['LOAD_ERR_VALIDATE 5:34'], /there is no macro 'nosuch'/],
  [
    'a list as a macro',
    `- list: l\n  items: [a]\n${rule('evt.type = open and l')}`,
    ['LOAD_ERR_VALIDATE 7:34', 'LOAD_UNUSED_LIST 1:3'],
    /'l' is a list/,
  ],
  [
    'a macro that names itself',
    '- macro: m\n  condition: evt.num=1 and m\n',
    ['LOAD_ERR_VALIDATE 2:28', 'LOAD_UNUSED_MACRO 1:3'],
    /uses itself/,
  ],
  [
    'a macro below',
    '- macro: m\n  condition: n\n- macro: n\n  condition: evt.num=1\n',
    ['LOAD_ERR_VALIDATE 2:14', 'LOAD_UNUSED_MACRO 1:3', 'LOAD_UNUSED_MACRO 3:3'],
    /defined later, in line 3/,
  ],
  [
    'a cycle of macros',
    '- macro: m\n  condition: evt.num=1\n- macro: n\n  condition: m\n- macro: m\n  condition: or n\n  append: true\n',
    ['LOAD_ERR_VALIDATE 1:3', 'LOAD_DEPRECATED_ITEM 7:11'],
    /'m' contains itself through n/,
  ],
  [
    'a cycle of lists',
    '- list: l\n  items: [m]\n- list: m\n  items: [l]\n',
    ['LOAD_ERR_VALIDATE 1:3'],
    /'l' contains itself through m/,
  ],
  ['an unused macro', '- macro: m\n  condition: evt.num=1\n', ['LOAD_UNUSED_MACRO 1:3'], /no rule and no other macro/],
  ['an unused list', '- list: l\n  items: [m]\n', ['LOAD_UNUSED_LIST 1:3'], /no condition and no other list/],
  [
    'a wrong name of a macro',
    '- macro: a-b\n  condition: evt.num=1\n',
    ['LOAD_INVALID_MACRO_NAME 1:10', 'LOAD_UNUSED_MACRO 1:3'],
    /letters, digits and _/,
  ],
  [
    'a wrong name of a list',
    '- list: a b\n  items: [c]\n',
    ['LOAD_INVALID_LIST_NAME 1:9', 'LOAD_UNUSED_LIST 1:3'],
    /cannot contain blanks/,
  ],
  [
    'a macro defined twice',
    `- macro: m\n  condition: evt.num=1\n- macro: m\n  condition: evt.num=2\n${rule(`${R} and m`)}`,
    ['LOAD_WARNING_EXTENSION 3:3'],
    /in line 1/,
  ],
  [
    'a rule defined twice',
    `${rule(R)}${rule(R)}`,
    ['LOAD_WARNING_EXTENSION 6:3'],
    /replaces the rule of the same name in line 1/,
  ],
  ['no types of events', rule('proc.name = cat'), ['LOAD_NO_EVTTYPE 1:3'], /nearly all event types/],
  ['all types but one', rule('evt.type != open'), ['LOAD_NO_EVTTYPE 1:3'], /nearly all event types/],
  ['<NA>', rule(`${R} and proc.name != "<NA>"`), ['LOAD_UNSAFE_NA_CHECK 5:34'], /exists/],
  ['evt.dir', rule(`${R} and evt.dir = <`), ['LOAD_DEPRECATED_ITEM 5:34'], /at its end/],
  [
    'evt.dir in an output',
    rule(R).replace('output: o', 'output: a %evt.dir'),
    ['LOAD_DEPRECATED_ITEM 3:13'],
    /same for all/,
  ],
  [
    'a doubtful value',
    rule(`${R} and proc.name = averylongprogramname`),
    ['LOAD_COMPILE_CONDITION 5:34'],
    /at most 15 bytes/,
  ],
  [
    'an impossible value',
    rule(`${R} and fd.type = tcp`),
    ['LOAD_COMPILE_CONDITION 5:34'],
    /fd\.type is never 'tcp' \(did you mean fd\.l4proto=tcp\?\)/,
  ],
  [
    'an unknown source',
    rule('ka.verb = create', '  source: k8s_audit\n'),
    ['LOAD_UNKNOWN_SOURCE 6:11'],
    /events of source k8s_audit/,
  ],
  [
    'another source',
    `${rule(R)}${rule('ka.verb = x', '  source: k8s_audit\n')}`,
    ['LOAD_ERR_VALIDATE 6:3'],
    /another source: syscall/,
  ],
  [
    'a field that may be unknown',
    rule(`${R} and proc.nmae = x`, '  skip-if-unknown-filter: true\n'),
    ['LOAD_UNKNOWN_FILTER 5:34'],
    /the rule is ignored/,
  ],
  [
    'an output that may be unknown',
    rule(R, '  skip-if-unknown-filter: true\n').replace('output: o', 'output: "%proc.nmae"'),
    ['LOAD_UNKNOWN_FILTER 3:13'],
    /the rule is ignored/,
  ],
  ['an engine that is newer', '- required_engine_version: 0.64.0\n', ['LOAD_ERR_VALIDATE 1:28'], /version 0\.64\.0/],
  ['an engine of another age', '- required_engine_version: 1.0.0\n', ['LOAD_ERR_VALIDATE 1:28'], /version 1\.0\.0/],
  ['an engine by its number', '- required_engine_version: 64\n', ['LOAD_ERR_VALIDATE 1:28'], /version 0\.64\.0/],
  ['no version', '- required_engine_version: new\n', ['LOAD_ERR_YAML_VALIDATE 1:28'], /not a version/],
  [
    'an unknown plugin',
    '- required_plugin_versions:\n    - name: k8saudit\n      version: 0.7.0\n',
    ['LOAD_ERR_VALIDATE 2:7'],
    /the plugin k8saudit 0\.7\.0/,
  ],
  [
    'a plugin without version',
    '- required_plugin_versions:\n    - name: container\n',
    ['LOAD_ERR_YAML_VALIDATE 2:7'],
    /the key 'version' is missing/,
  ],
  [
    'append and override',
    '- list: l\n  items: [a]\n- list: l\n  items: [b]\n  append: true\n  override: {items: append}\n',
    ['LOAD_ERR_YAML_VALIDATE 3:3', 'LOAD_DEPRECATED_ITEM 5:11', 'LOAD_UNUSED_LIST 1:3'],
    /cannot be combined in one item/,
  ],
  [
    'nothing to append to',
    '- list: l\n  items: [b]\n  override: {items: append}\n',
    ['LOAD_ERR_VALIDATE 1:3'],
    /no earlier list 'l'/,
  ],
  [
    'nothing to override',
    '- rule: r\n  enabled: false\n  override: {enabled: replace}\n',
    ['LOAD_ERR_VALIDATE 1:3'],
    /no earlier rule 'r'/,
  ],
  [
    'nothing to switch',
    '- rule: r\n  enabled: false\n',
    ['LOAD_ERR_VALIDATE 1:3', 'LOAD_DEPRECATED_ITEM 2:12'],
    /no earlier rule 'r'/,
  ],
  [
    'a key that is not overridden',
    `${rule(R)}- rule: r\n  enabled: false\n  desc: e\n  override:\n    enabled: replace\n`,
    ['LOAD_ERR_YAML_VALIDATE 8:3'],
    /does not list 'desc'/,
  ],
  [
    'a key to override that is not there',
    `${rule(R)}- rule: r\n  desc: e\n  override:\n    desc: replace\n    tags: append\n`,
    ['LOAD_ERR_YAML_VALIDATE 10:5'],
    /the item has no 'tags'/,
  ],
  [
    'a key that cannot be appended to',
    `${rule(R)}- rule: r\n  priority: Info\n  override:\n    priority: append\n`,
    ['LOAD_ERR_YAML_VALIDATE 9:5'],
    /must be replace/,
  ],
  [
    'a key that cannot be overridden',
    `${rule(R)}- rule: r\n  source: syscall\n  override:\n    source: replace\n`,
    ['LOAD_ERR_YAML_VALIDATE 9:5'],
    /cannot be overridden/,
  ],
  [
    'an unknown operation',
    `${rule(R)}- rule: r\n  desc: x\n  override:\n    desc: remove\n`,
    ['LOAD_ERR_YAML_VALIDATE 9:5'],
    /must be append or replace/,
  ],
]

test.each(CASES)('%s', (_, text, expected, message) => {
  const result = load(text)
  expect(codes(result)).toEqual(expected)
  expect(
    messages(result).find((m) => message.test(m)),
    messages(result).join('\n'),
  ).toBeDefined()
})

const exceptions = (yaml: string) => rule(R, `  exceptions:\n${yaml}`)

test.each<readonly [string, string, readonly string[], RegExp]>([
  ['no list', exceptions('    x: y\n'), ['LOAD_ERR_YAML_VALIDATE 7:5'], /'exceptions' must be a list/],
  ['no map', exceptions('    - x\n'), ['LOAD_ERR_YAML_VALIDATE 7:7'], /an exception must be a map/],
  ['no name', exceptions('    - fields: [proc.name]\n'), ['LOAD_ERR_YAML_VALIDATE 7:7'], /the key 'name' is missing/],
  ['no fields', exceptions('    - name: e\n'), ['LOAD_ERR_VALIDATE 7:7'], /has no fields/],
  [
    'a key too many',
    exceptions('    - {name: e, fields: [proc.name], value: []}\n'),
    ['LOAD_UNKNOWN_KEY 7:38'],
    /did you mean values/,
  ],
  [
    'comps of another number',
    exceptions('    - {name: e, fields: [proc.name], comps: [=, =]}\n'),
    ['LOAD_ERR_VALIDATE 7:7'],
    /1 items and comps has 2/,
  ],
  [
    'a text for comps',
    exceptions('    - {name: e, fields: [proc.name], comps: =}\n'),
    ['LOAD_ERR_VALIDATE 7:7'],
    /comps must be a list/,
  ],
  [
    'a list for comps',
    exceptions('    - {name: e, fields: proc.name, comps: [in]}\n'),
    ['LOAD_ERR_VALIDATE 7:7'],
    /comps must be a single string/,
  ],
  [
    'no operator',
    exceptions('    - {name: e, fields: [proc.name], comps: [like]}\n'),
    ['LOAD_ERR_YAML_VALIDATE 7:46'],
    /'like' does not/,
  ],
  [
    'an operator for one value',
    exceptions('    - {name: e, fields: proc.name, comps: startswith}\n'),
    ['LOAD_ERR_YAML_VALIDATE 7:43'],
    /in, intersects or pmatch, or have a modifier/,
  ],
  [
    'a value that is no list',
    exceptions('    - {name: e, fields: [proc.name], values: [cat]}\n'),
    ['LOAD_ERR_VALIDATE 7:47'],
    /values must be lists/,
  ],
  [
    'values of another number',
    exceptions('    - {name: e, fields: [proc.name], values: [[a, b]]}\n'),
    ['LOAD_ERR_VALIDATE 7:47'],
    /this list has 2/,
  ],
  [
    'a list as a value',
    exceptions('    - {name: e, fields: [proc.name], values: [[[a, b]]]}\n'),
    ['LOAD_ERR_VALIDATE 7:48'],
    /in compares with lists/,
  ],
  [
    'a list in a list',
    exceptions('    - {name: e, fields: proc.name, values: [[a]]}\n'),
    ['LOAD_ERR_VALIDATE 7:45'],
    /not a list/,
  ],
  [
    'an empty value',
    exceptions('    - {name: e, fields: proc.name, values: [""]}\n'),
    ['LOAD_ERR_VALIDATE 7:45'],
    /is empty/,
  ],
  [
    'an unknown field',
    exceptions('    - {name: e, fields: [proc.nmae], values: [[a]]}\n'),
    ['LOAD_ERR_COMPILE_CONDITION 7:26'],
    /did you mean proc\.name/,
  ],
  [
    'a wrong value',
    exceptions('    - {name: e, fields: [fd.num], values: [[a]]}\n'),
    ['LOAD_ERR_COMPILE_CONDITION 7:45'],
    /'a' is not a number/,
  ],
  [
    'a name twice',
    exceptions('    - {name: e, fields: proc.name, values: [a]}\n    - {name: e, fields: proc.name, values: [b]}\n'),
    ['LOAD_EXCEPTION_NAME_NOT_UNIQUE 8:7'],
    /another exception 'e'/,
  ],
  [
    'fields appended',
    `${exceptions('    - {name: e, fields: proc.name}\n')}- rule: r\n  exceptions:\n    - {name: e, fields: proc.name, values: [a]}\n  override: {exceptions: append}\n`,
    ['LOAD_ERR_VALIDATE 10:7'],
    /only values can be added/,
  ],
  [
    'nothing appended',
    `${exceptions('    - {name: e, fields: proc.name}\n')}- rule: r\n  exceptions:\n    - {name: e}\n  override: {exceptions: append}\n`,
    ['LOAD_APPEND_NO_VALUES 10:7'],
    /nothing is added/,
  ],
  [
    'a new one without values',
    `${rule(R)}- rule: r\n  exceptions:\n    - {name: e, fields: proc.name, values: []}\n  override: {exceptions: append}\n`,
    ['LOAD_ERR_VALIDATE 8:7'],
    /has no values/,
  ],
])('the exception is reported: %s', (_, text, expected, message) => {
  const result = load(text)
  expect(codes(result), messages(result).join('\n')).toEqual(expected)
  expect(
    messages(result).find((m) => message.test(m)),
    messages(result).join('\n'),
  ).toBeDefined()
})

test('all errors of a file are reported, and valid items are loaded', () => {
  const result = load(`${rule('nosuch', '', 'a')}${rule(R, '', 'b')}${rule('proc.nmae = x and evt.tpye = y', '', 'c')}`)
  expect(codes(result)).toEqual([
    'LOAD_ERR_VALIDATE 5:14',
    'LOAD_ERR_COMPILE_CONDITION 15:14',
    'LOAD_ERR_COMPILE_CONDITION 15:32',
  ])
  expect(result.rules.map((r) => r.name)).toEqual(['b'])
})

test('an error in a macro is reported once, at the macro, and not again for rules that use it', () => {
  const broken = load(`- macro: m\n  condition: evt.num >\n${rule(`${R} and m`)}`)
  expect(codes(broken)).toEqual(['LOAD_ERR_COMPILE_CONDITION 2:22'])
  const wrong = load(
    `- macro: m\n  condition: evt.nmu = 1\n${rule(`${R} and m`, '', 'x')}${rule(`${R} or m`, '', 'y')}`,
  )
  expect(codes(wrong)).toEqual(['LOAD_ERR_COMPILE_CONDITION 2:14'])
  expect(wrong.files[0]!.errors[0]!.locations.map((l) => `${l.type} ${l.name}`)).toEqual([
    'rule x',
    'macro m',
    'condition expression ',
  ])
})

test('an unknown field in an unused macro is not an error', () => {
  expect(codes(load('- macro: m\n  condition: ka.verb = create\n'))).toEqual(['LOAD_UNUSED_MACRO 1:3'])
})

test('every code that can be reported is tested above', () => {
  const seen = new Set(
    [...CASES.flatMap((c) => c[2]), 'LOAD_EXCEPTION_NAME_NOT_UNIQUE', 'LOAD_APPEND_NO_VALUES'].map(
      (t) => t.split(' ')[0],
    ),
  )
  const elsewhere = ['LOAD_ERR_FILE_READ', 'LOAD_ERR_EXTENSION']
  expect(
    [...Object.keys(ERRORS), ...Object.keys(WARNINGS)].filter((c) => !seen.has(c) && !elsewhere.includes(c)),
  ).toEqual([])
})

test('a warning does not prevent a rule from being loaded', () => {
  expect(named(load(rule('proc.name = cat'))).name).toBe('r')
})

test('an empty file is valid, and one of comments and empty documents', () => {
  for (const text of ['', '# nothing\n', '---\n---\n...\n', '[]\n', '- ~\n'])
    expect(load(text), text).toMatchObject({ ok: true, rules: [] })
})

test('several documents in a file are read one after the other', () => {
  const result = load(`${rule(R, '', 'a')}---\n${rule(R, '', 'b')}`)
  expect(result.rules.map((r) => r.name)).toEqual(['a', 'b'])
})
