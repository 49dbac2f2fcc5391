// The commands to apply a profile, to watch it and to return to what was before: printed, never run.
import type { Workload, WorkloadId } from '../needs/workload.js'

export const FORMATS = ['oci', 'spo', 'systemd'] as const
export type ProfileFormat = (typeof FORMATS)[number]

export interface Steps {
  readonly apply: readonly string[]
  readonly watch: readonly string[]
  readonly back: readonly string[]
}

/** file: the profile's file; name: the workload's name in the format of file and object names. */
export function instructions(
  { id, name: own, images }: Workload,
  format: ProfileFormat,
  file: string,
  name: string,
): Steps {
  const trace = `${name}.ksys`
  const healed = (selection: string): string[] => [
    `ksys -w ${trace} ${quote([selection])}`,
    `ksys advise heal ${quote([file])} -r ${trace}`,
  ]
  if (format === 'systemd') {
    const unit = own.endsWith('.service') ? own : `${name}.service`
    const dropIn = `/etc/systemd/system/${unit}.d/seccomp.conf`
    return {
      apply: [
        `${quote(['install', '-D', '-m', '644', file, dropIn])}`,
        `systemctl daemon-reload && ${quote(['systemctl', 'restart', unit])}`,
      ],
      watch: ['journalctl -k --grep type=1326 --follow'],
      back: [`${quote(['rm', dropIn])} && systemctl daemon-reload && ${quote(['systemctl', 'restart', unit])}`],
    }
  }
  if (id.pod !== undefined || format === 'spo') return inKubernetes(id, format, file, name, healed)
  const image = [...images].sort()[0] ?? 'IMAGE'
  return {
    apply: [quote(['docker', 'run', '--security-opt', `seccomp=${file}`, image])],
    watch: healed(`${id.kind === 'host' ? 'proc.name' : 'container.name'}=${filterText(own)}`),
    back: [`${quote(['docker', 'run', image])}   # the runtime's default profile`],
  }
}

function inKubernetes(
  { pod }: WorkloadId,
  format: ProfileFormat,
  file: string,
  name: string,
  healed: (selection: string) => string[],
): Steps {
  const where = pod === undefined ? [] : ['-n', pod.namespace]
  const owner = pod?.controller ?? 'deployment/NAME'
  const container = pod?.container ?? 'CONTAINER'
  const localhost = format === 'spo' ? `operator/${name}.json` : `${name}.json`
  const context = {
    name: container,
    securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: localhost } },
  }
  const patch = JSON.stringify({ spec: { template: { spec: { containers: [context] } } } })
  const place =
    format === 'spo'
      ? quote(['kubectl', 'apply', '-f', file])
      : `${quote(['install', '-D', '-m', '644', file, `/var/lib/kubelet/seccomp/${name}.json`])}   # on each node`
  const selection =
    pod === undefined
      ? 'container.id != host'
      : `k8s.ns.name=${filterText(pod.namespace)} and container.name=${filterText(container)}`
  return {
    apply: [place, quote(['kubectl', 'patch', owner, ...where, '-p', patch])],
    watch: healed(selection),
    back: [quote(['kubectl', 'rollout', 'undo', owner, ...where])],
  }
}

/** Words as a shell reads them. */
function quote(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
}

/** A text as a literal of a filter. */
function filterText(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`
}
