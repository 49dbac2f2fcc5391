// A kernel whose type information lacks some entries: this one, with their names changed in its BTF.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { main, type Ran } from './ksys.js'

const BTF = '/sys/kernel/btf/vmlinux'

/** Writes this kernel's BTF without those names (btf_trace_NAME of a tracepoint, functions); returns whether it had all. */
export function hide(file: string, names: readonly string[]): boolean {
  const bytes = readFileSync(BTF)
  const places = names.map((name) => bytes.indexOf(`\0${name}\0`))
  for (const at of places) if (at >= 0) bytes.write('?', at + 1)
  writeFileSync(file, bytes)
  return !places.includes(-1)
}

/** Runs ksys with this file as the kernel's BTF: a mount that no other process sees, and that ends with the process. */
export function ksysWith(file: string, args: string[]): Ran {
  const enter = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'
  const words = ['--mount', '--propagation', 'private', 'sh', '-c', enter, 'enter', file, BTF, process.execPath, main]
  const r = spawnSync('unshare', [...words, ...args], { encoding: 'utf8', timeout: 120_000, maxBuffer: 1 << 28 })
  return { stdout: r.stdout, stderr: r.stderr, code: r.status ?? -1 }
}
