// Options of sysdig that ksys does not have but existing scripts use. Some are accepted without effect; for the others the error message
// names a replacement.
import type { OptionDef } from './table.js'

const unneeded = (doc: string, names: Pick<OptionDef, 'short' | 'long' | 'value'>): OptionDef => ({
  ...names,
  doc,
})

const ALWAYS_BPF = 'ksys always captures with BPF and has no driver to choose'

/** Options that are accepted and have no effect; `doc` is the reason. Help does not list them. */
export const UNNEEDED: readonly OptionDef[] = [
  unneeded('traces are always compressed', { short: 'z', long: 'compress' }),
  unneeded('a trace always contains what replay needs', { short: 'F', long: 'fatfile' }),
  unneeded('users and groups are always known', { short: 'E', long: 'exclude-users' }),
  unneeded('filters always see the whole state', { short: 'd', long: 'displayflt' }),
  unneeded(ALWAYS_BPF, { short: 'B', long: 'bpf' }),
  unneeded(ALWAYS_BPF, { long: 'modern-bpf' }),
  unneeded('the memory of all kernel buffers is set by --buffer', { long: 'cpus-for-each-buffer', value: 'N' }),
  unneeded('a trace always contains all processes', { long: 'filter-proclist' }),
  unneeded('the first 4,095 bytes of an environment are always recorded', { long: 'large-environment' }),
  unneeded('a runtime that does not respond never blocks ksys', { long: 'cri-timeout', value: 'MS' }),
]

/** A message for each of these options, which were given. */
export function unneededIn(given: readonly OptionDef[]): string[] {
  return UNNEEDED.filter((o) => given.includes(o)).map(
    (o) => `${o.short === undefined ? '' : `-${o.short}, `}--${o.long} is not needed: ${o.doc}`,
  )
}

/** -B and --bpf may have the name of a probe attached; returns the option without it. */
export function withoutProbe(word: string): string {
  return /^-B./s.test(word) ? '-B' : /^--bpf=/.test(word) ? '--bpf' : word
}

const NO_PLUGINS = 'ksys has no plugins; it reads the kernel, .ksys and .scap files'
const REMOVED = 'removed in sysdig 0.35'

const INSTEAD: readonly (readonly [options: string, instead: string])[] = [
  ['-u --udig', ALWAYS_BPF],
  ['-D --debug --log-level', 'ksys has no log'],
  ['-g --gvisor-config --gvisor-generate-config --gvisor-root', 'ksys does not support gVisor'],
  ['-H --plugin -I --input -Il --plugin-config-file --plugin-info', NO_PLUGINS],
  ['--libs-version', 'ksys has its own version: --version'],
  ['-T --force-tracers-capture', `tracers: ${REMOVED}`],
  ['-k --k8s-api -K --k8s-api-cert -N', `the Kubernetes API: ${REMOVED}; pod names come from the container runtime`],
  ['-m --mesos-api', `Mesos: ${REMOVED}`],
]

/** The long names that insteadOf() accepts, with their dashes. */
export const REPLACED: readonly string[] = INSTEAD.flatMap(([options]) => options.split(' ')).filter((o) =>
  o.startsWith('--'),
)

/** What replaces an option of sysdig, given as typed; undefined if sysdig had no such option. */
export function insteadOf(option: string): string | undefined {
  const found = (name: string) => INSTEAD.find(([options]) => options.split(' ').includes(name))?.[1]
  const name = option.split('=')[0] as string
  return found(name) ?? (/^-[A-Za-z]./.test(name) ? found(name.slice(0, 2)) : undefined)
}
