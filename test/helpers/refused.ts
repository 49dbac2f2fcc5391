// Addons whose programs the running kernel refuses: the project's own, built again with something in them that no verifier takes.
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './ksys.js'

/** A helper is to write to an address that is no memory of the program's. */
const FORBIDDEN = 'bpf_probe_read_kernel((void *)8, 8, NULL);'

/**
 * Builds an addon below `dir` whose programs of these names are refused, under a condition in C where one is given (else always).
 * Returns its path.
 */
export function refusedAddon(dir: string, programs: Readonly<Record<string, string>>): string {
  const native = join(dir, 'native')
  const out = join(dir, 'out')
  cpSync(join(root, 'native'), native, { recursive: true, preserveTimestamps: true })
  // what does not change is newer than its sources, and is not compiled again
  const filter = (file: string) => !file.endsWith('.d') && !file.endsWith('/ksys.bpf.o')
  cpSync(join(root, '.build/native'), out, { recursive: true, filter })
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
