// Programs in containers for tests of seccomp profiles: how each is started, and loads whose output is compared.
import { existsSync, realpathSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { served } from './runtimes.js'

export interface Workload {
  readonly name: string
  /** the program on this machine that must exist, in the container at the same path; undefined: it is in the image */
  readonly program?: string
  /** Debian packages with it */
  readonly packages?: string
  /** the command in the container; port: a free one */
  readonly command: (port: number, load: Load) => readonly string[]
  /** of a server: queries it, once it listens; its answers. undefined: the output of the command is compared */
  readonly query?: (port: number, load: Load) => Promise<string>
  /** run in `npm test`, too */
  readonly quick?: true
}

/** The load that is recorded, and one that is held back. */
export type Load = 'recorded' | 'held back'

/** A shell script; the second one also copies and removes. */
const SHELL = {
  recorded: 'ls / >/dev/null; id; echo x >/tmp/a; cat /tmp/a; mkdir /tmp/q; ps >/dev/null; echo done',
  'held back':
    'busybox cp /bin/busybox /tmp/b; busybox rm -r /tmp/b; busybox find / -maxdepth 1 | busybox sort; echo done',
}

const PYTHON = {
  recorded:
    'import json,os,threading,socket; t=threading.Thread(target=lambda: print(json.dumps([1]))); t.start(); t.join(); print(os.getcwd())',
  'held back':
    'import subprocess,tempfile; print(tempfile.TemporaryFile().write(b"x")); print(subprocess.check_output(["/bin/busybox","echo","y"]))',
}

const NODE = {
  recorded:
    'require("fs").readdir("/", (e, all) => console.log(all.length > 0)); require("crypto").randomBytes(4, () => console.log("r"))',
  'held back': 'require("child_process").execFile("/bin/busybox", ["echo", "y"], (e, out) => console.log(out))',
}

/** Sends lines to a server and returns what it answers within the last line's answer. */
function lines(port: number, words: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(words.map((word) => `${word}\r\n`).join('')))
    let text = ''
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    socket.on('error', fail).on('close', () => done(text))
  })
}

const REDIS = {
  recorded: ['SET a 1', 'GET a', 'INCR a', 'DEL a', 'QUIT'],
  'held back': ['LPUSH l 1 2 3', 'LRANGE l 0 -1', 'SAVE', 'QUIT'],
}

export const WORKLOADS: readonly Workload[] = [
  { name: 'busybox', quick: true, command: (_, load) => ['/bin/sh', '-c', SHELL[load]] },
  {
    name: 'httpd',
    quick: true,
    command: (port) => ['/bin/httpd', '-f', '-p', `127.0.0.1:${port}`, '-h', '/www'],
    query: (port) => served(port),
  },
  {
    name: 'node',
    program: realpathSync(process.execPath),
    command: (_, load) => [realpathSync(process.execPath), '-e', NODE[load]],
  },
  {
    name: 'python',
    program: '/usr/bin/python3',
    packages: 'python3-minimal',
    command: (_, load) => ['/usr/bin/python3', '-c', PYTHON[load]],
  },
  {
    name: 'redis',
    program: '/usr/bin/redis-server',
    packages: 'redis-server',
    command: (port) => [
      '/usr/bin/redis-server',
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      '/tmp',
      '--save',
      '',
    ],
    query: async (port, load) => {
      for (let tries = 0; ; tries++)
        try {
          return await lines(port, REDIS[load])
        } catch (e) {
          if (tries > 200) throw e
          await new Promise((done) => setTimeout(done, 50))
        }
    },
  },
]

/** Options of docker by which a program of this machine runs in a container of busybox. */
export function mountsFor({ program }: Workload): readonly string[] {
  if (program === undefined) return []
  const folders: readonly (readonly [here: string, there: string])[] = [
    ['/usr', '/usr'],
    ['/usr/lib', '/lib'],
    ['/usr/lib64', '/lib64'],
    ...(program.startsWith('/usr/') ? [] : [[dirname(dirname(program)), dirname(dirname(program))] as const]),
  ]
  return folders.filter(([here]) => existsSync(here)).flatMap(([here, there]) => ['-v', `${here}:${there}:ro`])
}
