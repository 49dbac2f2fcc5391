// --to FORMAT of live captures: how tshark reads the packets, switches and arrows for Perfetto, an end by Ctrl-C.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { readArrow } from '../helpers/arrow.js'
import { readCsv } from '../helpers/csv.js'
import { duckdb } from '../helpers/duckdb.js'
import { ksys, main, privileged } from '../helpers/ksys.js'
import { scratchDir, somethingRuns } from '../helpers/live.js'
import { readPcapng } from '../helpers/pcapng.js'
import { readPerfetto } from '../helpers/perfetto.js'

/** A server and a client in one program, connected over loopback, with both ends captured. argv: the address. */
const TALK = `
const net = require('node:net')
const big = 'x'.repeat(9000)
const server = net.createServer((c) => c.once('data', () => c.end('HTTP/1.0 200 OK\\r\\n\\r\\n' + big)))
server.listen(0, process.argv[1], () => {
  const c = net.connect(server.address().port, process.argv[1], () => c.write('GET /page HTTP/1.0\\r\\n\\r\\n'))
  c.resume().on('close', () => server.close())
})`

const hasTshark = spawnSync('tshark', ['--version']).error === undefined

describe.skipIf(!privileged())('live', () => {
  const dir = scratchDir('export')
  somethingRuns()

  test('a reader of an Arrow stream gets a few events soon, and not only at the end', async () => {
    const p = spawn(process.execPath, [main, '--to', 'arrow', 'evt.type=execve'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const chunks: Buffer[] = []
    p.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    /** Rows that have arrived; 0 while a part of a message is missing. */
    const rows = () => {
      try {
        return readArrow(Buffer.concat(chunks)).batches.reduce((sum, b) => sum + b.numRows, 0)
      } catch {
        return 0
      }
    }
    try {
      while (rows() === 0 && p.exitCode === null) await sleep(100)
      expect(p.exitCode).toBeNull()
      expect(rows()).toBeLessThan(131_072)
    } finally {
      p.kill('SIGTERM')
      if (p.exitCode === null) await once(p, 'exit')
    }
  }, 120_000)

  describe.skipIf(!hasTshark)('tshark', () => {
    const tshark = (...args: string[]) =>
      execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    /** The data of each end, as tshark follows the stream. */
    function followed(file: string, nth: number): string[] {
      const [, raw = ''] = tshark('-r', file, '-q', '-z', `follow,tcp,raw,${nth}`).split(/^Node 1: .*$/m)
      const sides = ['', '']
      for (const line of raw.split('\n')) {
        if (/^\t[0-9a-f]+$/.test(line)) sides[1] += Buffer.from(line.trim(), 'hex').toString('latin1')
        else if (/^[0-9a-f]+$/.test(line)) sides[0] += Buffer.from(line, 'hex').toString('latin1')
      }
      return sides
    }

    test.each(['127.0.0.1', '::1'])('follows the stream of %s, whose bytes are the written ones', (address) => {
      const file = join(dir, `talk-${address.length}.pcapng`)
      const ran = ksys([
        '-w',
        file,
        '-s',
        '20000',
        'fd.type in (ipv4, ipv6)',
        '--',
        process.execPath,
        '-e',
        TALK,
        address,
      ])
      expect(ran.code).toBe(0)
      const [request, response] = followed(file, 0)
      expect(request).toBe('GET /page HTTP/1.0\r\n\r\n')
      expect(response).toBe(`HTTP/1.0 200 OK\r\n\r\n${'x'.repeat(9000)}`)
      const fields = tshark(
        '-r',
        file,
        '-T',
        'fields',
        '-e',
        'tcp.analysis.retransmission',
        '-e',
        'tcp.analysis.lost_segment',
        '-e',
        '_ws.malformed',
      )
      expect(fields.trim()).toBe('')
      expect(tshark('-r', file, '-T', 'fields', '-e', 'frame.comment')).toMatch(/^node \(pid \d+, tid \d+\)/)
    })

    test('follows the part that the snaplen allows', () => {
      const file = join(dir, 'short.pcapng')
      const ran = ksys(['-w', file, '-s', '50', 'fd.type=ipv4', '--', process.execPath, '-e', TALK, '127.0.0.1'])
      expect(ran.stderr).toMatch(/packets have less data than was transferred/)
      const [request, response] = followed(file, 0)
      expect(request).toBe('GET /page HTTP/1.0\r\n\r\n')
      expect(response?.startsWith(`HTTP/1.0 200 OK\r\n\r\n${'x'.repeat(31)}`)).toBe(true)
      const lengths = tshark('-r', file, '-Y', 'tcp.len > 1000', '-T', 'fields', '-e', 'tcp.len')
        .trim()
        .split('\n')
        .map(Number)
      expect(lengths.reduce((a, b) => a + b, 0)).toBe(9019)
    })
  })

  test('packets have the data that both ends transferred, once', () => {
    const file = join(dir, 'own.pcapng')
    ksys(['-w', file, '-s', '20000', 'fd.type=ipv4', '--', process.execPath, '-e', TALK, '127.0.0.1'])
    const { packets } = readPcapng(readFileSync(file))
    const data = packets.map((p) => p.data.toString('latin1')).join('')
    expect(data.match(/GET \/page/g)?.length).toBe(1)
    expect(data.match(/x/g)?.length).toBe(9000)
  })

  test('a trace for Perfetto has switches, and arrows between both ends of pipes and connections', () => {
    const file = join(dir, 'talk.pftrace')
    const script = `head -c 100 /dev/zero | cat >/dev/null; "$0" -e "$1" 127.0.0.1`
    const ran = ksys(['-w', file, '--switches', '--', 'sh', '-c', script, process.execPath, TALK])
    expect(ran.code).toBe(0)
    const { slices, switches, tracks } = readPerfetto(readFileSync(file))
    expect(slices.length).toBeGreaterThan(200)
    expect(switches.some((s) => s.state === 1)).toBe(true)
    expect(switches.some((s) => s.prevName === 'node')).toBe(true)
    // the thread that leaves a processor is the last one that was switched to, even if other programs are not captured
    const byTime = [...switches].sort((a, b) => Number(a.time - b.time))
    const on = new Map<number, number>()
    const wrong = byTime.filter((s) => {
      const before = on.get(s.cpu)
      on.set(s.cpu, s.next)
      return before !== undefined && before !== s.prev
    })
    expect(wrong).toEqual([])
    const arrows = slices.flatMap((to) =>
      to.ends.map((flow) => [slices.find((s) => s.flows.includes(flow)), to] as const),
    )
    const names = arrows.map((pair) => pair.map((s) => `${tracks.get(s?.track ?? 0)?.name}`).join(' -> '))
    expect(names).toContain('head -> cat')
    expect(names).toContain('node -> node')
  })

  const sql = duckdb()
  async function isParquet(_: Buffer, file: string): Promise<boolean> {
    return (await sql(`select max(evt_num), max(evt_args_json) from '${file}'`)).length === 1
  }

  test('Ctrl-C completes the file', async () => {
    for (const [format, whole] of [
      ['csv', (b: Buffer) => readCsv(b.toString()).length > 1],
      ['perfetto', (b: Buffer) => readPerfetto(b).events.length > 0],
      ['pcapng', (b: Buffer) => readPcapng(b).sections.length === 1],
      ['parquet', isParquet],
    ] as const) {
      const file = join(dir, `ended.${format}`)
      // events of Parquet are written together
      const least = format === 'parquet' ? 3 : 100
      const run = spawn(process.execPath, [main, '--to', format, '-w', file], { stdio: 'ignore' })
      const written = format === 'parquet' ? `${file}.part` : file
      for (let i = 0; i < 1200 && !(existsSync(written) && statSync(written).size > least); i++) await sleep(50)
      run.kill('SIGINT')
      await once(run, 'exit')
      expect(run.exitCode).toBe(0)
      expect(await whole(readFileSync(file), file)).toBe(true)
    }
  })

  test('a call that has not ended remains open', () => {
    const file = join(dir, 'open.pftrace')
    ksys(['-w', file, '-M', '1', 'proc.name=sleep or evt.type=getppid', '--', 'sh', '-c', 'exec sleep 5'])
    const { slices } = readPerfetto(readFileSync(file))
    expect(slices.filter((s) => s.end === undefined).map((s) => s.name)).toEqual(['clock_nanosleep'])
  })
})
