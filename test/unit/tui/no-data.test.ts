// The message of a page whose rows need data that the capture omits.
import { expect, test } from 'vitest'
import { newPage } from '../../../src/tui/model/model.js'
import { Ui, views } from './ui.js'

function emptyPage(id: string, noData: boolean, live: boolean): string {
  const view = views.find((v) => v.id === id)
  if (view === undefined) throw new Error(`no view ${id}`)
  const source = { kind: 'source', live, label: 'x', host: 'host', noData, inside: { containers: false } } as const
  return new Ui({ pages: [newPage(view, undefined)], source, ...(!live && { file: 'x.ksys' }) }).rows().text()
}

test.each([true, false])('it says that they are omitted, and promises nothing (live: %s)', (live) => {
  for (const id of ['http', 'http_messages', 'dns', 'spy_syslog']) {
    const text = emptyPage(id, true, live)
    expect(text, id).toContain('--no-buffers')
    expect(text, id).not.toContain('as they happen')
    expect(emptyPage(id, false, live), id).not.toContain('--no-buffers')
  }
})

test('pages of calls are not affected', () => {
  for (const id of ['procs', 'dig', 'file_opens']) expect(emptyPage(id, true, false), id).not.toContain('--no-buffers')
})
