// fdlist.*: the descriptors that poll and similar calls wait for.
import type { Event } from '../model/event.js'
import type { Fd } from '../model/fd.js'
import { fdName } from '../state/fd-name.js'
import { clientIp, clientPort, serverIp, serverPort } from '../state/socket-sides.js'
import { field } from './field.js'
import { paramFinder } from './params.js'

const find = paramFinder((p) => p.type === 'fdlist')
/** bytes of an entry: descriptor number and requested events */
const ENTRY = 10

/** Joins the results of `get` for each descriptor of the list; undefined if the event has no list. */
function join(e: Event, get: (num: number, fd: Fd | undefined) => string | number | undefined): string | undefined {
  const p = find(e)
  const at = p < 0 ? -1 : e.varAt(p)
  if (at < 0) return undefined
  const length = e.varLen(at)
  if (length < 2) return undefined
  const view = e.batch.view
  const count = Math.min(view.getUint16(at, true), Math.floor((length - 2) / ENTRY))
  let text = ''
  for (let i = 0; i < count; i++) {
    const num = view.getInt32(at + 2 + i * ENTRY, true)
    const v = get(num, e.thread?.fdTable.fds.get(num))
    if (v !== undefined && v !== '') text += text === '' ? v : `,${v}`
  }
  return text
}

const list = (doc: string, get: (num: number, fd: Fd | undefined) => string | number | undefined) =>
  field({
    type: 'string',
    doc,
    cost: 64,
    make: () => (e) => {
      const text = join(e, get)
      return text === '' ? undefined : text
    },
  })

const known =
  <T>(get: (fd: Fd) => T | undefined) =>
  (_: number, fd: Fd | undefined): T | undefined =>
    fd === undefined ? undefined : get(fd)

export const fields = {
  'fdlist.nums': list('Numbers of the descriptors that poll waits for, joined by commas.', (num) => num),
  'fdlist.names': list('Names of the descriptors that poll waits for.', (_, fd) => (fd && fdName(fd)) || '<NA>'),
  'fdlist.cips': list('Client addresses of the descriptors that poll waits for.', known(clientIp)),
  'fdlist.sips': list('Server addresses of the descriptors that poll waits for.', known(serverIp)),
  'fdlist.cports': list('Client ports of the descriptors that poll waits for.', known(clientPort)),
  'fdlist.sports': list('Server ports of the descriptors that poll waits for.', known(serverPort)),
}
