// fd.dns.name: real resolvers against a DNS server of their own network namespace, live and from a trace.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ksys, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { lookups } from './resolvers.js'

const dir = scratchDir('address-names')
const socket = join(dir, 'resolve/io.systemd.Resolve')
const programs = join(root, 'test/live/programs')

mkdirSync(join(dir, 'resolve'))
writeFileSync(join(dir, 'resolv.conf'), 'nameserver 127.0.0.1\n')
writeFileSync(join(dir, 'nsswitch.conf'), 'hosts: files dns\n')

const all = lookups(dir, socket)
const wanted = all.flatMap(({ names }) => names)

/** The command with which programs run in their own namespaces. */
function command(some = all): string[] {
  const commands = some.map(({ command }) => command)
  writeFileSync(join(dir, 'run.sh'), `cd ${programs}\n${commands.join('\n')}\n`)
  const script = `ip link set lo up; ip addr add 10.0.0.2/32 dev lo; ip addr add fd00::2/128 dev lo; mount --make-rprivate /
    for f in resolv.conf nsswitch.conf; do [ -e /etc/$f ] && mount --bind ${dir}/$f /etc/$f; done
    exec ${process.execPath} ${programs}/lookups.mjs ${socket} sh ${dir}/run.sh`
  return ['unshare', '-mn', 'sh', '-c', script]
}

const FILTER = 'evt.type=connect and fd.sport=8080 and fd.l4proto=tcp'
const lines = (text: string) => text.split('\n').filter((line) => line.startsWith('NAME '))
/** How many of the wanted names the lines have. */
const found = (text: string) => {
  const seen = new Set(lines(text).map((line) => line.slice(5)))
  return wanted.filter((name) => seen.has(name))
}

describe.skipIf(!privileged())('connections have the names that programs looked up', () => {
  test('live, though the filter passes no lookup, and from the trace that it writes', () => {
    const trace = join(dir, 'names.ksys')
    const print = ['-p', 'NAME %fd.sdns.name']
    const live = ksys([...print, FILTER, '--', ...command()], { seconds: 120 })
    expect(live.stderr).toBe('')
    expect(live.code).toBe(0)
    expect(found(live.stdout)).toEqual(wanted)
    const written = ksys(['-q', '-s', '1500', '-w', trace, '--', ...command()], { seconds: 120 })
    expect(written.code, written.stderr).toBe(0)
    const read = ksys(['-r', trace, ...print, FILTER])
    expect(read.stderr).toBe('')
    expect(found(read.stdout)).toEqual(wanted)
    const one = wanted[0] as string
    expect(lines(ksys(['-r', trace, ...print, `${FILTER} and fd.dns.name=${one}`]).stdout)).toEqual([`NAME ${one}`])
    // what a filter keeps is enough for names
    const cut = join(dir, 'cut.ksys')
    ksys(['-q', '-r', trace, '-w', cut, 'fd.dns.name exists'])
    expect(lines(ksys(['-r', cut, ...print, FILTER]).stdout).length).toBeGreaterThan(0)
  })

  test('a trace with too little data says so, one without data has no names', () => {
    const short = join(dir, 'short.ksys')
    const one = command(all.slice(0, 1))
    ksys(['-q', '-s', '30', '-w', short, '--', ...one], { seconds: 120 })
    const read = ksys(['-r', short, '-p', 'NAME %fd.dns.name', FILTER])
    expect(read.stderr).toContain('names of addresses may be missing')
    const none = ksys(['--no-buffers', '-p', 'NAME %fd.dns.name', FILTER, '--', ...one], { seconds: 120 })
    expect(lines(none.stdout)).toEqual([])
    expect(none.stderr).toContain('--no-buffers omits')
  })
})
