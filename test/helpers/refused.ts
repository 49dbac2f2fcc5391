// Addons whose programs the running kernel rejects: the project's own, built again with code that no verifier accepts.
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './ksys.js'

/** A helper is called to write to an address that is not memory of the program. */
const FORBIDDEN = 'bpf_probe_read_kernel((void *)8, 8, NULL);'

/**
 * Builds an addon below `dir` whose programs with these names are rejected, under an optional condition in C (otherwise always).
 * Returns its path.
 */
export function refusedAddon(dir: string, programs: Readonly<Record<string, string>>): string {
  const native = join(dir, 'native')
  const out = join(dir, 'out')
  cpSync(join(root, 'native'), native, { recursive: true, preserveTimestamps: true })
  // with their times kept, unchanged objects are newer than their sources, and are not compiled again
  const filter = (file: string) => !file.endsWith('.d') && !file.endsWith('/ksys.bpf.o')
  cpSync(join(root, '.build/native'), out, { recursive: true, preserveTimestamps: true, filter })
  const left = new Set(Object.keys(programs))
  for (const file of readdirSync(join(native, 'bpf'))) {
    const path = join(native, 'bpf', file)
    const text = readFileSync(path, 'utf8')
    const changed = text.replace(/^(?:int |TRACEPOINT_PROG\()(\w+)\b[^;{]*\{/gm, (head, name: string) => {
      if (!left.delete(name)) return head
      const condition = programs[name] as string
      return `${head} ${condition === '' ? '' : `if (${condition}) `}${FORBIDDEN}`
    })
    if (changed !== text) writeFileSync(path, changed)
  }
  if (left.size > 0) throw new Error(`there is no program ${[...left].join(', ')}`)
  execFileSync('make', ['-C', native, '--no-print-directory', `OUT=${out}`, `MODULES=${root}node_modules`], {
    stdio: 'pipe',
  })
  return join(out, 'ksys.node')
}
