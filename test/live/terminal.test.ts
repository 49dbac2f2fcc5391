// No text of a program, a file or the command line can control the terminal: every control character, invalid
// UTF-8 and direction marks pass through every output of ksys, and the result has only lines, tabs and ksys's own colours.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Chisel } from '../../src/chisel/define.js'
import { loadAll } from '../../src/chisel/load.js'
import { registry } from '../../src/fields/index.js'
import { CODE_LIMIT } from '../../src/schema/codes.js'
import { EVENTS, eventsByName } from '../../src/schema/events/index.js'
import type { EventDef } from '../../src/schema/types.js'
import { capabilitiesOf } from '../../src/source/capabilities.js'
import { TraceWriter } from '../../src/trace/index.js'
import { loadViews } from '../../src/views/index.js'
import { ksysBytes, privileged } from '../helpers/ksys.js'
import { compile, scratchDir } from '../helpers/live.js'
import { makeBatch } from '../helpers/rows.js'
import { INFO, NOTHING } from '../helpers/trace.js'
import { hasTmux, Terminal } from '../tui/terminal.js'

const dir = scratchDir('terminal')
const trace = join(dir, 'controls.ksys')

const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/
const MARKS = /[\u2028\u2029\p{Default_Ignorable_Code_Point}]/u
/** ksys's own colours */
const COLOUR = /\x1b\[[0-9;]*m/g
/** the output of a hostile program, in a text of one line */
const EVIL = '\x1b]0;PWNED\x07\x1b[2J\x9b31m\u202e\u200b\u{e0041}\r\b\x7f\u009d'

/** Which of these bytes must not reach a terminal: the first positions, with their surroundings. */
function wrong(bytes: Buffer, colours = false): string[] {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return ['not UTF-8']
  }
  if (colours) text = text.replace(COLOUR, '')
  const found: string[] = []
  for (const bad of [CONTROLS, MARKS]) {
    const at = text.search(bad)
    if (at >= 0) found.push(JSON.stringify(text.slice(Math.max(0, at - 60), at + 20)))
  }
  return found
}

function run(args: string[], cwd?: string) {
  const { stdout, stderr, code } = ksysBytes(args, cwd === undefined ? {} : { cwd })
  return { out: stdout, err: stderr, code }
}

beforeAll(() => {
  if (!privileged()) return
  const exe = compile(dir, 'controls')
  const work = join(dir, 'work')
  mkdirSync(work)
  const ran = run(['-s', '1000', '-w', trace, '--', exe, work])
  if (ran.code !== 0) throw new Error(ran.err.toString())
})

describe.skipIf(!privileged())('hostile names and data', () => {
  test('are in the capture', () => {
    const all = run(['-r', trace, '-p', '%proc.name %evt.args']).out.toString()
    for (const sign of ['\\x1b]0;PWNED\\x07', '\\x7f', '\\x80', '\\u202e', '\\u0080', '\\xff'])
      expect(all.includes(sign) || all.includes(sign.replace('\\u00', '\\x')), sign).toBe(true)
  })

  const outputs: Record<string, string[]> = {
    'default lines': [],
    'default lines, not cut': ['-v'],
    JSON: ['-j'],
    'JSON of all': ['-j', '-v'],
    'text of buffers': ['-A'],
    'hexadecimal buffers': ['-x'],
    'hexadecimal and text': ['-X'],
    base64: ['-b'],
    summary: ['-q', '-S'],
    'summary as JSON': ['-q', '-S', '-j'],
  }
  for (const [name, args] of Object.entries(outputs))
    test(`are escaped in ${name}`, () => {
      const r = run(['-r', trace, ...args])
      expect(r.code).toBe(0)
      expect(r.out.length).toBeGreaterThan(100)
      expect(wrong(r.out)).toEqual([])
      expect(wrong(r.err)).toEqual([])
    })

  test('are escaped in colours', () => {
    const r = run(['-r', trace, '--color', 'always'])
    expect(r.out.includes('\x1b[')).toBe(true)
    expect(wrong(r.out, true)).toEqual([])
  })

  test('are escaped in every field, as text and as JSON', () => {
    const fields = registry.names().flatMap((n) => {
      const def = registry.get(n)
      if (n === 'evt.arg' || n === 'evt.rawarg') return [`${n}[0]`, `${n}[1]`, `${n}[2]`, `${n}.name`, `${n}.data`]
      return def === undefined || def.removed !== undefined || def.print === false || def.arg?.need === 'required'
        ? []
        : [n]
    })
    expect(fields.length).toBeGreaterThan(200)
    const format = `*${fields.map((f) => `%${f}`).join(' ')}`
    for (const more of [[], ['-j']]) {
      const r = run(['-r', trace, ...more, '-p', format])
      // some fields have no value on any machine, which is reported
      expect(r.err.toString()).toMatch(/^(ksys: [\w., ]* have no value here: .*\n)*$/)
      expect(r.code).toBe(0)
      expect(wrong(r.out)).toEqual([])
    }
  })

  const WORDS: Record<string, string[]> = {
    table_generator: ['proc.name,fd.name,proc.cmdline', 'a,b,c', 'evt.count', 'N', 'none', '1000', 'none'],
  }
  /** A value for a required argument of each type; a text is an address and a file name alike. */
  const WORD = { field: 'fd.name', int: '0', string: '127.0.0.1', filter: 'evt.num>0' } as const
  const wordsOf = (name: string, def: Chisel): string[] => [
    ...(WORDS[name] ??
      Object.values(def.args ?? {})
        .filter((a) => a.optional !== true)
        .map((a) => WORD[a.type])),
    ...(def.needs?.filter === true ? [WORD.filter] : []),
  ]
  test('are escaped in every chisel, as text and as JSON', async () => {
    const { chisels } = await loadAll()
    const all = chisels.filter((c) => c.builtIn).flatMap(({ name, def }) => ['-c', name, ...wordsOf(name, def)])
    expect(all.filter((word) => word === '-c').length).toBeGreaterThan(60)
    for (const more of [[], ['-j']]) {
      // some write a file with the given name
      const r = run(['-r', trace, ...more, ...all], dir)
      expect(r.code, r.err.toString()).toBe(0)
      // some have their colours whatever the output is
      expect(wrong(r.out, true)).toEqual([])
      expect(wrong(r.err)).toEqual([])
    }
  })

  test('are escaped in the header of a file from others', async () => {
    const file = join(dir, 'sent.ksys')
    const writer = await TraceWriter.open(file, {
      info: { ...INFO, hostname: EVIL, kernel: EVIL, note: EVIL, addresses: [EVIL] },
      existing: {
        ...NOTHING,
        users: [{ uid: 0, gid: 0, name: EVIL, home: EVIL, shell: EVIL }],
        groups: [{ gid: 0, name: EVIL }],
      },
    })
    await writer.close({ events: 0, lost: 0, late: 0 })
    for (const args of [
      ['info', file],
      ['info', '-j', file],
      ['-r', file, '-p', '%evt.hostname'],
      ['-r', file, '-c', 'ps'],
    ]) {
      const r = run(args)
      expect(r.code, args.join(' ')).toBe(0)
      expect(wrong(r.out)).toEqual([])
    }
  })

  test('are escaped in the names of events that a file declares', async () => {
    const file = join(dir, 'declared.ksys')
    const [code] = eventsByName('getppid').slice(-1) as [number]
    const def = EVENTS[code] as EventDef
    const defs = [...EVENTS]
    const declared = [EVIL, 'harmless'].map((name, i) => {
      const at = CODE_LIMIT - 1 - i
      const params = def.params.map((p) => ({ ...p, name: i === 0 ? EVIL : p.name }))
      defs[at] = { ...def, code: at, name, category: EVIL as EventDef['category'], params }
      return at
    })
    const writer = await TraceWriter.open(file, {
      info: { ...INFO, has: capabilitiesOf('scap') },
      existing: NOTHING,
      defs,
    })
    const batch = makeBatch([EVIL, 'harmless', 'getppid'].map(() => ({ type: 'getppid' })))
    for (const [i, at] of declared.entries()) batch.type[i] = at
    await writer.write(batch, undefined, new Map())
    await writer.close({ events: 3, lost: 0, late: 0 })
    for (const args of [
      ['-r', file],
      ['-r', file, '-j'],
      ['-r', file, '-q', '-S'],
      ['info', file],
      ['-r', file, '-c', 'topscalls'],
    ]) {
      const r = run(args)
      expect(r.out.length, args.join(' ')).toBeGreaterThan(0)
      expect(wrong(r.out), args.join(' ')).toEqual([])
      expect(wrong(r.err)).toEqual([])
    }
  })

  test('are escaped in messages that quote the command line', () => {
    const word = EVIL.replaceAll('\0', '')
    for (const args of [
      [`proc.name=${word} and`],
      [`${word}=1`],
      ['-r', word],
      ['-r', join(dir, word)],
      ['info', word],
      ['-w', `/nosuch${word}/x`],
      ['-p', `%${word}`],
      ['-c', word],
      ['-c', `/${word}`],
      ['-c', 'fdbytes_by', word],
      ['-i', word],
      [`--${word}`],
      ['-l', word],
      ['ui', '-v', word],
      ['--since', word, '-r', trace],
      ['--explain', `proc.name="${word}"`],
      ['--', `/nosuch${word}`],
    ]) {
      const r = run(args)
      expect(r.out.length + r.err.length, JSON.stringify(args)).toBeGreaterThan(0)
      expect(wrong(r.err), JSON.stringify(args)).toEqual([])
      expect(wrong(r.out), JSON.stringify(args)).toEqual([])
    }
  })

  test('are escaped in the paths of damaged files', () => {
    const file = join(dir, 'broken\x1b]0;PWNED\x07\u202e.ksys')
    execFileSync('sh', ['-c', 'head -c 3000 "$0" > "$1"', trace, file])
    for (const args of [
      ['-r', file],
      ['info', file],
    ]) {
      const r = run(args)
      expect(r.code).toBe(5)
      expect(wrong(r.err)).toEqual([])
      expect(wrong(r.out)).toEqual([])
    }
  })
})

describe.skipIf(!privileged() || !hasTmux)('hostile names and data on the screen', () => {
  test('are escaped in the views of the UI', { timeout: 240_000 }, async () => {
    const ids = (await loadViews()).map((v) => v.id)
    const views = ['procs', 'files', 'directories', 'errors', 'syscalls'].filter((v) => ids.includes(v))
    const found: string[] = []
    for (const view of views) found.push(...(await foundIn(view)))
    expect(found).toEqual([])
  })

  /** The parts of a hostile program's texts that reach the terminal of a view. */
  async function foundIn(view: string): Promise<string[]> {
    const t = new Terminal(120, 40)
    const raw = join(dir, `${view}.raw`)
    try {
      t.record(raw)
      t.ui('-r', trace, '-v', view)
      await t.shows(/PWNED|node|\/work/)
      // down to the events of one row, and their details
      for (const key of ['Enter', 'F5', 'Down', 'Enter']) {
        t.keys(key)
        await new Promise((done) => setTimeout(done, 400))
      }
    } finally {
      t.close()
    }
    const text = readFileSync(raw, 'latin1')
    const utf8 = readFileSync(raw, 'utf8')
    const evils = ['\x1b]0;PWNED', '\x1b[2J\x1b[31;7m', '\x1bP+q', '\x0b', '\x0c', '\x01', '\x7f']
    const found = evils.filter((evil) => text.includes(evil)).map((evil) => `${view}: ${JSON.stringify(evil)}`)
    return /[\u0080-\u009f]/.test(utf8) || MARKS.test(utf8) ? [...found, `${view}: C1 or direction marks`] : found
  }
})
