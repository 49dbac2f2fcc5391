// Names that messages and alerts have from the system itself, not out of a capture: rules count for them as well.
import type { Redaction } from './redaction.js'
import { Rules } from './rules.js'
import { TARGET } from './targets.js'

/** Makes the path of a cgroup as it may be told; undefined: not at all. */
export function cgroupEditor(redaction: Redaction | undefined): (path: string) => string | undefined {
  const editor = redaction && new Rules(redaction).editor(TARGET.CGROUP, 'cgroup')
  return editor === undefined ? (path) => path : (path) => editor.cgroupPath(path)
}

/** The name of this machine as it may be told; '' where it may not. */
export function redactedHost(hostname: string, redaction: Redaction | undefined): string {
  const editor = redaction && new Rules(redaction).editor(TARGET.HOST)
  return editor === undefined ? hostname : (editor.text(hostname) ?? '')
}
