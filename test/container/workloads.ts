// Programs in containers for tests of seccomp profiles: how each is started, and loads whose output is compared.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../helpers/ksys.js'
import { builtProgram, type Source } from './programs/build.js'
import { answered, lines, psql } from './queries.js'
import { served } from './runtimes.js'

export interface Workload {
  readonly name: string
  /** the program on this machine, in the container at the same path, once its packages are installed; undefined: it is in the image */
  readonly program?: () => string | undefined
  /** Debian packages with it */
  readonly packages?: string
  /** a program that is built here, in the container as /program */
  readonly source?: Source
  /** folders and files of this machine that the container has at the same path */
  readonly mounts?: () => readonly string[]
  /** further options of `docker run` */
  readonly options?: readonly string[]
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

/** A package without code to compile, and what pip does with it. */
const WHEEL = `
import zipfile
with zipfile.ZipFile("/tmp/demo-1-py3-none-any.whl", "w") as wheel:
  wheel.writestr("demo.py", "print(1)")
  wheel.writestr("demo-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: demo\\nVersion: 1\\n")
  wheel.writestr("demo-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
  wheel.writestr("demo-1.dist-info/RECORD", "")
`
const PIP = {
  recorded: 'cd /tmp/t && python3 -m demo',
  'held back': 'python3 -m pip list --path /tmp/t --disable-pip-version-check; python3 -m pip hash /tmp/*.whl',
}
const INSTALL =
  'install -q --no-index --no-cache-dir --root-user-action ignore --target /tmp/t /tmp/demo-1-py3-none-any.whl'

const NODE = {
  recorded:
    'require("fs").readdir("/", (e, all) => { console.log(all.length > 0); require("crypto").randomBytes(4, () => console.log("r")) })',
  'held back': 'require("child_process").execFile("/bin/busybox", ["echo", "y"], (e, out) => console.log(out))',
}

const REDIS = {
  recorded: ['SET a 1', 'GET a', 'INCR a', 'DEL a', 'QUIT'],
  'held back': ['LPUSH l 1 2 3', 'LRANGE l 0 -1', 'SAVE', 'QUIT'],
}

const PROGRAMS = join(root, 'test/container/programs')

/** A shell's command that writes a configuration and then becomes the server. */
const configured = (file: string, text: string, server: string): string[] => [
  '/bin/sh',
  '-c',
  `echo "$0" >${file}; echo root:x:0: >/etc/group; exec ${server}`,
  text,
]

const nginx = (port: number): string =>
  [
    'daemon off; user root; pid /tmp/nginx.pid; error_log stderr; worker_processes 2; events {}',
    'http { access_log off; client_body_temp_path /tmp/1; proxy_temp_path /tmp/2; fastcgi_temp_path /tmp/3;',
    'uwsgi_temp_path /tmp/4; scgi_temp_path /tmp/5; sendfile on; gzip on; gzip_min_length 1;',
    `server { listen 127.0.0.1:${port}; root /www; location /list/ { alias /www/; autoindex on; } } }`,
  ].join(' ')

const MODULES = '/usr/lib/apache2/modules'
const PHP = '<?php file_put_contents("/tmp/x", "x"); echo file_get_contents("/tmp/x"), count(scandir("/www"));'

const apache = (port: number): string =>
  [
    `ServerRoot /usr/lib/apache2\nServerName localhost\nListen 127.0.0.1:${port}\nPidFile /tmp/pid\nErrorLog /dev/stderr`,
    'DocumentRoot /www\nUser #1234\nGroup #1234',
    ...['mpm_prefork', 'authz_core', 'dir'].map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
    `LoadModule php_module ${phpModule() ?? ''}`,
    '<FilesMatch [.]php$>\nSetHandler application/x-httpd-php\n</FilesMatch>',
  ].join('\n')

function phpModule(): string | undefined {
  const found = existsSync(MODULES) ? readdirSync(MODULES).find((name) => /^libphp[\d.]*\.so$/.test(name)) : undefined
  return found && join(MODULES, found)
}

function postgres(): string | undefined {
  const folder = '/usr/lib/postgresql'
  const version = existsSync(folder) ? readdirSync(folder).sort().at(-1) : undefined
  return version && join(folder, version, 'bin/postgres')
}

const SQL = {
  recorded: 'create table t as select generate_series(1, 1000) as i; select sum(i) from t; drop table t',
  'held back': "create index on pg_temp.t (i); checkpoint; select pg_sleep(0.1); select count(*) from pg_ls_dir('.')",
}

const existing = (path: string) => () => (existsSync(path) ? path : undefined)
const python = '/usr/bin/python3'
const java = '/usr/bin/java'
const node = realpathSync(process.execPath)

export const WORKLOADS: readonly Workload[] = [
  { name: 'busybox', quick: true, command: (_, load) => ['/bin/sh', '-c', SHELL[load]] },
  {
    name: 'httpd',
    quick: true,
    command: (port) => ['/bin/httpd', '-f', '-p', `127.0.0.1:${port}`, '-h', '/www'],
    // as process 1 it ignores SIGTERM, and would be killed only after a time
    options: ['--stop-signal', 'SIGKILL'],
    query: (port) => served(port),
  },
  { name: 'node', program: () => node, command: (_, load) => [node, '-e', NODE[load]] },
  {
    name: 'python',
    program: existing(python),
    packages: 'python3-minimal',
    command: (_, load) => [python, '-c', PYTHON[load]],
  },
  {
    name: 'pip',
    program: existing('/usr/bin/pip3'),
    packages: 'python3-pip',
    command: (_, load) => [
      '/bin/sh',
      '-c',
      `export PATH=/usr/bin:/bin; python3 -c "$0" && python3 -m pip ${INSTALL} && ${PIP[load]}`,
      WHEEL,
    ],
  },
  {
    name: 'redis',
    program: existing('/usr/bin/redis-server'),
    packages: 'redis-server',
    command: (port) => ['/usr/bin/redis-server', ...`--port ${port} --bind 127.0.0.1 --dir /tmp --save`.split(' '), ''],
    query: (port, load) => answered(() => lines(port, REDIS[load])),
  },
  {
    name: 'nginx',
    program: existing('/usr/sbin/nginx'),
    packages: 'nginx-light',
    command: (port) => configured('/tmp/nginx.conf', nginx(port), '/usr/sbin/nginx -c /tmp/nginx.conf'),
    query: async (port, load) => {
      const page = await served(port)
      return load === 'recorded' ? page : (await fetch(`http://127.0.0.1:${port}/list/`)).text()
    },
  },
  {
    name: 'apache',
    program: phpModule,
    packages: 'libapache2-mod-php',
    command: (port) =>
      configured(
        '/tmp/apache.conf',
        apache(port),
        `/bin/sh -c 'echo "$0" >/www/x.php; exec /usr/sbin/apache2 -f /tmp/apache.conf -DFOREGROUND' '${PHP}'`,
      ),
    options: ['--tmpfs', '/tmp:mode=1777'],
    query: async (port, load) => {
      await served(port)
      return (await fetch(`http://127.0.0.1:${port}/${load === 'recorded' ? 'x.php' : 'nosuch'}`)).text()
    },
  },
  {
    name: 'postgres',
    program: postgres,
    packages: 'postgresql',
    command: (port) => [
      '/bin/sh',
      '-c',
      `[ -d /tmp/d ] || $0/initdb -D /tmp/d -A trust >/dev/null; exec $0/postgres -D /tmp/d -p ${port} -k /tmp`,
      dirname(postgres() ?? ''),
    ],
    options: ['--tmpfs', '/tmp:mode=1777', '--user', 'keeper', '-e', 'LC_ALL=C', '--shm-size=64m'],
    query: (port, load) => answered(() => psql(port, SQL[load])),
  },
  {
    name: 'java',
    program: () => (existsSync('/usr/bin/javac') ? realpathSync(java) : undefined),
    packages: 'default-jdk-headless',
    mounts: () => [
      ...readdirSync('/etc')
        .filter((n) => /^java-/.test(n))
        .map((n) => join('/etc', n)),
      join(PROGRAMS, 'Work.java'),
    ],
    command: (_, load) => [realpathSync(java), join(PROGRAMS, 'Work.java'), ...(load === 'recorded' ? [] : ['more'])],
  },
  {
    name: 'go',
    program: existing('/usr/bin/go'),
    packages: 'golang-go',
    source: 'work.go',
    command: (_, load) => ['/program', ...(load === 'recorded' ? [] : ['more'])],
  },
  { name: 'i386', source: 'work32.c', command: (_, load) => ['/program', ...(load === 'recorded' ? [] : ['more'])] },
]

/** Installs the packages of a workload whose program is missing. */
export function install({ program, packages = '' }: Workload): void {
  if (program === undefined || program() !== undefined) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages.split(' ')], { env, stdio: 'pipe' })
}

/** A file or folder of this machine, and its path in the container, which cannot change it. */
export type Mount = readonly [here: string, there: string]

/** What a container of busybox needs to run the program of this machine. dir: for programs that are built. */
export function mountsOf({ program, source, mounts }: Workload, dir: string): readonly Mount[] {
  if (source !== undefined) return [[builtProgram(source, dir), '/program']]
  const path = program?.()
  if (path === undefined) return []
  const all: readonly Mount[] = [
    ['/usr', '/usr'],
    ['/usr/lib', '/lib'],
    ['/usr/lib64', '/lib64'],
    ...(path.startsWith('/usr/') ? [] : [[dirname(dirname(path)), dirname(dirname(path))] as const]),
    ...(mounts?.() ?? []).map((p) => [p, p] as const),
  ]
  return all.filter(([here]) => existsSync(here))
}
