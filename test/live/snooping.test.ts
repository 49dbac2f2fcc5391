// Chisels that observe: one capture with all of them over real programs (a DNS server, a TLS server, a shell), and the OOM killer.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Cgroup, unified } from '../helpers/cgroup.js'
import { ksys, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

type Row = Record<string, unknown>

const dir = scratchDir('snooping')
const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
const SERVERS = has('dnsmasq') && has('openssl') && has('curl')

/** The output of chisels with -j while the shell ran the script. */
function rows(chisels: readonly string[], script: string): Row[] {
  const words = chisels.flatMap((c) => ['-c', ...c.split(' ')])
  const ran = ksys(['-j', ...words, '--', 'unshare', '-mn', 'sh', '-c', script], { seconds: 60 })
  expect(ran.stderr).not.toContain('failed and was stopped')
  const lines = ran.stdout.split('\n').filter((l) => l.startsWith('{'))
  return lines.map((l) => JSON.parse(l) as Row)
}

describe.skipIf(!privileged())('activity of programs is shown by the chisel about it', () => {
  test('files, signals, exits, refusals, times', () => {
    const t = join(dir, 't')
    const script = `mkdir ${t}; echo made > ${t}/a; mv ${t}/a ${t}/b; rm ${t}/b; echo kept > ${t}/kept
      sleep 60 & p=$!; sleep 0.2; kill -TERM $p; wait $p; sh -c 'exit 3'
      setpriv --reuid=65534 --clear-groups --bounding-set=-all --inh-caps=-all chroot / true; :`
    const chisels = ['filelife', 'killsnoop', 'exitsnoop', 'capsnoop', 'latency call 3', 'whatchanged']
    const seen = rows(chisels, script)
    const one = (what: Row) => expect(seen).toContainEqual(expect.objectContaining(what))
    one({
      path: `${t}/b`,
      maker: expect.objectContaining({ proc: 'sh' }),
      deleter: expect.objectContaining({ proc: 'rm' }),
    })
    one({ call: 'kill', signal: 'SIGTERM', target: expect.objectContaining({ kind: 'process', name: 'sleep' }) })
    one({ comm: 'sleep', signal: 'SIGTERM', core: false })
    one({ comm: 'sh', code: 3 })
    one({ call: 'chroot', error: 'EPERM', needs: 'CAP_SYS_CHROOT', held: false })
    one({ path: `${t}/b`, from: `${t}/a`, what: 'temporary', bytes: 5, programs: ['sh', 'mv', 'rm'] })
    one({ path: `${t}/kept`, what: 'created', bytes: 5 })
    expect(seen.filter((r) => r.by === 'call' && Number(r.calls) > 0)).toHaveLength(3)
  })

  test.skipIf(!SERVERS)('DNS queries of the C library, TLS of curl and Node, and the connections', () => {
    const at = join(dir, 'servers')
    mkdirSync(at)
    const key = ['-keyout', `${at}/k.pem`, '-out', `${at}/c.pem`, '-days', '2', '-subj', '/CN=a.test']
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...key],
      {
        stdio: 'pipe',
      },
    )
    writeFileSync(
      `${at}/web.cjs`,
      `const file = (name) => require('node:fs').readFileSync(name)
      const tls = { cert: file('${at}/c.pem'), key: file('${at}/k.pem') }
      require('node:https').createServer(tls, (_, answer) => answer.end('hello')).listen(443, '127.0.0.1')`,
    )
    writeFileSync(`${at}/resolv.conf`, 'nameserver 127.0.0.1\n')
    const script = `ip link set lo up; mount --make-rprivate /; mount --bind ${at}/resolv.conf /etc/resolv.conf
      dnsmasq -k -C /dev/null -i lo -z -a 127.0.0.1 --no-resolv --no-hosts --local=/test/ --host-record=a.test,127.0.0.1 & dns=$!
      ${process.execPath} ${at}/web.cjs & web=$!
      for i in $(seq 50); do curl -sk -o /dev/null https://a.test/ && break; sleep 0.2; done
      getent ahosts no.test
      kill $dns $web; wait`
    const seen = rows(['dnslog', 'tlslog', 'tcplife'], script)
    const one = (what: Row) => expect(seen).toContainEqual(expect.objectContaining(what))
    const answers = [expect.objectContaining({ type: 'A', data: '127.0.0.1' })]
    const a = { name: 'a.test', type: 'A', code: 'NOERROR', proto: 'udp', answers }
    one({ ...a, direction: '>', proc: 'curl', server: '127.0.0.1:53', latency: expect.any(Number) })
    one({ ...a, direction: '<', proc: 'dnsmasq' })
    for (const type of ['A', 'AAAA'])
      one({ name: 'no.test', type, code: 'NXDOMAIN', proc: 'getent', latency: expect.any(Number) })
    const hello = { server_name: 'a.test', version: '1.3', cut: false }
    one({ ...hello, direction: '>', proc: 'curl', alpn: expect.arrayContaining(['http/1.1']) })
    one({ ...hello, direction: '<', proc: 'node' })
    const sides = ['client', 'server'].map((side) =>
      seen.find((r) => r.side === side && Number(r.sent) > 0 && [r.localPort, r.remotePort].includes(443)),
    )
    const [client, server] = sides
    expect([client?.proc, server?.proc, client?.open, server?.open]).toEqual(['curl', 'node', false, false])
    // the end of TLS, 24 bytes, may be sent to a peer that has closed
    expect([0, 24]).toContain(Number(client?.sent) - Number(server?.received))
    expect([0, 24]).toContain(Number(server?.sent) - Number(client?.received))
  })

  test('processes that the OOM killer ended, with their memory, and the limit from the log line that another program reads', ({
    skip,
  }) => {
    const cgroup = new Cgroup(`ksys-oom-${process.pid}`)
    try {
      const folders = [`/sys/fs/cgroup/memory/${cgroup.name}`, `${unified}/${cgroup.name}`]
      const limit = (name: string, value: string) =>
        folders.flatMap((f) => (existsSync(`${f}/${name}`) ? [writeFileSync(`${f}/${name}`, value)] : [])).length > 0
      if (!limit('memory.limit_in_bytes', '30M') && !limit('memory.max', '30M')) skip('no cgroup limits memory here')
      limit('memory.swap.max', '0')
      const script = `dmesg -w > /dev/null & log=$!
        sleep 0.5
        sh -c 'for f in ${folders.join(' ')}; do [ -d $f ] && echo $$ > $f/cgroup.procs; done
          exec perl -e "\\$x = q(a) x 100_000_000; sleep 30"'
        sh -c 'kill -9 $$'
        sleep 0.2; kill $log; wait $log; :`
      const trace = join(dir, 'oom.ksys')
      const expected = { comm: 'perl', evidence: 'event', cgroup: `/${cgroup.name}`, anon: expect.any(Number) }
      const seen = rows(['oomsnoop'], script)
      expect(seen).toEqual([expect.objectContaining(expected)])
      expect(Number(seen[0]?.anon)).toBeGreaterThan(20 << 20)
      // without a reader of the log, from a file
      const recorded = ksys(['-w', trace, '--', 'sh', '-c', script.replace('dmesg -w > /dev/null', 'sleep 9')], {
        seconds: 60,
      })
      expect(recorded.code).toBe(0)
      const read = ksys([
        '-r',
        trace,
        '-j',
        '-p',
        '%proc.name %proc.pid %evt.rawarg.anon_rss %evt.rawarg.invoker %evt.arg.limit',
        'evt.type=oomkill',
      ])
      const [event, ...others] = read.stdout
        .trim()
        .split('\n')
        .map((l) => JSON.parse(l) as Row)
      expect(others).toEqual([])
      const own = { 'proc.name': 'perl', 'evt.rawarg.invoker': event?.['proc.pid'], 'evt.arg.limit': expected.cgroup }
      expect(event).toMatchObject(own)
      expect(Number(event?.['evt.rawarg.anon_rss'])).toBeGreaterThan(20 << 10)
      const again = ksys(['-r', trace, '-j', '-c', 'oomsnoop'])
      expect(JSON.parse(again.stdout)).toMatchObject({ ...expected, pid: event?.['proc.pid'] })
    } finally {
      cgroup.remove()
    }
  })
})
