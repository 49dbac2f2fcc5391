// Priorities as people write them.
import { PRIORITIES, type Priority } from './rule.js'

/** The priority of that name, in small letters or capitals, INFO too; undefined when there is none. */
export function parsePriority(name: string): Priority | undefined {
  const lower = name.toLowerCase()
  return PRIORITIES.find((p) => p.toLowerCase() === (lower === 'info' ? 'informational' : lower))
}
