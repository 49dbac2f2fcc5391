// The kernel side's own records: never shown, they keep the state true.
import type { EventDef } from '../types.js'

export const internalEvents: readonly EventDef[] = []
