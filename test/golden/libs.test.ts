// The values of libs 0.20 itself for the captures, field by field: the bundled ones, and those next to the checkout.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { run } from '../helpers/resident.js'
import { bundled as all, beside, here, others as more, unpacked } from './captures.js'
import { type Difference, lines, PART } from './judge.js'
import { LIBS_RULES } from './known-libs.js'
import { buildLibs, libsPrints, notHere } from './libs-judge.js'

const dir = unpacked()

/** Recorded by a newer libs than this one, which cannot read them. */
const NEWER = 'newest'
const bundled = all.filter((name) => name !== NEWER)
const others = more.filter((name) => name !== NEWER)

const FIELDS = (
  'evt.num evt.type evt.dir thread.tid thread.vtid proc.pid proc.vpid proc.ppid proc.name proc.exe proc.exepath ' +
  'proc.pname proc.pcmdline proc.acmdline[1] proc.sid user.uid group.gid container.id fd.num fd.type fd.name ' +
  'fd.l4proto fd.cip fd.cport fd.sip fd.sport fd.lip fd.lport fd.rip fd.rport fd.is_server fs.path.name fs.path.source fs.path.target evt.is_io evt.is_io_read evt.is_io_write evt.res evt.buflen ' +
  'evt.is_open_read evt.is_open_write'
).split(' ')
const FORMAT = `*${FIELDS.map((f) => `%${f}`).join(PART)}`

const used = new Set<string>()
let program = ''

beforeAll(() => {
  if (notHere === undefined) program = buildLibs()
}, 120_000)

/** Every value that differs, for the events that ksys shows and for those at the end of a call that it does not. */
async function differences(name: string): Promise<Difference[]> {
  const capture = join(bundled.includes(name) ? dir : beside, `${name}.scap`)
  const theirs = await libsPrints(program, capture, FORMAT)
  const out: Difference[] = []
  for (const line of lines(await run(['-r', capture, '-p', FORMAT]))) {
    const ours = line.split(PART)
    const num = Number(ours[0])
    const facts = Object.fromEntries(FIELDS.map((f, i) => [f, ours[i] ?? '']))
    const their = theirs.get(num)?.split(PART)
    theirs.delete(num)
    const common = { output: name, num, facts }
    if (their === undefined) out.push({ ...common, field: 'line', theirs: undefined, ours: line })
    else
      for (const [i, field] of FIELDS.entries())
        if (their[i]?.trimEnd() !== ours[i]?.trimEnd()) out.push({ ...common, field, theirs: their[i], ours: ours[i] })
  }
  for (const [num, line] of theirs)
    if (line.split(PART)[2] === '<')
      out.push({ output: name, num, field: 'line', theirs: line, ours: undefined, facts: {} })
  return out
}

describe.skipIf(notHere !== undefined)(`libs itself${notHere === undefined ? '' : ` is not asked: ${notHere}`}`, () => {
  test.each([...bundled, ...others])('has the same values as ksys for %s', async (name) => {
    const wrong: string[] = []
    for (const d of await differences(name)) {
      const rule = LIBS_RULES.find((r) => r.meant(d))
      if (rule === undefined) wrong.push(`${d.num} ${d.facts['evt.type']} ${d.field}: ${d.theirs}\n  ksys: ${d.ours}`)
      else used.add(rule.name)
    }
    expect(wrong.slice(0, 20)).toEqual([])
  })

  test('every intended difference has a reason, and occurs', () => {
    const reasons = readFileSync(join(here, 'differences.md'), 'utf8')
    for (const { name } of LIBS_RULES) expect(reasons).toContain(`**${name}**`)
    if (others.length > 0) expect(LIBS_RULES.map((r) => r.name).filter((name) => !used.has(name))).toEqual([])
  })
})
