// The result of loading as text and as JSON, character by character.
import { expect, test } from 'vitest'
import { loadRules } from '../../../../src/rules/load/load.js'
import { resultJson } from '../../../../src/rules/load/result-json.js'
import { resultText } from '../../../../src/rules/load/result-text.js'

const BAD = `- macro: read
  condition: evt.type = opne
- rule: Reads
  desc: somebody reads
  output: "%proc.nmae reads"
  priority: Warning
  condition: read and proc.name = cat
  tag: [x]
`
const GOOD = `- rule: All
  desc: everything
  output: o
  priority: Debug
  condition: proc.name = cat
`
const { files } = loadRules([
  { name: 'bad.yaml', text: BAD },
  { name: 'good.yaml', text: GOOD },
  { name: 'best.yaml', text: '' },
  { name: 'gone.yaml', unreadable: 'there is no such file' },
])

test('text has each file with its result, and below it the errors with their positions', () => {
  expect(resultText(files)).toBe(`bad.yaml: Invalid
2 Errors:
In rule 'Reads': (bad.yaml:3:3)
    rule output: (bad.yaml:5:13)
------
  output: "%proc.nmae reads"
            ^^^^^^^^^
------
LOAD_ERR_COMPILE_OUTPUT (invalid output): unknown field 'proc.nmae' (did you mean proc.name?); ksys -l lists all fields
In rule 'Reads': (bad.yaml:3:3)
    macro 'read': (bad.yaml:1:3)
    condition expression: (bad.yaml:2:25)
------
  condition: evt.type = opne
                        ^^^^
------
LOAD_ERR_COMPILE_CONDITION (invalid condition): there is no event named 'opne' (did you mean open?); ksys -L lists all events
1 Warnings:
In rule 'Reads': (bad.yaml:3:3)
    key 'tag': (bad.yaml:8:3)
------
  tag: [x]
  ^^^
------
LOAD_UNKNOWN_KEY (unknown key): 'tag' is not a key of this item and is ignored (did you mean tags?)
good.yaml: Ok, with warnings
1 Warnings:
In rule 'All': (good.yaml:1:3)
------
- rule: All
  ^
------
LOAD_NO_EVTTYPE (events of all types are evaluated): the rule matches nearly all event types; a test such as evt.type = open makes it cheaper
best.yaml: Ok
gone.yaml: Invalid
1 Errors:
In rules content: (gone.yaml:1:1)
------

^
------
LOAD_ERR_FILE_READ (the file cannot be read): there is no such file
`)
})

test('JSON has the same with the keys of Falco', () => {
  const [bad, good, best, gone] = (resultJson(files) as { falco_load_results: Record<string, unknown>[] })
    .falco_load_results
  expect(bad).toMatchObject({ name: 'bad.yaml', successful: false })
  expect((bad!.errors as unknown[])[1]).toEqual({
    code: 'LOAD_ERR_COMPILE_CONDITION',
    codedesc: 'invalid condition',
    context: {
      locations: [
        { item_name: 'Reads', item_type: 'rule', position: { column: 3, line: 3, name: 'bad.yaml', offset: 45 } },
        { item_name: 'read', item_type: 'macro', position: { column: 3, line: 1, name: 'bad.yaml', offset: 2 } },
        {
          item_name: '',
          item_type: 'condition expression',
          position: { column: 25, line: 2, name: 'bad.yaml', offset: 38 },
        },
      ],
      snippet: '  condition: evt.type = opne\n                        ^^^^\n',
    },
    message: "there is no event named 'opne' (did you mean open?); ksys -L lists all events",
  })
  expect(good).toMatchObject({ successful: true, errors: [], warnings: [{ code: 'LOAD_NO_EVTTYPE' }] })
  expect(best).toMatchObject({ successful: true, errors: [], warnings: [] })
  expect(gone).toMatchObject({ successful: false, errors: [{ code: 'LOAD_ERR_FILE_READ' }] })
})
