// Which code opens files: each source file that calls the functions of Node is listed, with the owner of the files. Files that others may
// have put in place (in containers, homes, /tmp, under the root of another process) are opened by src/source/foreign alone.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Files of ksys itself: of its installation, its temporary folders, its process. */
const OWN = 'own'
/** Files that the kernel generates, by paths that no other process controls: /proc/PID/maps, /sys, cgroups. */
const KERNEL = 'kernel'
/** Files that the user has specified, or of their settings, opened as the user expects: devices and pipes too. */
const NAMED = 'named'
/** Files in the machine's own /etc and folders that only root writes to. */
const SYSTEM = 'system'
/** Files of others. */
const FOREIGN = 'foreign'

type Whose = typeof OWN | typeof KERNEL | typeof NAMED | typeof SYSTEM | typeof FOREIGN

/** Every source file that opens a file, or a whole folder. A file that is not listed calls src/source/foreign/file.ts. */
const OPENERS: Readonly<Record<string, readonly [Whose, what: string]>> = {
  'src/source/foreign/': [FOREIGN, 'looks at a file before it opens it, and opens regular files only'],

  'src/model/declared-in.ts': [OWN, 'lists modules of the program'],
  'src/schema/constants/from-headers.mjs': [OWN, 'a tool for developers: headers and sources'],
  'src/setup/': [OWN, 'builds the packages of ksys'],
  'src/executable/': [OWN, 'the folder that the executable unpacks into, which it checks'],
  'src/cli/run/finished-parts.ts': [OWN, 'a file that it has open for writing, once more for reading'],
  'src/cli/version.ts': [OWN, 'package.json'],
  'src/cli/errors/unavailable.ts': [OWN, 'captures that come with ksys'],
  'src/cli/kubectl/manifest.ts': [OWN, 'the manifest that comes with ksys'],
  'src/code-cache.ts': [OWN, 'scripts of the program, and the code compiled of them'],
  'src/cli/kubectl/advise.ts': [OWN, 'traces in a temporary folder that it makes'],
  'src/cli/help/topics.ts': [OWN, 'the pages of documentation that come with ksys'],
  'src/cli/record/run-folder.ts': [OWN, 'the folder of recorders below /run, which only its owner writes to'],
  'src/rules/outputs/program-user.ts': [OWN, 'the root folder, for programs that it starts'],

  'src/actions/process-start.ts': [KERNEL, '/proc/PID/stat, status'],
  'src/container/accounts.ts': [KERNEL, '/proc/PID/uid_map, gid_map'],
  'src/source/ceilings/own-use.ts': [KERNEL, '/proc/self/status'],
  'src/source/cgroups.ts': [KERNEL, '/proc/self/mountinfo, /proc/cgroups, cgroups'],
  'src/source/missing.ts': [KERNEL, '/sys/kernel/security/lockdown'],
  'src/source/locks.ts': [KERNEL, '/proc/locks, /proc/PID/comm'],
  'src/source/own-memory.ts': [KERNEL, '/proc/self/cgroup, mountinfo, limits of cgroups'],
  'src/source/other-user.ts': [KERNEL, '/proc/self: limits, mountinfo, maps of ids; and /etc/passwd'],
  'src/source/attach-host.ts': [KERNEL, '/proc/sys/kernel/ftrace_enabled'],
  'src/source/emulator.ts': [KERNEL, '/proc/thread-self/exe'],
  'src/source/denied-command.ts': [KERNEL, '/proc/self/attr/current'],
  'src/source/privilege.ts': [KERNEL, '/proc/self/status'],
  'src/source/procfs.ts': [KERNEL, '/proc/PID/cgroup'],
  'src/stacks/kernel-symbols.ts': [KERNEL, '/proc/kallsyms'],
  'src/stacks/read-budget.ts': [KERNEL, '/proc/thread-self/schedstat'],
  'src/stacks/mounts.ts': [KERNEL, '/proc/self/fdinfo, /proc/PID/status'],
  'src/stacks/proc-lines.ts': [KERNEL, '/proc/PID/maps, mountinfo'],
  'src/stacks/perf-map.ts': [KERNEL, '/proc/PID/status'],
  'src/cli/process-name.ts': [KERNEL, '/proc/self/comm, for writing'],
  'src/cli/run/signals.ts': [KERNEL, "/dev/tty: the person's terminal"],

  'src/container/sockets.ts': [SYSTEM, 'lists /run/user, which only root writes to'],
  'src/fields/fd-net.ts': [SYSTEM, '/etc/hosts'],
  'src/render/services.ts': [SYSTEM, '/etc/services'],

  'src/actions/own.ts': [NAMED, "the person's actions, in a file that others cannot change (trustedFile)"],
  'src/chisel/data-files.ts': [NAMED, 'new files in a folder below the current one, never through links'],
  'src/chisel/places.ts': [NAMED, 'lists folders of chisels; what is run others cannot change (trustedFile)'],
  'src/chisel/syntax-error.ts': [NAMED, 'a chisel that was to be loaded, which others cannot change (trustedFile)'],
  'src/cli/advise/profile-output.ts': [NAMED, 'profiles, which openAtomic() opens'],
  'src/cli/chisels/new.ts': [NAMED, 'makes a file that was not there'],
  'src/cli/rules/': [NAMED, 'tests of rules, and the file that serve appends to'],
  'src/cli/sql/sources.ts': [NAMED, 'tables to query'],
  'src/merged/kind.ts': [NAMED, 'traces, regular files only'],
  'src/rules/load/files.ts': [NAMED, 'rules, in files that others cannot change where root reads (trustedFile)'],
  'src/source/files.ts': [NAMED, 'captures and outputs, by walk.ts'],
  'src/source/walk.ts': [NAMED, 'looks up what was named, and refuses links of others in folders like /tmp'],
  'src/source/append-file.ts': [NAMED, 'outputs that are appended to, by walk.ts'],
  'src/source/rotation-files.ts': [NAMED, 'captures of a folder: regular files, which are looked at before'],
  'src/source/output-tree.ts': [NAMED, 'outputs in folders below one that was named'],
  'src/source/owner-rights.ts': [NAMED, "outputs in another user's folder, with that user's rights"],
  'src/trace/rotation/folder.ts': [NAMED, 'outputs in a folder, by walk.ts'],
  'src/tui/settings/file.ts': [NAMED, "the person's settings, in a file that others cannot change"],
  'src/web/tls.ts': [NAMED, 'lists folders of certificates'],

  'native/process/credentials.cc': [KERNEL, '/proc/self/task/TID/status'],
  'native/process/own_memory.cc': [KERNEL, '/proc/self/maps'],
  'native/process/priority.cc': [KERNEL, '/proc/self/task'],
  'native/process/same_process.h': [KERNEL, '/proc/PID/stat'],
  'native/process/proc_files.cc': [KERNEL, '/proc/PID/cmdline, environ'],
  'native/capture/merge.cc': [KERNEL, '/proc/self/timens_offsets'],
  'native/capture/present_cpus.cc': [KERNEL, '/sys/devices/system/cpu/present'],
  'native/capture/table_sizes.cc': [KERNEL, '/proc/sys/kernel/pid_max, threads-max'],
  'native/capture/named_types.cc': [KERNEL, '/sys/kernel/btf/vmlinux'],
  'native/process/folder_request.cc': [NAMED, 'folders below one that walk.ts opened, never through links'],
  'native/process/folder_files.cc': [NAMED, 'outputs in a folder that was opened by walk.ts'],
  'native/process/folder_process.cc': [KERNEL, '/dev/null'],
}

/** Functions of node:fs that open something; those that only check (stat, lstat, readlink, realpath, access) do not open it. */
const OPENING =
  /^(open|openAsBlob|opendir|readdir|readFile|writeFile|appendFile|copyFile|cp|truncate|glob|createReadStream|createWriteStream)(Sync)?$/
const NATIVE =
  /(?<![\w.>:])(?:::)?(?:open|openat|openat2|open64|fopen|freopen|opendir|scandir|creat|mkstemp) ?\(|\bSYS_open|\bi?fstream\b/
const IMPORT =
  /import\s+(?:type\s+)?(\*\s+as\s+\w+|\w+|\{[^}]*\})(?:,\s*\{[^}]*\})?\s+from\s+'(?:node:)?fs(?:\/promises)?'/g

const ROOT = new URL('../../', import.meta.url).pathname

const files = (dir: string, like: RegExp): string[] =>
  readdirSync(join(ROOT, dir), { recursive: true, encoding: 'utf8' })
    .filter((name) => like.test(name))
    .map((name) => `${dir}/${name}`)

const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8')

/** Functions that open, or the whole module, as a TypeScript source imports them. */
function importsOf(text: string): string[] {
  const found: string[] = []
  for (const [whole, names] of text.matchAll(IMPORT)) {
    if (whole.startsWith('import type')) continue
    if (names?.startsWith('{') !== true) found.push(names as string)
    else
      for (const name of names.slice(1, -1).split(','))
        if (OPENING.test(name.trim().split(' ')[0] as string)) found.push(name.trim())
  }
  // other ways to reach it
  for (const [other] of text.matchAll(/(?:require|import|getBuiltinModule|binding)\('(?:node:)?fs(?:\/promises)?'\)/g))
    found.push(other)
  return found
}

const opens = (file: string): boolean => {
  const text = textOf(file)
  if (!file.startsWith('native/')) return importsOf(text).length > 0
  // members of classes with this name, and comments
  const code = text.replace(/\/\/.*$/gm, '').replace(/\b(?:void|bool) (?:\w+::)?open\(/g, '')
  return NATIVE.test(code)
}

const listed = (file: string) =>
  Object.keys(OPENERS).find((name) => (name.endsWith('/') ? file.startsWith(name) : file === name))

const all = [...files('src', /\.(ts|tsx|mjs|cjs|js)$/), ...files('native', /\.(cc|h|c)$/)]
const openers = all.filter(
  (file) => !file.startsWith('native/build/') && !file.startsWith('native/bpf/') && opens(file),
)

test('every file that opens something by itself is listed with the owner of what it opens; others call src/source/foreign/file.ts', () => {
  expect(openers.filter((file) => listed(file) === undefined)).toEqual([])
})

test('every listed file still opens something', () => {
  const used = new Set(openers.map(listed))
  expect(Object.keys(OPENERS).filter((name) => !used.has(name))).toEqual([])
})

test('paths below the root, directory or descriptors of another process are opened by the functions for files of others', () => {
  const below = /\/proc\/\$\{[^}]*\}\/(root|cwd|exe|fd|map_files)/
  const wrong = openers.filter(
    (file) =>
      OPENERS[listed(file) ?? '']?.[0] !== FOREIGN && (textOf(file).match(new RegExp(below, 'g')) ?? []).length > 0,
  )
  const LOOKED_AT: Readonly<Record<string, string>> = {
    'src/source/procfs.ts': 'readlink of cwd, root and exe',
    'src/stacks/perf-map.ts': 'hands the root to readForeignSync',
    'src/container/accounts.ts': 'stat of roots, and hands them to readForeign',
  }
  expect(wrong.filter((file) => LOOKED_AT[file] === undefined)).toEqual([])
})

test.each([
  ["import { openSync } from 'node:fs'", ['openSync']],
  ["import { readFile as read, stat } from 'node:fs/promises'", ['readFile as read']],
  ["import * as fs from 'fs'", ['* as fs']],
  ["import fs from 'node:fs'", ['fs']],
  ["import {\n  type Stats,\n  readdirSync,\n  statSync,\n} from 'node:fs'", ['readdirSync']],
  ["const fs = await import('node:fs')", ["import('node:fs')"]],
  ["import type { FileHandle } from 'node:fs/promises'\nimport { statSync, type Stats } from 'node:fs'", []],
])('%s', (text, found) => expect(importsOf(text)).toEqual(found))
