// Options of sysdig that ksys has not, and what takes their place: people bring them in scripts.

const ALWAYS_BPF = 'ksys always captures with BPF and has no driver to choose'
const NO_PLUGINS = 'ksys has no plugins; it reads the kernel, .ksys and .scap files'
const GONE = 'it ended with sysdig 0.35'
const NO_ROTATION = 'ksys writes one file; stop it with -n or -M'

const INSTEAD: readonly (readonly [options: string, instead: string])[] = [
  ['-B --bpf --modern-bpf -u --udig', ALWAYS_BPF],
  ['--cpus-for-each-buffer', 'the memory of all kernel buffers is set by --buffer'],
  ['-C --file-size -G -W --limit -e --event-limit', NO_ROTATION],
  ['-d --displayflt', 'a filter of ksys always sees the whole state'],
  ['-F --fatfile', 'a trace that ksys writes always keeps what replay needs'],
  ['--filter-proclist', 'a trace that ksys writes always keeps all processes'],
  ['-E --exclude-users', 'users and groups are always known'],
  ['-D --debug --log-level', 'ksys has no log'],
  ['-z --compress', 'traces are always compressed'],
  ['-g --gvisor-config --gvisor-generate-config --gvisor-root', 'ksys does not read gVisor'],
  ['-H --plugin -I --input -Il --plugin-config-file --plugin-info', NO_PLUGINS],
  ['--libs-version', 'ksys has a version of its own: --version'],
  ['--large-environment', 'the whole environment is always known'],
  ['--cri-timeout', 'a runtime that does not answer never holds ksys up'],
  ['-T --force-tracers-capture', `tracers: ${GONE}`],
  [
    '-k --k8s-api -K --k8s-api-cert -N',
    `asking the Kubernetes API: ${GONE}; pods are known from the container runtime`,
  ],
  ['-m --mesos-api', `Mesos: ${GONE}`],
]

/** What takes the place of an option of sysdig, given as it was typed; undefined when sysdig had no such option. */
export function insteadOf(option: string): string | undefined {
  const found = (name: string) => INSTEAD.find(([options]) => options.split(' ').includes(name))?.[1]
  const name = option.split('=')[0] as string
  return found(name) ?? (/^-[A-Za-z]./.test(name) ? found(name.slice(0, 2)) : undefined)
}
