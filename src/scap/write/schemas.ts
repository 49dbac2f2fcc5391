// Versions of libs whose declarations a file can follow. A reader with libs 0.21 or newer fails at an event that has
// more parameters than its version declares; older ones ignore the rest.
import { PPME } from '../libs-codes.js'

export interface ScapSchema {
  /** the version of libs */
  readonly name: string
  /** the first code that this version does not declare */
  readonly end: number
  /** number of declared parameters, for events that newer versions or ksys declare with more */
  readonly declared: Readonly<Record<number, number>>
}

/** libs declares only the first parameters of these events. */
const DECLARED = { [PPME.DROP_E]: 1, [PPME.DROP_X]: 1, [PPME.SYSCALL_EXECVEAT_X]: 30 }

/** Oldest first, which is the default: newer versions of libs read it as an old capture. */
export const SCAP_SCHEMAS = [
  {
    name: '0.22',
    end: 430,
    declared: { ...DECLARED, [PPME.SOCKET_SOCKET_X]: 4, [PPME.SYSCALL_FCNTL_X]: 3 },
  },
  {
    name: '0.25',
    end: 454,
    declared: DECLARED,
  },
] as const satisfies readonly ScapSchema[]

/** The default schema. */
export const DEFAULT_SCHEMA: ScapSchema = SCAP_SCHEMAS[0]

/** The schema with a name that the option accepts. */
export function schemaNamed(name: string): ScapSchema {
  return SCAP_SCHEMAS.find((schema) => schema.name === name) ?? DEFAULT_SCHEMA
}
