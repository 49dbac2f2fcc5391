// Options of sysdig that ksys has not: people bring them in scripts. What they ask for ksys does anyway, or something takes
// their place.
import type { OptionDef } from './table.js'

const unneeded = (doc: string, names: Pick<OptionDef, 'short' | 'long' | 'value'>): OptionDef => ({
  ...names,
  doc,
})

const ALWAYS_BPF = 'ksys always captures with BPF and has no driver to choose'

/** Options that are accepted and change nothing; `doc` says why they are not needed. Help does not show them. */
export const UNNEEDED: readonly OptionDef[] = [
  unneeded('traces are always compressed', { short: 'z', long: 'compress' }),
  unneeded('a trace that ksys writes always keeps what replay needs', { short: 'F', long: 'fatfile' }),
  unneeded('users and groups are always known', { short: 'E', long: 'exclude-users' }),
  unneeded('a filter of ksys always sees the whole state', { short: 'd', long: 'displayflt' }),
  unneeded(ALWAYS_BPF, { short: 'B', long: 'bpf' }),
  unneeded(ALWAYS_BPF, { long: 'modern-bpf' }),
  unneeded('the memory of all kernel buffers is set by --buffer', { long: 'cpus-for-each-buffer', value: 'N' }),
  unneeded('a trace that ksys writes always keeps all processes', { long: 'filter-proclist' }),
  unneeded('the whole environment is always known', { long: 'large-environment' }),
  unneeded('a runtime that does not answer never holds ksys up', { long: 'cri-timeout', value: 'MS' }),
]

/** -B and --bpf may name a probe, attached to them: the word without it. */
export function withoutProbe(word: string): string {
  return /^-B./s.test(word) ? '-B' : /^--bpf=/.test(word) ? '--bpf' : word
}

const NO_PLUGINS = 'ksys has no plugins; it reads the kernel, .ksys and .scap files'
const GONE = 'it ended with sysdig 0.35'

const INSTEAD: readonly (readonly [options: string, instead: string])[] = [
  ['-u --udig', ALWAYS_BPF],
  ['-D --debug --log-level', 'ksys has no log'],
  ['-g --gvisor-config --gvisor-generate-config --gvisor-root', 'ksys does not read gVisor'],
  ['-H --plugin -I --input -Il --plugin-config-file --plugin-info', NO_PLUGINS],
  ['--libs-version', 'ksys has a version of its own: --version'],
  ['-T --force-tracers-capture', `tracers: ${GONE}`],
  [
    '-k --k8s-api -K --k8s-api-cert -N',
    `asking the Kubernetes API: ${GONE}; pods are known from the container runtime`,
  ],
  ['-m --mesos-api', `Mesos: ${GONE}`],
]

/** The long names that insteadOf() knows, with their dashes. */
export const REPLACED: readonly string[] = INSTEAD.flatMap(([options]) => options.split(' ')).filter((o) =>
  o.startsWith('--'),
)

/** What takes the place of an option of sysdig, given as it was typed; undefined when sysdig had no such option. */
export function insteadOf(option: string): string | undefined {
  const found = (name: string) => INSTEAD.find(([options]) => options.split(' ').includes(name))?.[1]
  const name = option.split('=')[0] as string
  return found(name) ?? (/^-[A-Za-z]./.test(name) ? found(name.slice(0, 2)) : undefined)
}
