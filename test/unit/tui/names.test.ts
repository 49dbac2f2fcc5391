// Names of files in little space: their ends distinguish them.
import { expect, test } from 'vitest'
import { newPage } from '../../../src/tui/model/model.js'
import { nameWithin } from '../../../src/tui/names.js'
import { width } from '../../../src/tui/terminal/width.js'
import { Ui, views } from './ui.js'

test.each([
  ['fd.name', '/usr/lib/python3.13/encodings/aliases.pyc', 20, '…codings/aliases.pyc'],
  ['fd.name', '/etc/hosts', 10, '/etc/hosts'],
  ['fd.name', '/etc/hosts', 9, '…tc/hosts'],
  // wide characters are not split
  ['fd.directory', '/srv/文書/文書', 8, '…書/文書'],
  ['fs.path.name', '/srv/文書/文書', 9, '… 書/文書'],
  // connections are distinguished by both of their ends, commands by their start
  ['fd.name', '10.0.0.1:40000->10.0.0.2:80', 10, '10.0.0.1:40000->10.0.0.2:80'],
  ['proc.exeline', '/usr/bin/python3 -m http.server', 10, '/usr/bin/python3 -m http.server'],
])('%s %s in %i cells is %s', (field, name, cells, shown) => {
  expect(nameWithin(field, name, cells)).toBe(shown)
  if (shown !== name) expect(width(shown)).toBeLessThanOrEqual(cells)
})

test('after scrolling to the right, or with all columns, a name is shown from its start', () => {
  const files = views.find((v) => v.id === 'files')
  const ui = new Ui({ width: 80, pages: [newPage(files!, undefined)] })
  const path = `/srv/${'directory/'.repeat(12)}end`
  const column = {
    field: 'fd.name',
    unit: 'text',
    fits: false,
    names: true,
    only: undefined,
    yields: 0,
    doc: '',
  } as const
  const columns = [{ ...column, title: 'FILENAME', width: 0, right: false }]
  const row = { id: '1', keys: [path], cells: [path] }
  const rows = { kind: 'rows', number: ui.state.number, columns, rows: [row], total: 1, sort: undefined } as const
  ui.do({ kind: 'report', report: { ...rows, span: 1, time: 1, progress: undefined, cancelled: false } })
  expect(ui.text()).toMatch(/ …\S*directory\/end$/m)
  expect(ui.text()).not.toContain('/srv/')
  expect(ui.type('\x1b[C').text()).toMatch(/^\S*directory\/directory/m)
  expect(ui.text()).not.toContain('/end')
})
