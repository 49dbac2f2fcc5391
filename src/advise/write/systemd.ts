// The profile as a drop-in of a systemd unit.
import { ABIS } from '../calls/abi.js'
import type { Profile } from '../profile/profile.js'
import type { Line } from './assemble.js'
import { lineComment } from './line-comment.js'

/** The text of the drop-in. systemd cannot compare arguments, so calls that other formats restrict by these are allowed. */
export function systemdDropIn({ architectures, defaultAction }: Profile, lines: readonly Line[]): string {
  const names = lines.map(({ name }) => name).join(' ')
  const abis = Object.values(ABIS).filter(({ seccomp }) => architectures?.includes(seccomp))
  const settings =
    defaultAction === 'LOG'
      ? [
          '# Logs the calls that are not listed. --enforce writes a drop-in that refuses them.',
          `SystemCallLog=~${names}`,
        ]
      : [
          '# Refuses the calls that are not listed.',
          `SystemCallArchitectures=${['native', ...abis.slice(1).map(({ systemd }) => systemd)].join(' ')}`,
          'SystemCallErrorNumber=EPERM',
          `SystemCallFilter=${names}`,
        ]
  const comments = lines.map((line) => `# ${line.name}: ${lineComment(line)}\n`)
  return `${comments.join('')}[Service]\n${settings.join('\n')}\n`
}
