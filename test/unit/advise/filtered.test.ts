// Recordings with a filter of their own, copies of them, and the filter of the advice: it knows which calls they leave out.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderFor } from '../../helpers/folder.js'
import { ksys, root } from '../../helpers/ksys.js'

const dir = folderFor('advise-filtered')
const whole = join(root, 'captures/web.ksys')

/** A copy of a trace with the events that pass a filter. */
function copied(from: string, name: string, ...words: string[]): string {
  const to = join(dir, name)
  expect(ksys(['-r', from, '-w', to, ...words])).toMatchObject({ code: 0, stderr: '' })
  return to
}

function doubtsOf(...traces: string[]): string[] {
  const read = traces.flatMap((t) => ['-r', t])
  const { stdout, stderr } = ksys(['advise', 'seccomp', 'proc.name=curl', '-j', '-q', ...read])
  expect(stderr).toBe('')
  const { complete, doubts } = JSON.parse(stdout) as { complete: boolean; doubts: string[] }
  expect(complete).toBe(doubts.length === 0)
  return doubts.filter((d) => d.includes('filter'))
}

const LACKS = 'a capture lacks calls that its filter left out:'

test('calls that a filter left out are missing in each copy, and in each union', () => {
  const some = copied(whole, 'some.ksys', 'evt.type!=openat')
  const again = copied(some, 'again.ksys', 'proc.name=curl')
  expect(doubtsOf(whole)).toEqual([])
  for (const traces of [[some], [again], [whole, some]])
    expect(doubtsOf(...traces)).toEqual([`${LACKS} (evt.type!=openat)`])
  expect(doubtsOf(copied(whole, 'without.ksys', '-U', 'nginx', 'evt.num > 0'))[0]).toContain(
    'not proc.name in ("nginx")',
  )
})

test('a filter by the program asked about leaves out nothing of it, nor does a range of time', () => {
  expect(doubtsOf(copied(whole, 'curl.ksys', 'proc.name in (curl, nginx)'))).toEqual([])
  expect(doubtsOf(copied(whole, 'part.ksys', '--since', '0.1s'))).toEqual([])
})

test('a filter whose text redaction removes may have left out calls', () => {
  const doubt = 'a capture was recorded with a filter that is not stored in it, and may lack calls'
  expect(doubtsOf(copied(whole, 'redacted.ksys', '--no-env', 'proc.name=curl'))).toEqual([doubt])
  const named = copied(whole, 'named.ksys', 'proc.name=curl')
  expect(doubtsOf(copied(named, 'later.ksys', '--no-env'))).toEqual([doubt])
})

test('healing says so, too', () => {
  const profile = join(dir, 'curl.json')
  expect(ksys(['advise', 'seccomp', 'proc.name=curl', '-r', whole, '-q', '-w', profile]).code).toBe(0)
  const trace = copied(whole, 'connects.ksys', 'evt.type=connect')
  expect(ksys(['advise', 'heal', profile, '-r', trace, 'proc.name=curl']).stdout).toContain(
    `More calls may be missing: ${LACKS} (evt.type=connect).`,
  )
})

test.each([
  [['evt.type=openat'], '(evt.type=openat)'],
  [['proc.name=curl', 'and', 'evt.failed=false'], '(proc.name=curl and evt.failed=false)'],
])('healing with a filter of its own that leaves out calls says so, as text and JSON: %j', (words, filter) => {
  const profile = join(dir, 'healed.json')
  expect(ksys(['advise', 'seccomp', 'proc.name=curl', '-r', whole, '-q', '-w', profile]).code).toBe(0)
  const clause = `the filter selects only some of its calls: ${filter}`
  const heal = (...filter: string[]) => ksys(['advise', 'heal', profile, '-r', whole, ...filter])
  expect(heal(...words).stdout).toContain(`More calls may be missing: ${clause}.`)
  expect(heal(...words, '-j').stderr).toBe(`ksys: more calls may be missing: ${clause}\n`)
  expect(heal('proc.name=curl')).toMatchObject({ stdout: expect.not.stringContaining('More calls may be'), stderr: '' })
})

test.each([
  [['evt.type=openat'], '(evt.type=openat)'],
  [['proc.name=curl and evt.failed=false'], '(proc.name=curl and evt.failed=false)'],
  [['evt.type!=openat', '-U', 'nginx'], '(evt.type!=openat) and (not proc.name in ("nginx"))'],
])('a profile of some calls of programs is not called complete: %j', (words, filter) => {
  const made = ksys(['advise', 'seccomp', '-r', whole, ...words])
  expect(made.stderr).toContain(`the filter selects only some of its calls: ${filter}`)
  expect(made.stderr).toMatch(/^Not complete: /m)
})
