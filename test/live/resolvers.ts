// Programs with different resolvers, which look up names and connect to port 8080 of their addresses. programs/lookups.mjs answers them.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../helpers/ksys.js'

const programs = join(root, 'test/live/programs')
/** systemd-resolved, which `npm test` fetches */
const daemon = join(root, '.build/resolved')

const PYTHON = `import socket, sys
for name in sys.argv[1:]: socket.create_connection((name, 8080)).recv(9)`

/** Names, and the shell's command in the folder `programs` that connects to each of them. */
interface Lookups {
  readonly names: readonly string[]
  readonly command: string
}

/** All that this machine has. dir: for a program and a script that are written; socket: that of the stand-in for systemd-resolved. */
export function lookups(dir: string, socket: string): Lookups[] {
  const node = (resolver: string, names: readonly string[]) =>
    `${process.execPath} connects.mjs ${resolver} ${names.join(' ')}`
  /** One process looks up, another one of the same container connects. */
  const getent = (names: readonly string[]) =>
    names.map((n) => node('libc', [`$(getent ahosts ${n} | head -n1 | cut -d' ' -f1)`])).join('\n')
  const each = (names: readonly string[], command: (name: string) => string) => names.map(command).join('\n')
  const of = (names: readonly string[], command: (names: readonly string[]) => string, there = true): Lookups[] =>
    there ? [{ names, command: command(names) }] : []

  return [
    ...of(namesFor('libc', 24), (n) => node('libc', n)),
    ...of(namesFor('ares', 24, IPV4), (n) => node('c-ares', n)),
    ...of(namesFor('stand-in', 20, ['']), (n) => node(socket, n)),
    ...of(namesFor('py', 20), (n) => `python3 -c '${PYTHON}' ${n.join(' ')}`, has('python3')),
    ...of(namesFor('getent', 6, ['', 'alias-']), getent),
    ...of(namesFor('bb', 6, ['']), (n) => each(n, (name) => `busybox nc ${name} 8080 </dev/null`), has('busybox')),
    ...of(namesFor('go', 12), (n) => each(n, goClient), has('docker')),
    ...of(namesFor('musl', 24), (n) => `${muslProgram(dir)} ${n.join(' ')}`, has('musl-gcc')),
    ...(resolvedRuns() ? resolved() : []),
  ]

  /** systemd-resolved itself: over its socket by glibc's module, and at 127.0.0.53. */
  function resolved(): Lookups[] {
    const inside = [
      ...of(namesFor('module', 24), (n) => node('libc', n)),
      ...of(namesFor('stub', 12, IPV4), (n) => node('c-ares', n)),
      ...of(namesFor('asked', 6, ['', 'alias-']), getent),
    ]
    const script = join(dir, 'resolved.sh')
    writeFileSync(script, inside.map(({ command }) => command).join('\n'))
    return of(
      inside.flatMap(({ names }) => names),
      () => `sh resolved.sh ${daemon} ${script}`,
    )
  }
}

/** The first labels of IPv4 addresses: plain, with aliases, over TCP. */
const IPV4 = ['', 'alias-', 'tcp-']

function namesFor(prefix: string, count: number, kinds = [...IPV4, 'six-']): string[] {
  return Array.from({ length: count }, (_, i) => `${kinds[i % kinds.length]}${prefix}${i}.test`)
}

const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

/** docker's client with Go's resolver. It needs no daemon, and fails as the server does not speak HTTP. */
const goClient = (name: string) =>
  `NO_PROXY='*' GODEBUG=netdns=go docker -H tcp://${name}:8080 version >/dev/null 2>&1 || :`

function muslProgram(dir: string): string {
  const out = join(dir, 'connects-musl')
  execFileSync('musl-gcc', ['-static', '-O1', '-o', out, join(programs, 'connects.c')], { stdio: 'pipe' })
  return out
}

/** Whether systemd-resolved is there with all of its libraries, and the kernel has interfaces for it. */
function resolvedRuns(): boolean {
  const file = join(daemon, 'usr/lib/systemd/systemd-resolved')
  if (!existsSync(file)) return false
  const script = `export LD_LIBRARY_PATH=$(echo ${daemon}/usr/lib/*-linux-*/systemd); ldd ${file} | grep -q 'not found' && exit 1
    unshare -n ip link add one type veth peer name two`
  return spawnSync('sh', ['-c', script]).status === 0
}
