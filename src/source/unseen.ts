// What a capture cannot know of processes that run already, because this process may not see it in /proc.
import { CAP, capabilities, may } from './privilege.js'

/** A sentence about capabilities that are missing for it; undefined when nothing is. */
export function unseenTrouble(): string | undefined {
  const caps = capabilities()
  const lacks = [
    ...(may(CAP.SYS_PTRACE, caps) ? [] : ['CAP_SYS_PTRACE']),
    ...(may(CAP.DAC_READ_SEARCH, caps) || may(CAP.DAC_OVERRIDE, caps) || process.getuid?.() === 0
      ? []
      : ['CAP_DAC_READ_SEARCH']),
  ]
  if (lacks.length === 0) return undefined
  return `of others' processes that run already not everything is known (program, directories, environment, cgroups): this needs ${lacks.join(' and ')}`
}
