// All tools, in the order of the tables.
import { KSYS_MODES } from './ksys.js'
import { OTHERS } from './others.js'
import type { Tool } from './tool.js'

/** Nothing beside the load: what all others are compared with. */
export const BARE: Tool = { name: 'bare', title: 'nothing', command: [] }

export const TOOLS: readonly Tool[] = [...KSYS_MODES, ...OTHERS]
