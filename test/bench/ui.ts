// npm run bench ui [SECONDS [PART...]]: the times that a user waits. `start`: the terminal UI over a small file; `file`: over one of ten
// million calls; `huge`: over one of fifty million events, and opening a process and returning; `live` and `chisel`: for SECONDS (60)
// each the UI, with ten keys a second, and topprocs_net under 300,000 calls a second: keys, memory, CPU, losses.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pane } from './pane.js'
import {
  cpuSeconds,
  KSYS,
  loop,
  mainThreadSeconds,
  median,
  memoryKb,
  ROOT,
  sleep,
  startKsys,
  startLoad,
} from './tracer.js'

const SECONDS = Number(process.argv[2] ?? 60)
const PARTS = process.argv.slice(3)
const RATE = 300_000
const dir = mkdtempSync(join(tmpdir(), 'ksys-bench-'))
const trace = join(dir, 'trace.ksys')

const ms = (v: number) => `${v.toFixed(0)} ms`
const say = (what: string, text: string) => console.log(`${what.padEnd(44)} ${text}`)

/** ms from the command to the first rows, each of several times. */
async function firstRows(words: string, times: number): Promise<number[]> {
  const waits: number[] = []
  for (let i = 0; i < times; i++) {
    const p = new Pane(`node ${KSYS} ui ${words}`)
    try {
      // the selected row's background: rows are shown
      waits.push(await p.start('48;5;24m'))
    } finally {
      p.close()
    }
  }
  return waits
}

async function start(): Promise<void> {
  say('bundled capture: start to first rows', ms(median(await firstRows(`-r ${ROOT}captures/web.ksys`, 7))))
}

/** The time until views of a large file show their first rows. */
async function file(): Promise<void> {
  const t = await startKsys(['-w', trace], 0)
  loop('getppid', 4_000_000, 1)
  loop('read', 4_000_000, 1)
  loop('open', 1_000_000, 1)
  await t.stop()
  for (const view of ['procs', 'files', 'syscalls', 'errors', 'threads']) {
    say(`10 M calls, ${view}: start to first rows`, ms(median(await firstRows(`-r ${trace} -v ${view}`, 3))))
  }
}

/** A file of 50 million events, calls with both their records: first rows, and the return from a selected process to the page above. */
async function huge(): Promise<void> {
  const t = await startKsys(['--enter', '-w', trace], 0)
  loop('getppid', 12_000_000, 1)
  loop('read', 11_000_000, 1)
  loop('open', 1_000_000, 1)
  await t.stop()
  say('50 M events: start to first rows', ms(median(await firstRows(`-r ${trace}`, 3))))
  const p = new Pane(`node ${KSYS} ui -r ${trace}`)
  try {
    await p.start('48;5;24m')
    const read: number[] = []
    const back: number[] = []
    for (let i = 0; i < 5; i++) {
      // the first is shown while the file is still being read, the others when it has been
      read.push(await p.press('Enter', 'TID'))
      await sleep(i === 0 ? 1000 : 15_000)
      back.push(await p.press('BSpace', 'PPID'))
      await sleep(1000)
    }
    say('  into a process: to its first rows', ms(median(read)))
    say('  back to the page above', ms(median(back)))
  } finally {
    p.close()
  }
}

/** A program in a terminal under load: a key every `pace` ms, each with the text that only it causes. */
async function endure(
  name: string,
  words: string,
  ready: string,
  pace: number,
  keys: [string, string][],
): Promise<void> {
  const load = startLoad(RATE, SECONDS + 60)
  const p = new Pane(`node ${KSYS} ${words}`)
  try {
    await p.start(ready)
    await sleep(3000)
    const pid = p.pid()
    const waits: number[] = []
    const anon: number[] = []
    const cpu = cpuSeconds(pid)
    const drawing = mainThreadSeconds(pid)
    const { bytes, clears } = p
    const from = performance.now()
    while (performance.now() - from < SECONDS * 1000) {
      for (const [key, text] of keys) {
        const wait = await p.press(key, text)
        waits.push(wait)
        await sleep(Math.max(0, pace - wait))
      }
      anon.push(memoryKb(pid, 'RssAnon') / 1024)
    }
    const seconds = (performance.now() - from) / 1000
    const used = (cpuSeconds(pid) - cpu) / seconds
    const drew = (mainThreadSeconds(pid) - drawing) / seconds
    const slow = [...waits].sort((a, b) => a - b)
    const part = (from: number, to: number) =>
      median(anon.slice(Math.floor(anon.length * from), Math.ceil(anon.length * to)))
    const of = (share: number) => ms(slow[Math.floor(slow.length * share)] as number)
    say(`${name}: ${SECONDS} s at ${RATE} calls/s`, `${used.toFixed(2)} CPUs, ${drew.toFixed(2)} of them draw`)
    say(
      `  ${(waits.length / seconds).toFixed(1)} keys/s answered`,
      `${ms(median(waits))} median, ${of(0.95)} of 95 %, ${of(0.99)} of 99 %, ${ms(slow.at(-1) as number)} worst`,
    )
    say(
      '  written',
      `${((p.bytes - bytes) / 1000 / seconds).toFixed(1)} kB/s, ${p.clears - clears} times the screen was cleared`,
    )
    say(
      '  own memory',
      `${part(0.1, 0.3).toFixed(0)} MB at the beginning, ${part(0.8, 1).toFixed(0)} MB at the end, ${(memoryKb(pid, 'VmHWM') / 1024).toFixed(0)} MB with rings at most`,
    )
    const lost = p.screen().find((l) => l.includes('lost'))
    say('  header', (lost ?? 'nothing is told of losses').trim())
  } finally {
    p.close()
    load.kill()
  }
}

const wanted = (part: string) => PARTS.length === 0 || PARTS.includes(part)
try {
  if (wanted('start')) await start()
  if (wanted('file')) await file()
  if (wanted('huge')) await huge()
  if (wanted('live'))
    await endure('ui', 'ui', '48;5;24m', 100, [
      ['?', 'Esc closes'],
      ['BSpace', 'PPID'],
      ['Down', '48;5;24m'],
      ['Up', '48;5;24m'],
    ])
  if (wanted('chisel'))
    await endure('topprocs_net', '-c topprocs_net', 'Bytes', 700, [
      ['p', 'paused; p'],
      ['p', 'p pauses'],
    ])
} finally {
  rmSync(dir, { recursive: true, force: true })
}
