// Warnings about values that a field never has, and none about those that it may have.
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { checkFilter } from '../../../src/filter/compile.js'
import { EVENTS } from '../../../src/schema/events/index.js'

const warnings = (filter: string): readonly string[] => checkFilter(filter, registry).warnings

test.each<[string, RegExp]>([
  ['proc.name=systemd-journald', /at most 15 bytes.* \(did you mean systemd-journal\?\)/],
  ['proc.name=/usr/bin/cat', /no folders.*gave itself that name; use proc\.name=cat or proc\.exepath/],
  ['proc.name=/usr/lib/git/git', /no folders.*never equals .*; use proc\.name=git or proc\.exepath/],
  ['proc.name in (sh, ./cat)', /use proc\.name=cat/],
  ['evt.category=network', /^evt\.category is never 'network' \(did you mean net\?\)$/],
  ['evt.category=read', /\(did you mean evt\.io_dir=read\?\)/],
  ['fd.type=tcp', /^fd\.type is never 'tcp' \(did you mean fd\.l4proto=tcp\?\)$/],
  ['fd.type in (ipv4, ipv5)', /^fd\.type is never 'ipv5' \(did you mean ipv4\?\)$/],
  ['fd.types intersects (file, files)', /^fd\.types is never 'files' \(did you mean file\?\)$/],
  ['fd.l4proto=ipv6', /\(did you mean fd\.type=ipv6\?\)/],
  ['evt.res=ENOTHING', /^evt\.res is never 'ENOTHING'; similar values are ENOT\w+, ENOT\w+, ENOT\w+$/],
  ['evt.res=enoent', /\(did you mean ENOENT\?\)/],
  ['evt.res!=EACCESS', /\(did you mean EACCES\?\)/],
  ['evt.res=EWOULDBLOCK', /\(did you mean EAGAIN\?\)/],
  ['evt.res=-2', /\(did you mean evt\.rawres=-2\?\)/],
  ['evt.dir=in', /its values are >, </],
])('%s has a warning with the value that was probably meant', (filter, warning) => {
  expect(warnings(filter)).toEqual([expect.stringMatching(warning)])
})

test.each([
  'proc.name in (cat, fifteen-bytes-x, "runc:[1:CHILD]", kworker/0:1)',
  'proc.name contains /usr and proc.name startswith sixteen-bytes-xx and proc.name pmatch (/usr/bin)',
  'evt.dir=< and evt.category in (net, IPC, ipc, file, process) and evt.io_dir=write',
  'fd.type in (file, directory, ipv4, ipv6, unix, pipe, event, netlink) and fd.type contains tcp',
  'fd.sockfamily=ip and fd.l4proto in (tcp, udp, icmp) and fd.typechar in (4, 6, f)',
  'evt.res in (SUCCESS, ENOENT, EINPROGRESS, SIGSYS) and (evt.rawres>=0 or evt.res=EINPROGRESS)',
  'fd.port=http or fd.sport in (80, https)',
])('%s has none', (filter) => {
  expect(warnings(filter)).toEqual([])
})

test('a service in place of a port is its number', () => {
  expect(checkFilter('fd.port=http', registry).root).toMatchObject({ constants: [80] })
})

test('every category of events is possible', () => {
  const categories = new Set(EVENTS.flatMap((def) => (def === undefined ? [] : [def.category])))
  for (const c of categories)
    if (!c.startsWith('io_')) expect(warnings(`evt.category=${c === 'ipc' ? 'IPC' : c}`), c).toEqual([])
})
